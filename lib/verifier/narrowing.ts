import { Difference, named } from './compare';
import { Lines, decidedByOthers } from './whose';
import { packetsOf, rowsOf } from '../reachability/rows';
import { Bounds, Expectation } from '../spec/bounds';
import { managedBy } from '../spec/openings';
import { boundsOf } from '../spec/phases';
import { FAMILIES, FAMILY_RANGE, prefixRange } from '../net/address';
import { Device, LOOPBACK, NetworkInterface, Vantage, atVantage, networksOf } from '../net/device';
import { PacketMap, PacketSet } from '../net/packet-map';
import { groupBy } from '../net/group-by';
import { Range, joined, point, sizeOf } from '../net/range';
import { Openings, Policy } from '../policy/policy';
import { Reading } from '../parse/reader';

/**
 * What is missing can only narrow, and so can what is unknown though it must pass: where it may be led elsewhere, that is another
 * difference. Somebody else's translation of what our hosts send
 * (a proxy, another owner's public address) reaches nobody through us; of what comes to our addresses it does.
 */
export function onlyNarrows({ kind, packets, vantage, phase, beside }: Difference, expected: Expectation): boolean {
  if (beside) return false;
  const asked = boundsAt(expected, vantage);
  const { inbound } = asked;
  const bounds = phase === 'first' ? asked.bounds : boundsOf(phase, asked);
  if (kind === 'undecided') return packets.apartFrom(bounds.where((bound) => bound === 'must')).isEmpty;
  return kind === 'missing' || (kind === 'diverted' && packets.within(inbound).isEmpty);
}

/** What a text was captured with, and how it was read. */
interface Captured {
  readonly expected: Expectation;
  readonly policy: Policy;
  readonly reading: Reading;
  readonly device: Device;
  readonly places: Lines;
}

/**
 * Apart: what others on a captured device narrow. It is theirs to decide, so it is said and not refused, unless a way in that the policy
 * calls management is among it. Theirs is what a line of theirs decides, what nobody sends by that interface, and what no line of
 * an inside interface lets in; what a line of ours decides, or a default outside, is not.
 */
export function narrowedApart(
  found: readonly Difference[],
  captured: Captured,
): { readonly narrowed: readonly Difference[]; readonly outside: readonly Difference[] } {
  const { expected, policy, reading, device, places } = captured;
  const parts = found.map((one) => {
    if (!onlyNarrows(one, expected) || losesManagement(one, expected, policy)) return { narrowed: [], outside: [one] };
    const coming = one.packets.within(comingBy(policy, one.vantage));
    const ours = coming.apartFrom(
      decidedByOthers(
        { ...one, packets: coming },
        reading,
        places,
        comesFromInside(policy, one.vantage) ? 'others' : 'nobody',
      ),
    );
    if (ours.isEmpty) return { narrowed: [one], outside: [] };
    const theirs = one.packets.apartFrom(ours);
    const said = (packets: PacketSet): readonly Difference[] =>
      packets.isEmpty ? [] : [named({ ...one, packets }, boundsAt(expected, one.vantage), reading, device)];
    return { narrowed: said(theirs), outside: said(ours) };
  });
  return { narrowed: parts.flatMap(({ narrowed }) => narrowed), outside: parts.flatMap(({ outside }) => outside) };
}

/**
 * Of what others narrow, that which closes a port that a release opens to most of those it is for: what another firewall manager does, and no list
 * of bans. Of first packets that come from outside, and surely don't pass; what a set that changes decides is in doubt, and isn't said.
 */
export function closedToMost(one: Difference, expected: Expectation, policy: Policy, live: Device): PacketSet {
  const { vantage, phase, beside, packets } = one;
  const entry = entryAt(policy, vantage);
  if (
    one.kind !== 'missing' ||
    phase !== 'first' ||
    beside ||
    !entry ||
    (policy.kind === 'gateway' && entry.role !== 'outside')
  )
    return PacketMap.NONE;
  const { bounds, inbound } = boundsAt(expected, vantage);
  const asked = bounds.where((bound) => bound === 'must').within(inbound);
  const coming = packets.within(inbound).apartFrom(PacketMap.set({ source: absentAt(entry, live) }));
  const rows = rowsOf(coming).filter((row) => {
    const of = rowsOf(asked.within(packetsOf({ ...row, sources: [FAMILY_RANGE[row.family]] })));
    return sizeOf(row.sources) * 2n > sizeOf(joined(of.flatMap(({ sources }) => sources)));
  });
  return PacketMap.first(rows.map(packetsOf));
}

/**
 * Whether a way in that the policy calls management would not surely pass any more. `found`: the policy with what its device has besides; `live`:
 * that device, where it was asked.
 */
export const losesManagement = (
  { kind, packets, vantage, phase }: Difference,
  expected: Expectation,
  policy: Policy,
  found = policy,
  live?: Device,
): boolean =>
  (kind === 'missing' || kind === 'undecided') &&
  (phase === 'first' || phase === 'going on') &&
  !packets
    .within(boundsAt(expected, vantage).inbound)
    .within(managed(policy))
    .within(comingBy(found, vantage, live)).isEmpty;

/** Which of their hosts may go out, and where, the rules of an inside interface say: no release writes any. */
const comesFromInside = (policy: Policy, vantage: Vantage): boolean =>
  policy.kind === 'gateway' && vantage.kind === 'interface' && entryAt(policy, vantage)?.role !== 'outside';

const entryAt = ({ interfaces }: Policy, vantage: Vantage): NetworkInterface | undefined =>
  vantage.kind === 'interface' ? interfaces.find(({ name }) => name === vantage.name) : undefined;

/**
 * What can come by an interface at all: by an inside one of a gateway, who is behind it. An office outside loses nothing by a LAN's rules. To a
 * server nobody comes with its own address, nor by an interface that has nothing of a family, which programs drop that look for the way back.
 */
function comingBy(policy: Policy, vantage: Vantage, live?: Device): PacketSet {
  const entry = entryAt(policy, vantage);
  if (policy.kind === 'server') {
    if (!entry) return PacketMap.ALL;
    const nobodys = [...policy.localAddresses.map(point), ...LOOPBACK, ...absentAt(entry, live)];
    return PacketMap.ALL.apartFrom(PacketMap.set({ source: joined(nobodys) }));
  }
  if (!entry || entry.role === 'outside') return PacketMap.ALL;
  return PacketMap.set({ source: networksOf(entry) });
}

/** What has a family that an outside interface has nothing of, where another alone has it. */
const absentAt = ({ name, role }: NetworkInterface, { soleUplink = {} }: Partial<Device> = {}): readonly Range[] =>
  FAMILIES.filter((family) => role === 'outside' && (soleUplink[family] ?? name) !== name).map(
    (family) => FAMILY_RANGE[family],
  );

export const boundsAt = ({ views }: Expectation, vantage: Vantage): Bounds => atVantage(views, vantage)!;

/** The ways in that the policy itself calls management: to the server, to the gateway, and through it. */
function managed(policy: Policy): PacketSet {
  const ends: readonly (readonly [Openings, Range])[] =
    policy.kind === 'server'
      ? policy.localAddresses.map((address) => [policy.openings, point(address)])
      : [
          ...policy.virtualIps.map(({ answers, outside }) => [answers, prefixRange(outside)] as const),
          ...policy.mappings.map(({ openings, outside }) => [openings, prefixRange(outside)] as const),
        ];
  return PacketMap.first(
    [...groupBy(ends, ([openings]) => openings)].map(([openings, of]) =>
      managedBy(openings).within(PacketMap.set({ destination: of.map(([, range]) => range) })),
    ),
  );
}
