// usage: run.ts quick|full|slice [OPTION]..., by test.sh. Runs the steps of a tier, prints a table of them, and ends
// with "N passed, N failed".

import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countCommits } from '../../lab/commits';
import { Task, USAGE, parseTask } from './arguments';
import { Result, createNotRun, runStep, stopSteps } from './run-step';
import { Piece, cutSlice } from './slice';
import { Tier } from '../units';
import { STEPS, Step, listUnitSuites } from './steps';

/** Runs the task of a command line. Returns the exit status. */
async function main(args: readonly string[]): Promise<number> {
  const task = parseTask(args);
  if (typeof task === 'string') {
    process.stderr.write(`\nnpm test: ${task}\n\n${USAGE}`);
    return 2;
  }
  const folder = mkdtempSync(join(tmpdir(), 'cpe.'));
  // Tests that drop root have files in this folder.
  chmodSync(folder, 0o755);
  let isStopped = false;
  const interrupt = (why: string, status: number): void => {
    if (isStopped) return;
    isStopped = true;
    process.stdout.write(`\nnpm test: ended by ${why}; taking down what runs\n`);
    void stopSteps().then(() => {
      rmSync(folder, { recursive: true, force: true });
      process.exit(status);
    });
  };
  process.on('SIGINT', () => interrupt('SIGINT', 130)).on('SIGTERM', () => interrupt('SIGTERM', 143));
  // A killed npm hands no signal on.
  const parent = process.ppid;
  setInterval(() => process.ppid === parent || interrupt('the end of npm', 143), 1000).unref();
  // A closed output must not end this process before the steps are down.
  process.stdout.on('error', () => interrupt('the end of its output', 143));
  try {
    const results = await runTask(task, folder);
    // The process ends when what runs is down.
    if (isStopped) return await new Promise<number>(() => undefined);
    return report(results, task);
  } finally {
    if (!isStopped) rmSync(folder, { recursive: true, force: true });
  }
}

/** A step as one task runs it. */
interface Planned {
  readonly step: Step;
  readonly command: readonly string[];
}

async function runTask(task: Task, folder: string): Promise<readonly Result[]> {
  if (task.kind === 'changed') return runAll(planChanged(task.since), 'quick', folder);
  if (task.kind === 'slice') return runAll(await planSlice(task.minutes, task.seed, folder), 'full', folder);
  const { kind, steps } = task;
  return runAll(
    STEPS.filter(({ name }) => steps.includes(name)).map((step) => ({ step, command: step.command(kind) })),
    kind,
    folder,
  );
}

function planChanged(since: string): readonly Planned[] {
  const types = STEPS.find(({ name }) => name === 'types')!;
  const changed: Step = {
    name: 'changed',
    after: ['types'],
    tiers: ['quick'],
    limitSeconds: 1800,
    command: () => ['sh', 'scripts/changed.sh', since],
  };
  return [types, changed].map((step) => ({ step, command: step.command('quick') }));
}

async function planSlice(minutes: number, given: number | undefined, folder: string): Promise<readonly Planned[]> {
  const build = STEPS.find(({ name }) => name === 'build')!;
  const all = STEPS.flatMap(({ name: step, pieces }): readonly Piece[] => {
    if (!pieces) return [];
    const names = typeof pieces.list === 'function' ? pieces.list() : listByCommand(pieces.list);
    return names.map((name) => ({ step, name, seconds: pieces.averageSeconds(name) }));
  });
  const seed = given ?? (await countCommits(process.cwd()));
  const { pieces, number, count } = cutSlice(all, minutes, seed);
  process.stdout.write(
    `\nslice ${number} of ${count} (--seed ${seed}): ${pieces.length} of ${all.length} pieces of the full tier\n` +
      `again: npm run test:slice -- --minutes ${minutes} --seed ${seed}; the next slice has the next seed\n`,
  );
  const planned = STEPS.flatMap((step): readonly Planned[] => {
    const names = pieces.filter((piece) => piece.step === step.name).map(({ name }) => name);
    if (!step.pieces || names.length === 0) return [];
    const file = join(folder, `${step.name}.pieces`);
    writeFileSync(file, JSON.stringify(names));
    return [{ step, command: step.pieces.command(names, file) }];
  });
  return [{ step: build, command: build.command('full') }, ...planned];
}

const listByCommand = ([program, ...args]: readonly string[]): readonly string[] =>
  JSON.parse(execFileSync(program!, args, { encoding: 'utf8', maxBuffer: 2 ** 26 })) as readonly string[];

/** Begins each step when those before it have ended. All run, so that one that fails doesn't hide the others. */
async function runAll(planned: readonly Planned[], tier: Tier, folder: string): Promise<readonly Result[]> {
  const ends = new Map<string, Promise<Result>>();
  let running = 0;
  for (const { step, command } of planned) {
    const before = step.after.flatMap((name) => ends.get(name) ?? []);
    const run = async (): Promise<Result> => {
      const results = await Promise.all(before);
      if (results.some((result) => result.step === step.needs && result.outcome !== 'passed')) {
        process.stdout.write(`\n== ${step.name}: not run, because ${step.needs} failed\n`);
        return createNotRun(step.name, `${step.needs} failed`);
      }
      const env = { CPANEL_EDGE_TIER: tier, TMPDIR: folder };
      // The lines of two steps at once would mix: one prints as it goes, the other when it ends.
      const isBuffered = running > 0;
      running += 1;
      const result = await runStep({
        step: step.name,
        command,
        limitSeconds: step.limitSeconds,
        env,
        folder,
        isBuffered,
      });
      running -= 1;
      return result;
    };
    ends.set(step.name, run());
  }
  return Promise.all(ends.values());
}

/** Prints the table, the failures, the parts that were not run, and the sum: readers look at the end of a long log. */
function report(steps: readonly Result[], task: Task): number {
  const installed = Number(process.env['CPANEL_EDGE_INSTALL_SECONDS'] ?? 0);
  const install: Result = {
    step: 'install',
    outcome: 'passed',
    seconds: installed,
    passed: 1,
    failed: 0,
    failures: [],
  };
  const results = [install, ...steps];
  const seconds = installed + Math.round(process.uptime());
  const rows = results.map(
    ({ step, outcome, seconds: took, passed, failed }) =>
      `${outcome.padEnd(8)} ${String(took).padStart(5)} s  ${step.padEnd(14)} ${passed} passed, ${failed} failed`,
  );
  const failures = results.flatMap((result) => result.failures.map((line) => `FAILED  ${line}`));
  const passed = sum(results.map((result) => result.passed));
  const failed = sum(results.map((result) => result.failed));
  const parts = [
    [...rows, `${' '.repeat(8)} ${String(seconds).padStart(5)} s`].join('\n'),
    ...(failures.length > 0 ? [failures.join('\n')] : []),
    ...describeLeft(task),
    `${passed} passed, ${failed} failed`,
  ];
  process.stdout.write(`\n${parts.join('\n\n')}\n`);
  return failed === 0 ? 0 : 1;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, number) => all + number, 0);

function describeLeft(task: Task): readonly string[] {
  if (task.kind === 'full') return [];
  if (task.kind === 'slice') return ['Not run: the other slices. All of them at once: npm run test:full'];
  if (task.kind === 'changed')
    return ['Not run: everything that the change does not import. npm test has all of the quick tier.'];
  const suites = listUnitSuites().filter((path) => path.endsWith('.full.test.ts')).length;
  return [
    `Not run: the full tier. It has ${suites} more unit suites, more cases, shells and seconds for the others, all deliveries and faults in the lab, ` +
      'and all package managers.\nnpm run test:full runs everything, in about an hour; npm run test:slice -- --minutes 15 a part of it.',
  ];
}

main(process.argv.slice(2)).then(
  (status) => process.exit(status),
  (error: unknown) => {
    process.stderr.write(`npm test: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  },
);
