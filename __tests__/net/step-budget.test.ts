// Tests the step budget (lib/net/step-budget.ts): a listener is called as steps are counted, and every step beyond the
// limit is refused.

import { StepBudgetExceeded, setProgressListener, spendSteps, runWithinBudget } from '../../lib/net/step-budget';

describe('a listener to work', () => {
  afterEach(() => setProgressListener(undefined));

  const spendAll = (steps: number): void => {
    for (let spent = 0; spent < steps; spent += 100) spendSteps(100);
  };
  const refuse = (): string => 'refused';
  const finish = (steps: number) => (): string => {
    spendAll(steps);
    return 'finished';
  };

  it('is called again and again as steps are counted, and never for a few', () => {
    let calls = 0;
    setProgressListener(() => void (calls += 1));
    expect([runWithinBudget(1_000_000, finish(5_000), refuse), calls]).toEqual(['finished', 0]);
    expect(runWithinBudget(1_000_000, finish(105_000), refuse)).toBe('finished');
    expect(calls).toBe(10);
  });

  it('hears work that began before it, and nothing once it has gone', () => {
    let calls = 0;
    const work = (): string => {
      setProgressListener(() => void (calls += 1));
      spendAll(50_000);
      setProgressListener(undefined);
      return finish(50_000)();
    };
    expect([runWithinBudget(1_000_000, work, refuse), calls]).toEqual(['finished', 4]);
  });

  it.each([
    [100_000, 'finished'],
    [99_999, 'refused'],
  ])('changes nothing of a limit of %i steps', (most, expected) => {
    const alone = runWithinBudget(most, finish(100_000), refuse);
    setProgressListener(() => undefined);
    expect([alone, runWithinBudget(most, finish(100_000), refuse)]).toEqual([expected, expected]);
  });

  it('lets every step beyond the limit be refused, also those after the first', () => {
    setProgressListener(() => undefined);
    const work = (): string => {
      expect(() => spendAll(20_000)).toThrow(StepBudgetExceeded);
      return finish(100)();
    };
    expect(runWithinBudget(10_000, work, refuse)).toBe('refused');
  });
});
