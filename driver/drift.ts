import { ViewDiff, diffExposure } from '../lib/reachability/diff';
import { vantageWords } from '../lib/reachability/print';
import { Row, rowsOf, packetsOf } from '../lib/reachability/rows';
import { printAddresses, printDestinations, printService } from '../lib/reachability/words';
import { Bounds } from '../lib/spec/bounds';
import { meaningOf } from '../lib/spec/meaning';
import { printAddress } from '../lib/net/address';
import { Device, Vantage, vantageKey, localTo, atVantage, entryOf } from '../lib/net/device';
import { Packet } from '../lib/net/packet';
import { PacketMap, PacketSet } from '../lib/net/packet-map';
import { STRANGERS_WORK, withinWork } from '../lib/net/work';
import { tooMuchToCompare } from '../lib/problems/more-work';
import { Refusal } from '../lib/problems/problem';
import { asFound, sentUnnamed } from '../lib/verifier/on-device';
import { decodePolicy } from '../lib/verifier/policy-codec';
import { platformOf } from '../lib/verifier/prove';
import { Release } from '../lib/agent-protocol/release';
import { countInterfaces, liveDevice } from './live-device';
import { lookNamed } from './live-names';
import { Look } from './look';
import { whyOtherForm } from './other-platform';

/** One way in which what a device lets through differs from what the release's own text would, on the same device. */
export interface PortDrift {
  /** `closed` is drift where our own rules changed; where somebody else's narrow, it is only reported. */
  readonly kind: 'opened' | 'closed' | 'changed' | 'may be open' | 'may be closed';
  /** `203.0.113.10 tcp 3306 from anywhere`. */
  readonly packets: string;
  /** Where they come from: `the internet by wan0`. */
  readonly from: readonly string[];
  /** `line 12 of table inet x`, or in words why. */
  readonly by: string;
  /** Whom it reaches, where that isn't the address that was asked for: `10.0.0.20`, `10.0.0.20 instead of 10.0.0.10`, `the device itself`. */
  readonly reaches?: string;
  /** Who it comes from, where that has changed: `10.0.0.10 instead of 203.0.113.10`. */
  readonly seenAs?: string;
  /** Whose line decides. */
  readonly table?: string;
}

/** Rows of one kind, from all sides together, that are explained; more are counted. */
const MOST = 60;

/**
 * Compares the device's whole live rules with the text of these releases, read for the same device. Releases of other owners on the
 * device, which nobody here knows, are taken as they are. Throws Refusal for text that can't be read.
 */
export const driftOf = (release: Release, others: readonly Release[], seen: Look): readonly PortDrift[] =>
  withinWork(
    STRANGERS_WORK,
    () => compared(release, others, seen),
    () => tooMuchToCompare('proving/too-much-to-compare', 'the device', countInterfaces(seen.facts)),
  );

function compared(release: Release, others: readonly Release[], seen: Look): readonly PortDrift[] {
  const policy = decodePolicy(release.policy);
  const live = liveDevice(policy, seen.facts);
  const platform = platformOf(policy);
  const { reader, capabilities } = platform;
  const places = platform.live.places(seen.ruleset);
  const after = reader.read(seen.ruleset, live);
  const before = reader.read(platform.live.asDelivered([release, ...others], seen.ruleset), live);
  const expected = meaningOf(asFound(policy, live), capabilities.excess, live.localAddresses);
  const bounds = new Map(expected.views.map((view) => [vantageKey(view.vantage), view]));
  const nobodys = sentUnnamed(policy, live);
  const found = new Map<string, PortDrift>();
  const looked = new Map<PortDrift['kind'], number>();
  const left = new Map<PortDrift['kind'], number>();
  const add = (kind: PortDrift['kind'], vantage: Vantage, packets: PacketSet): void => {
    for (const row of rowsOf(packets)) {
      if ((looked.get(kind) ?? 0) >= MOST) {
        left.set(kind, (left.get(kind) ?? 0) + 1);
        continue;
      }
      looked.set(kind, (looked.get(kind) ?? 0) + 1);
      const packet = packets.within(packetsOf(row)).sample()?.packet;
      if (!packet) continue;
      const { lines, because, leaves } = after.explain(vantage, packet);
      const why = places.inWords(because);
      // What a chain's policy closes no line does; the last one let it pass.
      const shut = kind === 'closed' ? /^(.*) has policy (\S+)$/.exec(why) : null;
      const last = decisive(lines, places, platform) ?? (shut ? undefined : lines.at(-1));
      const doubt = kind.startsWith('may') ? doubtAt(after.exposure.views, vantage, packet) : undefined;
      const by =
        doubt !== undefined
          ? places.inWords(doubt)
          : last
            ? places.at(last.number)
            : shut
              ? `the policy ${shut[2]} of ${shut[1]}`
              : why;
      const was = kind === 'changed' ? before.explain(vantage, packet).leaves : packet;
      const itself =
        policy.kind === 'gateway' && localTo(live).includes(leaves.destination)
          ? 'the device itself'
          : printAddress(leaves.destination);
      const elsewhere = leaves.destination !== was.destination || itself === 'the device itself';
      const instead = kind === 'changed' ? ` instead of ${printAddress(was.destination)}` : '';
      const reaches = kind === 'closed' || !elsewhere ? undefined : `${itself}${instead}`;
      const seenAs =
        kind === 'changed' && leaves.source !== was.source
          ? `${printAddress(leaves.source)} instead of ${printAddress(was.source)}`
          : undefined;
      const words = rowWords(row);
      const key = [kind, words, by, reaches, seenAs].join('|');
      const table = last && places.unitAt(last.number)?.name;
      const known = found.get(key);
      const from = [...new Set([...(known?.from ?? []), shortTitle(vantage, live)])];
      found.set(key, {
        kind,
        packets: words,
        from,
        by,
        ...(reaches ? { reaches } : {}),
        ...(seenAs ? { seenAs } : {}),
        ...(table ? { table } : {}),
      });
    }
  };
  for (const diff of diffExposure(before.exposure, after.exposure)) {
    const bound = bounds.get(vantageKey(diff.vantage));
    if (!bound) continue;
    const unknownBefore = unknownAt(before.exposure.views, diff.vantage);
    for (const [kind, all] of kindsOf(diff, bound, unknownBefore, allowedAt(before.exposure.views, diff.vantage))) {
      const packets = kind === 'changed' && diff.vantage.kind === 'self' ? all.apartFrom(nobodys) : all;
      if (!packets.isEmpty) add(kind, diff.vantage, packets);
    }
  }
  const more = [...left].map(([kind, count]): PortDrift => ({
    kind,
    packets: `${count} more kinds of packets`,
    from: ['all sides'],
    by: 'rules that were not looked at one by one',
  }));
  return [...found.values(), ...more];
}

type Views = ReturnType<ReturnType<typeof platformOf>['reader']['read']>['exposure']['views'];
const at = (views: Views, vantage: Vantage, is: 'allowed' | 'unknown'): PacketSet =>
  atVantage(views, vantage)?.verdicts.where((verdict) => verdict.is === is) ?? PacketMap.NONE;
/** Why it can't be decided; the walk that explains names only the chain. */
export function doubtAt(views: Views, vantage: Vantage, packet: Packet): string | undefined {
  const verdict = atVantage(views, vantage)?.verdicts.at(packet);
  return verdict?.is === 'unknown' ? verdict.because : undefined;
}
const unknownAt = (views: Views, vantage: Vantage): PacketSet => at(views, vantage, 'unknown');
const allowedAt = (views: Views, vantage: Vantage): PacketSet => at(views, vantage, 'allowed');

function kindsOf(
  diff: ViewDiff,
  { scope, inbound, translations }: Bounds,
  unknownBefore: PacketSet,
  allowedBefore: PacketSet,
): readonly (readonly [PortDrift['kind'], PacketSet])[] {
  const unsure = diff.undecided.apartFrom(unknownBefore).within(scope);
  // What others do with connections that aren't ours to translate is theirs.
  const ours = inbound.or(translations.domain).within(scope);
  return [
    ['opened', diff.opened.within(scope)],
    ['changed', diff.changed.domain.within(ours)],
    ['may be open', unsure.apartFrom(allowedBefore)],
    ['closed', diff.closed.within(scope)],
    ['may be closed', unsure.within(allowedBefore)],
  ];
}

/** Whose line it is that makes the difference: what others translate or drop. */
const decisive = (lines: Lines, places: Places, { live }: ReturnType<typeof platformOf>): Lines[number] | undefined =>
  lines.find(({ number, text }) => places.unitAt(number)?.ours === false && live.decides(text));

type Places = ReturnType<ReturnType<typeof platformOf>['live']['places']>;
type Lines = readonly { readonly number: number; readonly text: string }[];

const rowWords = (row: Row<unknown>): string =>
  `${printService(row.protocols, row.ports, row.sourcePorts)} on ${printDestinations(row.destinations, row.family)} from ${printAddresses(row.sources, row.family)}`;

const shortTitle = (vantage: Vantage, device: Device): string => vantageWords(entryOf(vantage), device);

const SAYS: Readonly<Record<PortDrift['kind'], string>> = {
  opened: 'also open now',
  closed: 'closed there',
  changed: 'open as before, and changed on its way',
  'may be open': 'perhaps open now',
  'may be closed': 'perhaps closed there',
};

export const printDrift = ({ kind, packets, from, by, reaches, seenAs }: PortDrift): string =>
  `${SAYS[kind]}: ${packets} (${from.join('; ')})${reaches ? `, reaching ${reaches}` : ''}${seenAs ? `, seen as ${seenAs}` : ''}, by ${by}`;

/** What others narrow is none, as long as our own rules are as they were delivered. */
export const isDrift = ({ kind }: PortDrift, intact: boolean): boolean =>
  !intact || (kind !== 'closed' && kind !== 'may be closed');

/** Addresses of the release that the device doesn't have; those that it would answer for are known from protocol 5 on. */
export function addressesAbsent({ addresses }: Release, look: Look): readonly string[] {
  const { facts, proxies } = lookNamed(
    look,
    addresses.map((one) => one.interface),
  );
  const held = new Set(
    facts.addresses.split('\n').flatMap((line) => {
      const [, name, address] = /^\d+: ([^ @]+)\S* +inet6? ([^ /]+)/.exec(line) ?? [];
      return name === undefined ? [] : [`${name} ${address}`];
    }),
  );
  const answered = new Set(proxies?.map((line) => line.split(' ').slice(0, 3).join(' ')));
  return addresses.flatMap(({ kind, interface: name, address }) => {
    const bare = address.split('/')[0]!;
    if (kind === 'alias') return held.has(`${name} ${bare}`) ? [] : [`${name} does not have ${bare} any more`];
    const single = !address.includes('/') || address.endsWith('/32');
    if (kind === 'proxy-arp' && proxies && single && !answered.has(`${bare} dev ${name}`))
      return [`${name} does not answer for ${bare} any more`];
    return [];
  });
}

/** As lines, where the text can't be read. */
export function driftOrReason(
  release: Release,
  others: readonly Release[],
  seen: Look,
): { readonly drift: readonly PortDrift[]; readonly unread: readonly string[] } {
  const otherForm = whyOtherForm(release, seen.ruleset, seen.facts);
  if (otherForm !== undefined) return { drift: [], unread: [otherForm] };
  try {
    return { drift: driftOf(release, others, seen), unread: [] };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { drift: [], unread: error.problems.map(({ code, where, what }) => `${code} at ${where}: ${what}`) };
  }
}
