import { prefixRange } from '../../net/address';
import { gathered } from '../../net/gathered';
import { Range, contains, firstEnding } from '../../net/range';
import { GatewayPolicy, Policy } from '../../policy/policy';
import { Plan } from '../plan';
import { mappingsAt } from './places';

/** Who may stand behind whom: an owner with its policies, and the plan that it is in. */
export interface Party {
  readonly plan: Plan;
  readonly role: 'gateway' | 'server';
  readonly before: readonly Policy[];
  readonly after: Policy | undefined;
}

/** What stands behind a gateway. */
export interface Behind<P> {
  readonly servers: readonly P[];
  /** Addresses that it leads to and more servers have than can be meant, so that nobody's word stands for them. */
  readonly unclear: readonly bigint[];
}

/**
 * So many servers of other plans may have one address that a gateway leads to, and each counts: it moves between them, or two sites number
 * alike. Of more nobody knows which is meant.
 */
const MOST_ELSEWHERE = 4;

/** Everybody who has one address before or after. */
interface Holders<P> {
  readonly address: bigint;
  readonly all: readonly P[];
  readonly inPlan: ReadonlyMap<Plan, readonly P[]>;
  /** By the public address that a server says stands for this one. */
  readonly byPublic: ReadonlyMap<bigint, readonly P[]>;
  /** Who has it before, and not after. */
  readonly leaving: readonly P[];
}

/**
 * Which servers stand behind each gateway. Addresses repeat from site to site. So who has one that a gateway leads to is looked for in the gateway's own
 * plan first, and among those who say that the gateway's public address is theirs; elsewhere only where none of these keeps it.
 */
export function standing<P extends Party>(parties: readonly P[]): ReadonlyMap<P, Behind<P>> {
  const holders = holdersOf(parties.filter(({ role }) => role === 'server'));
  const order = new Map(parties.map((party, at) => [party, at]));
  return new Map(
    parties
      .filter(({ role }) => role === 'gateway')
      .map((gateway) => {
        const { servers, unclear } = behind(gateway, holders);
        return [gateway, { servers: [...servers].sort((a, b) => order.get(a)! - order.get(b)!), unclear }];
      }),
  );
}

const policiesOf = ({ before, after }: Party): readonly Policy[] => [...before, ...(after ? [after] : [])];

const has = (policy: Policy | undefined, address: bigint): boolean =>
  policy?.kind === 'server' && policy.localAddresses.some((one) => one === address);

/** Ascending. */
function holdersOf<P extends Party>(servers: readonly P[]): readonly Holders<P>[] {
  const each = servers.flatMap((server) => {
    const addresses = new Set(policiesOf(server).flatMap((policy) => (policy.kind === 'server' ? policy.localAddresses : [])));
    return [...addresses].map((address) => ({ address, server }));
  });
  return [...gathered(each, ({ address }) => address)]
    .map(([address, entries]) => {
      const all = entries.map(({ server }) => server);
      const said = all.flatMap((server) => publicsOf(server, address).map((of) => ({ server, of })));
      return {
        ...{ address, all },
        inPlan: gathered(all, ({ plan }) => plan),
        byPublic: new Map([...gathered(said, ({ of }) => of)].map(([of, some]) => [of, some.map(({ server }) => server)])),
        leaving: all.filter(({ after }) => !has(after, address)),
      };
    })
    .sort((a, b) => (a.address < b.address ? -1 : 1));
}

const publicsOf = (server: Party, address: bigint): readonly bigint[] => [
  ...new Set(
    policiesOf(server).flatMap((policy) =>
      policy.kind === 'server'
        ? [...policy.ownPublic, ...(policy.cpnat?.pairs ?? [])].filter(({ local }) => local === address).map((pair) => pair.public)
        : [],
    ),
  ),
];

function behind<P extends Party>(gateway: P, holders: readonly Holders<P>[]): Behind<P> {
  const policies = policiesOf(gateway).flatMap((policy) => (policy.kind === 'gateway' ? [policy] : []));
  const found = new Set<P>();
  const unclear: bigint[] = [];
  for (const one of ledTo(policies, holders)) {
    const { known, others } = meant(gateway, policies, one);
    const isClear = others.length <= MOST_ELSEWHERE;
    for (const server of isClear ? [...known, ...others] : known) found.add(server);
    if (!isClear && known.length === 0) unclear.push(one.address);
  }
  return { servers: [...found], unclear };
}

/** Of all addresses of servers those that some mapping leads to. */
function ledTo<P>(policies: readonly GatewayPolicy[], holders: readonly Holders<P>[]): ReadonlySet<Holders<P>> {
  const ranges = policies.flatMap(({ mappings }) => mappings.map(({ inside }) => prefixRange(inside)));
  return new Set(ranges.flatMap((range) => within(range, holders)));
}

function within<P>(range: Range, holders: readonly Holders<P>[]): readonly Holders<P>[] {
  const first = firstEnding(holders, range.first, ({ address }) => address);
  let end = first;
  while (end < holders.length && contains(range, holders[end]!.address)) end++;
  return holders.slice(first, end);
}

interface Meant<P> {
  readonly known: readonly P[];
  readonly others: readonly P[];
}

function meant<P extends Party>(gateway: P, policies: readonly GatewayPolicy[], holders: Holders<P>): Meant<P> {
  const { address, all, inPlan, byPublic, leaving } = holders;
  const publics = policies.flatMap((policy) =>
    mappingsAt(policy, 'inside', { first: address, last: address }).map(({ outside, inside }) => outside.first + (address - inside.first)),
  );
  const known = [...new Set([...(inPlan.get(gateway.plan) ?? []), ...publics.flatMap((one) => byPublic.get(one) ?? [])])];
  const after = known.filter((server) => has(server.after, address));
  if (after.some(({ before }) => before.some((policy) => has(policy, address)))) return { known, others: [] };
  // Whoever comes to it may get it from who leaves it.
  const elsewhere = after.length > 0 ? leaving : all;
  const others = elsewhere.length > known.length + MOST_ELSEWHERE ? elsewhere : elsewhere.filter((server) => !known.includes(server));
  return { known, others };
}
