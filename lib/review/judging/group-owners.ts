// Divides the owners of the plans into groups that affect each other (gateways with the servers behind them), so that
// each group can be judged by itself.

import { AnsweredRange, listAnsweredRanges } from '../../lint/nat/public-address-twice';
import { toRange } from '../../net/address';
import { getInterfaceNetworks } from '../../net/device';
import { groupBy } from '../../net/group-by';
import { Range, compareValues } from '../../net/range';
import { Policy } from '../../policy/policy';
import { PolicyCache } from '../policy-cache';
import { AddressEntry, sortByAddress, findIndexRange } from './address-index';
import { PlanOwner } from './plan-owners';

/** Owners that are judged together, in the order of the plans. */
export type OwnerGroup = readonly PlanOwner[];

/** An owner with its policies before and after. */
interface OwnerPolicies {
  readonly owner: PlanOwner;
  readonly policies: readonly Policy[];
}

/**
 * Returns the owners in groups; the judgement of one group depends on no other group. A gateway is together with all
 * servers that have an address to which it translates, or an address in a network behind it, before or after. Gateways
 * with common servers, or with a common public address, are together. A server behind no gateway is with the gateway of
 * its plan, if the plan has exactly one.
 */
export function groupOwners(owners: readonly PlanOwner[], policies: PolicyCache): readonly OwnerGroup[] {
  const parties = owners.map((owner): OwnerPolicies => ({ owner, policies: decodePolicies(owner, policies) }));
  const isGateway = ({ owner }: OwnerPolicies): boolean => owner.plannedOwner.role === 'gateway';
  const sortedAddresses = sortByAddress(
    parties.filter((party) => !isGateway(party)),
    listAddresses,
  );
  const disjointSets = new DisjointSets<PlanOwner>();
  const reachedServers = new Set<PlanOwner>();
  // Where sites use the same addresses, thousands of servers are in each of thousands of ranges. Each index is visited
  // once.
  let passedIndex = 0;
  for (const { gateway, first: firstIndex, end: endIndex } of listSpans(parties.filter(isGateway), sortedAddresses)) {
    disjointSets.join(gateway, sortedAddresses[firstIndex]!.item.owner);
    for (let index = Math.max(firstIndex, passedIndex); index < endIndex; index++) {
      const { owner } = sortedAddresses[index]!.item;
      reachedServers.add(owner);
      if (index > firstIndex) disjointSets.join(sortedAddresses[index - 1]!.item.owner, owner);
    }
    passedIndex = Math.max(passedIndex, endIndex);
  }
  for (const [owner, otherOwner] of pairOverlapping(parties.flatMap(listAnswered)))
    disjointSets.join(owner, otherOwner);
  for (const planParties of groupBy(parties, ({ owner }) => owner.plan).values()) {
    const [gateway, ...otherGateways] = planParties.filter(isGateway);
    if (!gateway || otherGateways.length > 0) continue;
    for (const { owner } of planParties)
      if (owner !== gateway.owner && !reachedServers.has(owner)) disjointSets.join(gateway.owner, owner);
  }
  return [...groupBy(owners, (owner) => disjointSets.findRoot(owner)).values()];
}

const decodePolicies = ({ plannedOwner: { before, after } }: PlanOwner, policies: PolicyCache): readonly Policy[] =>
  [...before, ...(after ? [after] : [])].flatMap(({ policy }) => {
    const decoded = policies.decode(policy);
    return 'value' in decoded ? [decoded.value] : [];
  });

/** Returns every address that a server has, before or after. */
const listAddresses = ({ policies }: OwnerPolicies): ReadonlySet<bigint> =>
  new Set(policies.flatMap((policy) => (policy.kind === 'server' ? policy.localAddresses : [])));

/** A range of indexes in the sorted addresses: servers that a gateway has to be judged with. */
interface AddressSpan {
  readonly gateway: PlanOwner;
  readonly first: number;
  /** The index behind the last one. */
  readonly end: number;
}

/** Returns the spans, sorted by their first index. None is empty. */
const listSpans = (
  gateways: readonly OwnerPolicies[],
  sortedAddresses: readonly AddressEntry<OwnerPolicies>[],
): readonly AddressSpan[] =>
  gateways
    .flatMap((gateway) =>
      listGatewayRanges(gateway).flatMap((range): readonly AddressSpan[] => {
        const [firstIndex, endIndex] = findIndexRange(range, sortedAddresses);
        return firstIndex < endIndex ? [{ gateway: gateway.owner, first: firstIndex, end: endIndex }] : [];
      }),
    )
    .sort((a, b) => a.first - b.first);

/** Returns the ranges to which the gateway's mappings translate, and the networks behind its interfaces. */
const listGatewayRanges = ({ policies }: OwnerPolicies): readonly Range[] =>
  policies.flatMap((policy) =>
    policy.kind === 'gateway'
      ? [
          ...policy.mappings.map(({ internal }) => toRange(internal)),
          ...policy.interfaces.filter(({ role }) => role !== 'outside').flatMap(getInterfaceNetworks),
        ]
      : [],
  );

interface OwnerAnsweredRange extends AnsweredRange {
  readonly gateway: PlanOwner;
}

const listAnswered = ({ owner, policies }: OwnerPolicies): readonly OwnerAnsweredRange[] =>
  policies.flatMap((policy) =>
    policy.kind === 'gateway'
      ? listAnsweredRanges(policy).map((answeredRange) => ({ ...answeredRange, gateway: owner }))
      : [],
  );

/** Returns enough pairs of gateways with a common address to join all of them. Equal own addresses join no gateways. */
function pairOverlapping(answeredRanges: readonly OwnerAnsweredRange[]): readonly (readonly [PlanOwner, PlanOwner])[] {
  const rankOwn = ({ virtualIp }: OwnerAnsweredRange): number => (virtualIp ? 0 : 1);
  const sortedRanges = [...answeredRanges].sort(
    (a, b) =>
      compareValues(a.range.first, b.range.first) ||
      compareValues(b.range.last, a.range.last) ||
      rankOwn(a) - rankOwn(b),
  );
  let widestRange: OwnerAnsweredRange | undefined;
  return sortedRanges.flatMap((currentRange): readonly (readonly [PlanOwner, PlanOwner])[] => {
    if (widestRange && currentRange.range.first <= widestRange.range.last)
      return currentRange.gateway === widestRange.gateway ? [] : [[widestRange.gateway, currentRange.gateway]];
    if (currentRange.virtualIp) widestRange = currentRange;
    return [];
  });
}

/** Disjoint sets that are joined step by step. */
class DisjointSets<T> {
  private readonly parents = new Map<T, T>();

  /** Returns the representative of a member's set. */
  findRoot(member: T): T {
    let root = member;
    for (let parent = this.parents.get(root); parent !== undefined; parent = this.parents.get(root)) root = parent;
    // The shortened path makes the next lookup fast.
    for (let ancestor = member; ancestor !== root;) {
      const parent = this.parents.get(ancestor)!;
      this.parents.set(ancestor, root);
      ancestor = parent;
    }
    return root;
  }

  join(member: T, otherMember: T): void {
    const [root, otherRoot] = [this.findRoot(member), this.findRoot(otherMember)];
    if (root !== otherRoot) this.parents.set(otherRoot, root);
  }
}
