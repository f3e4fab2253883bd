import { BehindGateway, composed } from '../../reachability/compose';
import { Exposure } from '../../reachability/exposure';
import { prefixRange } from '../../net/address';
import { Device, vantageKey, localTo } from '../../net/device';
import { groupBy } from '../../net/group-by';
import { remembered } from '../../net/interned';
import { PacketMap, PacketSet } from '../../net/packet-map';
import { Range, joined, point } from '../../net/range';
import { GatewayPolicy, ServerPolicy } from '../../policy/policy';
import { Version, nearTo, sitesApart } from './sites';
import { Holder, holdersOf, placesIn } from './holders';
import { Sided, Sides } from './sides';
import { Judged, State } from './state';

export type { Sided } from './sides';

/** A gateway with the servers of the review that its mappings lead to, before or after. Those of one list are one object. */
export interface Edge {
  readonly gateway: Sided;
  readonly servers: readonly Sided[];
}

export function edgesOf(all: readonly Sided[]): readonly Edge[] {
  const servers = all.filter(({ judged }) => judged.planned.role === 'server');
  const holders = holdersOf([...servers.keys()], (at) => addressesOf(servers[at]!.judged));
  const lists = new Map<string, readonly Sided[]>();
  const places = new Map(servers.map((one, at) => [one, at]));
  const nearOf = (gateway: Judged, alike: readonly Holder<number>[], address: bigint): readonly number[] =>
    nearTo(
      gateway,
      alike.map(({ one }) => servers[one]!),
      address,
    ).map((one) => places.get(one)!);
  const gateways = all.filter(({ judged }) => judged.planned.role === 'gateway');
  const areApart = sitesApart(gateways.map(({ judged }) => judged));
  return gateways.map((gateway) => {
    const found = new Set(
      insidesOf(gateway.judged).flatMap((range) => {
        const [first, end] = placesIn(range, holders);
        const mayBe = holders
          .slice(first, end)
          .filter(({ one }) => !areApart(gateway.judged, servers[one]!.judged.plan));
        return [...groupBy(mayBe, ({ address }) => address)].flatMap(([address, alike]) =>
          alike.length === 1 ? [alike[0].one] : nearOf(gateway.judged, alike, address),
        );
      }),
    );
    const theirs = [...found].sort((a, b) => a - b);
    const list = lists.get(theirs.join()) ?? theirs.map((at) => servers[at]!);
    lists.set(theirs.join(), list);
    return { gateway, servers: list };
  });
}

/** Whether a gateway's mappings lead to a server, of thousands of them. */
export const leadsToIt = ({ servers }: Pick<Edge, 'servers'>, { judged }: Pick<Sided, 'judged'>): boolean =>
  setOf(servers).has(judged);

const setOf = remembered((servers: readonly Sided[]): ReadonlySet<Judged> => new Set(servers.map((one) => one.judged)));

const statesOf = ({ before, after }: Judged): readonly State[] => [...before, after];

/** Of all its states: thousands of servers ask for them. */
export const gatewayPolicies = remembered((judged: Judged): readonly GatewayPolicy[] =>
  statesOf(judged).flatMap(({ meant }) => (meant?.policy.kind === 'gateway' ? [meant.policy] : [])),
);

const serverPolicies = (judged: Judged): readonly ServerPolicy[] =>
  statesOf(judged).flatMap(({ meant }) => (meant?.policy.kind === 'server' ? [meant.policy] : []));

/** Every address that a server has, before or after. */
export const addressesOf = remembered((judged: Judged): readonly bigint[] => [
  ...new Set(serverPolicies(judged).flatMap(({ localAddresses }) => localAddresses)),
]);

/** What its mappings lead to, before or after. */
const insidesOf = (gateway: Judged): readonly Range[] =>
  joined(gatewayPolicies(gateway).flatMap(({ mappings }) => mappings.map(({ inside }) => prefixRange(inside))));

/** What is reachable through a gateway, and the part of it that a server of the review decides, too. */
export interface Ends {
  readonly exposure: Exposure;
  /** By vantage. */
  readonly covered: ReadonlyMap<string, PacketSet>;
}

/** One state of the gateway with one of each server. Without servers the gateway stands alone. */
export function endsOf(gateway: Exposure, device: Device, servers: readonly BehindGateway[]): Ends {
  if (servers.length === 0) return { exposure: gateway, covered: new Map() };
  const local = localTo(device);
  const own = local.length === 0 ? PacketMap.NONE : PacketMap.set({ destination: local.map(point) });
  const ends = composed(gateway, device, servers);
  const others = gateway.views.filter(({ vantage }) => vantage.kind !== 'interface');
  return {
    exposure: { views: [...ends.map(({ view }) => view), ...others] },
    covered: new Map(
      ends.map(({ view, gatewayOnly }) => [
        vantageKey(view.vantage),
        view.verdicts.domain
          .apartFrom(gatewayOnly)
          .apartFrom(own.within(view.translations.where(({ destination }) => destination.is === 'kept'))),
      ]),
    ),
  };
}

/**
 * A server's state as the gateway's packets meet it: by the interface that the policy names first, whatever else the device has. `without`:
 * addresses that another server is taken to have.
 */
export function behind(
  { judged, sides }: Sided,
  state: State,
  as: Pick<Sides, 'cut'> = sides,
  without: ReadonlySet<bigint> = NONE,
): BehindGateway {
  const named = serverPolicies(judged).flatMap(({ interfaces }) => interfaces.map(({ name }) => name));
  const first = state.device.interfaces.filter(({ name }) => name === named[0]);
  const interfaces = [...first, ...state.device.interfaces.filter((one) => !first.includes(one))];
  const device = { ...state.device, interfaces };
  return { device: without.size === 0 ? device : lacking(device, without), exposure: as.cut(state) };
}

const NONE: ReadonlySet<bigint> = new Set();

const lacking = (device: Device, without: ReadonlySet<bigint>): Device => ({
  ...device,
  localAddresses: device.localAddresses.filter((address) => !without.has(address)),
  interfaces: device.interfaces.map((one) => ({
    ...one,
    addresses: one.addresses.filter(({ address }) => !without.has(address)),
  })),
});

/** The servers of a list as they will be. */
export const behindAfter = remembered(({ servers, without: { after } }: Version): readonly BehindGateway[] =>
  servers.map((server) => behind(server, server.judged.after, server.sides, after.get(server))),
);

/** And as they may be before, in each of the rounds. */
export const behindBefore = remembered(
  ({ servers, without: { before } }: Version): readonly (readonly BehindGateway[])[] =>
    rounds(servers).map((round) => round.map(([server, one]) => behind(server, one, server.sides, before.get(server)))),
);

/** Servers, each with one of its states. */
export type Round = readonly (readonly [Sided, State])[];

/**
 * Every choice that matters of the states before: each of the gateway's with each of every server's. Servers have addresses of their own,
 * so it is enough that each state of each is in one of the rounds.
 */
export function rounds(servers: readonly Sided[]): readonly Round[] {
  const most = Math.max(1, ...servers.map(({ judged }) => judged.before.length));
  return Array.from({ length: most }, (_, round) =>
    servers.map((server) => [server, server.judged.before[Math.min(round, server.judged.before.length - 1)]!] as const),
  );
}
