// Tests the table and the report of the fault tests' results, and the order in which a run takes them.

import { Row, counted, printReport, printTable } from '../../lab/faults/report';
import { Turns, turns } from '../../lab/faults/run-order';

const row = (more: Partial<Row> = {}): Row => ({
  platform: 'nftables',
  fault: 'power lost',
  step: 'arm',
  device: 'edge1',
  outcome: 'runs the old release',
  longestOutage: 4321,
  sessions: '443 ended',
  forbidden: 0,
  runs: 1,
  passed: 1,
  seconds: 12.34,
  ...more,
});

const MACHINE = {
  kernel: '6.1.0',
  platform: 'nftables',
  version: 'nft 1.0.6',
  terraform: '1.11.4',
  date: '2026-01-02',
  cpus: 2,
};

const ROWS = [
  row(),
  row({ fault: 'front killed', step: 'prove', device: 'web1', longestOutage: 0, sessions: '443 kept' }),
  row({
    step: 'confirm',
    passed: 0,
    forbidden: 3,
    longestOutage: 999,
    outcome: 'runs neither | of\n\t\x1b[31mthem <b>',
  }),
];

describe('the table for a terminal', () => {
  const lines = printTable(ROWS).split('\n');

  it('has a line for each row, in columns', () => {
    expect(lines[0]).toMatch(/^ +platform +fault +step +device +runs +outage +sessions +forbidden +time +outcome$/);
    expect(lines[1]).toMatch(
      /^ok +nftables +power lost +arm +edge1 +1 +4\.3 s +443 ended +0 +12\.3 s +runs the old release$/,
    );
    const column = lines[0]!.indexOf('outcome');
    for (const line of lines.slice(1, 4)) expect(line.slice(column - 2, column + 4)).toMatch(/^ {2}runs/);
  });

  it('gives the terminal nothing to obey', () => expect(lines.join('')).not.toContain('\x1b'));

  it('sums up, failures aloud', () => {
    expect(lines.at(-1)).toBe(
      '3 runs of 3 combinations: 2 passed, 1 FAILED; worst outage 4.3 s; 3 forbidden connections; 1 min of work',
    );
    expect(printTable([])).toContain('0 runs of 0 combinations: 0 passed; worst outage none; 0 forbidden connections');
  });
});

describe('the report', () => {
  const page = printReport(ROWS, MACHINE);

  it('begins with the totals and the versions', () => {
    expect(page).toMatch(/^# Faults on nftables\n\n3 runs of 3 combinations/);
    expect(page).toContain('3 runs of 3 combinations: 2 passed, 1 FAILED; worst outage 4.3 s; 3 forbidden connections');
    expect(page).toContain('Measured on 2026-01-02: Linux 6.1.0, nft 1.0.6, Terraform 1.11.4, 2 processors.');
    expect(page).toContain('| power lost | 2 | 2 | 1 | 4.3 s | 3 |');
    expect(page).toContain('| front killed | 1 | 1 | 1 | none | 0 |');
  });

  it('has the rows of a fault together, though they came apart', () => {
    const [, power = '', front = ''] = page.split('### ');
    expect(power).toMatch(/^power lost\n\n\| step \| device \| runs \| outcome \| longest outage \| sessions \|\n/);
    expect(power).toContain('| arm | edge1 | 1 | runs the old release | 4.3 s | 443 ended |');
    expect(power).toContain('| confirm | edge1 | 1 | FAILED: 3 forbidden connections: runs neither \\| of');
    expect(front).toContain('| prove | web1 | 1 | runs the old release | none | 443 kept |');
    expect(front).not.toContain('| arm |');
  });

  it('keeps what an outcome quotes inside its cell', () => {
    const line = page.split('\n').find((each) => each.startsWith('| confirm'))!;
    expect(line.replace(/\\\|/g, '').split('|')).toHaveLength(8);
    expect(line).not.toContain('<b>');
    expect(line).not.toContain('\x1b');
  });
});

describe('runs of one combination', () => {
  const again = counted(
    row({ passed: 0, forbidden: 2, outcome: 'nothing ran' }),
    row({ longestOutage: 12, seconds: 1 }),
  );

  it('are counted, with the worst of them', () =>
    expect(again).toMatchObject({
      runs: 2,
      passed: 1,
      longestOutage: 4321,
      forbidden: 2,
      seconds: 13.34,
      outcome: 'runs the old release',
    }));

  it('have failed where one has', () => {
    expect(printTable([again]).split('\n')[1]).toMatch(/^FAILED/);
    expect(printReport([again], MACHINE)).toContain('2 runs of 1 combinations: 1 passed, 1 FAILED');
  });
});

/** All that there is to run. */
function taken<T>(next: Turns<T>): T[] {
  const all: T[] = [];
  for (let each = next(); each !== undefined; each = next()) all.push(each);
  return all;
}

describe('the order of runs', () => {
  const all = Array.from({ length: 40 }, (_, at) => at);
  const left = all.filter((each) => each % 2 === 0);

  it('is that of the list without a seed, and ends with what was left', () =>
    expect(taken(turns(all, left))).toEqual(left));

  it('is the same for the same seed, and another for another', () => {
    const [one, same, other] = [7, 7, 8].map((seed) => taken(turns(all, left, { seed })));
    expect(one).toEqual(same);
    expect(one).not.toEqual(other);
    expect([...one!].sort((a, b) => a - b)).toEqual(left);
  });

  it('begins with what was left, and then has all again and again until the time is over', () => {
    let asked = 0;
    const ran = taken(turns(all, left, { seed: 3, isOver: () => ++asked > 100 }));
    expect(ran).toHaveLength(100);
    expect(new Set(ran.slice(0, 20))).toEqual(new Set(left));
    expect(new Set(ran.slice(20, 60))).toEqual(new Set(all));
    expect(ran.slice(20, 60)).not.toEqual(ran.slice(60, 100));
  });

  it('begins nothing where no time is left', () => expect(taken(turns(all, left, { isOver: () => true }))).toEqual([]));

  it('has what is liked before its turn, and leaves out nothing', () => {
    const next = turns(all, left);
    const liked = left.at(-2);
    expect([next((each) => each === liked), next((each) => each === liked), next()]).toEqual([liked, left[0], left[1]]);
    expect(new Set([liked, left[0], left[1], ...taken(next)])).toEqual(new Set(left));
  });

  it('has what is liked second where nothing is liked first', () => {
    const next = turns(all, left);
    const [first, second] = [left.at(-1), left.at(-2)];
    const ask = () =>
      next(
        (each) => each === first,
        (each) => each === second,
      );
    expect([ask(), ask(), ask()]).toEqual([first, second, left[0]]);
  });

  it('hands out nothing that is not liked where few are left', () => {
    const next = turns([1, 2, 3], [1, 2, 3], { fewest: 3 });
    expect(next((each) => each > 3)).toBe(1);
    expect(next((each) => each > 3)).toBeUndefined();
    expect(next((each) => each === 3)).toBe(3);
    expect(next()).toBe(2);
  });

  it('ends where there is nothing to run', () => expect(taken(turns([], [], { isOver: () => false }))).toEqual([]));
});
