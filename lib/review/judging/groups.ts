import { gathered } from '../../net/gathered';
import { Policy } from '../../policy/policy';
import { Owned } from './ownership';
import { Party, standing } from './standing';
import { Policies } from './texts';

/** Owners that are judged together, in the order of the plans. */
export interface Group {
  readonly owned: readonly Owned[];
  /** By the gateway's name: addresses that it leads to of which nobody knows whose they are. */
  readonly unclear: ReadonlyMap<string, readonly bigint[]>;
}

/**
 * Every gateway with the servers behind it, and gateways with common ones together; a server that no gateway leads to with the gateway of its
 * plan, where that has one. What is judged of one group depends on no other.
 */
export function groupsOf(owned: readonly Owned[], policies: Policies): readonly Group[] {
  const parties = owned.map((one) => ({ ...partyOf(one, policies), one }));
  const stand = standing(parties);
  const sets = new Sets<Owned>();
  for (const [gateway, { servers }] of stand) for (const server of servers) sets.join(gateway.one, server.one);
  const behind = new Set([...stand.values()].flatMap(({ servers }) => servers));
  for (const together of gathered(parties, ({ plan }) => plan).values()) {
    const [gateway, ...more] = together.filter(({ role }) => role === 'gateway');
    const left = gateway && more.length === 0 ? together.filter((party) => party !== gateway && !behind.has(party)) : [];
    for (const server of left) sets.join(gateway!.one, server.one);
  }
  const unclear = new Map([...stand].map(([{ one }, told]) => [one.name, told.unclear]));
  return [...gathered(owned, (one) => sets.of(one)).values()].map((some) => ({ owned: some, unclear }));
}

function partyOf({ plan, planned: { role, before, after } }: Owned, policies: Policies): Party {
  const policyOf = (release: { readonly policy: string } | undefined): readonly Policy[] => {
    const decoded = release && policies.of(release.policy);
    return decoded && 'value' in decoded ? [decoded.value] : [];
  };
  return { plan, role, before: before.flatMap(policyOf), after: policyOf(after)[0] };
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
