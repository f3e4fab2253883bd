// Creates the rules of an nftables gateway that jump, after destination translation, to the allow rules of the host: by
// address sets, or by one verdict map for many hosts. The last rule drops.

import { Range, toSingleRange } from '../../../../net/range';
import { listArrivalInterfaces, orderByRestriction } from '../../../../generate/mapping-parts';
import { NftMatch, NftRule, NftVerdictMap, DROP } from '../nft-table';
import { NftSetBuilder } from '../nft-set-builder';
import { AllowRuleGroup } from './mapping-groups';
import { AllowChains, createComment } from './allow-chains';
import { matchPeers } from './translation-rules';

/** Above this, one map lookup is faster than a rule for each list of allow rules. */
const MAX_LINEAR_RULES = 16;

/** Returns the rules that jump from a translated packet to the allow rules of its host. */
export function createDispatch(
  groups: readonly AllowRuleGroup[],
  chains: AllowChains,
  sets: NftSetBuilder,
): { readonly rules: readonly NftRule[]; readonly maps: readonly NftVerdictMap[] } {
  const chainGroups = groups.map((group) => ({ ...group, chain: chains.findOrAdd(group.allowRules) }));
  const pairRules = createPairRules(chainGroups, sets);
  const sharedRules = chainGroups.flatMap(({ chain, allowRules, shared: sharedHosts }): readonly NftRule[] =>
    chain === undefined || !sharedHosts
      ? []
      : [
          {
            matches: [
              matchNewSet('daddr', sets, 'shared', sharedHosts.internal),
              matchNewSet('original daddr', sets, 'shared_public', sharedHosts.external),
            ],
            verdict: { is: 'jump', chain },
            comment: createComment('openings', allowRules.name),
          },
        ],
  );
  const hostGroups = chainGroups.flatMap(({ chain, allowRules, internal: hosts }) =>
    chain === undefined || hosts.length === 0 ? [] : [{ chain, openings: allowRules, hosts }],
  );
  if (hostGroups.length <= MAX_LINEAR_RULES) {
    const rules = hostGroups.map(({ chain, openings, hosts }): NftRule => ({
      matches: [matchNewSet('daddr', sets, 'hosts', hosts)],
      verdict: { is: 'jump', chain },
      comment: createComment('openings', openings.name),
    }));
    return { rules: [...pairRules, ...sharedRules, ...rules, { matches: [], verdict: DROP }], maps: [] };
  }
  const map: NftVerdictMap = {
    is: 'verdicts',
    name: 'm_hosts',
    elements: sortElements(hostGroups.flatMap(({ chain, hosts }) => hosts.map((from) => ({ from, chain })))),
  };
  const lookupRule: NftRule = { matches: [], verdict: { is: 'dispatch', field: 'daddr', map: map.name } };
  return { rules: [...pairRules, ...sharedRules, lookupRule, { matches: [], verdict: DROP }], maps: [map] };
}

/**
 * Returns the rules for pairs of addresses. Each pair ends with a drop: the next mapping of the same pair must not
 * allow more to the same packet.
 */
function createPairRules(
  groups: readonly (AllowRuleGroup & { readonly chain: string | undefined })[],
  sets: NftSetBuilder,
): readonly NftRule[] {
  const pairParts = groups.flatMap(({ chain, allowRules, pairs }) =>
    pairs.map((part) => ({ chain, openings: allowRules, part })),
  );
  return orderByRestriction(pairParts, ({ part }) => part).flatMap(({ chain, openings, part }): readonly NftRule[] => {
    const matches: readonly NftMatch[] = [
      { is: 'interface', direction: 'in', names: listArrivalInterfaces(part.mapping) },
      ...matchPeers(part, 'in', sets),
      {
        is: 'address',
        family: 'ip',
        field: 'daddr',
        values: { is: 'value', value: toSingleRange(part.internal.first) },
      },
      {
        is: 'address',
        family: 'ip',
        field: 'original daddr',
        values: { is: 'value', value: toSingleRange(part.external.first) },
      },
    ];
    const jumpRules: readonly NftRule[] =
      chain === undefined
        ? []
        : [{ matches, verdict: { is: 'jump', chain }, comment: createComment('openings', openings.name) }];
    return [...jumpRules, { matches, verdict: DROP }];
  });
}

const matchNewSet = (
  field: 'daddr' | 'original daddr',
  sets: NftSetBuilder,
  purpose: string,
  ranges: readonly Range[],
): NftMatch => ({
  is: 'address',
  family: 'ip',
  field,
  values: { is: 'set', name: sets.addAddressSet(purpose, 'ip', ranges) },
});

const sortElements = (elements: NftVerdictMap['elements']): NftVerdictMap['elements'] =>
  [...elements].sort((a, b) => (a.from.first < b.from.first ? -1 : a.from.first > b.from.first ? 1 : 0));
