import { FAMILY_RANGE, familyOf, prefixRange } from '../../../../net/address';
import { Range, without } from '../../../../net/range';
import { PfBinat, PfNat, PfTarget } from '../../../../parse/pf/model';
import { XmlElement } from '../../../../xml/xml';
import { Surroundings, everyOwn } from '../packets/addresses';
import { askedBy } from './asked-by';
import { namesOf, networkOn } from '../box/box';
import { childOf, isEmpty, isSet, listOf, textAt, truthyAt } from '../elements/element';
import { lineOf } from '../elements/line-of';
import { prefixAt } from '../elements/literals';
import { Known, possibly, surely } from '../../../../parse/pf/known';
import { matched } from '../../../../parse/pf/matched';
import { NOTHING, OneToOne } from './one-to-one';
import { Unloadable } from '../elements/unloadable';

/** IPv6 prefix translation: each entry is two lines, of which the second translates outbound only. */
export function prefixTranslations(given: Surroundings): readonly OneToOne[] {
  return listOf(childOf(given.box.root, 'nat'), 'npt').flatMap((element, at): readonly OneToOne[] => {
    if (isSet(element, 'disabled') || isEmpty(element)) return [];
    const key = truthyAt(element, 'interface') || 'wan';
    const names = namesOf(given.box, key);
    const [inside, outside] = [
      prefixOf(childOf(element, 'source'), given),
      prefixOf(childOf(element, 'destination'), given),
    ];
    if (!names || !inside || !outside) return [];
    const line = lineOf(element, `prefix translation 1:1 ${at + 1} on ${key}`);
    const common = { line, on: { is: names }, no: false, pass: false } as const;
    const [to, from] = [askedBy(element, key, 'ip6', 'to any'), askedBy(element, key, 'ip6', 'from any')];
    if ('leased' in inside || 'leased' in outside) return [leased({ ...common, asks: to }, inside, outside, given)];
    if (inside.last - inside.first !== outside.last - outside.first) {
      throw new Unloadable(element, 'pfctl refuses a prefix translation whose two prefixes differ in length');
    }
    const binat: readonly PfBinat[] = [
      { ...common, asks: to, protocols: 'any', inside, outside, peers: surely([FAMILY_RANGE.ip6]), to: 'any' },
      {
        ...common,
        asks: from,
        protocols: 'any',
        inside: FAMILY_RANGE.ip6,
        outside: inside,
        peers: surely([outside]),
        to: `${outside.first}-${outside.last}`,
      },
    ];
    return [{ ...NOTHING, binat }];
  });
}

/** Either prefix may be any, but for what the box has otherwise. */
function leased(common: Omit<PfNat, 'packets' | 'to'>, inside: Prefix, outside: Prefix, given: Surroundings): OneToOne {
  const because = `the prefix of ${[inside, outside].flatMap((one) => ('leased' in one ? [one.leased] : [])).join(' and ')} is leased and not known`;
  const any = possibly(
    without([FAMILY_RANGE.ip6], [...everyOwn('ip6', given).sure, ...('leased' in inside ? [] : [inside])]),
    because,
  );
  const known = (one: Prefix): Known => ('leased' in one ? any : surely([one]));
  const target: PfTarget =
    'leased' in inside ? { is: 'unclear', because, among: [FAMILY_RANGE.ip6] } : { is: 'bitmask', network: inside };
  return {
    ...NOTHING,
    nat: [
      { ...common, ...matched({ ...common, family: 'ip6', source: known(inside) }), to: { is: 'unclear', because } },
    ],
    reflected: [{ ...common, ...matched({ ...common, family: 'ip6', destination: known(outside) }), to: target }],
  };
}

type Prefix = Range | { readonly leased: string };

function prefixOf(at: XmlElement | undefined, { box }: Surroundings): Prefix | undefined {
  const prefix = prefixAt(textAt(at, 'address'));
  if (prefix && familyOf(prefix.first) === 'ip6') return prefixRange(prefix);
  const each = box.byKey.get(textAt(at, 'network'));
  return each?.v6 === 'unknown' ? { leased: each.key } : networkOn(each, 'ip6');
}
