// Evaluates packets that leave by the loopback interface and come in again, as a server's connections to its own
// public address do.

import { Rewrite, createMove, createTarget, createTranslation, createUnclear } from '../reachability/reachability';
import { addOffset } from '../net/address';
import { PacketMap } from '../net/packet-map';
import { FinalOutcome, PacketExit, markVerdictUnknown, markExitUnknown, createFinalOutcome } from './final-outcomes';
import { ALL_ADDRESSES, toMoves } from './evaluate-last-hook';
import { SOURCE_PORT_REASON, SOURCE_REASON } from './pass-outcomes';

/**
 * Returns the outcomes of packets that left over the loopback interface as `exit` and come in again. `returned` has the
 * outcomes of all packets that do.
 */
export function applyLoopbackReturn(exit: PacketExit, returned: PacketMap<FinalOutcome>): PacketMap<FinalOutcome> {
  const { source, disposition } = exit;
  if (source.is === 'unclear') return PacketMap.createConstant(toFinalOutcome(markExitUnknown(exit, SOURCE_REASON)));
  if (exit.sourcePort === 'free')
    return PacketMap.createConstant(toFinalOutcome(markExitUnknown(exit, SOURCE_PORT_REASON)));
  const outcomes =
    source.is === 'kept'
      ? returned
      : returned.translateSource(ALL_ADDRESSES.flatMap((range) => toMoves(source, range)));
  return outcomes.map((outcome) => {
    const composed = createTranslation({
      ...outcome.translation,
      source: composeRewrites(source, outcome.translation.source),
    });
    return createFinalOutcome(
      disposition.is === 'allowed' ? outcome.disposition : markVerdictUnknown(outcome.disposition, disposition.reason),
      composed,
    );
  });
}

const toFinalOutcome = ({ disposition, source, sourcePort }: PacketExit): FinalOutcome =>
  createFinalOutcome(disposition, createTranslation({ source, sourcePort }));

/** Returns the rewrite that two rewrites of a field, one after another, amount to. */
function composeRewrites(first: Rewrite, second: Rewrite): Rewrite {
  if (second.is === 'set' || second.is === 'unclear' || first.is === 'kept') return second;
  if (second.is === 'kept' || first.is === 'unclear') return first;
  if (first.is === 'moved') return createMove(first.distance + second.distance);
  const to = addOffset(first.to, second.distance);
  return to === undefined ? createUnclear('it is moved out of its family') : createTarget(to);
}
