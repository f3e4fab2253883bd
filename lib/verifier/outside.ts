import { BehindGateway, composed } from '../reachability/compose';
import { printPacket } from '../reachability/words';
import { cutTo } from '../reachability/print';
import { View } from '../reachability/exposure';
import { entryKey, isFromOutside, localTo } from '../net/device';
import { groupBy } from '../net/group-by';
import { Packet } from '../net/packet';
import { PacketMap, PacketSet } from '../net/packet-map';
import { point } from '../net/range';
import { prefixRange, printAddress } from '../net/address';
import { Explanation } from '../parse/reader';
import { Proof, scopeOf } from './prove';
import { Site } from './site';

/** What the internet reaches through the devices of a stack: end to end where a gateway leads to a known server, else by the one device. */
export interface Outside {
  /** Allowed whichever way the devices send things out, by one of the outside interfaces at least. */
  readonly allowed: PacketSet;
  /** Allowed or unknown by any. */
  readonly reachable: PacketSet;
  /** Why one packet passes or not, device by device. */
  explain(packet: Packet): readonly string[];
}

interface Way {
  readonly proof: Proof;
  readonly views: readonly View[];
  /** To which it may lead. */
  readonly servers: readonly Proof[];
}

export function outsideOf(...sites: readonly Site[]): Outside {
  const ways = sites.flatMap(waysOf);
  const entries = ways.flatMap(({ views }) => byEntry(views));
  return {
    allowed: union(
      entries.map((each) =>
        each.map((view) => view.verdicts.where(({ is }) => is === 'allowed')).reduce((a, b) => a.within(b)),
      ),
    ),
    reachable: union(entries.flatMap((each) => each.map(({ verdicts }) => verdicts.domain))),
    explain: (packet) => {
      // A gateway by which a packet doesn't come has nothing to say of it: that it lets it through would be no reason.
      const concerned = ways.filter((way) => speaksOf(way, packet));
      if (concerned.length > 0) return concerned.flatMap((way) => explained(way, packet));
      return [
        nobodyHas(
          packet,
          ways.flatMap(({ proof: { policy } }) => (policy.kind === 'gateway' ? [policy.device] : [])),
        ),
      ];
    },
  };
}

function waysOf({ own, behind = [], before = [] }: Site): readonly Way[] {
  const isGateway = ({ policy }: Proof): boolean => policy.kind === 'gateway';
  const gateways = own.filter(isGateway);
  const servers = [...own, ...behind].filter((proof) => !isGateway(proof));
  const known: readonly BehindGateway[] = servers.map(({ device, reading }) => ({
    device,
    exposure: reading.exposure,
  }));
  return [
    ...gateways.map((proof) => ({
      proof,
      servers,
      views: outsideViews(
        composed(proof.reading.exposure, proof.device, known).map(({ view }) => view),
        proof,
      ),
    })),
    ...own
      .filter((proof) => !isGateway(proof))
      .map((proof) => ({ proof, servers, views: directViews(proof, [...gateways, ...before]) })),
  ];
}

/** Whatever the rules of a gateway say of it. */
function nobodyHas(packet: Packet, gateways: readonly string[]): string {
  const address = printAddress(packet.destination);
  const mapped = `mapping or ${gateways.length > 1 ? 'a ' : ''}virtual IP of ${address}`;
  const said =
    gateways.length > 1
      ? `neither ${gateways.join(' nor ')} has a ${mapped}`
      : gateways.map((one) => `${one} has no ${mapped}`).join('');
  return `${printPacket(packet)}: ${said === '' ? '' : `${said}, and `}no server has it`;
}

const union = (sets: readonly PacketSet[]): PacketSet => PacketMap.first(sets);

/** Views of one arriving interface, one for each way out. */
const byEntry = (views: readonly View[]): readonly (readonly View[])[] => {
  const keys = [...new Set(views.map(({ vantage }) => entryKey(vantage)))];
  return keys.map((key) => views.filter(({ vantage }) => entryKey(vantage) === key));
};

function outsideViews(views: readonly View[], { device, expected }: Proof): readonly View[] {
  const scope = scopeOf(expected);
  return views.filter(({ vantage }) => isFromOutside(device, vantage)).map((view) => cutTo(view, scope(view.vantage)));
}

/** What comes to a server's own addresses past the gateways that lead to it, and isn't from its inside. */
function directViews(proof: Proof, gateways: readonly Proof[]): readonly View[] {
  const { policy, device, reading } = proof;
  if (policy.kind !== 'server') return [];
  const mapped = gateways.flatMap(({ policy: of }) =>
    of.kind === 'gateway' ? of.mappings.map(({ inside }) => prefixRange(inside)) : [],
  );
  const own = localTo(device);
  const inside = PacketMap.set({ source: policy.inside.length === 0 ? [] : policy.inside });
  const scope = PacketMap.set({ destination: own.map(point) }).apartFrom(PacketMap.set({ destination: mapped }));
  return outsideViews(reading.exposure.views, proof).map((view) =>
    cutTo(view, policy.inside.length === 0 ? scope : scope.apartFrom(inside)),
  );
}

/** A server of what is for it, a gateway of what its policy speaks of. */
function speaksOf({ proof: { policy, device, expected }, views }: Way, packet: Packet): boolean {
  if (policy.kind === 'server') return localTo(device).includes(packet.destination);
  const scope = scopeOf(expected);
  return views.some(({ vantage }) => scope(vantage).at(packet) !== undefined);
}

/** What holds by every interface is said once; else by which it does. */
function explained({ proof, views, servers }: Way, packet: Packet): readonly string[] {
  const told = byEntry(views).map(([first]) => ({ by: nameOf(first!), ...linesOf(proof, first!, packet, servers) }));
  const alike = [...groupBy(told, ({ said, there }) => [said, ...there].join('\n')).values()];
  return alike.flatMap((entries) => {
    const [{ said, there }] = entries;
    const by = alike.length === 1 ? '' : ` by ${entries.map((one) => one.by).join(', ')}`;
    return [`${printPacket(packet)}: ${proof.policy.device}${by} ${said}`, ...there];
  });
}

const nameOf = ({ vantage }: View): string => (vantage.kind === 'interface' ? vantage.name : vantage.kind);

interface Lines {
  readonly said: string;
  /** Of the server to which it leads. */
  readonly there: readonly string[];
}

function linesOf(proof: Proof, { vantage }: View, packet: Packet, servers: readonly Proof[]): Lines {
  const { leaves, ...answer } = proof.reading.explain(vantage, packet);
  const said = answered(answer);
  if (answer.verdict !== 'allowed' || proof.policy.kind === 'server') return { said, there: [] };
  const host = servers.find(({ device }) => localTo(device).includes(leaves.destination));
  const entry = host?.device.interfaces[0];
  const view = host?.reading.exposure.views.find(
    (one) => one.vantage.kind === 'interface' && one.vantage.name === entry?.name,
  );
  if (!host || !view) return { said, there: [] };
  const there = host.reading.explain(view.vantage, {
    ...leaves,
    originalDestination: leaves.destination,
    originalPort: leaves.port,
  });
  return { said, there: [`${printPacket(leaves)}: ${host.policy.device} ${answered(there)}`] };
}

const answered = ({ verdict, because }: Pick<Explanation, 'verdict' | 'because'>): string =>
  `${verdict === 'allowed' ? 'lets it through' : verdict === 'denied' ? 'denies it' : 'UNKNOWN'}, ${because}`;
