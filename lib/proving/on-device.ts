import { Difference, differences } from './compare';
import { platformOf } from './prove';
import { Bounds } from '../meaning/bounds';
import { meaningOf } from '../meaning/meaning';
import { parseAddress } from '../net/address';
import { Device, vantageKey, vantagesOf } from '../net/device';
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
  const expected = meaningOf(policy, live.localAddresses);
  const refusals: string[] = [];
  const reports: string[] = [];
  const known = new Map(expected.views.map((bounds) => [vantageKey(bounds.vantage), bounds]));
  for (const difference of differences(expected, reading, live)) {
    if (onlyNarrows(difference, known.get(vantageKey(difference.vantage))!)) reports.push(difference.text);
    else refusals.push(difference.text);
    const lost = difference.packets.within(managed(policy));
    if (difference.kind === 'missing' && !lost.isEmpty) refusals.push(`the way in would be lost: ${difference.text}`);
  }
  for (const kept of witnesses) {
    const packet = packetOf(kept);
    const ways = vantagesOf(live).filter((vantage) => vantage.kind === 'interface' && vantage.name === kept.arrives);
    const told = packet === undefined ? [] : ways.map((vantage) => reading.explain(vantage, packet));
    const fault = told.find(({ verdict }) => verdict !== 'allowed');
    if (told.length > 0 && !fault) continue;
    refusals.push(
      `witness ${kept.from} to ${kept.to} ${kept.protocol} ${kept.port}: ${fault ? `${fault.verdict}, ${fault.because}` : why(packet, kept)}`,
    );
  }
  return { refusals, reports };
}

/**
 * What is missing can only narrow, and so can what is unknown though it must pass. Somebody else's translation of what our hosts send
 * (a proxy, another owner's public address) reaches nobody through us; of what comes to our addresses it does.
 */
function onlyNarrows({ kind, packets }: Difference, { bounds, inbound }: Bounds): boolean {
  if (kind === 'undecided') return packets.apartFrom(bounds.where((bound) => bound === 'must')).isEmpty;
  return kind === 'missing' || (kind === 'diverted' && packets.within(inbound).isEmpty);
}

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

const why = (packet: Packet | undefined, { arrives }: Kept): string =>
  packet === undefined ? 'it needs two addresses of one family' : `the device has no interface ${arrives}`;

function packetOf({ from, to, protocol, port }: Kept): Packet | undefined {
  const [source, destination] = [parseAddress(from), parseAddress(to)];
  return source === undefined || destination === undefined
    ? undefined
    : { source, destination, protocol: PROTOCOL[protocol], port, sourcePort: 40_000 };
}
