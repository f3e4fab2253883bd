import { Lab } from '../lab';
import { missingPrograms } from '../start/packages';
import { delivery, reaching } from './delivery';
import { labItself } from './lab-itself';
import { ownership } from './ownership';
import { LabSuite } from './test';

/** usage: run.ts [WORD]... Runs the lab's tests, or those whose name or suite has one of the words, and ends with a count. */
const SUITES: readonly LabSuite[] = [labItself, delivery, reaching, ownership];

const seconds = (since: number): string => `${((Date.now() - since) / 1000).toFixed(1)} s`;

async function main(words: readonly string[]): Promise<void> {
  const missing = missingPrograms();
  if (missing.length > 0) throw new Error(`the lab needs ${missing.join(', ')}; \`npm start\` installs them`);
  let passed = 0;
  const failed: string[] = [];
  for (const suite of SUITES) {
    const tests = suite.tests.filter(({ name }) => words.length === 0 || words.some((word) => `${suite.name}: ${name}`.includes(word)));
    if (tests.length === 0) continue;
    console.log(suite.name);
    const lab = await Lab.up({ name: 'test', say: (line) => console.log(`  ${line}`) });
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
  console.log(`${passed} passed, ${failed.length} failed`);
  if (failed.length > 0) process.exitCode = 1;
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.stack : error);
  console.log('0 passed, 1 failed');
  process.exitCode = 1;
});
