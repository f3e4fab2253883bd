import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './modules';
import { PAGE, Tried, unexplained } from './report';

/** Tried in a process of its own, where modules can be exchanged. */
const tried = JSON.parse(
  spawnSync(process.execPath, ['-r', './scripts/typescript/register.js', join(__dirname, 'run.ts'), '--some', '--jobs', '1', '--json'], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'inherit'],
  }).stdout,
) as readonly Tried[];

const outcomes = (kind: Tried['kind']): readonly Tried['outcome'][] =>
  tried.filter((one) => one.kind === kind).map(({ outcome }) => outcome);

it('tries many of each kind', () => {
  expect(outcomes('named').length).toBeGreaterThanOrEqual(60);
  expect(outcomes('writer').length).toBeGreaterThanOrEqual(30);
  expect(outcomes('meaning').length).toBeGreaterThanOrEqual(10);
  expect(outcomes('text').length).toBeGreaterThanOrEqual(40);
});

it('lets no mistake through that has a name', () => {
  const through = tried.filter(({ kind, outcome }) => kind === 'named' && outcome.is !== 'seen');
  expect(through).toEqual([]);
});

it('lets nothing through without a reason', () => expect(unexplained(tried)).toEqual([]));

it('has a page of what survives, each with its reason', () => {
  const page = readFileSync(join(ROOT, PAGE), 'utf8');
  const counts = [...page.matchAll(/^\| [a-z ]+ \| +(\d+) \|/gm)].map(([, count]) => Number(count));
  expect(counts.reduce((all, count) => all + count, 0)).toBeGreaterThanOrEqual(400);
  expect(page).not.toContain('Without a reason');
});
