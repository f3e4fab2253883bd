// Conditions that netfilter's parsers share: a field in a set of values, and conntrack states.

import { PacketField } from '../../evaluator/packet-fields';
import { CT_STATE } from '../../evaluator/packet-facts';
import { Condition } from '../../evaluator/ruleset-model';
import { createFactCondition, createMemberCondition } from '../../evaluator/disjunction';
import { getField } from './fields';
import { parseValue } from './parse-values';

/** Returns the condition that the field has one of these values; undefined if a text is no value of the field. */
export function createSetCondition(
  field: PacketField,
  texts: readonly string[],
  negated: boolean,
): Condition | undefined {
  const values = texts.map((text) => parseValue(field, text));
  return values.every((value) => value !== undefined) ? createMemberCondition(field, values, negated) : undefined;
}

const STATE_FIELD = getField('ct state', 'inet');

export const createStateCondition = (bits: number, negated = false): Condition =>
  createFactCondition(STATE_FIELD, (value) => (value & bits) !== 0, negated);

/** The packet has no entry in connection tracking. */
export const NO_CONNTRACK_BITS = CT_STATE.invalid | CT_STATE.untracked;
export const NO_CONNTRACK_ENTRY: Condition = createStateCondition(NO_CONNTRACK_BITS);
