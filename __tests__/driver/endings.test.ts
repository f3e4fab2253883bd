import { readAnswer } from '../../driver/answer';
import { Outcome, deliver } from '../../driver/deliver';
import { deviceProgram } from '../../driver/program';
import { Project } from '../../driver/project';
import { WORDS } from '../../driver/refused';
import { retract } from '../../driver/retract';
import { Remote } from '../../driver/ssh';
import { World } from '../../driver/steps';
import { connectionOf, releaseOf } from './samples';

// What the operator reads after each ending, word by word: a device that answers as told stands in for a real one.

const release = releaseOf({ rollbackSeconds: 10 });
const short = release.digest.slice(0, 12);
const former = 'f'.repeat(64);
const project: Project = {
  ...{
    folder: '/srv/edge',
    edge: 'npx cpanel-edge',
    stack: 'cdktf.out/stacks/production',
    terraform: 'terraform -chdir=cdktf.out/stacks/production',
  },
  ...{ apply: 'npx cdktf deploy production', destroy: 'npx cdktf destroy production' },
};
const VERIFY = 'npx cpanel-edge verify gw --stack cdktf.out/stacks/production';
const TAINTED =
  '  In Terraform: this apply fails; the new release is tainted, the former one, if there was one, is kept as deposed, and the holder with its lease stays.';

type Says = string | undefined | ((times: number) => string | undefined);
const GOOD: Readonly<Record<string, Says>> = {
  protocol: `ok protocol=${deviceProgram().protocol}`,
  upload: `ok uploaded digest=${release.digest}`,
  check: 'ok checked rules=none',
  arm: 'ok armed seconds=10',
  read: 'ok read',
  confirm: `ok confirmed digest=${release.digest}`,
  rollback: `ok rolled-back digest=${former} from=armed`,
  retract: 'ok retracted left=nothing',
  outcome: `ok confirmed digest=${release.digest}`,
  status: (times) => statusOf(times === 1 ? {} : { digest: release.digest }),
};

/** A line per owner, and one for each release that ran. */
function statusOf(parts: Readonly<Record<string, string>>, ran: readonly string[] = [], boot = 'as-written'): string {
  const line = {
    ...{ owner: 'web', role: 'gateway', digest: former, lease: 'lease-1', armed: 'none', rules: 'as-loaded', fingerprint: 'f' },
    ...{ state: 'confirmed', seconds: 'none', tried: 'none', ...(boot === '' ? {} : { boot, runs: 'release' }) },
    ...{ made: '1763712000', runner: 'ci@one', ...parts },
  };
  const words = Object.entries(line).map(([name, value]) => `${name}=${value}`);
  return `ok status protocol=6 armed=no\n|${[words.join(' '), ...ran.map((one) => `${one} of=gateway-web`)].join('\n|')}`;
}

/** Undefined: the line is dead. */
function device(says: Readonly<Record<string, Says>>): Remote {
  const times = new Map<string, number>();
  return {
    connection: connectionOf(),
    run: ([word]) => {
      const count = (times.get(word!) ?? 0) + 1;
      times.set(word!, count);
      const said = { ...GOOD, ...says }[word!];
      const line = typeof said === 'function' ? said(count) : said;
      return Promise.resolve(line === undefined ? readAnswer('', 'Connection timed out\n', 255) : readAnswer(answered(line), '', 0));
    },
    script: () => Promise.reject(new Error('nothing is installed here')),
  };
}

/** The result comes last. */
function answered(line: string): string {
  const [result = '', ...payload] = line.split('\n');
  return [...payload, `cpanel-edge: ${result}`, ''].join('\n');
}

const world = (remote: Remote, parts: Partial<World> = {}): World => ({
  ...{ remote, lease: 'lease-1', token: 'abcdefabcdefabcd', project },
  prove: () => ({ refusals: [], reports: [] }),
  closing: () => '',
  assumed: () => ({ refusals: [], reports: [] }),
  witness: () => Promise.resolve([]),
  stop: new AbortController().signal,
  say: () => undefined,
  step: () => undefined,
  wait: () => Promise.resolve(),
  ...parts,
});

const ending = async (says: Readonly<Record<string, Says>>, parts: Partial<World> = {}): Promise<Outcome> =>
  deliver(release, deviceProgram(), world(device(says), parts));
const refuses = { prove: () => ({ refusals: ['tcp 25 is open'], reports: [] }) };
const block = (outcome: Outcome): readonly string[] => outcome.paragraph.slice(-4);
const again = 'once the cause above is gone: npx cdktf deploy production';

describe('a delivery ends with', () => {
  const failed = (runs: string, next: string): readonly string[] => [
    `Release ${short} of web on gw was not delivered.`,
    `  On the device: ${runs}`,
    TAINTED,
    `  Next, in /srv/edge: ${next}`,
  ];

  test('nothing loaded', async () => {
    for (const says of [
      { protocol: undefined },
      { upload: 'refused disk-full' },
      { check: 'refused syntax' },
      { check: undefined, rollback: undefined },
    ]) {
      expect(block(await ending(says))).toEqual(failed('what it ran before; nothing was loaded.', again));
    }
  });

  test('the former release again', async () => {
    for (const outcome of [await ending({}, refuses), await ending({ read: undefined }), await ending({ arm: 'refused load-failed' })])
      expect(block(outcome)).toEqual(failed('release ffffffffffff again: the new one was undone.', again));
    expect(block(await ending({ rollback: 'ok rolled-back digest=none from=armed' }, refuses))).toEqual(
      failed('nothing of web: the release was undone.', again),
    );
  });

  test('an answer to arm that is lost, and a device that undoes it a while later', async () => {
    const outcome = await ending({ arm: undefined, rollback: (times) => (times < 3 ? undefined : (GOOD['rollback'] as string)) });
    expect(block(outcome)).toEqual(failed('release ffffffffffff again: the new one was undone.', again));
    expect(outcome.paragraph[0]).toMatch(/^driver\/unreachable at root@127\.0\.0\.1:22: /);
  });

  test('a timer that was faster than the proof', async () => {
    const rollback = `ok rolled-back digest=${former} from=nothing`;
    const refused = await ending({ rollback }, refuses);
    expect(refused.paragraph[0]).toMatch(
      /^driver\/too-late at web on gw: The device had undone the release by itself .*\(10 s after loading\)/,
    );
    expect(refused.paragraph[1]).toMatch(/raise rollbackSeconds/);
    expect(block(refused)).toEqual(failed('release ffffffffffff again: the new one was undone.', again));
    const late = await ending({ rollback, confirm: 'refused not-armed' });
    expect(late.paragraph.slice(0, 2)).toEqual([
      expect.stringMatching(/^device\/not-armed at web on gw: The device had undone the release before it was told to keep it/),
      expect.stringMatching(/raise rollbackSeconds/),
    ]);
    // Who undid it is not known where an answer was lost.
    const unknown = await ending({ rollback: (times) => (times === 1 ? undefined : rollback) }, refuses);
    expect(unknown.paragraph[0]).toMatch(/^driver\/not-proven/);
  });

  test('an undoing that does not come to its end', async () => {
    expect(block(await ending({ rollback: 'failed rollback-incomplete' }, refuses))).toEqual(
      failed(
        'it began to undo the release and could not finish ("rollback-incomplete"), so the new rules may still run. It tries again at its timer (10 s after loading), before the next delivery and when it restarts.',
        `make room on its disk and look at its log, then: npx cdktf deploy production (a restart of the device undoes it, too). What it runs: ${VERIFY}`,
      ),
    );
  });

  test('a device that does not answer any more, before and after the yes', async () => {
    const silent = { rollback: undefined, outcome: undefined };
    expect(block(await ending({ ...silent, read: undefined }))).toEqual(
      failed(
        'not known: it does not answer. Its own timer undoes the release 10 s after loading; it was never told to confirm.',
        `ask it: ${VERIFY}; ${again}`,
      ),
    );
    expect(block(await ending({ ...silent, confirm: undefined }))).toEqual(
      failed(
        'not known: it was told to confirm and its answer did not come. It runs either this release for good, or what it ran before; its timer has decided by 10 s after loading.',
        `ask it: ${VERIFY}; then: npx cdktf deploy production (it loads nothing where the release runs already)`,
      ),
    );
  });

  test('a yes whose answer was lost, and which the device remembers', async () => {
    for (const says of [
      { confirm: (times: number) => (times === 1 ? undefined : (GOOD['confirm'] as string)) },
      { confirm: 'refused busy holder=another-command', rollback: 'refused already-confirmed' },
    ]) {
      const outcome = await ending(says);
      expect([outcome.delivered, outcome.paragraph]).toEqual([
        true,
        [
          `gw runs release ${short} of web: proven over a new connection, confirmed, and stored for the next start.`,
          '  On the device: this release, now and after every restart. It took the place of release ffffffffffff, made 2025-11-21 08:00 UTC by ci@one.',
          '  In Terraform: the release is recorded; what it replaces goes from the state without touching the device.',
          '  Next: nothing.',
        ],
      ]);
    }
  });

  const RUNS = { digest: release.digest, made: '1763712600', runner: 'ci@two' };
  const reached = async (before: string | undefined, after: string | undefined, parts: Partial<World> = {}) => {
    const heard: string[] = [];
    const { delivered, paragraph } = await ending(
      { status: (times) => (times === 1 ? before : after) },
      { say: (line) => void heard.push(line), ...parts },
    );
    return { delivered, heard: heard.join('\n'), runs: paragraph[1]!.replace('  On the device: ', ''), next: paragraph[3]! };
  };

  test.each<[string, string | undefined, RegExp]>([
    [
      'a program that does not say what a restart brings',
      statusOf(RUNS, [], ''),
      /^this release, now; what a restart brings was not looked at: its program does not say it/,
    ],
    [
      'a device that does not answer any more',
      undefined,
      /^this release, now; what a restart brings was not looked at: it did not answer any more\./,
    ],
  ])('%s: nothing is said of every restart', async (_, after, says) => {
    const { delivered, runs, next } = await reached(statusOf({}), after);
    expect([delivered, next]).toEqual([true, '  Next: nothing.']);
    expect(runs).toMatch(says);
    expect(runs).not.toContain('every restart');
  });

  test('units that were not as written: what it mended', async () => {
    const { runs } = await reached(statusOf({}, [], 'unit-disabled,drop-in-missing'), statusOf(RUNS));
    expect(runs).toMatch(/^this release, now and after every restart\. Mended: .* is disabled: .*; .*cpanel-edge\.conf is gone: /);
  });

  test('units that it could not mend: no "after every restart", and a line to go on with', async () => {
    const { runs, next } = await reached(statusOf({}, [], 'unit-masked,drop-in-missing'), statusOf(RUNS, [], 'unit-masked'));
    expect(runs).toMatch(/^this release, now, and perhaps not after a restart: .* is masked: .*\. Mended: .*cpanel-edge\.conf is gone: /);
    expect(runs).not.toContain('every restart');
    expect(next).toBe(`  Next, in /srv/edge: look at these on the device, then ask it: ${VERIFY}`);
  });

  test("others' rules that close to most what it opens: not nothing to do", async () => {
    const narrower = ['from the internet by wan0: tcp 443 would not pass; chain INPUT of table ip filter has policy drop'];
    const { delivered, runs, next } = await reached(statusOf({}), statusOf(RUNS), {
      prove: () => ({ refusals: [], reports: narrower, narrower }),
    });
    expect(delivered).toBe(true);
    expect(runs).toMatch(
      /Others' rules close to most what it opens, as said above: from the internet by wan0: tcp 443 .* table ip filter has policy drop/,
    );
    expect(next).toMatch(/^ {2}Next, in \/srv\/edge: what closes these ports is another firewall's/);
  });

  test('what it takes the place of is said before anything is sent, and who made it', async () => {
    const { heard, runs } = await reached(statusOf({}, [`ran=${former} made=1763712000 runner=ci@one`]), statusOf(RUNS));
    expect(heard).toMatch(/^gw runs release ffffffffffff, made 2025-11-21 08:00 UTC by ci@one; this delivery takes its place$/m);
    expect(heard).not.toContain('goes back');
    expect(runs).toMatch(/It took the place of release ffffffffffff, made 2025-11-21 08:00 UTC by ci@one\.$/);
  });

  test('a release that ran before and was replaced since: a plan of an older state, or a revert', async () => {
    const ran = [release.digest, 'e'.repeat(64), former].map(
      (digest, at) => `ran=${digest} made=${1_763_712_000 + at * 60} runner=ci@${at}`,
    );
    const { heard } = await reached(statusOf({}, ran), statusOf(RUNS));
    expect(heard).toMatch(
      new RegExp(
        `^this goes back: the device ran release ${short}, made 2025-11-21 08:00 UTC by ci@0 before, and since then 2 others, first release eeeeeeeeeeee, made 2025-11-21 08:01 UTC by ci@1\\.$`,
        'm',
      ),
    );
    expect(heard).toMatch(/older state or another checkout: interrupt it now/);
  });

  test('what runs already goes nowhere, whatever ran since', async () => {
    const ran = [release.digest, former, release.digest].map((digest) => `ran=${digest} made=none runner=none`);
    const heard: string[] = [];
    await ending({ status: statusOf(RUNS, ran), upload: `ok running digest=${release.digest}` }, { say: (line) => void heard.push(line) });
    expect(heard.join('\n')).not.toMatch(/goes back|takes its place/);
  });

  test('a yes that nobody said', async () => {
    const outcome = await ending({ rollback: 'refused already-confirmed' }, refuses);
    expect([outcome.delivered, block(outcome)[1]]).toEqual([
      false,
      expect.stringMatching(/it says that it confirmed, which is not what it was told/),
    ]);
  });

  test('a release that runs and is not proven any more', async () => {
    expect(block(await ending({ upload: `ok running digest=${release.digest}` }, refuses))).toEqual(
      failed(
        'this release, confirmed by an earlier apply. Nothing was loaded and nothing was undone: what is said above holds now.',
        again,
      ),
    );
  });

  test('the exact line for a lease of another state and for edits', async () => {
    const [, foreign] = (await ending({ check: 'refused foreign-lease lease=0f6c-1' })).paragraph;
    expect(foreign).toContain("write adopt: '0f6c-1' on the gateway or server and apply;");
    expect(foreign).toContain('npx cpanel-edge forget gw --owner web --lease 0f6c-1 --stack cdktf.out/stacks/production;');
    const [, edited] = (await ending({ check: `refused edited fingerprint=${former}` })).paragraph;
    expect(edited).toContain(`npx cpanel-edge accept gw ${former} --stack cdktf.out/stacks/production, then apply again`);
  });
});

describe('a retract ends with', () => {
  const order = { device: 'gw', owner: 'web', role: 'gateway', connection: connectionOf() } as const;
  const retracted = (says: Readonly<Record<string, Says>>): Promise<Outcome> => retract(order, deviceProgram(), world(device(says)));

  test.each([
    ['nothing', '  On the device: nothing of web, now and after every restart.', /Next: nothing\.$/],
    [
      'closed',
      '  On the device: the rules of its last release, now and after every restart. They belong to nobody.',
      /deliver web again with onRetract: 'as before'/,
    ],
    [
      'rules',
      '  On the device: these rules, open ports included, now and after every restart. They belong to nobody.',
      /look at them: npx cpanel-edge verify gw/,
    ],
  ])('%s left', async (left, runs, next) => {
    const { delivered, paragraph } = await retracted({ retract: `ok retracted left=${left}`, status: statusOf({ state: 'kept' }) });
    expect([delivered, paragraph[1], paragraph[2]]).toEqual([
      true,
      runs,
      '  In Terraform: it forgets the holder of web on gw and its lease.',
    ]);
    expect(paragraph[3]).toMatch(next);
  });

  test.each([
    ['a device that does not say it', statusOf({ state: 'kept' }, [], ''), /now; what a restart brings was not looked at: its program/],
    ['a device that is silent', undefined, /now; what a restart brings was not looked at: it did not answer/],
    ['a unit that is disabled', statusOf({ state: 'kept' }, [], 'unit-disabled'), /now, and perhaps not after a restart: .* is disabled/],
  ])('rules that stay on %s: nothing is said of every restart', async (_, status, says) => {
    const { paragraph } = await retracted({ retract: 'ok retracted left=closed', status });
    expect(paragraph[1]).toMatch(says);
    expect(paragraph[1]).not.toContain('every restart');
  });

  test('a device that was not reached, one that refuses, and one that was told and is silent', async () => {
    const kept = 'what it ran before: what it opens stays open.';
    const unknown = /not known: it was told to retract and did not say that it did\. It runs the last release, or nothing of it any more/;
    for (const [says, runs] of [
      [{ protocol: undefined }, kept],
      [{ retract: undefined }, unknown],
      [{ retract: 'failed retract-incomplete' }, unknown],
    ] as const) {
      const { delivered, paragraph } = await retracted(says);
      expect(delivered).toBe(false);
      expect(block({ delivered, paragraph })).toEqual([
        'web on gw was not retracted.',
        runs === kept ? `  On the device: ${kept}` : expect.stringMatching(unknown),
        '  In Terraform: it keeps the holder, and with it the lease, in the state. The next run retracts again, and twice is once.',
        `  Next, in /srv/edge: once the cause above is gone: npx cdktf deploy production. If the device is gone for ever: CPANEL_EDGE_FORGET=gw/web npx cdktf deploy production. What the device runs: ${VERIFY}`,
      ]);
    }
  });
});

test('a lease of another state is neither taken away nor kept in a state that can not have it', async () => {
  const order = { device: 'gw', owner: 'web', role: 'gateway', connection: connectionOf() } as const;
  const away = 'npx cpanel-edge retract gw --owner web --lease 0f6c --role gateway --stack cdktf.out/stacks/production';
  const said = async (byHand: boolean): Promise<string | undefined> => {
    const remote = device({ retract: 'refused foreign-lease lease=0f6c' });
    return (await retract(order, deviceProgram(), { ...world(remote), byHand })).paragraph.at(-1);
  };
  expect(await said(false)).toBe(
    `  Next, in /srv/edge: if the other state keeps it, let this one forget its own holder: CPANEL_EDGE_FORGET=gw/web npx cdktf deploy production; to take it away all the same, under the lease that the device names: ${away}. What the device runs: ${VERIFY}`,
  );
  expect(await said(true)).toBe(
    `  Next, in /srv/edge: to take it away all the same, under the lease that the device names: ${away}. What the device runs: ${VERIFY}`,
  );
});

test('every word that the device program refuses or fails with is explained', () => {
  const { text } = deviceProgram();
  const said = [...text.matchAll(/\b(?:refuse|fail|turn_down) "?([a-z]+(?:-[a-z]+)*)/g)].map(([, word]) => word!);
  const faults = /\nsurroundings_fault\(\) \{\n([^]*?)\n\}\n/.exec(text)![1]!;
  const words = new Set([...said, ...[...faults.matchAll(/printf '([a-z]+(?:-[a-z]+)*)[ \\]/g)].map(([, word]) => word!)]);
  // Who starts or calls what is systemd's hears these, never the driver.
  for (const unheard of ['service-not-loaded', 'not-by-sudo']) words.delete(unheard);
  expect(words.size).toBeGreaterThan(30);
  expect([...words].filter((word) => !Object.hasOwn(WORDS, word))).toEqual([]);
});
