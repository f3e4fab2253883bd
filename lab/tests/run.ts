// Runs the lab's tests: starts a lab for each suite and runs the tests of the suite in order.
import { parseArgs } from 'node:util';
import { TIER_OPTIONS, Tier, parseTier, readUnitNames } from '../../scripts/units';
import { tellCount } from '../write-test-count';
import { Lab } from '../lab';
import { REPOSITORY } from '../stack';
import { build } from '../start/build';
import { missingPrograms } from '../start/packages';
import { impossibleBecause } from '../start/check-machine';
import { removeLabsWhenStopped } from '../remove-on-signal';
import { apf } from './apf';
import { chooseTests, printLeftOut } from './select-tests';
import { cpanel } from './cpanel';
import { csf } from './csf';
import { delivery, reaching } from './delivery';
import { doctor } from './doctor';
import { firewalld } from './firewalld';
import { hostCases } from './host-cases';
import { iptables } from './iptables';
import { bothOnIptables, iptablesGateway } from './iptables-gateway';
import { labItself } from './lab-itself';
import { means } from './fault-tools';
import { ownership } from './ownership';
import { pipelines } from './pipelines';
import { prober } from './prober';
import { reading } from './read-only-commands';
import { security } from './security';
import { Impossible, LabSuite } from './test';
import { cdktfCommand, nullResource } from './tools';
import { replaces } from './replaced-firewalls';
import { replacesFirewalld } from './replaces-firewalld';
import { ufw } from './ufw';

/**
 * usage: run.ts [--tier quick|full] [--jobs N] [--list-json] [--only FILE] [WORD]...
 * Runs the tests of a tier, or those whose name or suite has one of the words, and ends with a count and what was left out.
 * A unit is a suite, by its name: --list-json prints those that would run as a JSON array, --only runs exactly those in such a file.
 */
const SUITES: readonly LabSuite[] = [
  prober,
  // The longest are first: started last, one would be waited for alone.
  delivery,
  ...pipelines,
  doctor,
  security,
  reading,
  labItself,
  cpanel,
  iptables,
  firewalld,
  csf,
  apf,
  ufw,
  replaces,
  replacesFirewalld,
  iptablesGateway,
  bothOnIptables,
  ownership,
  reaching,
  cdktfCommand,
  ...hostCases,
  means,
  nullResource,
];

const seconds = (since: number): string => `${((Date.now() - since) / 1000).toFixed(1)} s`;

interface Counted {
  passed: number;
  skipped: number;
  readonly failed: string[];
}

async function main(argv: readonly string[]): Promise<void> {
  const { jobs, listJson, ...choice } = readArguments(argv);
  const chosen = chooseTests(SUITES, choice);
  if (listJson) {
    console.log(JSON.stringify(chosen.map(({ name }) => name)));
    return;
  }
  const why = await impossible();
  if (why !== undefined) {
    if (process.env['CI']) throw new Error(`${why} In CI a lab that cannot run is a failure.`);
    console.log(`lab: SKIPPED. ${why}`);
    return;
  }
  removeLabsWhenStopped();
  await build(REPOSITORY);
  const counted: Counted = { passed: 0, skipped: 0, failed: [] };
  for (const suite of chosen.filter(({ alone }) => alone)) await runSuite(suite, 'test', console.log, counted);
  const left = chosen.filter(({ alone }) => !alone);
  await Promise.all(Array.from({ length: jobs }, (_, job) => lane(left, `test${job}`, jobs > 1, counted)));
  const { passed, failed, skipped } = counted;
  for (const name of failed) console.log(`FAILED: ${name}`);
  if (passed + failed.length === 0) failed.push('no test was chosen');
  console.log(`${passed} passed, ${failed.length} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  for (const line of printLeftOut(SUITES, chosen)) console.log(line);
  tellCount(passed, failed);
  if (failed.length > 0) process.exitCode = 1;
}

interface Arguments {
  readonly jobs: number;
  readonly listJson: boolean;
  readonly tier: Tier | undefined;
  readonly words: readonly string[];
  readonly only: readonly string[] | undefined;
}

function readArguments(args: readonly string[]): Arguments {
  const options = { ...TIER_OPTIONS, jobs: { type: 'string', default: '1' } } as const;
  const { values, positionals: words } = parseArgs({ args: [...args], options, allowPositionals: true });
  if (!/^[1-4]$/.test(values.jobs)) throw new Error('--jobs takes a number from 1 to 4.');
  const [tier, only] = [parseTier(values.tier), readUnitNames(values.only)];
  return { jobs: Number(values.jobs), listJson: values['list-json'] === true, tier, words, only };
}

/**
 * Runs one suite after the other, each with a lab of its own. Lines of concurrent suites begin with the suite's name.
 */
async function lane(left: LabSuite[], lab: string, together: boolean, counted: Counted): Promise<void> {
  for (let suite = left.shift(); suite; suite = left.shift()) {
    const { name } = suite;
    const say = (line: string): void => console.log(together && line !== name ? `${name}: ${line.trim()}` : line);
    try {
      await runSuite(suite, lab, say, counted);
    } catch (error) {
      counted.failed.push(`${name}: its lab`);
      say(`  FAILED  the lab of this suite\n${String(error instanceof Error ? error.stack : error)}`);
    }
  }
}

async function runSuite(
  { name: called, disks, tests }: LabSuite,
  name: string,
  say: (line: string) => void,
  counted: Counted,
): Promise<void> {
  say(called);
  const lab = await Lab.up({ name, disks: disks ?? false, say: (line) => say(`  ${line}`) });
  try {
    for (const test of tests) {
      const start = Date.now();
      try {
        await test.run(lab);
        counted.passed += 1;
        say(`  ok      ${test.name} (${seconds(start)})`);
      } catch (error) {
        if (error instanceof Impossible && !process.env['CI']) {
          counted.skipped += 1;
          say(`  SKIPPED ${test.name}: ${error.message}`);
          continue;
        }
        counted.failed.push(`${called}: ${test.name}: ${inALine(error)}`);
        const why = String(error instanceof Error ? error.stack : error).replace(/^/gm, '          ');
        say(`  FAILED  ${test.name} (${seconds(start)})\n${why}`);
      }
    }
  } finally {
    await lab.down();
  }
}

const inALine = (error: unknown): string =>
  String(error instanceof Error ? error.message : error)
    .replace(/\s+/g, ' ')
    .slice(0, 300);

async function impossible(): Promise<string | undefined> {
  const missing = missingPrograms();
  return missing.length > 0 ? `The lab needs ${missing.join(', ')}; \`npm start\` installs them.` : impossibleBecause();
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.stack : error);
  console.log('0 passed, 1 failed');
  process.exitCode = 1;
});
