import { differences } from './compare';
import { platformOf } from './prove';
import { meaningOf } from '../meaning/meaning';
import { parseAddress } from '../net/address';
import { Device, vantageKey } from '../net/device';
import { PROTOCOL, Packet } from '../net/packet';
import { PacketMap, PacketSet } from '../net/packet-map';
import { Policy } from '../policy/policy';

/** What must stay allowed whatever else a device's rules do. */
export interface Kept {
  readonly arrives: string;
  readonly from: string;
  readonly to: string;
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
}

/** The judgement of what a device really runs. */
export interface Judgement {
  /** Why the release may not stay: it exceeds or may exceed, or management or a witness isn't proven. */
  readonly refusals: readonly string[];
  /** What differs without danger: foreign rules that only narrow. */
  readonly reports: readonly string[];
}

/**
 * Judges a device's whole live rules against a policy. What exceeds, may exceed or goes to another host refuses; what
 * only narrows is reported, except for management and witnesses, which must be proven.
 */
export function judge(policy: Policy, liveText: string, live: Device, witnesses: readonly Kept[]): Judgement {
  const reading = platformOf(policy).reader.read(liveText, live);
  const expected = meaningOf(policy);
  const refusals: string[] = [];
  const reports: string[] = [];
  const musts = new Map(expected.views.map(({ vantage, bounds }) => [vantageKey(vantage), bounds.where((bound) => bound === 'must')]));
  for (const difference of differences(expected, reading, live)) {
    const must = musts.get(vantageKey(difference.vantage)) ?? PacketMap.NONE;
    if (harmless(difference.kind, difference.packets, must)) reports.push(difference.text);
    else refusals.push(difference.text);
    const lost = difference.packets.within(managed(policy));
    if (difference.kind === 'missing' && !lost.isEmpty) refusals.push(`the way in would be lost: ${difference.text}`);
  }
  for (const kept of witnesses) {
    const packet = packetOf(kept);
    const explained = packet && reading.explain({ kind: 'interface', name: kept.arrives }, packet);
    if (explained?.verdict !== 'allowed')
      refusals.push(
        `witness ${kept.from} to ${kept.to} ${kept.protocol} ${kept.port} is ${explained?.verdict ?? 'not a packet'}: ${explained?.because ?? 'addresses of one family are needed'}`,
      );
  }
  return { refusals, reports };
}

/** What is missing, or unknown though it must pass, can only narrow. */
const harmless = (kind: string, packets: PacketSet, must: PacketSet): boolean =>
  kind === 'missing' || (kind === 'undecided' && packets.apartFrom(must).isEmpty);

/** The ways in that the policy itself calls management. */
function managed(policy: Policy): PacketSet {
  const all = policy.kind === 'server' ? [policy.openings] : policy.virtualIps.map(({ answers }) => answers);
  return PacketMap.first(
    all
      .flatMap(({ entries }) => entries.filter(({ management }) => management))
      .map(({ protocol, ports, sources }) =>
        PacketMap.set({
          protocol: [{ first: protocol, last: protocol }],
          ...(ports === 'all' ? {} : { port: ports }),
          ...(sources === 'anywhere' ? {} : { source: sources }),
        }),
      ),
  );
}

function packetOf({ from, to, protocol, port }: Kept): Packet | undefined {
  const [source, destination] = [parseAddress(from), parseAddress(to)];
  return source === undefined || destination === undefined
    ? undefined
    : { source, destination, protocol: PROTOCOL[protocol], port, sourcePort: 40_000 };
}
