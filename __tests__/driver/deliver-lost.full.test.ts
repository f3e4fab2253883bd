// Tests deliveries that lose the connection or an answer at each step: the driver asks the device what it decided, or
// reports that the timer rolls back. Runs on a test device with the real agent.

import { setTimeout as sleep } from 'node:timers/promises';
import { TestDevice, canHaveDevice } from '../agent/machine';
import { dead, deliveriesTo } from './deliveries';
import { eventually } from './eventually';
import { ending } from './simulated-device';
import { temporaryFolder } from '../temporary-folder';
import { describeWhere } from '../where-possible';

const withDevice = describeWhere(canHaveDevice, 'deliveries to a device over a line that dies', 'root on Linux');
const folder = temporaryFolder();

withDevice('a delivery whose line or runner dies', () => {
  let device: TestDevice;
  beforeAll(async () => void (device = await TestDevice.start(folder, false)));
  afterAll(() => device.stop());
  const { delivered, release, ports } = deliveriesTo(() => device);

  test('if the answer to confirm is lost, the device is asked what it decided', async () => {
    let lost = 0;
    const outcome = await delivered(release(1001), {
      line: async (remote, words, options) => {
        const answer = await remote.run(words, options);
        if (words[0] !== 'confirm' || lost > 0) return answer;
        lost += 1;
        return dead('Connection reset by peer');
      },
    });
    expect([outcome.delivered, lost]).toEqual([true, 1]);
    expect(ports()).toEqual(['1001']);
  });

  test('if the answer to the upload is lost, the device is told to stop waiting', async () => {
    const outcome = await delivered(release(1001), {
      line: async (remote, words, options) => {
        const answer = await remote.run(words, options);
        return words[0] === 'upload' ? dead('Connection reset by peer') : answer;
      },
    });
    expect(outcome.paragraph.join('\n')).toMatch(/driver\/unreachable[^]*nothing was loaded/);
    expect(device.run('cat /run/cpanel-edge/delivering 2>/dev/null; find /etc/cpanel-edge -name "offered-*"')).toBe('');
  });

  test('if the connection dies at the confirmation, the device is asked no longer than it takes to decide', async () => {
    const pauses: string[] = [];
    let step = '';
    const outcome = await delivered(release(1001, { rollbackSeconds: 1 }), {
      step: (name) => void (step = name),
      wait: async () => void pauses.push(step),
      line: async (remote, words, options) =>
        ['confirm', 'rollback'].includes(words[0]!) ? dead('Connection timed out') : remote.run(words, options),
    });
    expect(outcome.paragraph.join('\n')).toMatch(/On the device: not known: it was told to confirm/);
    // Each pause takes two of the 63 s since loading. Then the device is asked to roll back once, without waiting as
    // long again.
    expect(pauses.length).toBeLessThanOrEqual(33);
    expect(pauses).not.toContain('rollback');
  });

  test('waits for loading as long as the confirm timeout', async () => {
    let waits: number | undefined;
    await delivered(release(1001, { rollbackSeconds: 600 }), {
      line: (remote, words, options) => {
        if (words[0] === 'arm') waits = options?.seconds;
        return remote.run(words, options);
      },
    });
    expect(waits).toBeGreaterThan(600);
  });

  test('if the connection dies after loading, the timer rolls back, and the message says so', async () => {
    await delivered(release(1001));
    const outcome = await delivered(release(1002, { rollbackSeconds: 1 }), {
      wait: () => sleep(20),
      line: async (remote, words, options) =>
        ['read', 'rollback'].includes(words[0]!) ? dead('Connection timed out') : remote.run(words, options),
    });
    expect(outcome.paragraph.join('\n')).toMatch(
      /driver\/unreachable[^]*On the device: not known: it does not answer\. Its own timer rolls the release back 1 s after loading; it was never told to confirm\./,
    );
    expect(await eventually(() => ports().join() === '1001')).toBe(true);
  });

  test('an interrupted delivery is rolled back and never confirmed', async () => {
    await delivered(release(1001));
    const stop = new AbortController();
    const sentWords: string[] = [];
    const outcome = await delivered(release(1002), {
      signal: stop.signal,
      line: (remote, words, options) => (sentWords.push(words[0]!), remote.run(words, options)),
      verifyLive: () => {
        stop.abort();
        return { refusals: [], reports: [] };
      },
    });
    expect(outcome.delivered).toBe(false);
    expect(sentWords).not.toContain('confirm');
    expect(ports()).toEqual(['1001']);
  });

  test.each([
    ['before the device has it, is taken back', false, ['1001']],
    ['after the device has it, stays', true, ['1002']],
  ])('a delivery interrupted during the confirmation: a confirmation %s', async (_, arrives, runs) => {
    await delivered(release(1001));
    const stop = new AbortController();
    const outcome = await delivered(release(1002), {
      signal: stop.signal,
      line: async (remote, words, options) => {
        if (words[0] !== 'confirm') return remote.run(words, options);
        if (arrives) await remote.run(words);
        stop.abort();
        return remote.run(words, options);
      },
    });
    expect(outcome.delivered).toBe(arrives);
    expect(ports()).toEqual(runs);
  });
});

// This happens if a ban of the device blocks the operator after the rules are loaded.
test.each([
  ['after loading', { read: undefined }, 10 + 20],
  ['while it loads, which may last', { arm: undefined }, 10 + 62],
])('a device whose connection dies %s is asked until it has rolled back', async (_, dies, seconds) => {
  const pauses: string[] = [];
  let doing = '';
  const outcome = await ending(
    { ...dies, rollback: undefined },
    { step: (name, what) => void (doing = `${name}: ${what}`), wait: async () => void pauses.push(doing) },
  );
  expect(outcome.paragraph.join('\n')).toMatch(/On the device: not known/);
  expect(new Set(pauses)).toEqual(
    new Set(['rollback: waiting until the device has rolled it back by itself, 10 s after loading']),
  );
  expect(pauses).toHaveLength(seconds / 2);
});
