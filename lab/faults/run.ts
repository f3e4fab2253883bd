// Runs the fault tests, which are combinations of fault, step and device on each platform, in labs side by side, and
// prints a table of the outcomes.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { TIER_OPTIONS, parseTier, readUnitNames, selectUnits } from '../../scripts/units';
import { countCommits } from '../commits';
import { tellCount } from '../write-test-count';
import { Lab } from '../lab';
import { REPOSITORY } from '../stack';
import { build } from '../start/build';
import { removeLabsWhenStopped } from '../remove-on-signal';
import { terraformPath } from '../tests/deployment';
import { drawFaults } from './draw-faults';
import { OfFamily, everything, some } from './list-faults';
import { isOver } from './assert-losses';
import { rowsIn, writeReport } from './report-file';
import { FaultPlatform, faultPlatforms } from './platform';
import { Row, counted, hasFailed, printTable } from './report';
import { Scene } from './scene';
import { Turns, turns } from './run-order';

/**
 * usage: run.ts --platform ID... | --tier quick|full [--list] [--list-json] [--only FILE] [--some] [--jobs N] [--seed N] [--minutes N]
 *        [--rows FILE] [--report FILE] [--name LAB] [WORD]...
 * Runs every combination, or those that have all the words. --some: the combinations that every full test run has; on further platforms
 * only those that depend on the platform.
 * --tier full is --some on all platforms; --tier quick draws ten of these by --seed, without one by the number of commits.
 * A unit is a combination: --list-json prints the names of those that would run as a JSON array, --only runs exactly those in such a file.
 * Otherwise --seed shuffles. --minutes begins nothing new after that time, and until then runs all of them again and again. --rows keeps the
 * outcomes in a file: a combination that has passed there runs again only with --minutes, after the others. --report writes the outcomes
 * of one platform to a file, as Markdown.
 */
async function main(args: readonly string[]): Promise<void> {
  const { words, seed, minutes, jobs = 1, tier, only, ...values } = asked(args);
  const platforms = chosenPlatforms(values.platform ?? (tier ? [...faultPlatforms.keys()] : undefined));
  if (values.report && platforms.length > 1)
    return usage('--report takes one --platform: each has a report of its own');
  const all = platforms.flatMap((platform, at) =>
    (values.some || tier ? some(platform, at > 0) : everything(platform)).map((combination): Turn => ({
      ...combination,
      on: platform,
      platform: platform.id,
    })),
  );
  const draw = tier === 'quick' ? (seed ?? (await countCommits(REPOSITORY))) : undefined;
  const ofTier = draw === undefined ? all : drawFaults(all, draw);
  const chosen = selectUnits(
    ofTier.filter((each) => words.every((word) => nameOf(each).includes(word))),
    nameOf,
    only,
  );
  if (values['list-json']) {
    console.log(JSON.stringify(chosen.map(nameOf)));
    return;
  }
  if (values.list) {
    for (const each of chosen) console.log(`${each.representative ? '*' : ' '} ${nameOf(each)}`);
    console.log(`${chosen.length} combinations, * in every full test run`);
    return;
  }
  removeLabsWhenStopped();
  if (draw !== undefined) console.log([`drawn by --seed ${draw}:`, ...chosen.map(nameOf)].join('\n  '));
  await build(REPOSITORY);
  const rows = new Map(rowsIn(values.rows).map((row) => [nameOf(row), row]));
  const left = chosen.filter((each) => (rows.get(nameOf(each))?.passed ?? 0) === 0);
  const end = minutes === undefined ? undefined : Date.now() + minutes * 60_000;
  const next = turns(chosen, left, {
    seed: draw === undefined ? seed : undefined,
    isOver: end === undefined ? undefined : () => Date.now() > end,
    fewest: end === undefined ? WORTH_A_LAB : 0,
  });
  const done = (row: Row): void => {
    rows.set(nameOf(row), counted(rows.get(nameOf(row)), row));
    if (values.rows) writeFileSync(values.rows, JSON.stringify([...rows.values()], null, 1));
    console.log(`${hasFailed(row) ? 'FAILED' : 'ok    '} ${nameOf(row)}: ${row.outcome} (${row.seconds.toFixed(1)} s)`);
  };
  await Promise.all(Array.from({ length: jobs }, (_, job) => work(`${values.name}${job}`, next, done)));
  const ran = chosen.flatMap((each) => rows.get(nameOf(each)) ?? []);
  console.log(printTable(ran));
  const failed = ran.filter(hasFailed).map(nameOf);
  console.log(
    `${ran.length - failed.length} passed, ${failed.length} failed${(draw ?? seed) === undefined ? '' : `; seed ${draw ?? seed}`}`,
  );
  if (ran.length < chosen.length)
    console.log(`${chosen.length - ran.length} of ${chosen.length} combinations were not run`);
  if (tier && all.length > chosen.length) {
    console.log(
      `faults: ${all.length - chosen.length} of ${all.length} of the full tier were not run: npm run test:full`,
    );
  }
  if (values.report) await writeReport(values.report, ran, platforms[0]!, await terraformPath());
  tellCount(ran.length - failed.length, failed);
  if (failed.length > 0 || ran.length === 0) process.exitCode = 1;
}

const OPTIONS = {
  ...TIER_OPTIONS,
  platform: { type: 'string', multiple: true },
  list: { type: 'boolean' },
  some: { type: 'boolean' },
  jobs: { type: 'string' },
  seed: { type: 'string' },
  minutes: { type: 'string' },
  rows: { type: 'string' },
  report: { type: 'string' },
  name: { type: 'string', default: 'faults' },
} as const;

function asked(args: readonly string[]) {
  try {
    const { values, positionals: words } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
    const [seed, minutes, jobs] = (['seed', 'minutes', 'jobs'] as const).map((name) => numberOf(name, values[name]));
    const [tier, only] = [parseTier(values.tier), readUnitNames(values.only)];
    return { ...values, words, seed, minutes, jobs, tier, only };
  } catch (error) {
    return usage(error instanceof Error ? error.message : String(error));
  }
}

function usage(wrong: string): never {
  console.error(wrong);
  return process.exit(2);
}

const chosenPlatforms = (ids: readonly string[] = ['']): readonly FaultPlatform[] =>
  ids.map(
    (id) =>
      faultPlatforms.get(id) ??
      usage(`--platform takes one of ${[...faultPlatforms.keys()].join(', ')}, and has to be given`),
  );

/** A combination and its platform. */
interface Turn extends OfFamily {
  readonly on: FaultPlatform;
  readonly platform: string;
}

function numberOf(name: string, text: string | undefined): number | undefined {
  if (text !== undefined && !/^[0-9]{1,9}$/.test(text))
    throw new Error(`--${name} takes a whole number, not "${text}"`);
  return text === undefined ? undefined : Number(text);
}

const nameOf = ({ platform, fault, step, device }: Pick<Row, 'platform' | 'fault' | 'step' | 'device'>): string =>
  [platform, fault, step, device].join(' | ');

/**
 * Least number of remaining combinations that justify another lab. Its two deliveries take as long as some faults, so
 * fewer are left to the lab that runs their platform.
 */
const WORTH_A_LAB = 5;

/** Platform of each lab. */
const at = new Map<string, FaultPlatform>();

/**
 * Runs combinations in one lab. It stays on one platform as long as it can, because another one needs a new lab with
 * two deliveries. A new lab begins with a platform that no other lab has.
 */
async function work(name: string, next: Turns<Turn>, done: (row: Row) => void): Promise<void> {
  let lab: Lab | undefined;
  let scene: Scene | undefined;
  const down = async (): Promise<void> => {
    await lab?.down();
    lab = undefined;
  };
  try {
    const isHere = ({ on }: Turn): boolean => at.get(name) === on;
    const isFree = ({ on }: Turn): boolean => ![...at.values()].includes(on);
    for (let turn = next(isHere, isFree); turn; turn = next(isHere, isFree)) {
      const { on } = turn;
      at.set(name, on);
      if (scene?.platform !== on) {
        await down();
        lab = await Lab.up({ name, disks: true });
        scene = await Scene.prepared(lab, on, await terraformPath());
      }
      const row = await play(scene, turn);
      done(row);
      // The state after a failure is no baseline for the next combination.
      if (hasFailed(row)) scene = undefined;
    }
  } finally {
    await down();
  }
}

async function play(scene: Scene, turn: Turn): Promise<Row> {
  const { platform, fault, step, device } = turn;
  const start = Date.now();
  const row = (more: Pick<Row, 'outcome' | 'longestOutage' | 'sessions' | 'forbidden' | 'passed'>): Row => ({
    platform,
    fault,
    step,
    device,
    runs: 1,
    ...more,
    seconds: (Date.now() - start) / 1000,
  });
  try {
    await scene.begin();
    await turn.run(scene);
    const { ran, told, probed } = await scene.conclude();
    const judged = probed.tests.filter(({ expect, name }) => expect === 'answer' && !name.startsWith('operator'));
    return row({
      outcome: [...ran]
        .map(([each, runs]) => `${each} ${runs}`)
        .concat(told)
        .join(', '),
      longestOutage: Math.max(0, ...judged.map(({ longestOutage }) => longestOutage)),
      sessions: probed.sessions.map((session) => `${session.port} ${isOver(session) ? 'ended' : 'kept'}`).join(', '),
      forbidden: probed.tests.reduce(
        (sum, { expect, successes }) => sum + (expect === 'silence' ? successes.length : 0),
        0,
      ),
      passed: 1,
    });
  } catch (error) {
    await scene.abandon();
    const why = error instanceof Error ? error.message : String(error);
    return row({ outcome: why, longestOutage: 0, sessions: '', forbidden: 0, passed: 0 });
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.stack : error);
  process.exitCode = 1;
});
