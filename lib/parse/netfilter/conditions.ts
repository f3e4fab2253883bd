import { Field } from '../../evaluator/fields';
import { STATE } from '../../evaluator/facts';
import { Condition } from '../../evaluator/model';
import { fact, member } from '../../evaluator/disjunction';
import { fieldNamed } from './fields';
import { valueOf } from './values';

/** Undefined where a text is none of the field's. */
export function among(field: Field, texts: readonly string[], negated: boolean): Condition | undefined {
  const values = texts.map((text) => valueOf(field, text));
  return values.every((value) => value !== undefined) ? member(field, values, negated) : undefined;
}

const STATES = fieldNamed('ct state', 'inet');

export const inState = (bits: number, negated = false): Condition =>
  fact(STATES, (value) => (value & bits) !== 0, negated);

/** Connection tracking has nothing on the packet. */
export const NOTHING_KNOWN = STATE.invalid | STATE.untracked;
export const UNKNOWN_TO_TRACKING: Condition = inState(NOTHING_KNOWN);
