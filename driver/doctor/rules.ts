import { printAddress } from '../../lib/net/address';
import { Device as NetDevice, Vantage, vantagesOf } from '../../lib/net/device';
import { Packet } from '../../lib/net/packet';
import { Policy } from '../../lib/policy/policy';
import { Refusal } from '../../lib/problems/problem';
import { platformOf } from '../../lib/verifier/prove';
import { liveDevice } from '../live-device';
import { legacyRules } from '../prove';
import { Look } from '../look';
import { whyOtherForm } from '../other-platform';
import { doubtAt } from '../drift';
import { Holder } from '../synthesized';

/** What the live rules of a device do with one packet. */
export interface Decided {
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
export function decidedAt(
  policy: Policy,
  { release, owner, role }: Holder,
  look: Look,
  vantage: string | 'self',
  packet: Packet,
): Decided | string {
  const otherForm = whyOtherForm(policy, look.ruleset, look.facts);
  if (otherForm !== undefined) return otherForm;
  try {
    const live = liveDevice(policy, look.facts);
    const { reader, live: on } = platformOf(policy);
    const reading = reader.read(look.ruleset, live);
    const from = vantageFor(live, vantage);
    if (!from) return `the device has no interface ${vantage}`;
    const { verdict, leaves, because, lines } = reading.explain(from, packet);
    const { refusals, reports } = legacyRules(look.facts);
    // What was read lets it through, and is not all there is.
    const unread = verdict === 'allowed' ? [...refusals, ...reports] : [];
    const places = on.places(look.ruleset);
    const own = release && on.unitOf(release);
    const mine = look.edits?.filter((edit) => edit.owner === owner && edit.role === role && edit.is === 'new') ?? [];
    return {
      verdict: unread.length > 0 ? 'unknown' : verdict,
      leaves,
      because:
        unread.length > 0
          ? unread.join('; ')
          : places.inWords(
              (verdict === 'unknown' ? doubtAt(reading.exposure.views, from, packet) : undefined) ?? because,
            ),
      mentions: places.mentions(printAddress(packet.source)),
      lines: lines.map(({ number, text }) => {
        const unit = places.unitAt(number);
        const whose = unit && unit.name === own ? 'ours' : unit?.ours ? 'another owner' : 'somebody else';
        const byHand = whose === 'ours' && mine.some((edit) => alike(edit.text, text));
        const by = unit?.madeBy;
        return {
          place: places.at(number),
          text: text.trim(),
          unit: unit?.name ?? '',
          change: by?.change,
          whose,
          byHand,
          byCpanel: by?.byCpanel === 'written' ? 'written' : by && by.emptiedIn === unit?.name ? 'emptied' : undefined,
        };
      }),
    };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error.problems.map(({ code, where, what }) => `${code} at ${where}: ${what}`).join(' ');
  }
}

/** `nft -s` prints counters without their numbers. */
const alike = (edit: string, live: string): boolean =>
  edit.trim() === live.trim().replace(/counter packets \d+ bytes \d+/g, 'counter');

/** With several ways out, the one by which the packet came. */
function vantageFor(device: NetDevice, name: string | 'self'): Vantage | undefined {
  const all = vantagesOf(device).filter((one) =>
    name === 'self' ? one.kind === 'self' : one.kind === 'interface' && one.name === name,
  );
  return all.find((one) => one.kind !== 'localhost' && one.leaving === name) ?? all[0];
}

/** The rule by which it is let through or stands still: only where a rule decides, not a chain's policy. */
export function decidingLine({ because, lines }: Decided): DecidingLine | undefined {
  const last = lines.at(-1);
  return last && because.startsWith(last.place) ? last : undefined;
}

export const printLine = ({ place, text }: DecidingLine): string => `${place}: ${text}`;

/** `203.0.113.10 port 443` as it leaves. */
export const leavesAs = ({ leaves }: Decided): string =>
  `${printAddress(leaves.destination)} port ${leaves.port}, seen as ${printAddress(leaves.source)}`;
