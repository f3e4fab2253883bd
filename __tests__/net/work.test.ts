import { TooMuchWork, listenToWork, spend, withinWork } from '../../lib/net/work';

describe('a listener to work', () => {
  afterEach(() => listenToWork(undefined));

  const spendAll = (steps: number): void => {
    for (let spent = 0; spent < steps; spent += 100) spend(100);
  };
  const refuse = (): string => 'refused';
  const finish = (steps: number) => (): string => {
    spendAll(steps);
    return 'finished';
  };

  it('is called again and again as steps are counted, and never for a few', () => {
    let calls = 0;
    listenToWork(() => void (calls += 1));
    expect([withinWork(1_000_000, finish(5_000), refuse), calls]).toEqual(['finished', 0]);
    expect(withinWork(1_000_000, finish(105_000), refuse)).toBe('finished');
    expect(calls).toBe(10);
  });

  it('hears work that began before it, and nothing once it has gone', () => {
    let calls = 0;
    const work = (): string => {
      listenToWork(() => void (calls += 1));
      spendAll(50_000);
      listenToWork(undefined);
      return finish(50_000)();
    };
    expect([withinWork(1_000_000, work, refuse), calls]).toEqual(['finished', 4]);
  });

  it.each([
    [100_000, 'finished'],
    [99_999, 'refused'],
  ])('changes nothing of a limit of %i steps', (most, expected) => {
    const alone = withinWork(most, finish(100_000), refuse);
    listenToWork(() => undefined);
    expect([alone, withinWork(most, finish(100_000), refuse)]).toEqual([expected, expected]);
  });

  it('lets every step beyond the limit be refused, also those after the first', () => {
    listenToWork(() => undefined);
    const work = (): string => {
      expect(() => spendAll(20_000)).toThrow(TooMuchWork);
      return finish(100)();
    };
    expect(withinWork(10_000, work, refuse)).toBe('refused');
  });
});
