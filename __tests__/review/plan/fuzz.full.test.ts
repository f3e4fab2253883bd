// Fuzzes plans for `review`: a changed plan is parsed as a whole or refused, and never judged milder than the original.

import { found } from '../../fuzz/run';

jest.setTimeout(600_000);

test('a changed plan is parsed as a whole or refused, and never judged milder than the original', () =>
  expect(found('plans', 1500)).toEqual([]));
