// Tests the driver with a test device on which hostile programs stand in for the agent, behind a real sshd: no answer
// confirms a release or reaches the terminal.

import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseAnswer } from '../../driver/agent-answer';
import { OrderOutcome, deliver } from '../../driver/deliver';
import { acceptEdits, askStatus } from '../../driver/device-status';
import { loadAgent } from '../../driver/agent-program';
import { quoteWord } from '../../driver/operator-project';
import { compareAssumedFacts, verifyLive } from '../../driver/verify-live';
import { removeOwner } from '../../driver/remove';
import { Remote, useSsh } from '../../driver/ssh';
import { DeliveryContext } from '../../driver/delivery-steps';
import { TestDevice, canHaveDevice } from '../agent/machine';
import { freshToken, tableText } from '../agent/stream';
import { connectionOf, releaseOf } from './samples';
import { worldOf } from './delivery-context';
import { temporaryFolder } from '../temporary-folder';
import { describeWhere } from '../where-possible';
import { drawCases } from '../randomly';

// A device's answer is untrusted text, also if an attacker owns the device.

// eslint-disable-next-line no-control-regex -- they must not be in the output
const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;
const OTHER = 'f'.repeat(64);

/** Answers like the real agent. `read`: its sections. Each test makes one part of it hostile. */
const obliging = (overrides: Readonly<Record<string, string>> = {}, always = ''): string => {
  const answers: Readonly<Record<string, string>> = {
    protocol: 'echo "cpanel-edge: ok protocol=999"',
    upload: 'cat >/dev/null; echo "cpanel-edge: ok uploaded digest=$4"',
    check: 'echo "cpanel-edge: ok checked rules=as-loaded"',
    arm: 'echo "cpanel-edge: ok armed seconds=30"',
    read: 'for s in ruleset version addresses links routes forwarding legacy; do echo "cpanel-edge: section $s"; done; echo "cpanel-edge: ok read"',
    confirm: `echo "cpanel-edge: ok confirmed digest=${OTHER}"`,
    outcome: `echo "cpanel-edge: ok confirmed digest=${OTHER}"`,
    rollback: 'echo "cpanel-edge: refused already-confirmed"',
    retract: 'echo "cpanel-edge: refused foreign-lease lease=theirs"',
    accept: 'echo "cpanel-edge: refused no-such-edit"',
    status: `echo "|owner=web role=gateway digest=${OTHER} lease=a armed=none rules=as-loaded fingerprint=none"; echo "cpanel-edge: ok status protocol=999 armed=no"`,
    ...overrides,
  };
  const arms = Object.entries(answers).map(([word, command]) => `${word}) ${command} ;;`);
  return `#!/bin/sh\nw=$1; shift\n${always}\ncase $w in\n${arms.join('\n')}\n*) echo "cpanel-edge: refused unknown-command" ;;\nesac\n`;
};

const ESCAPES = String.raw`printf '|EVIL\033[2J\033]0;EVIL title\007\033]52;c;RVZJTA==\007\rEVIL over\bEVIL\177\302\233[31m\342\200\256\000\n'`;
const IMITATIONS = [
  'EVIL Apply complete! Resources: 2 added, 0 changed, 0 destroyed.',
  'EVIL gw runs release ffffffffffff of web: proven over a new connection, confirmed, and stored for the next start.',
  'cpanel-edge: ok confirmed',
  'cpanel-edge: section ruleset',
];
const imitated = IMITATIONS.map(
  (line) => `printf '|%s\\r|%s\\n' '${line}' '${line}'; printf '%s\\r\\n%s\\n' '${line}' '${line}' >&2`,
).join('; ');

const HOSTILE: Readonly<Record<string, string>> = {
  'escapes, titles, bells and carriage returns before every answer': obliging({}, `${ESCAPES}; ${ESCAPES} >&2`),
  'escapes and a refusal': obliging({ upload: `${ESCAPES}; echo "cpanel-edge: refused edited fingerprint=EVIL"` }),
  "lines like Terraform's and ours": obliging({}, imitated),
  'lines like ours, and no result': obliging({ upload: `${imitated}; exit 3`, status: `${imitated}; exit 3` }),
  'an endless line': obliging({
    protocol: 'yes EVIL | tr -d "\\n"',
    status: 'yes EVIL | tr -d "\\n"',
    retract: 'yes EVIL | tr -d "\\n"',
  }),
  'endless output': obliging({ upload: "yes '|EVIL'", status: "yes '|EVIL'", retract: "yes '|EVIL'" }),
  'endless short lines': obliging({ check: 'yes', status: 'yes', retract: 'yes' }),
  'endless errors': obliging({
    protocol: 'head -c 50000000 /dev/zero | tr "\\0" "\\033" >&2; exit 9',
    status: 'yes EVIL | head -c 9000000 >&2; exit 9',
  }),
  'a flood of NUL': obliging({ read: 'cat /dev/zero', status: 'cat /dev/zero', retract: 'cat /dev/zero' }),
  'a digest that was not sent': obliging({ upload: `echo "cpanel-edge: ok running digest=${OTHER}"` }),
  'another digest at confirm': obliging(),
  'another digest at confirm, and then the right one': obliging({
    outcome: 'echo "cpanel-edge: ok confirmed digest=$(cat /run/cpanel-edge/lie)"',
  }),
  'ok to everything': '#!/bin/sh\necho "cpanel-edge: ok $1 protocol=999"\n',
  'the same ok to everything': '#!/bin/sh\necho "cpanel-edge: ok confirmed protocol=999"\n',
  'a result before its last line': obliging({
    confirm: 'echo "cpanel-edge: ok confirmed digest=$(cat /run/cpanel-edge/lie)"; echo EVIL',
  }),
  'sections twice, and a result inside': obliging({
    read: 'echo "cpanel-edge: section ruleset"; echo "|cpanel-edge: ok read"; echo "cpanel-edge: section ruleset"',
  }),
  "ssh's own words": obliging({
    arm: 'echo "EVIL Host key verification failed." >&2; exit 3',
    status: 'echo "Host key verification failed." >&2; exit 3',
  }),
  'words that are properties': obliging({
    upload: 'echo "cpanel-edge: refused __proto__ constructor=x"',
    retract: 'echo "cpanel-edge: refused __proto__"',
  }),
};

const folder = temporaryFolder();
const withDevice = describeWhere(canHaveDevice, 'a hostile device', 'root on Linux');

withDevice('a hostile device', () => {
  let device: TestDevice;
  beforeAll(async () => void (device = await TestDevice.start(folder)));
  afterAll(() => device.stop());

  const put = (program: string): string => device.run('cat >/usr/local/sbin/cpanel-edge-device', program);
  const release = releaseOf({ text: tableText(1001), rollbackSeconds: 1 });
  const said: string[] = [];
  const world = (remote: Remote, parts: Partial<DeliveryContext> = {}): DeliveryContext =>
    worldOf(remote, { say: (line) => void said.push(line), wait: () => sleep(5), ...parts });
  const over = <T>(use: (remote: Remote) => Promise<T>): Promise<T> => useSsh(device.connection(), process.env, use);
  /** Returns all text that a person reads. */
  const harmless = (text: string): void => {
    expect(CONTROL.exec(text)?.index).toBeUndefined();
    expect(text).not.toMatch(/^\s*(EVIL|cpanel-edge: )/m);
    expect(text.length).toBeLessThan(40_000);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThan(2500);
  };

  test.each(drawCases(Object.entries(HOSTILE), 4))(
    '%s: no delivery, and no terminal control sequence in the output',
    async (_, program) => {
      device.run(`mkdir -p /run/cpanel-edge; echo ${release.digest} >/run/cpanel-edge/lie`);
      put(program);
      said.length = 0;
      const delivered = await over((remote) => deliver(release, loadAgent(), world(remote)));
      const retracted = await over((remote) =>
        removeOwner(
          { device: 'gw', owner: 'web', role: 'gateway', connection: remote.connection },
          loadAgent(),
          world(remote),
        ),
      );
      expect([delivered.delivered, retracted.delivered]).toEqual([false, false]);
      harmless([...said, ...delivered.paragraph, ...retracted.paragraph].join('\n'));
      for (const ask of [() => over(askStatus), () => over((remote) => acceptEdits(remote, '0'.repeat(64)))]) {
        const answer = await ask().then(
          (seen) => (typeof seen === 'string' ? seen : seen.owners.flatMap((one) => Object.values(one)).join('\n')),
          (error: Error) => error.message,
        );
        harmless(answer);
      }
      expect(device.run('nft list ruleset')).toBe('');
    },
  );

  test('a claimed confirmation after a failed proof is no success', async () => {
    device.run(`echo ${release.digest} >/run/cpanel-edge/lie`);
    put(obliging({ outcome: 'echo "cpanel-edge: ok confirmed digest=$(cat /run/cpanel-edge/lie)"' }));
    const refusing = { verifyLive: () => ({ refusals: ['more is open'], reports: [] }) };
    const outcome = await over((remote) => deliver(release, loadAgent(), world(remote, refusing)));
    expect(outcome.delivered).toBe(false);
    expect(outcome.paragraph.join('\n')).toMatch(
      /driver\/not-proven[^]*says that it confirmed, which is not what it was told/,
    );
  });

  test('the real proof rejects an empty ruleset', async () => {
    put(obliging({ confirm: 'echo "cpanel-edge: ok confirmed digest=$(cat /run/cpanel-edge/lie)"' }));
    const outcome = await over((remote) =>
      deliver(release, loadAgent(), world(remote, { verifyLive, compareAssumedFacts })),
    );
    expect(outcome.delivered).toBe(false);
  });

  test.each(
    drawCases(
      [
        ['short lines', "yes '|'"],
        ['long lines', 'yes "|$(head -c 100000 /dev/zero | tr "\\0" x)"'],
        ['NUL', 'cat /dev/zero'],
        // These alone are read to their end: more of them than the allowed memory.
        ['errors', 'yes EVIL | head -c 800000000 >&2'],
      ],
      1,
    ),
  )('%s without end take bounded memory and end', (_, flood) => {
    put(obliging({ status: `timeout 20 sh -c ${quoteWord(flood)}` }));
    const file = join(folder, 'connection.json');
    const measure = join(folder, 'measure.js');
    writeFileSync(file, JSON.stringify({ ...device.connection(), userConfiguration: undefined }));
    writeFileSync(
      measure,
      `process.on('exit', () => require('fs').writeFileSync(${JSON.stringify(join(folder, 'peak'))}, String(process.resourceUsage().maxRSS)));`,
    );
    const argv = [
      '-r',
      measure,
      '-r',
      './scripts/typescript/register.js',
      'cli/main.ts',
      'verify',
      '--connection',
      file,
    ];
    const { status, stdout, stderr } = spawnSync(process.execPath, argv, {
      cwd: join(__dirname, '../..'),
      encoding: 'utf8',
      timeout: 240_000,
    });
    expect(status).not.toBe(0);
    harmless(stdout + stderr);
    expect(Number(readFileSync(join(folder, 'peak'), 'utf8'))).toBeLessThan(600 * 1024);
  });
});

describe('an answer that is hostile', () => {
  /** Runs a removal on a device with this answer. */
  const retracted = (text: string, asked: () => void = () => undefined): Promise<OrderOutcome> => {
    const remote: Remote = {
      connection: connectionOf(),
      run: ([word]) => {
        if (word === 'retract') asked();
        return Promise.resolve(parseAnswer(word === 'retract' ? text : 'cpanel-edge: ok protocol=999\n', '', 0));
      },
      script: () => Promise.reject(new Error('nothing is installed here')),
    };
    const quiet = {
      ownerToken: 'a',
      token: freshToken(),
      signal: new AbortController().signal,
      say: () => undefined,
      step: () => undefined,
    };
    const order = { device: 'gw', owner: 'web', role: 'gateway', connection: remote.connection } as const;
    return removeOwner(order, loadAgent(), { ...quiet, remote, wait: () => Promise.resolve() });
  };

  test('waits for a slow device no longer than for a quick one', async () => {
    let asked = 0;
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => asked * 100_000);
    const outcome = await retracted('cpanel-edge: refused busy holder=gateway-x\n', () => (asked += 1));
    clock.mockRestore();
    expect(outcome.delivered).toBe(false);
    expect(asked).toBeLessThanOrEqual(4);
  });

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', '-', '....', 'a'.repeat(1900)])(
    'the word %s has no meaning',
    async (word) => {
      const { delivered, paragraph } = await retracted(`cpanel-edge: refused ${word}\n`);
      expect(delivered).toBe(false);
      expect(paragraph[0]).toMatch(/^device\/[a-z-]{1,40} at web on gw: The agent refused with/);
      expect(paragraph[0]!.length).toBeLessThan(1000);
    },
  );
});
