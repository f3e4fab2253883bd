import { allowWork, allowed, spend, withinWork } from '../../lib/net/work';
import { allowWorkOf } from '../../driver/work-allowed';
import { GROUPS } from './too-much-giants';
import { found } from './run';
import { drawCases } from '../randomly';

jest.setTimeout(600_000);

const refused = (): string => 'refused';

describe('one limit of work', () => {
  it('counts steps, not seconds', () => {
    expect(withinWork(10, () => (spend(10), 'done'), refused)).toBe('done');
    expect(withinWork(10, () => (spend(11), 'done'), refused)).toBe('refused');
  });

  it('is shared by all that is done inside, and over when that is', () => {
    const both = (): string => {
      withinWork(1000, () => spend(6), refused);
      return withinWork(1000, () => (spend(6), 'done'), refused);
    };
    expect([withinWork(10, both, refused), both()]).toEqual(['refused', 'done']);
    expect(() => spend(1e12)).not.toThrow();
  });

  it('leaves other mistakes what they are', () =>
    expect(() =>
      withinWork(
        10,
        () => {
          throw new RangeError('mine');
        },
        refused,
      ),
    ).toThrow(RangeError));

  it('can be more, by who starts a command', () => {
    try {
      allowWorkOf({ CPANEL_EDGE_WORK: '3' });
      expect([allowed(5), withinWork(10, () => (spend(30), 'done'), refused)]).toEqual([15, 'done']);
    } finally {
      allowWork(1);
    }
    for (const odd of ['0', '-1', '101', '1e3', 'much', ' 2'])
      expect(() => allowWorkOf({ CPANEL_EDGE_WORK: odd })).toThrow(/^cli\/odd-work at CPANEL_EDGE_WORK/);
    allowWorkOf({});
    expect(allowed(5)).toBe(5);
  });
});

it.each(
  drawCases(
    GROUPS.map(({ name }, at) => [name, at] as const),
    1,
  ),
)('%s: refused by its steps, in a gigabyte', (_, at) =>
  expect(found('bounds', 1, { size: at, megabytes: 900 })).toEqual([]),
);
