import { Answered, publiclyAnswered } from '../../lint/nat/public-address-twice';
import { prefixRange } from '../../net/address';
import { networksOf } from '../../net/device';
import { groupBy } from '../../net/group-by';
import { Range, compared } from '../../net/range';
import { Policy } from '../../policy/policy';
import { Policies } from '../policies';
import { Holder, holdersOf, placesIn } from './holders';
import { Owned } from './ownership';

/** Owners that are judged together, in the order of the plans. */
export type Group = readonly Owned[];

/** An owner with what it was and will be. */
interface Party {
  readonly one: Owned;
  readonly policies: readonly Policy[];
}

/**
 * Every gateway with all servers that have an address to which it leads or of a network behind it, before or after, and gateways with common
 * ones, or that answer for one public address, together; a server behind none with the gateway of its plan, where that has one. What is judged
 * of one group depends on no other.
 */
export function groupsOf(owned: readonly Owned[], policies: Policies): readonly Group[] {
  const parties = owned.map((one): Party => ({ one, policies: policiesOf(one, policies) }));
  const isGateway = ({ one }: Party): boolean => one.planned.role === 'gateway';
  const holders = holdersOf(
    parties.filter((party) => !isGateway(party)),
    addressesOf,
  );
  const sets = new Sets<Owned>();
  const behind = new Set<Owned>();
  // Where sites number alike, thousands of servers are in each of thousands of ranges: every place is passed once.
  let passed = 0;
  for (const { gateway, first, end } of spansOf(parties.filter(isGateway), holders)) {
    sets.join(gateway, holders[first]!.one.one);
    for (let at = Math.max(first, passed); at < end; at++) {
      const { one } = holders[at]!.one;
      behind.add(one);
      if (at > first) sets.join(holders[at - 1]!.one.one, one);
    }
    passed = Math.max(passed, end);
  }
  for (const [one, other] of neighbours(parties.flatMap(answeredBy))) sets.join(one, other);
  for (const together of groupBy(parties, ({ one }) => one.plan).values()) {
    const [gateway, ...more] = together.filter(isGateway);
    if (!gateway || more.length > 0) continue;
    for (const { one } of together) if (one !== gateway.one && !behind.has(one)) sets.join(gateway.one, one);
  }
  return [...groupBy(owned, (one) => sets.of(one)).values()];
}

const policiesOf = ({ planned: { before, after } }: Owned, policies: Policies): readonly Policy[] =>
  [...before, ...(after ? [after] : [])].flatMap(({ policy }) => {
    const decoded = policies.of(policy);
    return 'value' in decoded ? [decoded.value] : [];
  });

/** Every address that a server has, before or after. */
const addressesOf = ({ policies }: Party): ReadonlySet<bigint> =>
  new Set(policies.flatMap((policy) => (policy.kind === 'server' ? policy.localAddresses : [])));

/** Places of servers that a gateway has to do with. */
interface Span {
  readonly gateway: Owned;
  readonly first: number;
  /** Behind the last of them. */
  readonly end: number;
}

/** By their first place, ascending; none is empty. */
const spansOf = (gateways: readonly Party[], holders: readonly Holder<Party>[]): readonly Span[] =>
  gateways
    .flatMap((gateway) =>
      rangesOf(gateway).flatMap((range): readonly Span[] => {
        const [first, end] = placesIn(range, holders);
        return first < end ? [{ gateway: gateway.one, first, end }] : [];
      }),
    )
    .sort((a, b) => a.first - b.first);

/** What its mappings lead to, and the networks behind its interfaces. */
const rangesOf = ({ policies }: Party): readonly Range[] =>
  policies.flatMap((policy) =>
    policy.kind === 'gateway'
      ? [
          ...policy.mappings.map(({ inside }) => prefixRange(inside)),
          ...policy.interfaces.filter(({ role }) => role !== 'outside').flatMap(networksOf),
        ]
      : [],
  );

interface Answering extends Answered {
  readonly gateway: Owned;
}

const answeredBy = ({ one, policies }: Party): readonly Answering[] =>
  policies.flatMap((policy) =>
    policy.kind === 'gateway' ? publiclyAnswered(policy).map((answered) => ({ ...answered, gateway: one })) : [],
  );

/** Of gateways with an address in common enough pairs to join them all. Own addresses that are the same join nobody. */
function neighbours(all: readonly Answering[]): readonly (readonly [Owned, Owned])[] {
  const own = ({ virtualIp }: Answering): number => (virtualIp ? 0 : 1);
  const ascending = [...all].sort(
    (a, b) => compared(a.range.first, b.range.first) || compared(b.range.last, a.range.last) || own(a) - own(b),
  );
  let widest: Answering | undefined;
  return ascending.flatMap((one): readonly (readonly [Owned, Owned])[] => {
    if (widest && one.range.first <= widest.range.last)
      return one.gateway === widest.gateway ? [] : [[widest.gateway, one.gateway]];
    if (one.virtualIp) widest = one;
    return [];
  });
}

/** Disjoint sets that grow together. */
class Sets<T> {
  private readonly above = new Map<T, T>();

  /** Who stands for the set of one. */
  of(one: T): T {
    let top = one;
    for (let next = this.above.get(top); next !== undefined; next = this.above.get(top)) top = next;
    // The way up is short the next time.
    for (let at = one; at !== top;) {
      const next = this.above.get(at)!;
      this.above.set(at, top);
      at = next;
    }
    return top;
  }

  join(one: T, other: T): void {
    const [a, b] = [this.of(one), this.of(other)];
    if (a !== b) this.above.set(b, a);
  }
}
