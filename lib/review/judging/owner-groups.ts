import { AnsweredRange, listAnsweredRanges } from '../../lint/nat/public-address-twice';
import { toRange } from '../../net/address';
import { getInterfaceNetworks } from '../../net/device';
import { groupBy } from '../../net/group-by';
import { Range, compareValues } from '../../net/range';
import { Policy } from '../../policy/policy';
import { PolicyCache } from '../policy-cache';
import { AddressEntry, sortByAddress, findIndexRange } from './sorted-addresses';
import { PlanOwner } from './plan-owners';

/** Owners that are judged together, in the order of the plans. */
export type OwnerGroup = readonly PlanOwner[];

/** An owner with what it was and will be. */
interface OwnerPolicies {
  readonly one: PlanOwner;
  readonly policies: readonly Policy[];
}

/**
 * Every gateway with all servers that have an address to which it leads or of a network behind it, before or after, and gateways with common
 * ones, or that answer for one public address, together; a server behind none with the gateway of its plan, where that has one. What is judged
 * of one group depends on no other.
 */
export function groupOwners(owners: readonly PlanOwner[], policies: PolicyCache): readonly OwnerGroup[] {
  const parties = owners.map((owner): OwnerPolicies => ({ one: owner, policies: decodePolicies(owner, policies) }));
  const isGateway = ({ one: owner }: OwnerPolicies): boolean => owner.planned.role === 'gateway';
  const sortedAddresses = sortByAddress(
    parties.filter((party) => !isGateway(party)),
    listAddresses,
  );
  const disjointSets = new DisjointSets<PlanOwner>();
  const reachedServers = new Set<PlanOwner>();
  // Where sites number alike, thousands of servers are in each of thousands of ranges: every place is passed once.
  let passedIndex = 0;
  for (const { gateway, first: firstIndex, end: endIndex } of listSpans(parties.filter(isGateway), sortedAddresses)) {
    disjointSets.join(gateway, sortedAddresses[firstIndex]!.one.one);
    for (let index = Math.max(firstIndex, passedIndex); index < endIndex; index++) {
      const { one: owner } = sortedAddresses[index]!.one;
      reachedServers.add(owner);
      if (index > firstIndex) disjointSets.join(sortedAddresses[index - 1]!.one.one, owner);
    }
    passedIndex = Math.max(passedIndex, endIndex);
  }
  for (const [owner, otherOwner] of pairOverlapping(parties.flatMap(listAnswered)))
    disjointSets.join(owner, otherOwner);
  for (const planParties of groupBy(parties, ({ one: owner }) => owner.plan).values()) {
    const [gateway, ...moreGateways] = planParties.filter(isGateway);
    if (!gateway || moreGateways.length > 0) continue;
    for (const { one: owner } of planParties)
      if (owner !== gateway.one && !reachedServers.has(owner)) disjointSets.join(gateway.one, owner);
  }
  return [...groupBy(owners, (owner) => disjointSets.findRoot(owner)).values()];
}

const decodePolicies = ({ planned: { before, after } }: PlanOwner, policies: PolicyCache): readonly Policy[] =>
  [...before, ...(after ? [after] : [])].flatMap(({ policy }) => {
    const decoded = policies.decode(policy);
    return 'value' in decoded ? [decoded.value] : [];
  });

/** Every address that a server has, before or after. */
const listAddresses = ({ policies }: OwnerPolicies): ReadonlySet<bigint> =>
  new Set(policies.flatMap((policy) => (policy.kind === 'server' ? policy.localAddresses : [])));

/** Places of servers that a gateway has to do with. */
interface AddressSpan {
  readonly gateway: PlanOwner;
  readonly first: number;
  /** Behind the last of them. */
  readonly end: number;
}

/** By their first place, ascending; none is empty. */
const listSpans = (
  gateways: readonly OwnerPolicies[],
  sortedAddresses: readonly AddressEntry<OwnerPolicies>[],
): readonly AddressSpan[] =>
  gateways
    .flatMap((gateway) =>
      listGatewayRanges(gateway).flatMap((range): readonly AddressSpan[] => {
        const [firstIndex, endIndex] = findIndexRange(range, sortedAddresses);
        return firstIndex < endIndex ? [{ gateway: gateway.one, first: firstIndex, end: endIndex }] : [];
      }),
    )
    .sort((a, b) => a.first - b.first);

/** What its mappings lead to, and the networks behind its interfaces. */
const listGatewayRanges = ({ policies }: OwnerPolicies): readonly Range[] =>
  policies.flatMap((policy) =>
    policy.kind === 'gateway'
      ? [
          ...policy.mappings.map(({ inside }) => toRange(inside)),
          ...policy.interfaces.filter(({ role }) => role !== 'outside').flatMap(getInterfaceNetworks),
        ]
      : [],
  );

interface OwnerAnsweredRange extends AnsweredRange {
  readonly gateway: PlanOwner;
}

const listAnswered = ({ one: owner, policies }: OwnerPolicies): readonly OwnerAnsweredRange[] =>
  policies.flatMap((policy) =>
    policy.kind === 'gateway' ? listAnsweredRanges(policy).map((answered) => ({ ...answered, gateway: owner })) : [],
  );

/** Of gateways with an address in common enough pairs to join them all. Own addresses that are the same join nobody. */
function pairOverlapping(answeredRanges: readonly OwnerAnsweredRange[]): readonly (readonly [PlanOwner, PlanOwner])[] {
  const rankOwn = ({ virtualIp }: OwnerAnsweredRange): number => (virtualIp ? 0 : 1);
  const sortedRanges = [...answeredRanges].sort(
    (a, b) =>
      compareValues(a.range.first, b.range.first) ||
      compareValues(b.range.last, a.range.last) ||
      rankOwn(a) - rankOwn(b),
  );
  let widestRange: OwnerAnsweredRange | undefined;
  return sortedRanges.flatMap((current): readonly (readonly [PlanOwner, PlanOwner])[] => {
    if (widestRange && current.range.first <= widestRange.range.last)
      return current.gateway === widestRange.gateway ? [] : [[widestRange.gateway, current.gateway]];
    if (current.virtualIp) widestRange = current;
    return [];
  });
}

/** Disjoint sets that grow together. */
class DisjointSets<T> {
  private readonly parents = new Map<T, T>();

  /** Who stands for the set of one. */
  findRoot(member: T): T {
    let root = member;
    for (let parent = this.parents.get(root); parent !== undefined; parent = this.parents.get(root)) root = parent;
    // The way up is short the next time.
    for (let current = member; current !== root;) {
      const parent = this.parents.get(current)!;
      this.parents.set(current, root);
      current = parent;
    }
    return root;
  }

  join(member: T, otherMember: T): void {
    const [root, otherRoot] = [this.findRoot(member), this.findRoot(otherMember)];
    if (root !== otherRoot) this.parents.set(otherRoot, root);
  }
}
