// Tests the command lines of `npm test`, `test:full` and `test:slice`: the task that each gives, and wrong ones.

import { parseTask } from '../../scripts/test/arguments';

const QUICK = ['types', 'lint', 'build', 'unit', 'package', 'lab', 'faults'];
const FULL = ['types', 'lint', 'build', 'unit', 'package', 'null-provider', 'lab', 'faults'];

test.each([
  [['quick'], { kind: 'quick', steps: QUICK }],
  [['full'], { kind: 'full', steps: FULL }],
  [['quick', '--only', 'unit,types'], { kind: 'quick', steps: ['unit', 'types'] }],
  [['full', '--since', 'null-provider'], { kind: 'full', steps: ['null-provider', 'lab', 'faults'] }],
  [['quick', '--changed'], { kind: 'changed', since: 'HEAD' }],
  [['quick', '--changed', 'main'], { kind: 'changed', since: 'main' }],
  [['slice', '--minutes', '15'], { kind: 'slice', minutes: 15, seed: undefined }],
  [['slice', '--seed', '0', '--minutes', '3'], { kind: 'slice', minutes: 3, seed: 0 }],
])('%j is understood', (args, task) => expect(parseTask(args)).toEqual(task));

test.each([
  [[], 'The tier is quick, full or slice, not "".'],
  [['quick', '--only', 'null-provider'], `null-provider: no such step. The quick tier has ${QUICK.join(', ')}.`],
  [['full', '--only', ''], `: no such step. The full tier has ${FULL.join(', ')}.`],
  [['full', '--only', 'unit', '--since', 'lab'], '--only and --since exclude each other.'],
  [['full', '--changed'], 'npm test -- --changed [COMMIT] takes one commit and nothing else.'],
  [['slice'], '--minutes takes a whole number from 1 to 999, and has to be given.'],
  [['slice', '--minutes', '0'], '--minutes takes a whole number from 1 to 999, and has to be given.'],
  [['slice', '--minutes', '9', '--seed', '-1'], expect.stringContaining("Option '--seed' argument is ambiguous")],
  [['quick', 'unit'], expect.stringContaining("Unexpected argument 'unit'")],
])('%j is refused', (args, why) => expect(parseTask(args)).toEqual(why));
