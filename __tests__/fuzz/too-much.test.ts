// Tests that the step budget ends each decoder and parser on huge inputs, counts steps and not seconds, and is shared
// by all nested work.

import { setBudgetFactor, computeLimit, spendSteps, runWithinBudget } from '../../lib/net/step-budget';
import { applyStepBudget } from '../../driver/step-budget';
import { GROUPS } from './too-much-giants';
import { found } from './run';
import { drawCases } from '../randomly';

jest.setTimeout(600_000);

const refused = (): string => 'refused';

describe('the step budget', () => {
  it('counts steps, not seconds', () => {
    expect(runWithinBudget(10, () => (spendSteps(10), 'done'), refused)).toBe('done');
    expect(runWithinBudget(10, () => (spendSteps(11), 'done'), refused)).toBe('refused');
  });

  it('is shared by all nested work, and ends with it', () => {
    const both = (): string => {
      runWithinBudget(1000, () => spendSteps(6), refused);
      return runWithinBudget(1000, () => (spendSteps(6), 'done'), refused);
    };
    expect([runWithinBudget(10, both, refused), both()]).toEqual(['refused', 'done']);
    expect(() => spendSteps(1e12)).not.toThrow();
  });

  it('does not change other errors', () =>
    expect(() =>
      runWithinBudget(
        10,
        () => {
          throw new RangeError('mine');
        },
        refused,
      ),
    ).toThrow(RangeError));

  it('can be raised by the caller of a command', () => {
    try {
      applyStepBudget({ CPANEL_EDGE_WORK: '3' });
      expect([computeLimit(5), runWithinBudget(10, () => (spendSteps(30), 'done'), refused)]).toEqual([15, 'done']);
    } finally {
      setBudgetFactor(1);
    }
    for (const odd of ['0', '-1', '101', '1e3', 'much', ' 2'])
      expect(() => applyStepBudget({ CPANEL_EDGE_WORK: odd })).toThrow(/^cli\/odd-work at CPANEL_EDGE_WORK/);
    applyStepBudget({});
    expect(computeLimit(5)).toBe(5);
  });
});

it.each(
  drawCases(
    GROUPS.map(({ name }, at) => [name, at] as const),
    1,
  ),
)('%s: refused by its step budget, within a gigabyte', (_, at) =>
  expect(found('bounds', 1, { size: at, megabytes: 900 })).toEqual([]),
);
