import { Difference, differences, named } from './compare';
import { letInFaults } from './let-in';
import { boundsAt, closedToMost, losesManagement, onlyNarrows } from './narrowing';
import { platformOf } from './prove';
import { packetsOf, viewsOf } from './witness';
import { Witness } from '../agent-protocol/release';
import { titleOf, vantageWords } from '../reachability/print';
import { meaningOf } from '../spec/meaning';
import { Device, localTo, entryOf } from '../net/device';
import { PacketMap, PacketSet } from '../net/packet-map';
import { point } from '../net/range';
import { Policy } from '../policy/policy';
import { Reading } from '../parse/reader';

/** The judgement of what a device really runs. */
export interface Judgement {
  /** Why the release may not stay: it exceeds or may exceed, or management or a witness isn't proven. */
  readonly refusals: readonly string[];
  /** What differs without danger: foreign rules that only narrow. */
  readonly reports: readonly string[];
  /** Of these, ports that are closed to most of those they are opened to: the release doesn't do what it is there for. Absent where none is. */
  readonly narrower?: readonly string[];
}

/**
 * Judges a device's whole live rules against a policy, and what its owner's rules change of everything else. What exceeds, may exceed
 * or goes to another host refuses, and what overtakes others' rules; what only narrows is reported, except for management and witnesses, which
 * must be proven.
 */
export function judge(policy: Policy, liveText: string, found: Device, witnesses: readonly Witness[]): Judgement {
  const live: Device = { ...found, linkLocal: true };
  const { reader, capabilities, live: form } = platformOf(policy);
  const reading = reader.read(liveText, live);
  const { whole, rest } = form.apart(liveText, policy.owner);
  const besides = { whole: whole === liveText ? reading : reader.read(whole, live), rest: reader.read(rest, live) };
  const asked = asFound(policy, live);
  const expected = meaningOf(asked, capabilities.excess, live.localAddresses);
  const refusals: string[] = [];
  const reports: string[] = [];
  const narrower = new Map<string, Set<string>>();
  for (const found of differences({ expected, reading, besides, device: live })) {
    const { theirs, difference } = sentApart(found, policy, live, (part) =>
      named(part, boundsAt(expected, part.vantage), reading, live),
    );
    if (theirs) reports.push(theirs.text);
    if (!difference) continue;
    (onlyNarrows(difference, expected) ? reports : refusals).push(difference.text);
    const closed = closedToMost(difference, expected, policy, live);
    if (!closed.isEmpty) {
      const { vantage } = difference;
      const { text } = named({ ...difference, packets: closed }, boundsAt(expected, vantage), reading, live);
      const what = text.slice(titleOf(vantage, live).length);
      narrower.set(what, (narrower.get(what) ?? new Set()).add(vantageWords(entryOf(vantage), live)));
    }
    if (losesManagement(difference, expected, policy, asked, live))
      refusals.push(`the way in would be lost: ${difference.text}`);
  }
  const keptOut = form.keptOut?.(liveText, policy.owner);
  if (keptOut !== undefined)
    refusals.push(...letInFaults(besides.whole, reader.read(keptOut, live), live).map(({ text }) => text));
  refusals.push(...witnesses.flatMap((kept) => notProven(kept, reading)));
  return {
    refusals,
    reports,
    ...(narrower.size === 0
      ? {}
      : { narrower: [...narrower].map(([what, from]) => `from ${[...from].join('; ')}${what}`) }),
  };
}

/**
 * The policy for the device as it is: an interface that the intent doesn't name is a way in, too, and what a server closes is
 * closed on every address that it has.
 */
export function asFound(policy: Policy, live: Device): Policy {
  const others = live.interfaces.filter(({ name }) => !policy.interfaces.some((one) => one.name === name));
  const interfaces = [...policy.interfaces, ...others];
  if (policy.kind === 'gateway') return { ...policy, interfaces };
  return { ...policy, interfaces, localAddresses: [...new Set([...policy.localAddresses, ...localTo(live)])] };
}

/**
 * What a server sends from an address that the intent doesn't name. Nobody is to know it by that, as by the one of a bridge of containers, which
 * Docker translates with those of the containers.
 */
export const sentUnnamed = (policy: Policy, live: Device): PacketSet =>
  policy.kind === 'server'
    ? PacketMap.set({
        source: localTo(live).flatMap((address) => (policy.localAddresses.includes(address) ? [] : [point(address)])),
      })
    : PacketMap.NONE;

/** Apart: what others make of that on its way out. */
function sentApart(
  found: Difference,
  policy: Policy,
  live: Device,
  said: (part: Difference) => Difference,
): { readonly theirs?: Difference; readonly difference?: Difference } {
  if (found.kind !== 'changed' || found.beside || found.vantage.kind !== 'self') return { difference: found };
  const theirs = found.packets.within(sentUnnamed(policy, live));
  const left = found.packets.apartFrom(theirs);
  if (theirs.isEmpty) return { difference: found };
  return {
    theirs: said({ ...found, packets: theirs }),
    ...(left.isEmpty ? {} : { difference: said({ ...found, packets: left }) }),
  };
}

/** Ports that a client connects from. */
const CLIENT_PORTS = [{ first: 1024, last: 65_535 }];

/** A witness has to be allowed from every port, and whichever way out the device takes. */
function notProven(witness: Witness, reading: Reading): readonly string[] {
  const { arrives, from, to, protocol, port } = witness;
  const said = (is: string, because: string): string =>
    `witness ${from} to ${to} ${protocol} ${port} is ${is}: ${because}`;
  const wanted = packetsOf(witness)?.within(PacketMap.set({ sourcePort: CLIENT_PORTS }));
  if (!wanted) return [said('not a packet', 'addresses of one family are needed')];
  const views = viewsOf(reading, witness);
  if (views.length === 0) return [said('unknown', `the device has no interface ${arrives}`)];
  return views.flatMap(({ vantage, verdicts }) => {
    const lost = wanted.apartFrom(verdicts.where(({ is }) => is === 'allowed')).sample();
    if (!lost) return [];
    const { verdict, because } = reading.explain(vantage, lost.packet);
    return [said(verdict === 'allowed' ? 'unknown' : verdict, because)];
  });
}
