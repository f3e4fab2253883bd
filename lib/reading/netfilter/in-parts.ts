import { Condition, End, isDrop } from '../stages/model';
import { fieldNamed } from './fields';

const WHOLE_AND_PARTS = { four: [0, 0x4000, 0x2000, 0x6000], six: [0, 1] };
const PARTS = new Map([
  ['ip frag-off', { values: WHOLE_AND_PARTS.four, field: fieldNamed('ip frag-off of a part', 'inet') }],
  ['exthdr frag', { values: WHOLE_AND_PARTS.six, field: fieldNamed('exthdr frag of a part', 'inet') }],
]);

/** A first part of eight bytes has ports and no flags: a rule that looks for flags ends there. */
const WITH_FLAGS: Condition = {
  is: 'fact',
  field: fieldNamed('a part of either family', 'inet'),
  holds: (value) => (value & 0x2000) === 0,
};

/**
 * Who sends a packet may send it in parts, the first of which has its ports. Such a test of a rule that drops is sure of what it holds for in
 * parts, too, and says nothing of what may come whole; of one that lets in the other way round.
 */
export function inParts(condition: Condition, end: End | undefined, line: number): Condition {
  const because = `line ${line}: a packet may come in parts`;
  if (condition.is === 'fact' && condition.field.name === 'tcp flags' && isDrop(end))
    return { is: 'joined', fields: [condition.field], both: [condition, WITH_FLAGS], loose: condition, because };
  const known = condition.is === 'fact' ? PARTS.get(condition.field.name) : undefined;
  if (condition.is !== 'fact' || !known || known.values.every((value) => condition.holds(value) === condition.holds(0))) return condition;
  const { field } = known;
  const parted: Condition = { ...condition, field };
  if (isDrop(end)) return { is: 'joined', fields: [field], both: [parted], loose: condition, because };
  if (end?.is === 'verdict' && end.verdict.is === 'accept')
    return { is: 'joined', fields: [field], both: [condition], loose: parted, because };
  return parted;
}
