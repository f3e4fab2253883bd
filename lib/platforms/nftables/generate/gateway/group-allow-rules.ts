// Groups a gateway's mappings by their allow rules, for nftables. Internal addresses that mappings with other allow
// rules share are separated: their public address decides, too.

import { Address, toHostPrefix, isHost, toRange } from '../../../../net/address';
import { Range, mergeRanges } from '../../../../net/range';
import { AllowRules } from '../../../../policy/policy';
import { Problem } from '../../../../problems/problem';
import { findConflictingParts } from '../../../../generate/netfilter/gateway-networks';
import { toAllowRulesKey } from '../../../../generate/allow-rule-keys';
import { MappingPart } from '../../../../generate/mapping-parts';
import { AllowRuleGroup } from './mapping-groups';

// Problems that only nftables has. The common ones stand in lib/generate.

const createTooManyPairsProblem = (where: string): Problem => ({
  code: 'nftables/too-many-shared-addresses',
  where,
  what: 'It shares more than 1024 public and internal addresses with mappings that open other ports; each pair would be a rule.',
  instead: 'One list of openings for these mappings, or addresses that are not shared.',
});

const MAX_PAIRS = 1024;

export function groupAllowRules(parts: readonly MappingPart[], problemList: Problem[]): readonly AllowRuleGroup[] {
  // All hosts have one list of allow rules in the common case. Nothing has to be distinguished there.
  const hasOneList = new Set(parts.map((part) => toAllowRulesKey(part.mapping.allowRules))).size <= 1;
  const sharedInternal = hasOneList ? new Set<MappingPart>() : findConflictingParts(parts, 'internal');
  const sharedExternal = sharedInternal.size === 0 ? sharedInternal : findConflictingParts(parts, 'external');
  const groups = new Map<
    string,
    {
      readonly allowRules: AllowRules;
      readonly internal: Range[];
      readonly sharedParts: MappingPart[];
      readonly pairs: MappingPart[];
    }
  >();
  let pairs = 0;
  for (const part of parts) {
    const key = toAllowRulesKey(part.mapping.allowRules);
    let group = groups.get(key);
    if (!group)
      groups.set(key, (group = { allowRules: part.mapping.allowRules, internal: [], sharedParts: [], pairs: [] }));
    if (!sharedInternal.has(part)) group.internal.push(toRange(part.internal));
    else if (!sharedExternal.has(part)) group.sharedParts.push(part);
    else {
      const range = toRange(part.internal);
      const size = Number(range.last - range.first) + 1;
      if (pairs <= MAX_PAIRS && pairs + size > MAX_PAIRS)
        problemList.push(createTooManyPairsProblem(`mapping ${part.mapping.name}`));
      pairs += size;
      if (pairs <= MAX_PAIRS) group.pairs.push(...splitHosts(part));
    }
  }
  return [...groups.values()].map(({ allowRules, internal, sharedParts, pairs: pairParts }) => ({
    allowRules,
    internal: mergeRanges(internal),
    shared:
      sharedParts.length === 0
        ? undefined
        : {
            internal: mergeRanges(sharedParts.map((part) => toRange(part.internal))),
            external: mergeRanges(sharedParts.map((part) => toRange(part.external))),
          },
    pairs: pairParts,
  }));
}

function splitHosts(part: MappingPart): readonly MappingPart[] {
  if (isHost(part.internal)) return [part];
  const { first, last } = toRange(part.internal);
  return Array.from({ length: Number(last - first) + 1 }, (_, index) => ({
    ...part,
    internal: toHostPrefix((part.internal.first + BigInt(index)) as Address),
    external: toHostPrefix((part.external.first + BigInt(index)) as Address),
  }));
}
