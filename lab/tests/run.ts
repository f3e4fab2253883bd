import { writeFileSync } from 'node:fs';
import { Lab } from '../lab';
import { REPOSITORY } from '../stack';
import { build } from '../start/build';
import { missingPrograms } from '../start/packages';
import { impossibleBecause } from '../start/possible';
import { delivery, reaching } from './delivery';
import { doctor } from './doctor';
import { labItself } from './lab-itself';
import { means } from './means';
import { ownership } from './ownership';
import { pipelines } from './pipelines';
import { prober } from './prober';
import { reading } from './reading';
import { security } from './security';
import { Impossible, LabSuite } from './test';
import { cdktfCommand, nullResource } from './tools';

/** usage: run.ts [WORD]... Runs the lab's tests, or those whose name or suite has one of the words, and ends with a count. */
const SUITES: readonly LabSuite[] = [
  labItself,
  prober,
  means,
  delivery,
  reaching,
  ownership,
  reading,
  doctor,
  security,
  nullResource,
  cdktfCommand,
  pipelines,
];

const seconds = (since: number): string => `${((Date.now() - since) / 1000).toFixed(1)} s`;

async function main(words: readonly string[]): Promise<void> {
  const why = await impossible();
  if (why !== undefined) {
    if (process.env['CI']) throw new Error(`${why} In CI a lab that cannot run is a failure.`);
    console.log(`lab: SKIPPED. ${why}`);
    return;
  }
  await build(REPOSITORY);
  let passed = 0;
  let skipped = 0;
  const failed: string[] = [];
  for (const suite of SUITES) {
    const tests = suite.tests.filter(({ name }) => words.length === 0 || words.some((word) => `${suite.name}: ${name}`.includes(word)));
    if (tests.length === 0) continue;
    console.log(suite.name);
    const lab = await Lab.up({ name: 'test', disks: suite.disks ?? false, say: (line) => console.log(`  ${line}`) });
    const stop = () => void lab.down().finally(() => process.exit(130));
    process.on('SIGINT', stop).on('SIGTERM', stop);
    try {
      for (const { name, run } of tests) {
        const start = Date.now();
        try {
          await run(lab);
          passed += 1;
          console.log(`  ok      ${name} (${seconds(start)})`);
        } catch (error) {
          if (error instanceof Impossible && !process.env['CI']) {
            skipped += 1;
            console.log(`  SKIPPED ${name}: ${error.message}`);
            continue;
          }
          failed.push(name);
          console.log(
            `  FAILED  ${name} (${seconds(start)})\n${String(error instanceof Error ? error.stack : error).replace(/^/gm, '          ')}`,
          );
        }
      }
    } finally {
      process.off('SIGINT', stop).off('SIGTERM', stop);
      await lab.down();
    }
  }
  for (const name of failed) console.log(`FAILED: ${name}`);
  if (passed + failed.length === 0) failed.push('no test was chosen');
  console.log(`${passed} passed, ${failed.length} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  // So npm test counts these tests and not one step.
  const count = process.env['CPANEL_EDGE_TEST_COUNT'];
  if (count) writeFileSync(count, `${passed} passed, ${failed.length} failed\n`);
  if (failed.length > 0) process.exitCode = 1;
}

async function impossible(): Promise<string | undefined> {
  const missing = missingPrograms();
  return missing.length > 0 ? `The lab needs ${missing.join(', ')}; \`npm start\` installs them.` : impossibleBecause();
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.stack : error);
  console.log('0 passed, 1 failed');
  process.exitCode = 1;
});
