import { printAddress } from '../../lib/net/address';
import { Device as NetDevice, StartLocation, listStartLocations } from '../../lib/net/device';
import { Packet } from '../../lib/net/packet';
import { Policy } from '../../lib/policy/policy';
import { Refusal } from '../../lib/problems/problem';
import { getPlatform } from '../../lib/verifier/verify-policy';
import { createLiveDevice } from '../live-device';
import { judgeLegacyTables } from '../verify-live';
import { DeviceLook } from '../device-status';
import { explainOtherForm } from '../other-platform';
import { findUnknownReason } from '../drift';
import { OwnershipRecord } from '../synthesized-stack';

/** What the live rules of a device do with one packet. */
export interface RuleDecision {
  readonly verdict: 'allowed' | 'denied' | 'unknown';
  readonly leaves: Packet;
  /** In words, with places as somebody finds them on the device. */
  readonly because: string;
  /** Places in others' tables that name the client: a ban. */
  readonly mentions: readonly string[];
  /** The lines that decided or translated, in their order. */
  readonly lines: readonly DecidingLine[];
}

export interface DecidingLine {
  readonly place: string;
  readonly text: string;
  /** What it belongs to on the device: a table. */
  readonly unit: string;
  readonly whose: 'ours' | 'another owner' | 'somebody else';
  /** Where it is changed for good, if a program that is known keeps it. */
  readonly change: string | undefined;
  /** What a run of cPanel's program does with it, as far as its place tells. */
  readonly byCpanel: 'written' | 'emptied' | undefined;
  /** Added by hand to our table. */
  readonly byHand: boolean;
}

/** Text that can't be read, in words, instead of a decision. */
export function evaluatePacket(
  policy: Policy,
  { release, owner, role }: OwnershipRecord,
  look: DeviceLook,
  startName: string | 'self',
  packet: Packet,
): RuleDecision | string {
  const otherForm = explainOtherForm(policy, look.ruleset, look.facts);
  if (otherForm !== undefined) return otherForm;
  try {
    const live = createLiveDevice(policy, look.facts);
    const { parser: reader, live: liveConfig } = getPlatform(policy);
    const reading = reader.read(look.ruleset, live);
    const start = findStartLocation(live, startName);
    if (!start) return `the device has no interface ${startName}`;
    const { verdict, leaves, because, lines } = reading.explain(start, packet);
    const { refusals, reports } = judgeLegacyTables(look.facts);
    // What was read lets it through, and is not all there is.
    const unreadReasons = verdict === 'allowed' ? [...refusals, ...reports] : [];
    const places = liveConfig.places(look.ruleset);
    const ownUnit = release && liveConfig.unitOf(release);
    const newEdits =
      look.edits?.filter((edit) => edit.owner === owner && edit.role === role && edit.is === 'new') ?? [];
    return {
      verdict: unreadReasons.length > 0 ? 'unknown' : verdict,
      leaves,
      because:
        unreadReasons.length > 0
          ? unreadReasons.join('; ')
          : places.inWords(
              (verdict === 'unknown' ? findUnknownReason(reading.exposure.views, start, packet) : undefined) ?? because,
            ),
      mentions: places.mentions(printAddress(packet.source)),
      lines: lines.map(({ number, text }) => {
        const unit = places.unitAt(number);
        const lineOwner = unit && unit.name === ownUnit ? 'ours' : unit?.ours ? 'another owner' : 'somebody else';
        const byHand = lineOwner === 'ours' && newEdits.some((edit) => isSameLine(edit.text, text));
        const maker = unit?.madeBy;
        return {
          place: places.at(number),
          text: text.trim(),
          unit: unit?.name ?? '',
          change: maker?.change,
          whose: lineOwner,
          byHand,
          byCpanel:
            maker?.byCpanel === 'written' ? 'written' : maker && maker.emptiedIn === unit?.name ? 'emptied' : undefined,
        };
      }),
    };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error.problems.map(({ code, where, what }) => `${code} at ${where}: ${what}`).join(' ');
  }
}

/** `nft -s` prints counters without their numbers. */
const isSameLine = (edit: string, live: string): boolean =>
  edit.trim() === live.trim().replace(/counter packets \d+ bytes \d+/g, 'counter');

/** With several ways out, the one by which the packet came. */
function findStartLocation(device: NetDevice, name: string | 'self'): StartLocation | undefined {
  const starts = listStartLocations(device).filter((start) =>
    name === 'self' ? start.kind === 'self' : start.kind === 'interface' && start.name === name,
  );
  return starts.find((start) => start.kind !== 'localhost' && start.leaving === name) ?? starts[0];
}

/** The rule by which it is let through or stands still: only where a rule decides, not a chain's policy. */
export function findDecidingLine({ because, lines }: RuleDecision): DecidingLine | undefined {
  const last = lines.at(-1);
  return last && because.startsWith(last.place) ? last : undefined;
}

export const printLine = ({ place, text }: DecidingLine): string => `${place}: ${text}`;

/** `203.0.113.10 port 443` as it leaves. */
export const printLeaving = ({ leaves }: RuleDecision): string =>
  `${printAddress(leaves.destination)} port ${leaves.port}, seen as ${printAddress(leaves.source)}`;
