// Checks the states within a delivery, when the gateway has the new release and the servers still the old one, or the
// reverse: an objection if more passes than before and after the change.

import { ServerReachability, findDirectPackets } from '../../reachability/end-to-end';
import { Reachability, Translation, Disposition } from '../../reachability/reachability';
import { printRow } from '../../reachability/print-reachability';
import { printPacket } from '../../reachability/print-packets';
import { toRows } from '../../reachability/reachability-rows';
import { StartLocation, toLocationKey, findByEntry, isFromOutside } from '../../net/device';
import { memoize } from '../../net/intern-tables';
import { PacketMap, PacketSet } from '../../net/packet-map';
import { Objection, Remark } from '../review';
import { AddressAssignment, hasAssignedAddress, listAssignments } from './address-assignments';
import {
  Edge,
  StateRound,
  ScopedOwner,
  createServerReachability,
  computeEdgeReachability,
  listRounds,
} from './gateway-edges';
import { JudgedOwner, RemarkCollector, ReviewState } from './review-state';
import { limitItems, describeLocations } from './address-words';
import { pickExamplePacket } from './example-packet';

/** The side that is delivered first in a mixed state. */
type FirstDelivered = 'gateway' | 'servers';

interface MixedState {
  readonly first: FirstDelivered;
  readonly startLocation: StartLocation;
  readonly wider: PacketSet;
  readonly unknown: PacketSet;
}

/**
 * Checks the mixed states of a gateway and its servers. The devices of a change finish in any order, and each address
 * crosses one gateway and one server. While one of the two is new and the other old, no more may pass than before or
 * after. A packet that passes to another server than at either end is more, too.
 */
export function checkMixedStates(edge: Edge, remarks: RemarkCollector): void {
  if (!isChanging(edge.gateway.judgedOwner)) return;
  const changingServers = edge.servers.filter(({ judgedOwner }) => isChanging(judgedOwner));
  if (changingServers.length === 0) return;
  const allStates = mergeByLocation(
    listAssignments(edge.servers)
      .filter((version) => changingServers.some((server) => hasAssignedAddress(version, server)))
      .flatMap((version) => computeMixedStates(edge, version)),
  );
  for (const first of ['gateway', 'servers'] as const) {
    const statesOfOrder = allStates.filter((mixedState) => mixedState.first === first);
    const widerStates = statesOfOrder.filter((mixedState) => !mixedState.wider.isEmpty);
    const otherIsWider = allStates.some((mixedState) => mixedState.first !== first && !mixedState.wider.isEmpty);
    if (widerStates.length > 0)
      remarks.objections.push(createWiderObjection(edge, changingServers, first, widerStates, otherIsWider));
    const undecidedStates = statesOfOrder.filter((mixedState) => !mixedState.unknown.isEmpty);
    if (undecidedStates.length > 0)
      remarks.unknown.push(createUndecidedRemark(edge, changingServers, first, undecidedStates));
  }
}

const isChanging = ({ before, after }: JudgedOwner): boolean =>
  before.some(({ text, is: stateKind }) => stateKind !== after.is || text !== after.text);

function computeMixedStates({ gateway }: Edge, version: AddressAssignment): readonly MixedState[] {
  const { judgedOwner, comparison } = gateway;
  const computeReachability = (state: ReviewState, servers: readonly ServerReachability[]): Reachability =>
    computeEdgeReachability(comparison.limitState(state), state.device, servers).reachability;
  const newServers = listNewServers(version);
  const reachabilityAfter = computeReachability(judgedOwner.after, newServers);
  return judgedOwner.before.flatMap((oldState) => {
    const oldGatewayNewServers = computeReachability(oldState, newServers);
    return listOldServers(version).flatMap((oldServers) => {
      const endReachabilities = [computeReachability(oldState, oldServers), reachabilityAfter];
      const getDirectPackets = (startLocation: StartLocation): PacketSet =>
        isFromOutside(oldState.device, startLocation)
          ? PacketMap.NONE
          : findDirect(
              computeEdgeReachability(oldState.reachability, oldState.device, oldServers).reachability,
              startLocation,
            );
      return [
        ...compareMixed(
          'gateway',
          computeReachability(judgedOwner.after, oldServers),
          endReachabilities,
          getDirectPackets,
        ),
        ...compareMixed('servers', oldGatewayNewServers, endReachabilities, getDirectPackets),
      ];
    });
  });
}

/** Returns the servers that have a release. On a server without one, the gateway alone decides. */
const selectKnownServers = (
  round: StateRound,
  missingAddresses: AddressAssignment['missingAddresses']['after'],
): readonly ServerReachability[] =>
  round.flatMap(([server, state]) =>
    state.is === 'bare'
      ? []
      : [createServerReachability(server, state, server.comparison, missingAddresses.get(server))],
  );

const listNewServers = memoize(({ servers, missingAddresses }: AddressAssignment) =>
  selectKnownServers(
    servers.map((server) => [server, server.judgedOwner.after]),
    missingAddresses.after,
  ),
);
const listOldServers = memoize(({ servers, missingAddresses }: AddressAssignment) =>
  listRounds(servers).map((round) => selectKnownServers(round, missingAddresses.before)),
);

/** Returns the packets that pass without translation of destination and port. */
function findDirect({ views }: Reachability, startLocation: StartLocation): PacketSet {
  const view = findByEntry(views, startLocation);
  if (!view) return PacketMap.NONE;
  const untranslatedPackets = view.translations.select(
    ({ destination, port }) => destination.is === 'kept' && port === 'kept',
  );
  return view.dispositions.select(({ is }) => is === 'allowed').intersect(untranslatedPackets);
}

/**
 * Compares a mixed state with both ends. `getDirectPackets`: packets that arrived at inside addresses before. A sender
 * that reaches the same host by its public address instead reaches no more.
 */
const compareMixed = (
  first: FirstDelivered,
  mixedReachability: Reachability,
  endReachabilities: readonly Reachability[],
  getDirectPackets: (startLocation: StartLocation) => PacketSet,
): readonly MixedState[] =>
  mixedReachability.views.map(({ startLocation, dispositions, translations }) => {
    const selectPackets = (map: PacketMap<Disposition>, dispositionKind: Disposition['is']): PacketSet =>
      map.select((verdict) => verdict.is === dispositionKind);
    const views = endReachabilities.flatMap(
      (endReachability) => findByEntry(endReachability.views, startLocation) ?? [],
    );
    const passingSets = views.map((view) =>
      selectPackets(view.dispositions, 'allowed').intersect(selectSameTarget(view.translations, translations)),
    );
    const undecidedSets = views.map((view) => selectPackets(view.dispositions, 'unknown'));
    const removeKnownPackets = (packets: PacketSet, knownSets: readonly PacketSet[]): PacketSet =>
      packets.subtract(PacketMap.mergeFirst(knownSets));
    const newlyAllowed = removeKnownPackets(selectPackets(dispositions, 'allowed'), passingSets);
    const widerPackets = newlyAllowed.isEmpty
      ? newlyAllowed
      : newlyAllowed.subtract(findDirectPackets(translations.intersect(newlyAllowed), getDirectPackets(startLocation)));
    return {
      first,
      startLocation,
      wider: removeKnownPackets(widerPackets, undecidedSets),
      // An end that itself can't be decided is reported elsewhere.
      unknown: removeKnownPackets(selectPackets(dispositions, 'unknown'), [...passingSets, ...undecidedSets]).unite(
        widerPackets.intersect(PacketMap.mergeFirst(undecidedSets)),
      ),
    };
  });

/** Returns the packets that are translated to the same destination and port. */
const selectSameTarget = (a: PacketMap<Translation>, b: PacketMap<Translation>): PacketSet =>
  a.merge(b, (translation, otherTranslation): true | undefined =>
    translation &&
    otherTranslation &&
    translation.destination === otherTranslation.destination &&
    translation.port === otherTranslation.port
      ? true
      : undefined,
  );

function mergeByLocation(states: readonly MixedState[]): readonly MixedState[] {
  const statesByKey = new Map<string, MixedState>();
  for (const mixedState of states) {
    const key = `${mixedState.first} ${toLocationKey(mixedState.startLocation)}`;
    const earlierState = statesByKey.get(key);
    statesByKey.set(
      key,
      earlierState
        ? {
            ...mixedState,
            wider: earlierState.wider.unite(mixedState.wider),
            unknown: earlierState.unknown.unite(mixedState.unknown),
          }
        : mixedState,
    );
  }
  return [...statesByKey.values()];
}

const MAX_LISTED_ROWS = 5;

function describeRows(
  edge: Edge,
  states: readonly MixedState[],
  selectPackets: (mixed: MixedState) => PacketSet,
): string {
  const { device } = edge.gateway.judgedOwner.after;
  const rows = states.flatMap((mixedState) =>
    toRows(selectPackets(mixedState)).map((row) => ({
      text: `from ${describeLocations([mixedState.startLocation], device)}: ${printRow(row)}`,
      row,
      mixed: mixedState,
    })),
  );
  const [firstRow] = rows;
  const texts = [...new Set(rows.map(({ text }) => text))];
  return `${limitItems(texts, MAX_LISTED_ROWS).join('; ')}; for example ${printPacket(pickExamplePacket(firstRow!.row, selectPackets(firstRow!.mixed)))}`;
}

const joinDeviceNames = (servers: readonly ScopedOwner[]): string =>
  limitItems(
    servers.map(({ judgedOwner }) => judgedOwner.plannedOwner.device),
    MAX_LISTED_ROWS,
  ).join(', ');

function createWiderObjection(
  edge: Edge,
  changingServers: readonly ScopedOwner[],
  first: FirstDelivered,
  states: readonly MixedState[],
  otherIsWider: boolean,
): Objection {
  const gateway = edge.gateway.judgedOwner.plannedOwner.device;
  const [firstDevices, laterDevices] =
    first === 'gateway' ? [gateway, joinDeviceNames(changingServers)] : [joinDeviceNames(changingServers), gateway];
  return {
    code: 'review/mixed-state-wider',
    subject: `the ${first} first`,
    where: `${edge.gateway.judgedOwner.name} with ${joinDeviceNames(changingServers)}`,
    what: `Devices finish in any order. While ${firstDevices} has its new release and ${laterDevices} still the old one, more passes than before the change and after it together: ${describeRows(edge, states, ({ wider }) => wider)}.`,
    instead: otherIsWider
      ? 'two changes: first narrow, with what closes on both; then widen, with what opens.'
      : `first narrow, then widen: deliver ${laterDevices} first, in an apply of its own, and ${firstDevices} after it.`,
  };
}

function createUndecidedRemark(
  edge: Edge,
  changingServers: readonly ScopedOwner[],
  first: FirstDelivered,
  states: readonly MixedState[],
): Remark {
  const gateway = edge.gateway.judgedOwner.plannedOwner.device;
  const [firstDevices, laterDevices] =
    first === 'gateway' ? [gateway, joinDeviceNames(changingServers)] : [joinDeviceNames(changingServers), gateway];
  return {
    code: 'review/mixed-state-unknown',
    where: `${edge.gateway.judgedOwner.name} with ${joinDeviceNames(changingServers)}`,
    what: `While ${firstDevices} has its new release and ${laterDevices} still the old one, this may pass and can not be decided: ${describeRows(edge, states, ({ unknown }) => unknown)}.`,
    instead: `what the states that can not be read are, by cpanel-edge verify; or ${laterDevices} in an apply of its own first.`,
  };
}
