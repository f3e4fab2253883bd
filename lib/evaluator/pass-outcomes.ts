// Turns the outcomes of filter rules that pass a packet into exits: by the routes, or by the interface that a rule names.
// The reasons of what stays unknown stand here, too.

import { createDestinationSet } from './address-sets';
import { PairInternTable } from '../net/intern-tables';
import { PacketMap, PacketSet } from '../net/packet-map';
import { PacketContext } from './packet-context';
import {
  PacketExit,
  markExitUnknown,
  mergeExits,
  applyFilter,
  createLostExit,
  createUnknownExit,
} from './final-outcomes';
import { EvaluationEnvironment } from './evaluation-environment';
import { KernelBehavior } from './ruleset-model';
import {
  ACCEPT,
  DROP,
  ChainOutcome,
  TOO_MANY_REASON,
  mergeOutcomes,
  listOptions,
  createUnknownOutcome,
  explainOptions,
} from './chain-outcomes';

export const STATELESS_REASON = 'it passes without state, and nothing says that answers to it pass';
export const explainOffRoute = (name: string): string =>
  `a rule sends it out by ${name}, which is not the way to its destination`;
export const explainRouteChoice = (name: string, { routedAnywayReason }: KernelBehavior): string =>
  `a rule sends it out by ${name}, and ${routedAnywayReason ?? ''}`;
export const ROUTE_REASON = 'it depends on the interface that the route takes';
export const OTHER_INTERFACE_REASON = 'a rule for what leaves sends it out by another interface';
export const REDIRECT_REASON = 'a redirect leads to the first address of the interface, which is not known';
export const MULTICAST_REASON = 'it is led to many at once, and the kernel may take it itself or send it on';
export const FAMILY_REASON = 'its target is of the other family';
export const SOURCE_PORT_REASON = 'a rule may ask for its source port, which the box chooses';
export const SOURCE_REASON = 'a rule may ask for its source, which is not known';

/** Returns the outcomes of filters for packets whose source port the device has chosen. */
export const forgetSourcePort = (outcomes: PacketMap<ChainOutcome>): PacketMap<ChainOutcome> =>
  forgetField(outcomes, 'sourcePort', SOURCE_PORT_REASON);
/** Returns the outcomes of filters for packets whose source may be anything. */
export const forgetSource = (outcomes: PacketMap<ChainOutcome>): PacketMap<ChainOutcome> =>
  forgetField(outcomes, 'source', SOURCE_REASON);

const isPlain = (outcomes: PacketMap<ChainOutcome>): boolean =>
  outcomes.values.every(({ is }) => is !== 'pass' && is !== 'either');

const isStateless = (outcome: ChainOutcome): boolean =>
  listOptions(outcome).some((option) => option.is === 'pass' && !option.state);

/**
 * Returns the results of `evaluate` where answers to packets without a state surely pass an interface, and elsewhere.
 */
function splitByReplies<V>(
  outcomes: PacketMap<ChainOutcome>,
  isNew: boolean,
  listAnswered: () => PacketSet,
  evaluate: (listAnswered: boolean) => PacketMap<V>,
): PacketMap<V> {
  if (!isNew || !outcomes.values.some(isStateless)) return evaluate(true);
  return evaluate(true).intersect(listAnswered()).unite(evaluate(false));
}

/** Returns the outcomes of packets on their way out by an interface: accept, drop and unknown only. */
export function resolveOutgoing(
  { replies }: EvaluationEnvironment,
  { oif }: PacketContext,
  outcomes: PacketMap<ChainOutcome>,
  isNew: boolean,
): PacketMap<ChainOutcome> {
  if (isPlain(outcomes)) return outcomes;
  const resolveOption = (outcome: ChainOutcome, answered: boolean): ChainOutcome => {
    if (outcome.is !== 'pass') return outcome;
    if (outcome.exitInterface !== undefined && outcome.exitInterface !== oif)
      return createUnknownOutcome(OTHER_INTERFACE_REASON);
    return outcome.state || answered ? ACCEPT : createUnknownOutcome(STATELESS_REASON);
  };
  return splitByReplies(
    outcomes,
    isNew,
    () => replies.getAnsweredPackets(oif!, 'in'),
    (answered) =>
      outcomes.map((outcome) =>
        listOptions(outcome)
          .map((option) => resolveOption(option, answered))
          .reduce((a, b) => mergeOutcomes(a, b, explainOptions(outcome))!),
      ),
  );
}

/** For a packet, its exits: by the routes (undefined), and by each interface that a rule may send it out by. */
type ExitsByInterface = ReadonlyMap<string | undefined, PacketExit>;

/**
 * Returns the exits of incoming packets from the outcomes of rules: by the routes (`routed`), or by an interface that a
 * rule names. `isNew`: no rule has made a state for them.
 */
export function resolveIncoming(
  { replies, routing, kernel }: EvaluationEnvironment,
  iif: string,
  outcomes: PacketMap<ChainOutcome>,
  routed: PacketMap<PacketExit>,
  evaluateInterface: (name: string) => PacketMap<PacketExit>,
  isNew: boolean,
): PacketMap<PacketExit> {
  if (isPlain(outcomes)) return routed.merge(outcomes, applyFilter);
  const interfaceNames = new Set(
    outcomes.values.flatMap((exit) =>
      listOptions(exit).map((option) => (option.is === 'pass' ? option.exitInterface : undefined)),
    ),
  );
  const exitMap = [...interfaceNames].reduce((merged, name) => {
    const next = name === undefined ? routed : sentBy(name);
    const interned = new PairInternTable<ExitsByInterface | undefined, PacketExit | undefined, ExitsByInterface>();
    return merged.merge(next, (earlierExits, exit) =>
      interned.getOrCreate(
        earlierExits,
        exit,
        () => new Map([...(earlierExits ?? []), ...(exit ? [[name, exit] as const] : [])]),
      ),
    );
  }, PacketMap.createEmpty<ExitsByInterface>());
  const evaluate = (answered: boolean): PacketMap<PacketExit> =>
    outcomes.merge(exitMap, (exit, exits) =>
      exit?.is === 'altered' ? createLostExit(exit.reason) : exits && exit && selectExit(exit, exits, answered),
    );
  return splitByReplies(outcomes, isNew, () => replies.getAnsweredPackets(iif, 'out'), evaluate);

  /**
   * Returns the exits by an interface, whatever the routes say. If the routes name another interface, the packet's
   * arrival is unknown.
   */
  function sentBy(name: string): PacketMap<PacketExit> {
    const sent = evaluateInterface(name);
    const interfaceTargets = createDestinationSet(routing.listNetworks(name, true));
    const reason = explainRouteChoice(name, kernel);
    const nearby = routed
      .merge(sent, (routedExit, sentExit) => markExitUnknown(mergeExits(routedExit, sentExit, reason)!, reason))
      .intersect(createDestinationSet(routing.nearby));
    return PacketMap.mergeFirst([
      sent.intersect(interfaceTargets),
      nearby,
      sent.map((exit) => markExitUnknown(exit, explainOffRoute(name))),
    ]);
  }
}

function selectExit(outcome: ChainOutcome, exits: ExitsByInterface, answered: boolean): PacketExit | undefined {
  return listOptions(outcome)
    .map((option) => {
      const exit = option === DROP ? undefined : exits.get(option.is === 'pass' ? option.exitInterface : undefined);
      if (!exit) return undefined;
      if (option.is === 'unknown')
        return option.reason === TOO_MANY_REASON
          ? createUnknownExit(TOO_MANY_REASON)
          : markExitUnknown(exit, option.reason);
      return option.is !== 'pass' || option.state || answered ? exit : markExitUnknown(exit, STATELESS_REASON);
    })
    .reduce((a, b) => (a === b ? a : mergeExits(a, b, explainOptions(outcome))));
}

/**
 * Returns outcomes for packets of which one field could be anything: the outcome that is the same for all its values,
 * and unknown elsewhere. The result is defined everywhere.
 */
function forgetField(
  outcomes: PacketMap<ChainOutcome>,
  field: 'source' | 'sourcePort',
  reason: string,
): PacketMap<ChainOutcome> {
  const [firstMap, ...otherMaps] = outcomes.values.map((outcome) =>
    outcomes
      .select((value) => value === outcome)
      .dropAxis(field)
      .map(() => outcome),
  );
  if (!firstMap) return outcomes;
  return otherMaps.reduce((merged, value) => merged.merge(value, (a, b) => mergeOutcomes(a, b, reason)), firstMap);
}
