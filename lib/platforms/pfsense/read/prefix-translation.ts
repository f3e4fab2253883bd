import { FAMILY_RANGE, familyOf, prefixRange } from '../../../net/address';
import { Range } from '../../../net/range';
import { PfBinat } from '../../../reading/pf/model';
import { XmlElement } from '../../../xml/xml';
import { Surroundings } from './addresses';
import { askedBy } from './asked-by';
import { namesOf, networkOn } from './box';
import { childOf, isEmpty, isSet, listOf, textAt, truthyAt } from './element';
import { lineOf } from './line-of';
import { prefixAt } from './literals';
import { surely } from '../../../reading/pf/known';
import { Unloadable } from './unloadable';

/** IPv6 prefix translation: each entry is two lines, of which the second translates outbound only. */
export function prefixTranslations(given: Surroundings): readonly PfBinat[] {
  return listOf(childOf(given.box.root, 'nat'), 'npt').flatMap((element, at): readonly PfBinat[] => {
    if (isSet(element, 'disabled') || isEmpty(element)) return [];
    const key = truthyAt(element, 'interface') || 'wan';
    const names = namesOf(given.box, key);
    const [inside, outside] = [prefixOf(childOf(element, 'source'), given), prefixOf(childOf(element, 'destination'), given)];
    if (!names || !inside || !outside) return [];
    if (inside.last - inside.first !== outside.last - outside.first) {
      throw new Unloadable(element, 'pfctl refuses a prefix translation whose two prefixes differ in length');
    }
    const line = lineOf(element, `prefix translation 1:1 ${at + 1} on ${key}`);
    const common = { line, on: { is: names }, no: false, pass: false, protocols: 'any' } as const;
    return [
      {
        ...{ ...common, inside, outside },
        ...{ asks: askedBy(element, key, 'ip6', 'to any'), peers: surely([FAMILY_RANGE.ip6]), to: 'any' },
      },
      {
        ...{ ...common, inside: FAMILY_RANGE.ip6, outside: inside, asks: askedBy(element, key, 'ip6', 'from any') },
        ...{ peers: surely([outside]), to: `${outside.first}-${outside.last}` },
      },
    ];
  });
}

function prefixOf(at: XmlElement | undefined, { box }: Surroundings): Range | undefined {
  const prefix = prefixAt(textAt(at, 'address'));
  if (prefix && familyOf(prefix.first) === 'ip6') return prefixRange(prefix);
  return networkOn(box.byKey.get(textAt(at, 'network')), 'ip6');
}
