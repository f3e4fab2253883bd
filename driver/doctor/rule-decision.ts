// Evaluates the live rules of a device for one packet: whether it passes, and which rule decides.

import { printAddress } from '../../lib/net/address';
import { Device as NetDevice, StartLocation, listStartLocations } from '../../lib/net/device';
import { Packet } from '../../lib/net/packet';
import { Policy } from '../../lib/policy/policy';
import { Refusal } from '../../lib/problems/problem';
import { getPlatform } from '../../lib/verifier/verify-policy';
import { createLiveDevice } from '../live-device';
import { judgeLegacyTables } from '../verify-live';
import { DeviceStatus } from '../device-status';
import { explainOtherForm } from '../other-platform';
import { findUnknownReason } from '../drift';
import { OwnershipRecord } from '../synthesized-stack';

/** The effect of a device's live rules on one packet. */
export interface RuleDecision {
  readonly disposition: 'allowed' | 'denied' | 'unknown';
  readonly packetOut: Packet;
  /** Reason in words, with places on the device. */
  readonly reason: string;
  /** Places in unmanaged tables that name the client: a ban. */
  readonly mentions: readonly string[];
  /** The lines that decided or translated, in their order. */
  readonly lines: readonly DecidingLine[];
}

export interface DecidingLine {
  readonly place: string;
  readonly text: string;
  /** The unit on the device that holds it: a table. */
  readonly unit: string;
  readonly owner: 'ours' | 'another owner' | 'somebody else';
  /** Place of a permanent change, if a known program keeps the line. */
  readonly changeHint: string | undefined;
  /** Effect of a run of cPanel's program on it, as far as its place shows. */
  readonly cpanelEffect: 'written' | 'emptied' | undefined;
  /** Whether it was added by hand to our table. */
  readonly isManual: boolean;
}

/** Returns the decision, or words for a text that can't be parsed. */
export function evaluatePacket(
  policy: Policy,
  { release, owner, role }: OwnershipRecord,
  deviceStatus: DeviceStatus,
  startName: string | 'self',
  packet: Packet,
): RuleDecision | string {
  const otherForm = explainOtherForm(policy, deviceStatus.ruleset, deviceStatus.facts);
  if (otherForm !== undefined) return otherForm;
  try {
    const device = createLiveDevice(policy, deviceStatus.facts);
    const { parser, live: inspector } = getPlatform(policy);
    const evaluated = parser.read(deviceStatus.ruleset, device);
    const start = findStartLocation(device, startName);
    if (!start) return `the device has no interface ${startName}`;
    const { disposition: parsedDisposition, except, packetOut, reason, lines } = evaluated.explain(start, packet);
    // The client that is asked about may be the one that is kept out.
    const disposition = except === undefined ? parsedDisposition : 'unknown';
    const { refusals, reports } = judgeLegacyTables(deviceStatus.facts);
    // The parsed rules let it through, but they aren't all rules.
    const unreadReasons = disposition === 'allowed' ? [...refusals, ...reports] : [];
    const locator = inspector.places(deviceStatus.ruleset);
    const ownUnit = release && inspector.findUnit(release);
    const newEdits =
      deviceStatus.edits?.filter((edit) => edit.owner === owner && edit.role === role && edit.kind === 'new') ?? [];
    return {
      disposition: unreadReasons.length > 0 ? 'unknown' : disposition,
      packetOut,
      reason:
        unreadReasons.length > 0
          ? unreadReasons.join('; ')
          : locator.inWords(
              (disposition === 'unknown'
                ? findUnknownReason(evaluated.reachability.views, start, packet)
                : undefined) ?? reason,
            ),
      mentions: locator.mentions(printAddress(packet.source)),
      lines: lines.map(({ number, text }) => {
        const configUnit = locator.unitAt(number);
        const lineOwner =
          configUnit && configUnit.name === ownUnit
            ? 'ours'
            : configUnit?.isManaged
              ? 'another owner'
              : 'somebody else';
        const isByHand = lineOwner === 'ours' && newEdits.some((edit) => isSameLine(edit.text, text));
        const program = configUnit?.program;
        return {
          place: locator.at(number),
          text: text.trim(),
          unit: configUnit?.name ?? '',
          changeHint: program?.changeHint,
          owner: lineOwner,
          isManual: isByHand,
          cpanelEffect:
            program?.cpanelEffect === 'written'
              ? 'written'
              : program && program.emptiedUnit === configUnit?.name
                ? 'emptied'
                : undefined,
        };
      }),
    };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error.problems.map(({ code, where, what }) => `${code} at ${where}: ${what}`).join(' ');
  }
}

/** `nft -s` prints counters without their numbers. */
const isSameLine = (editedLine: string, liveLine: string): boolean =>
  editedLine.trim() === liveLine.trim().replace(/counter packets \d+ bytes \d+/g, 'counter');

/** Returns the start location; with several uplinks, the one by which the packet came. */
function findStartLocation(device: NetDevice, name: string | 'self'): StartLocation | undefined {
  const starts = listStartLocations(device).filter((start) =>
    name === 'self' ? start.kind === 'self' : start.kind === 'interface' && start.name === name,
  );
  return starts.find((start) => start.kind !== 'localhost' && start.uplink === name) ?? starts[0];
}

/** Returns the rule that passes or blocks the packet; undefined if a chain's policy decides. */
export function findDecidingLine({ reason, lines }: RuleDecision): DecidingLine | undefined {
  const lastLine = lines.at(-1);
  return lastLine && reason.startsWith(lastLine.place) ? lastLine : undefined;
}

export const printLine = ({ place, text }: DecidingLine): string => `${place}: ${text}`;

/** Returns `203.0.113.10 port 443` for the packet as it leaves. */
export const printLeaving = ({ packetOut }: RuleDecision): string =>
  `${printAddress(packetOut.destination)} port ${packetOut.port}, source translated to ${printAddress(packetOut.source)}`;
