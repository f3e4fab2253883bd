import { Verdict, View } from '../../reachability/exposure';
import { titleOf } from '../../reachability/print';
import { SubjectOwner, Subject } from '../../lint/subject';
import { NOTHING_OPENED } from '../../spec/server';
import { prefixRange } from '../../net/address';
import { LINK_LOCAL, LOOPBACK, entryOf, isFromOutside, localTo } from '../../net/device';
import { groupBy } from '../../net/group-by';
import { remembered } from '../../net/interned';
import { PacketMap, PacketSet } from '../../net/packet-map';
import { PRIVATE_NETWORKS } from '../../net/private';
import { Range, covers, point } from '../../net/range';

/** What outside reaches at one vantage, with its verdicts; what no verdict stands for is denied. */
export interface Reachable {
  readonly owner: SubjectOwner;
  /** `from the internet by wan0`. */
  readonly from: string;
  readonly proof: 'end to end' | 'one device';
  readonly verdicts: PacketMap<Verdict>;
}

/** Addresses that nobody in the internet can send to. */
const PRIVATE: readonly Range[] = [...PRIVATE_NETWORKS, ...LOOPBACK, LINK_LOCAL];

/** Packets to addresses of which no `to` of a review rule can speak. */
export const TO_PRIVATE: PacketSet = PacketMap.set({ destination: PRIVATE });

/**
 * Everything that is reachable from outside: through every gateway end to end, as far as the servers behind it are known; and
 * directly on servers what no known gateway leads to, as IPv6, which is routed. Sources that a server counts as inside aren't outside.
 */
export function reachableFromOutside(subject: Subject): readonly Reachable[] {
  const gateways = subject.owners.filter(({ device }) => device.forwarding);
  const servers = subject.owners.filter(({ device }) => !device.forwarding);
  return [
    ...gateways.flatMap((owner) => throughGateway(owner, subject)),
    ...servers.flatMap((owner) =>
      directly(owner, subject.servers ? (mappedTo(subject).get(owner) ?? []) : mappedBy(gateways)),
    ),
  ].filter(({ verdicts }) => !verdicts.isEmpty);
}

function throughGateway(owner: SubjectOwner, { reached }: Subject): readonly Reachable[] {
  const composed = reached.find(
    ({ gateway }) => gateway === owner || (gateway.name === owner.name && gateway.plan === owner.plan),
  );
  const scope = composedScope(owner);
  const views: readonly (readonly [View, PacketSet])[] = composed
    ? composed.ends.map(({ view, gatewayOnly }) => [view, gatewayOnly] as const)
    : owner.exposure.views.map((view) => [view, view.verdicts.domain] as const);
  return views
    .filter(([{ vantage }]) => isFromOutside(owner.device, vantage))
    .flatMap(([{ vantage, verdicts }, alone]): Reachable[] => {
      const [from, ours] = [titleOf(entryOf(vantage), owner.device), verdicts.within(scope).apartFrom(NOTHING_OPENED)];
      return [
        { owner, from, proof: 'end to end', verdicts: ours.apartFrom(alone) },
        { owner, from, proof: 'one device', verdicts: ours.within(alone) },
      ];
    });
}

/** Our public addresses, and the hosts behind them if they were reached directly. Of a foreign text: everything. */
function composedScope({ policy }: SubjectOwner): PacketSet {
  if (policy?.kind !== 'gateway') return PacketMap.ALL;
  const places = [...policy.virtualIps, ...policy.mappings].map(({ outside }) => prefixRange(outside));
  return PacketMap.set({ destination: [...places, ...policy.mappings.map(({ inside }) => prefixRange(inside))] });
}

/** By server: what the gateways that lead to it map. Sites number alike, so the mappings of another site aren't its own. */
const mappedTo = remembered((subject: Subject): ReadonlyMap<SubjectOwner, readonly Range[]> => {
  const found = new Map<SubjectOwner, readonly Range[]>();
  // Gateways that lead to the same servers have one list of them.
  for (const [servers, leading] of groupBy([...(subject.servers ?? [])], ([, list]) => list)) {
    const mapped = mappedBy(leading.map(([gateway]) => gateway));
    for (const server of servers) found.set(server, [...(found.get(server) ?? []), ...mapped]);
  }
  return found;
});

const mappedBy = (gateways: readonly SubjectOwner[]): readonly Range[] =>
  gateways.flatMap(({ policy }) =>
    policy?.kind === 'gateway' ? policy.mappings.map(({ inside }) => prefixRange(inside)) : [],
  );

function directly(owner: SubjectOwner, mapped: readonly Range[]): readonly Reachable[] {
  const { device, policy, exposure } = owner;
  const own = localTo(device);
  const isMapped = (address: bigint): boolean => mapped.some((one) => covers(one, point(address)));
  // Behind a known gateway nothing comes to a private address but what the gateway leads there.
  const behind = own.some(isMapped);
  const open = own.filter(
    (address) => !isMapped(address) && !(behind && PRIVATE.some((one) => covers(one, point(address)))),
  );
  if (open.length === 0) return [];
  const outsideOf = PacketMap.set({
    destination: open.filter((address) => !LOOPBACK.some((range) => covers(range, point(address)))).map(point),
  });
  const inside =
    policy?.kind === 'server' && policy.inside.length > 0 ? PacketMap.set({ source: policy.inside }) : PacketMap.NONE;
  const found: { readonly names: string[]; readonly verdicts: PacketMap<Verdict> }[] = [];
  for (const { vantage, verdicts } of exposure.views) {
    if (vantage.kind !== 'interface') continue;
    const outside = verdicts.within(outsideOf).apartFrom(inside).apartFrom(NOTHING_OPENED);
    // Most rules of a server don't ask by which interface a packet comes: then it is said once.
    const alike = found.find((one) => one.verdicts.equals(outside));
    if (alike) alike.names.push(vantage.name);
    else found.push({ names: [vantage.name], verdicts: outside });
  }
  return found.map(({ names, verdicts }) => ({
    owner,
    from: `from the internet by ${[...new Set(names)].join(', ')}`,
    proof: 'one device',
    verdicts,
  }));
}

/** Every packet that is, or may be, reachable from outside at all. */
export const reachableSet = (subject: Subject): PacketSet =>
  reachableFromOutside(subject).reduce((all, { verdicts }) => all.or(verdicts.domain), PacketMap.NONE);
