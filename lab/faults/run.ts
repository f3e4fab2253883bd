import { writeFileSync } from 'node:fs';
import { Lab } from '../lab';
import { REPOSITORY } from '../stack';
import { build } from '../start/build';
import { terraformPath } from '../tests/deployment';
import { everything } from './everything';
import { Combination } from './fault';
import { isOver } from './judged';
import { rowsIn, writePage } from './measured';
import { nftables } from './platforms/nftables';
import { Row, printTable } from './report';
import { Scene } from './scene';

/**
 * usage: run.ts [--list] [--some] [--jobs N] [--rows FILE] [--write] [--name LAB] [WORD]...
 * Every combination of fault, step and device, or those that have all the words; --some: the set that every test run has. --rows keeps
 * what came of them in a file and leaves out what has passed there already; --write puts all of it into docs/reliability.md.
 */
async function main(argv: readonly string[]): Promise<void> {
  const words = argv.filter((word, at) => !word.startsWith('--') && !WITH_VALUE.includes(argv[at - 1] ?? ''));
  const option = (name: string): string | undefined => (argv.includes(name) ? argv[argv.indexOf(name) + 1] : undefined);
  const chosen = everything(nftables).filter(
    (each) => (!argv.includes('--some') || each.representative) && words.every((word) => nameOf(each).includes(word)),
  );
  if (argv.includes('--list')) {
    for (const each of chosen) console.log(`${each.representative ? '*' : ' '} ${nameOf(each)}`);
    console.log(`${chosen.length} combinations, * in every test run`);
    return;
  }
  await build(REPOSITORY);
  const file = option('--rows');
  const rows = new Map(rowsIn(file).map((row) => [nameOf(row), row]));
  const left = chosen.filter((each) => !rows.get(nameOf(each))?.passed);
  const done = (row: Row): void => {
    rows.set(nameOf(row), row);
    if (file) writeFileSync(file, JSON.stringify([...rows.values()], null, 1));
    console.log(`${row.passed ? 'ok    ' : 'FAILED'} ${nameOf(row)}: ${row.outcome} (${row.seconds.toFixed(1)} s)`);
  };
  await Promise.all(
    Array.from({ length: Number(option('--jobs') ?? 1) }, (_, at) => work(`${option('--name') ?? 'faults'}${at}`, left, done)),
  );
  const asked = chosen.flatMap((each) => rows.get(nameOf(each)) ?? []);
  console.log(printTable(asked));
  const passed = asked.filter((row) => row.passed).length;
  console.log(`${passed} passed, ${asked.length - passed} failed`);
  if (argv.includes('--write')) await writePage(asked, await terraformPath());
  const count = process.env['CPANEL_EDGE_TEST_COUNT'];
  if (count) writeFileSync(count, `${passed} passed, ${asked.length - passed} failed\n`);
  if (passed < asked.length || asked.length === 0) process.exitCode = 1;
}

const WITH_VALUE = ['--jobs', '--rows', '--name'];

const nameOf = ({ fault, step, device }: Pick<Combination, 'fault' | 'step' | 'device'>): string => `${fault} | ${step} | ${device}`;

async function work(name: string, left: Combination[], done: (row: Row) => void): Promise<void> {
  let lab: Lab | undefined;
  let scene: Scene | undefined;
  const stop = (): void => void (lab?.down() ?? Promise.resolve()).finally(() => process.exit(130));
  process.on('SIGINT', stop).on('SIGTERM', stop);
  try {
    for (let next = left.shift(); next; next = left.shift()) {
      if (!scene) {
        await lab?.down();
        lab = await Lab.up({ name, disks: true });
        scene = await Scene.prepared(lab, nftables, await terraformPath());
      }
      const row = await play(scene, next);
      done(row);
      // What a failure left is nobody's baseline.
      if (!row.passed) scene = undefined;
    }
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
    await lab?.down();
  }
}

async function play(scene: Scene, combination: Combination): Promise<Row> {
  const { fault, step, device } = combination;
  const start = Date.now();
  const row = (more: Pick<Row, 'outcome' | 'longestOutage' | 'sessions' | 'forbidden' | 'passed'>): Row => ({
    ...{ fault, step, device },
    ...more,
    seconds: (Date.now() - start) / 1000,
  });
  try {
    await scene.begin();
    await combination.run(scene);
    const { ran, told, probed } = await scene.conclude();
    const judged = probed.tests.filter(({ expect, name }) => expect === 'answer' && !name.startsWith('operator'));
    return row({
      outcome: [...ran]
        .map(([each, runs]) => `${each} ${runs}`)
        .concat(told)
        .join(', '),
      longestOutage: Math.max(0, ...judged.map(({ longestOutage }) => longestOutage)),
      sessions: probed.sessions.map((session) => `${session.port} ${isOver(session) ? 'ended' : 'kept'}`).join(', '),
      forbidden: probed.tests.reduce((sum, { expect, successes }) => sum + (expect === 'silence' ? successes.length : 0), 0),
      passed: true,
    });
  } catch (error) {
    await scene.abandon();
    const why = error instanceof Error ? error.message : String(error);
    return row({ outcome: why, longestOutage: 0, sessions: '', forbidden: 0, passed: false });
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.stack : error);
  process.exitCode = 1;
});
