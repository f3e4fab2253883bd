// Tests the line with the seconds that a command has been working (cli/elapsed-time.ts), on a real pseudo-terminal,
// with work that lets nothing else run and with `exposure` and `review`: it comes after a second, is gone at the end,
// and is never in a pipe.

import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtCommand } from '../built-command';
import { temporaryFolder } from '../temporary-folder';
import { describeWhere } from '../where-possible';

const built = builtCommand();
const folder = temporaryFolder();

const script = spawnSync('sh', ['-c', 'command -v script']).status === 0;

/** Work that blocks the event loop and counts its steps. */
const WORK = `const { runWithClock, runWithClockAsync } = require('${built}/cli/elapsed-time');
const { OWN_STEP_BUDGET, spendSteps, runWithinBudget } = require('${built}/lib/net/step-budget');
const still = new Int32Array(new SharedArrayBuffer(4));
const busy = (milliseconds) => runWithinBudget(OWN_STEP_BUDGET, () => {
  for (const end = Date.now() + milliseconds; Date.now() < end; spendSteps(1000)) Atomics.wait(still, 0, 0, 5);
});
`;

/** Returns the bytes that the clock writes to a terminal during work of this length. */
function terminal(milliseconds: number, more = ''): string {
  writeFileSync(
    join(folder, 'work.js'),
    `${WORK}
try { console.log('made ' + runWithClock('reading', () => { busy(${milliseconds}); ${more} return 7; })); } catch (error) { console.log(error.message); }`,
  );
  const call = `'${process.execPath}' '${join(folder, 'work.js')}'`;
  return spawnSync('timeout', ['200', 'script', '-qec', call, '/dev/null'], {
    cwd: folder,
    encoding: 'utf8',
    input: '',
  }).stdout;
}

/* eslint-disable no-control-regex -- terminal output */
const CLEARED = /\u001b\[2K[^\n]{0,10}(made 7|no)\r?\n$/;

describeWhere(
  script,
  'a clock on a terminal',
  'script of bsdutils',
)('work that blocks the event loop', () => {
  it('shows its time after a second, and later output begins on an empty line', () => {
    const said = terminal(5_000);
    expect(said).toMatch(/reading: [12]s[^]*reading: [2-5]s/);
    // The time before the first output counts.
    expect(said).not.toContain(': 0s');
    expect(said).toMatch(CLEARED);
  });

  it('shows nothing if it ends before', () => expect(terminal(300)).toBe('made 7\r\n'));

  it('clears its line if it fails', () => {
    const said = terminal(3_000, "throw new Error('no');");
    expect(said).toContain('reading: ');
    expect(said).toMatch(CLEARED);
  });
});

it('shows nothing in a pipe', () => {
  const work = `${WORK} runWithClock('reading', () => busy(1500))`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', work], { encoding: 'utf8' });
  expect([status, stdout, stderr]).toEqual([0, '', '']);
});

describeWhere(
  script,
  'a clock of parts on a terminal',
  'script of bsdutils',
)('work in parts that each block the event loop', () => {
  it('shows its time and the parts that are done, and later output begins on an empty line', () => {
    writeFileSync(
      join(folder, 'parts.js'),
      `${WORK}
const work = async (at) => { busy(3000); at(1, 2); await null; busy(3000); return 7; };
runWithClockAsync('judged', work).then((made) => console.log('made ' + made));`,
    );
    const call = `'${process.execPath}' '${join(folder, 'parts.js')}'`;
    const said = spawnSync('timeout', ['200', 'script', '-qec', call, '/dev/null'], {
      cwd: folder,
      encoding: 'utf8',
      input: '',
    }).stdout;
    expect(said).toMatch(/judged: [1-3]s[^]*judged: 1 of 2, [3-9]s/);
    expect(said).toMatch(CLEARED);
  });
});

describeWhere(
  script,
  'the clock of commands',
  'script of bsdutils',
)('commands that read long', () => {
  it.each(['exposure rules.nft', 'import rules.nft --platform-version 1.0.6 --force'])('%s', (words) => {
    const rules = Array.from(
      { length: 6_000 },
      (_, n) => `\t\tip saddr 198.${18 + (n % 2)}.${n >> 3}.${n & 255} tcp dport ${1 + ((n * 7919) % 60_000)} accept\n`,
    );
    const text = `table inet f {\n\tchain input {\n\t\ttype filter hook input priority 0; policy drop;\n${rules.join('')}\t}\n}\n`;
    const device = '2: eth0    inet 203.0.113.10/24 scope global eth0\ndefault via 203.0.113.1 dev eth0\n';
    writeFileSync(join(folder, 'rules.nft'), text + device);
    const call = `'${process.execPath}' '${built}/cli/main.js' ${words}`;
    const { stdout } = spawnSync('timeout', ['200', 'script', '-qec', call, '/dev/null'], {
      cwd: folder,
      encoding: 'utf8',
      input: '',
    });
    expect(stdout).toMatch(/reading (the rules|and comparing): \d+s/);
  });

  it('review, from the beginning of reading', () => {
    // The plan is written after the clock was seen. The file begins with this command, which the pattern doesn't match.
    const plan = `(until grep -qs 'reading and judging: [1]s' seen; do sleep 0.1; done; echo '{}')`;
    const call = `${plan} | '${process.execPath}' '${built}/cli/main.js' review -`;
    const { stdout } = spawnSync('timeout', ['200', 'script', '-qefc', call, 'seen'], {
      cwd: folder,
      encoding: 'utf8',
      input: '',
    });
    expect(stdout).toMatch(/reading and judging: 1s[^]*\u001b\[2K[^\n]{0,10}review\//);
  });
});
