import { NumberRange } from '../../net/device';
import { point } from '../../net/range';
import { TO_ONE } from '../packet-shapes';
import { Context, ICMP_PROTOCOLS } from '../context';
import { Extent } from './extents';
import { Field, isSourcePort } from '../fields';
import { boxOf, complementOf, EVERYWHERE, inSet, meet, numberConstraint, Region, setOver } from './regions';

/** As the side sees it that sends such a packet. */
export const fieldIn = (field: Field, { phase }: Context): Field => (phase === 'answer' && field.answers) || field;

/**
 * What packets don't tell: a source port that was chosen, what their session looked like before it was translated or will look like
 * after it, and of ICMP errors all of the session that they are about.
 */
export const isHidden = (field: Field, context: Context): boolean => hiddenIn(field, context) !== undefined;

function hiddenIn(field: Field, { phase, portFree, snat, hook }: Context): 'whole' | 'errors' | undefined {
  const { looksAt, session } = field;
  if (portFree === true && isSourcePort(field)) return 'whole';
  if (session === undefined || (looksAt.is !== 'address' && looksAt.is !== 'number')) return undefined;
  if (session === 'either') return phase === 'related' ? 'errors' : undefined;
  const isSource = looksAt.axis === 'source' || looksAt.axis === 'sourcePort';
  if (phase === 'answer' && session === 'original') return 'whole';
  if (session === 'original' || phase === 'answer') {
    if (looksAt.axis === 'source' && snat !== false) return 'whole';
    return phase === 'related' ? 'errors' : undefined;
  }
  if (phase === 'first') return undefined;
  if (phase === 'related') return 'whole';
  // Before it is translated itself nobody knows as what it will leave.
  return (isSource ? snat !== true : hook === 'prerouting' || hook === 'output') ? 'whole' : undefined;
}

export function hidden(field: Field, context: Context, region: Region | undefined): Extent {
  const because =
    context.portFree && isSourcePort(field)
      ? 'its source port is chosen by the kernel'
      : `${field.name} is of its session`;
  if (hiddenIn(field, context) === 'whole') return { sure: undefined, possible: EVERYWHERE, because };
  return { sure: meet([EXPECTED_ONES, region]), possible: inSet(setOver(region).or(setOver(ERRORS))), because };
}

/** Of what is related: ICMP errors have the session that they are about, the rest is what a helper expects. */
export const RELATED = sortsBy(ICMP_PROTOCOLS);
const [ERRORS, EXPECTED_ONES] = RELATED;
/** What Linux takes to one address alone, and what is sent to all on a wire as well. */
export const BY_PACKET_TYPE = sortsBy(TO_ONE.map(point));

type Sorts = readonly [Region | undefined, Region | undefined];

/** Packets of some protocols, and all others. */
function sortsBy(protocols: readonly NumberRange[]): Sorts {
  return [
    boxOf(numberConstraint('protocol', protocols)),
    boxOf(numberConstraint('protocol', complementOf(protocols, 255))),
  ];
}

export const amongSorts = ([a, b]: Sorts, one: boolean, other: boolean): Region | undefined =>
  one && other ? EVERYWHERE : one ? a : other ? b : undefined;
