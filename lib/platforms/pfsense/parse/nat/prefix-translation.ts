// Lowers pfSense's NPt entries (IPv6 prefix translation) to rules of the pf model.

import { FAMILY_RANGE, getFamily, toRange } from '../../../../net/address';
import { Range, subtractRanges } from '../../../../net/range';
import { PfBinat, PfNat, PfRedirect, PfTarget } from '../../../../parse/pf/model';
import { XmlElement } from '../../../../xml/parse-xml';
import { PfsenseContext, listAllOwnAddresses } from '../packets/resolve-addresses';
import { getDuplicateKey } from './duplicate-key';
import { findInterfaceNames, getInterfaceNetwork } from '../box/box';
import { canContainLease } from '../box/leases';
import { findChild, isEmpty, isSet, listChildren, getText, getTruthyText } from '../elements/element';
import { createLine } from '../elements/entry-line';
import { parsePrefixLiteral } from '../elements/parse-literals';
import { RangeBounds, createUncertain, createMergedCertain } from '../../../../parse/pf/range-bounds';
import { matchCriteria } from '../../../../parse/pf/match-packets';
import { NO_ONE_TO_ONE, OneToOneRules } from './one-to-one';
import { Unloadable } from '../elements/unloadable';

/** Returns IPv6 prefix translations: each entry is two lines, and the second translates outbound only. */
export function lowerPrefixTranslations(context: PfsenseContext): readonly OneToOneRules[] {
  return listChildren(findChild(context.box.root, 'nat'), 'npt').flatMap((element, at): readonly OneToOneRules[] => {
    if (isSet(element, 'disabled') || isEmpty(element)) return [];
    const key = getTruthyText(element, 'interface') || 'wan';
    const names = findInterfaceNames(context.box, key);
    const [internal, external] = [
      parseTranslationPrefix(findChild(element, 'source'), context),
      parseTranslationPrefix(findChild(element, 'destination'), context),
    ];
    if (!names || !internal || !external) return [];
    const line = createLine(element, `prefix translation 1:1 ${at + 1} on ${key}`);
    const common = { line, on: { is: names }, no: false, pass: false } as const;
    const [to, from] = [
      getDuplicateKey(element, key, 'ip6', 'to any'),
      getDuplicateKey(element, key, 'ip6', 'from any'),
    ];
    if ('leased' in internal || 'leased' in external)
      return [createLeasedTranslation({ ...common, matchKey: to }, internal, external, context)];
    if (internal.last - internal.first !== external.last - external.first) {
      throw new Unloadable(element, 'pfctl refuses a prefix translation whose two prefixes differ in length');
    }
    const binat: readonly PfBinat[] = [
      {
        ...common,
        matchKey: to,
        protocols: 'any',
        internal,
        external,
        peers: createMergedCertain([FAMILY_RANGE.ip6]),
        to: 'any',
      },
      {
        ...common,
        matchKey: from,
        protocols: 'any',
        internal: FAMILY_RANGE.ip6,
        external: internal,
        peers: createMergedCertain([external]),
        to: `${external.first}-${external.last}`,
      },
    ];
    const leases = context.box.leases.ip6;
    if (!canContainLease([external], leases)) return [{ ...NO_ONE_TO_ONE, binat }];
    const destination = createUncertain(leases.standIns, leases.reason);
    const leased: PfRedirect = {
      ...common,
      ...matchCriteria({ ...common, family: 'ip6', destination }),
      matchKey: to,
      to: { is: 'bitmask', network: internal },
    };
    return [{ ...NO_ONE_TO_ONE, binat, doubts: [leased] }];
  });
}

/** Returns the translation of a leased prefix. Either prefix may be any, except the box's other addresses. */
function createLeasedTranslation(
  common: Omit<PfNat, 'packets' | 'to'>,
  inside: TranslationPrefix,
  outside: TranslationPrefix,
  context: PfsenseContext,
): OneToOneRules {
  const reason = `the prefix of ${[inside, outside].flatMap((prefix) => ('leased' in prefix ? [prefix.leased] : [])).join(' and ')} is leased and not known`;
  const otherAddresses = createUncertain(
    subtractRanges(
      [FAMILY_RANGE.ip6],
      [...listAllOwnAddresses('ip6', context).must, ...('leased' in inside ? [] : [inside])],
    ),
    reason,
  );
  const toAddresses = (prefix: TranslationPrefix): RangeBounds =>
    'leased' in prefix ? otherAddresses : createMergedCertain([prefix]);
  const target: PfTarget =
    'leased' in inside ? { is: 'unclear', reason, pool: [FAMILY_RANGE.ip6] } : { is: 'bitmask', network: inside };
  return {
    ...NO_ONE_TO_ONE,
    nat: [
      {
        ...common,
        ...matchCriteria({ ...common, family: 'ip6', source: toAddresses(inside) }),
        to: { is: 'unclear', reason },
      },
    ],
    doubts: [
      { ...common, ...matchCriteria({ ...common, family: 'ip6', destination: toAddresses(outside) }), to: target },
    ],
  };
}

type TranslationPrefix = Range | { readonly leased: string };

function parseTranslationPrefix(at: XmlElement | undefined, { box }: PfsenseContext): TranslationPrefix | undefined {
  const prefix = parsePrefixLiteral(getText(at, 'address'));
  if (prefix && getFamily(prefix.first) === 'ip6') return toRange(prefix);
  const boxInterface = box.byKey.get(getText(at, 'network'));
  return boxInterface?.v6 === 'unknown' ? { leased: boxInterface.key } : getInterfaceNetwork(boxInterface, 'ip6');
}
