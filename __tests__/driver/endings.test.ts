// Tests the message at the end of a delivery to a simulated device for each outcome: what the device runs, what
// Terraform's state has, and what to type next.

import { DeliveryContext } from '../../driver/delivery-steps';
import {
  GOOD,
  TAINTED,
  VERIFY,
  again,
  block,
  ending,
  former,
  release,
  refuses,
  short,
  statusOf,
} from './simulated-device';

// The whole message of each ending.

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

  test("nothing loaded, and the folder that can't be written is named with what to check", async () => {
    const { paragraph } = await ending({ arm: 'refused folder-not-writable folder=/run/cpanel-edge' });
    expect(paragraph.slice(0, 2).join(' ')).toMatch(
      /could not write to \/run\/cpanel-edge: .* make room there \(df \/run; df -i \/run\)/,
    );
  });

  test('nothing loaded, because another delivery was first', async () => {
    const lost = async (says: Parameters<typeof ending>[0], runs: string): Promise<void> =>
      expect(block(await ending(says))).toEqual(failed(`${runs}; nothing was loaded.`, again));
    await lost({ check: 'refused foreign-lease lease=lease-2' }, 'what the owner has there from the other state');
    await lost({ check: 'refused not-the-holder' }, 'what the other one leaves on it');
    await lost({ upload: 'refused busy holder=gateway-web' }, 'what the other one leaves on it');
  });

  test('the former release after a rollback', async () => {
    for (const outcome of [
      await ending({}, refuses),
      await ending({ read: undefined }),
      await ending({ arm: 'refused load-failed' }),
    ])
      expect(block(outcome)).toEqual(failed('release ffffffffffff again: the new one was rolled back.', again));
    expect(block(await ending({ rollback: 'ok rolled-back digest=none from=armed' }, refuses))).toEqual(
      failed('nothing of web: the release was rolled back.', again),
    );
  });

  test('a lost answer to arm, and a device that rolls back later', async () => {
    const outcome = await ending({
      arm: undefined,
      rollback: (times) => (times < 3 ? undefined : (GOOD['rollback'] as string)),
    });
    expect(block(outcome)).toEqual(failed('release ffffffffffff again: the new one was rolled back.', again));
    expect(outcome.paragraph[0]).toMatch(/^driver\/unreachable at root@127\.0\.0\.1:22: /);
  });

  test('a timer that ended before the proof', async () => {
    const rollback = `ok rolled-back digest=${former} from=nothing`;
    const refused = await ending({ rollback }, refuses);
    expect(refused.paragraph[0]).toMatch(
      /^driver\/too-late at web on gw: The device had rolled the release back by itself .*\(10 s after loading\)/,
    );
    expect(refused.paragraph[1]).toMatch(/raise rollbackSeconds/);
    expect(block(refused)).toEqual(failed('release ffffffffffff again: the new one was rolled back.', again));
    const late = await ending({ rollback, confirm: 'refused not-armed' });
    expect(late.paragraph.slice(0, 2)).toEqual([
      expect.stringMatching(
        /^device\/not-armed at web on gw: The release was not armed any more when it was to be confirmed/,
      ),
      expect.stringMatching(/raise rollbackSeconds/),
    ]);
    // If an answer was lost, it isn't known whether the timer or the driver rolled back.
    const unknown = await ending({ rollback: (times) => (times === 1 ? undefined : rollback) }, refuses);
    expect(unknown.paragraph[0]).toMatch(/^driver\/not-proven/);
  });

  test("a rollback that doesn't complete", async () => {
    expect(block(await ending({ rollback: 'failed rollback-incomplete' }, refuses))).toEqual(
      failed(
        'it began to roll the release back and could not finish ("rollback-incomplete"), so the new rules may still run. It tries again at its timer (10 s after loading), before the next delivery and when it restarts.',
        `look at its log for what is missing (room on its disk, an interface of its addresses), then: npx cdktf deploy production (a restart of the device rolls it back, too). What it runs: ${VERIFY}`,
      ),
    );
  });

  test('a device that stops answering, before and after the confirmation', async () => {
    const silent = { rollback: undefined, outcome: undefined };
    expect(block(await ending({ ...silent, read: undefined }))).toEqual(
      failed(
        'not known: it does not answer. Its own timer rolls the release back 10 s after loading; it was never told to confirm.',
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

  test('a confirmation whose answer was lost, and which the device remembers', async () => {
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
  const reached = async (
    before: string | undefined,
    after: string | undefined,
    parts: Partial<DeliveryContext> = {},
  ) => {
    const heard: string[] = [];
    const { delivered, paragraph } = await ending(
      { status: (times) => (times === 1 ? before : after) },
      { say: (line) => void heard.push(line), ...parts },
    );
    return {
      delivered,
      heard: heard.join('\n'),
      runs: paragraph[1]!.replace('  On the device: ', ''),
      next: paragraph[3]!,
    };
  };

  test.each<[string, string | undefined, RegExp]>([
    [
      "an agent that doesn't report what a restart loads",
      statusOf(RUNS, [], ''),
      /^this release, now; what a restart brings was not looked at: its program does not say it/,
    ],
    [
      'a device that does not answer any more',
      undefined,
      /^this release, now; what a restart brings was not looked at: it did not answer any more\./,
    ],
  ])('%s: the message claims nothing about every restart', async (_, after, says) => {
    const { delivered, runs, next } = await reached(statusOf({}), after);
    expect([delivered, next]).toEqual([true, '  Next: nothing.']);
    expect(runs).toMatch(says);
    expect(runs).not.toContain('every restart');
  });

  test.each([
    [
      'removed',
      'ok status protocol=6 armed=no',
      /^ {2}On the device: nothing of web any more: it was removed since it was confirmed\.$/,
    ],
    [
      'replaced',
      statusOf({ digest: former, made: '1763712000' }),
      /^ {2}On the device: release f{12}, made 2025-11-21 08:00 UTC by ci@one: it was delivered after this one was confirmed\.$/,
    ],
  ])('delivered, then %s before the device was asked again: the message says what runs', async (_, status, runs) => {
    const { delivered, paragraph } = await ending({ status: (times) => (times === 1 ? statusOf({}) : status) });
    expect([delivered, paragraph[0], paragraph[1]]).toEqual([
      true,
      `gw confirmed release ${short} of web, and does not run it any more.`,
      expect.stringMatching(runs),
    ]);
    expect(paragraph[3]).toMatch(
      /^ {2}Next, in \/srv\/edge: find out who did, then ask it: npx cpanel-edge verify gw /,
    );
  });

  test('units that were repaired', async () => {
    const { runs } = await reached(statusOf({}, [], 'unit-disabled,drop-in-missing'), statusOf(RUNS));
    expect(runs).toMatch(
      /^this release, now and after every restart\. Mended: .* is disabled: .*; .*cpanel-edge\.conf is gone: /,
    );
  });

  test('units that couldn\'t be repaired: no "after every restart", and a command to continue', async () => {
    const { runs, next } = await reached(
      statusOf({}, [], 'unit-masked,drop-in-missing'),
      statusOf(RUNS, [], 'unit-masked'),
    );
    expect(runs).toMatch(
      /^this release, now, and perhaps not after a restart: .* is masked: .*\. Mended: .*cpanel-edge\.conf is gone: /,
    );
    expect(runs).not.toContain('every restart');
    expect(next).toBe(`  Next, in /srv/edge: look at these on the device, then ask it: ${VERIFY}`);
  });

  test('unmanaged rules that close most of the release: a command to continue', async () => {
    const narrower = [
      'from the internet by wan0: tcp 443 would not pass; chain INPUT of table ip filter has policy drop',
    ];
    const { delivered, runs, next } = await reached(statusOf({}), statusOf(RUNS), {
      verifyLive: () => ({ refusals: [], reports: narrower, narrower }),
    });
    expect(delivered).toBe(true);
    expect(runs).toMatch(
      /Others' rules close to most what it opens, as said above: from the internet by wan0: tcp 443 .* table ip filter has policy drop/,
    );
    expect(next).toMatch(/^ {2}Next, in \/srv\/edge: what closes these ports is another firewall's/);
  });

  test('the release that is replaced, before anything is sent, and its author', async () => {
    const { heard, runs } = await reached(
      statusOf({}, [`ran=${former} made=1763712000 runner=ci@one`]),
      statusOf(RUNS),
    );
    expect(heard).toMatch(
      /^gw runs release ffffffffffff, made 2025-11-21 08:00 UTC by ci@one; this delivery takes its place$/m,
    );
    expect(heard).not.toContain('goes back');
    expect(runs).toMatch(/It took the place of release ffffffffffff, made 2025-11-21 08:00 UTC by ci@one\.$/);
  });

  test('a release that ran before and was replaced since: the plan is old, or it reverts', async () => {
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

  test("a release that runs already isn't called a return, whatever ran since", async () => {
    const ran = [release.digest, former, release.digest].map((digest) => `ran=${digest} made=none runner=none`);
    const heard: string[] = [];
    await ending(
      { status: statusOf(RUNS, ran), upload: `ok running digest=${release.digest}` },
      { say: (line) => void heard.push(line) },
    );
    expect(heard.join('\n')).not.toMatch(/goes back|takes its place/);
  });

  test("a confirmation that the driver didn't send", async () => {
    const outcome = await ending({ rollback: 'refused already-confirmed' }, refuses);
    expect([outcome.delivered, block(outcome)[1]]).toEqual([
      false,
      expect.stringMatching(/it says that it confirmed, which is not what it was told/),
    ]);
  });

  test("a running release that isn't proven any more", async () => {
    expect(block(await ending({ upload: `ok running digest=${release.digest}` }, refuses))).toEqual(
      failed(
        'this release, confirmed by an earlier apply. Nothing was loaded and nothing was rolled back: what is said above holds now.',
        again,
      ),
    );
  });

  test("the exact command for another state's owner token and for edits", async () => {
    const [, foreign] = (await ending({ check: 'refused foreign-lease lease=0f6c-1' })).paragraph;
    expect(foreign).toContain("write adopt: '0f6c-1' on the gateway or server and apply;");
    expect(foreign).toContain(
      'npx cpanel-edge forget gw --owner web --owner-token 0f6c-1 --stack cdktf.out/stacks/production;',
    );
    const [, edited] = (await ending({ check: `refused edited fingerprint=${former}` })).paragraph;
    expect(edited).toContain(
      `npx cpanel-edge accept gw ${former} --stack cdktf.out/stacks/production, then apply again`,
    );
  });
});
