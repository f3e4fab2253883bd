// Fuzzes the decoders of everything that Terraform, people and devices hand in (intents, plans, answers, connections):
// each input is accepted as a whole or refused, and nothing crashes.

import { found } from './run';

jest.setTimeout(600_000);

describe('input from Terraform, people and devices is decoded as a whole or refused', () => {
  it.each([
    ['policies', 400],
    ['works', 200],
    ['orders', 300],
    ['connections', 300],
    ['releases', 300],
    ['answers', 100],
    ['intents', 120],
  ])('%s', (target, runs) => expect(found(target, runs)).toEqual([]));
});
