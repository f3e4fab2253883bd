// Explains one change of a review: why the packets open, close or are translated otherwise, and which lines of the
// planned configs decide about the example packet.

import { printAddress } from '../../net/address';
import { StartLocation, findByEntry, getLocalAddresses } from '../../net/device';
import { Packet } from '../../net/packet';
import { PacketExplanation } from '../../parse/config-parser';
import { Change } from '../review';
import { ChangeBlock } from './change-blocks';
import { ScopedOwner, listServerAddresses } from './gateway-edges';
import { ChangedPacket, explainClosed, explainMoved, explainOpen } from './change-reasons';
import { ReviewState, isSameState, explainUnknown } from './review-state';

type ChangeExplanation = Pick<Change, 'reason' | 'decidingLines'>;

/**
 * Returns the reason of a change, and the lines of the planned texts that decide its packet: on the gateway, then on
 * the server where it arrives.
 */
export function explainChange(
  block: ChangeBlock,
  changedPacket: ChangedPacket,
  before: ReviewState,
): ChangeExplanation {
  const packet = changedPacket.packet;
  const { judgedOwner } = block.owner;
  const explanationAfter = explainPacket(judgedOwner.after, block.startLocation, packet);
  const explanationBefore = explainPacket(before, block.startLocation, packet);
  const destination = (explanationAfter ?? explanationBefore)?.packetOut.destination;
  const candidates = block.servers.filter(
    (scopedOwner) => destination !== undefined && listServerAddresses(scopedOwner.judgedOwner).includes(destination),
  );
  // Several servers may have the address: one that changes explains the change.
  const server =
    candidates.find(({ judgedOwner: { before, after } }) => !before.every((state) => isSameState(state, after))) ??
    candidates[0];
  const serverExplanations =
    server &&
    explainAtServer(
      server,
      (explanationAfter?.disposition === 'denied' ? explanationBefore : explanationAfter)?.packetOut ?? packet,
    );
  const lines = [
    ...toChangeLines(judgedOwner.plannedOwner.device, explanationAfter),
    ...(serverExplanations && explanationAfter?.disposition !== 'denied'
      ? toChangeLines(server.judgedOwner.plannedOwner.device, serverExplanations.after)
      : []),
  ];
  return {
    reason: describeReason(block, changedPacket, before, {
      explanationAfter,
      explanationBefore,
      ...(serverExplanations ? { serverExplanations } : {}),
    }),
    decidingLines: lines,
  };
}

interface ServerExplanations {
  readonly name: string;
  readonly packet: Packet;
  readonly before: ReviewState;
  readonly now: ReviewState;
  readonly was: PacketExplanation | undefined;
  readonly after: PacketExplanation | undefined;
}

interface DecidingExplanations {
  readonly explanationAfter: PacketExplanation | undefined;
  readonly explanationBefore: PacketExplanation | undefined;
  readonly serverExplanations?: ServerExplanations;
}

function describeReason(
  { kind, owner, startLocation }: ChangeBlock,
  changedPacket: ChangedPacket,
  before: ReviewState,
  { explanationAfter, explanationBefore, serverExplanations }: DecidingExplanations,
): string {
  const packet = changedPacket.packet;
  const changedAtServer = serverExplanations && { ...changedPacket, packet: serverExplanations.packet };
  const policy = owner.judgedOwner.after.specified?.policy;
  switch (kind) {
    case 'opened': {
      // If the gateway allowed the packet before, the server opens it.
      const passedBefore = owner.comparison.getDisposition(before, startLocation, packet) === 'allowed';
      const serverReason =
        passedBefore &&
        changedAtServer &&
        serverExplanations.now.specified &&
        explainOpen(serverExplanations.now.specified.policy, changedAtServer);
      if (serverReason) return `${serverReason}, on ${serverExplanations.name}`;
      return (policy && explainOpen(policy, changedPacket)) ?? explanationAfter?.reason ?? 'nothing of ours closes it';
    }
    case 'closed': {
      const hasAddress = [before, owner.judgedOwner.after].map(({ device }) =>
        getLocalAddresses(device).includes(packet.destination),
      );
      if (owner.judgedOwner.plannedOwner.role === 'server' && hasAddress[0] && !hasAddress[1]) {
        const address = printAddress(packet.destination);
        return `${owner.judgedOwner.plannedOwner.device} no longer names ${address}; where it has it still, what it lets in there stays open`;
      }
      const passesAfter = owner.comparison.getDisposition(owner.judgedOwner.after, startLocation, packet) === 'allowed';
      const ownReason = passesAfter ? undefined : explainClosed(before.specified?.policy, policy, changedPacket);
      if (ownReason) return ownReason;
      const serverReason =
        changedAtServer &&
        explainClosed(
          serverExplanations.before.specified?.policy,
          serverExplanations.now.specified?.policy,
          changedAtServer,
        );
      return serverReason
        ? `${serverExplanations.name}: ${serverReason}`
        : (explanationAfter?.reason ?? 'no opening lets it in');
    }
    case 'moved':
    case 'identity':
      return explainMoved(before.specified?.policy, policy, packet);
    case 'unknown': {
      const unknownExplanation = [
        explanationAfter,
        explanationBefore,
        serverExplanations?.after,
        serverExplanations?.was,
      ].find((explanation) => explanation?.disposition === 'unknown' || explanation?.except !== undefined);
      const unreadableState = [
        owner.judgedOwner.after,
        before,
        serverExplanations?.now,
        serverExplanations?.before,
      ].find((state) => state?.is === 'unreadable');
      return (
        unknownExplanation?.except ??
        unknownExplanation?.reason ??
        (unreadableState ? explainUnknown(unreadableState) : (explanationAfter?.reason ?? 'it can not be decided'))
      );
    }
    default:
      return kind satisfies never;
  }
}

function explainAtServer({ judgedOwner }: ScopedOwner, packet: Packet): ServerExplanations {
  const [firstInterface] = judgedOwner.after.device.interfaces;
  const startLocation: StartLocation = { kind: 'interface', name: firstInterface?.name ?? '' };
  const before = judgedOwner.before[0]!;
  return {
    name: judgedOwner.plannedOwner.device,
    packet,
    before,
    now: judgedOwner.after,
    was: explainPacket(before, startLocation, packet),
    after: explainPacket(judgedOwner.after, startLocation, packet),
  };
}

/**
 * Returns the explanation at the start location. Where the state doesn't tell exit interfaces apart, any start location
 * of its entry explains it.
 */
function explainPacket(
  state: ReviewState,
  startLocation: StartLocation,
  packet: Packet,
): PacketExplanation | undefined {
  const view = findByEntry(state.reachability.views, startLocation);
  return view && state.evaluated?.explain(view.startLocation, packet);
}

const toChangeLines = (device: string, explanation: PacketExplanation | undefined): Change['decidingLines'] =>
  (explanation?.lines ?? []).map(({ number, text }) => ({ device, number, text: text.trim() }));
