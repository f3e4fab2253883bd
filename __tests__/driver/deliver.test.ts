import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Outcome, deliver } from '../../driver/deliver';
import { look } from '../../driver/look';
import { deviceProgram } from '../../driver/program';
import { retract } from '../../driver/retract';
import { Remote, withSsh } from '../../driver/ssh';
import { World } from '../../driver/steps';
import { connectWitnesses } from '../../driver/witnesses';
import { Connection, Release } from '../../lib/delivering/release';
import { TestDevice, canHaveDevice } from '../device/machine';
import { freshToken, tableText } from '../device/stream';
import { releaseOf } from './samples';
import { eventually } from './eventually';
import { describeWhere } from '../where-possible';

const withDevice = describeWhere(canHaveDevice, 'deliveries to a device', 'root on Linux');

// Many connections each, on a machine that may be busy.
jest.setTimeout(60_000);

withDevice('a delivery', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cpanel-edge-test-'));
  let device: TestDevice;
  beforeAll(async () => void (device = await TestDevice.start(folder, false)), 30_000);
  afterAll(() => {
    device.stop();
    rmSync(folder, { recursive: true });
  });

  const said: string[] = [];
  type Parts = Partial<World> & { readonly wrap?: (remote: Remote) => Remote; readonly connection?: Connection };

  function world(parts: Parts, remote: Remote): World {
    return {
      remote: parts.wrap ? parts.wrap(remote) : remote,
      lease: 'lease-1',
      token: freshToken(),
      prove: () => ({ refusals: [], reports: [] }),
      closing: () => '',
      assumed: () => ({ refusals: [], reports: [] }),
      witness: () => Promise.resolve([]),
      stop: new AbortController().signal,
      say: (line) => void said.push(line),
      step: () => undefined,
      wait: () => sleep(100),
      ...parts,
    };
  }

  const delivered = (release: Release, parts: Parts = {}): Promise<Outcome> => {
    said.length = 0;
    return withSsh(parts.connection ?? device.connection(), process.env, (remote) =>
      deliver(release, deviceProgram(), world(parts, remote)),
    );
  };
  const release = (port: number, parts: Partial<Release> = {}): Release =>
    releaseOf({ text: tableText(port), rollbackSeconds: 30, ...parts });
  const ports = (): readonly string[] => [...device.run('nft list ruleset').matchAll(/tcp dport (\d+) drop/g)].map(([, port]) => port!);
  const retracted = (): Promise<Outcome> =>
    withSsh(device.connection(), process.env, (remote) =>
      retract({ device: 'gw', owner: 'web', role: 'gateway', connection: remote.connection }, deviceProgram(), world({}, remote)),
    );
  afterEach(async () => void (await retracted()));

  test('installs its program as root, delivers, and says so once more without loading', async () => {
    const first = await delivered(release(1001));
    expect(said[0]).toBe('installing the device program');
    expect(first).toEqual({
      delivered: true,
      paragraph: [
        expect.stringMatching(
          /^gw runs release [0-9a-f]{12} of web: proven over a new connection, confirmed, and stored for the next start\.$/,
        ),
        '  On the device: this release, now and after every restart.',
        '  In Terraform: the release is recorded; what it replaces goes from the state without touching the device.',
        '  Next: nothing.',
      ],
    });
    expect(device.run('stat -c %a:%u /usr/local/sbin/cpanel-edge-device').trim()).toBe('755:0');
    const again = await delivered(release(1001));
    expect(again.paragraph[0]).toMatch(/already runs release/);
    expect(ports()).toEqual(['1001']);
    const seen = await withSsh(device.connection(), process.env, look);
    expect(seen.owners).toEqual([
      expect.objectContaining({ owner: 'web', role: 'gateway', lease: 'lease-1', armed: 'none', rules: 'as-loaded' }),
    ]);
    expect(seen.ruleset).toContain('table inet cpanel_edge_web');
    expect(seen.facts.forwarding.ip).toBe(true);
  });

  test('an older program is replaced by root, a newer one is not', async () => {
    const { text, protocol } = deviceProgram();
    const put = (number: number): void => {
      device.run('cat >/usr/local/sbin/cpanel-edge-device', text.replace(/^PROTOCOL=\d+$/m, `PROTOCOL=${number}`));
    };
    put(protocol + 1);
    expect((await delivered(release(1001))).delivered).toBe(true);
    expect(device.program('protocol')).toBe(`cpanel-edge: ok protocol=${protocol + 1}`);
    put(protocol - 1);
    expect((await delivered(release(1002))).delivered).toBe(true);
    expect(said[0]).toBe(`updating the device program, protocol ${protocol - 1} to ${protocol}`);
    expect(device.program('protocol')).toBe(`cpanel-edge: ok protocol=${protocol}`);
  });

  test('what is not proven is undone, and the operator reads why and what runs', async () => {
    await delivered(release(1001));
    const outcome = await delivered(release(1002), {
      prove: (_, ruleset) => ({ refusals: [`more is open: ${/dport \d+/.exec(ruleset)?.[0]}`], reports: ['a ban list'] }),
    });
    expect(said).toContain('a ban list');
    expect(outcome.delivered).toBe(false);
    expect(outcome.paragraph.join('\n')).toMatch(
      /^driver\/not-proven at web on gw: more is open: dport 1002\n {2}instead: [^\n]+\nRelease [0-9a-f]{12} of web on gw was not delivered\.\n {2}On the device: release [0-9a-f]{12} again: the new one was undone\.\n {2}In Terraform: this apply fails; the new release is tainted, /,
    );
    expect(ports()).toEqual(['1001']);
  });

  test('what runs already is proven again, and stays as it is where it is not', async () => {
    await delivered(release(1001));
    const outcome = await delivered(release(1001), {
      prove: (_, ruleset) => ({ refusals: [`more is open: ${/dport \d+/.exec(ruleset)?.[0]}`], reports: ['a ban list'] }),
    });
    expect(said).toContain('a ban list');
    expect(outcome.delivered).toBe(false);
    expect(outcome.paragraph.join('\n')).toMatch(
      /^driver\/not-proven at web on gw: more is open: dport 1001\n[^]*On the device: this release, confirmed by an earlier apply\. Nothing was loaded and nothing was undone/,
    );
    const other = await delivered(release(1001), { assumed: () => ({ refusals: ['has no lan0'], reports: [] }) });
    expect(other.paragraph[0]).toMatch(/^driver\/facts-differ at web on gw: has no lan0/);
    expect(ports()).toEqual(['1001']);
  });

  test('facts that differ refuse before anything is loaded', async () => {
    const outcome = await delivered(release(1001), {
      assumed: (_, { addresses }) => ({ refusals: [`has ${/203\S+/.exec(addresses)?.[0]}`], reports: [] }),
    });
    expect(outcome.paragraph.join('\n')).toMatch(/driver\/facts-differ at web on gw: has 203\.0\.113\.1\/24[^]*nothing was loaded/);
    expect(device.run('nft list ruleset')).toBe('');
  });

  test('the answer to confirm is lost: the device is asked what it decided', async () => {
    let lost = 0;
    const outcome = await delivered(release(1001), {
      wrap: (remote) => ({
        ...remote,
        run: async (words, options) => {
          const answer = await remote.run(words, options);
          if (words[0] !== 'confirm' || lost > 0) return answer;
          lost += 1;
          return { sections: new Map(), said: ['Connection reset by peer'], status: 255 };
        },
      }),
    });
    expect([outcome.delivered, lost]).toEqual([true, 1]);
    expect(ports()).toEqual(['1001']);
  });

  test('the answer to the upload is lost: the device is told to wait no longer', async () => {
    const outcome = await delivered(release(1001), {
      wrap: (remote) => ({
        ...remote,
        run: async (words, options) => {
          const answer = await remote.run(words, options);
          return words[0] === 'upload' ? { sections: new Map(), said: ['Connection reset by peer'], status: 255 } : answer;
        },
      }),
    });
    expect(outcome.paragraph.join('\n')).toMatch(/driver\/unreachable[^]*nothing was loaded/);
    expect(device.run('cat /run/cpanel-edge/delivering 2>/dev/null; find /etc/cpanel-edge -name "offered-*"')).toBe('');
  });

  test('a line that dies at the yes and stays dead is asked no longer than the device takes to decide', async () => {
    const pauses: string[] = [];
    let step = '';
    const outcome = await delivered(release(1001, { rollbackSeconds: 1 }), {
      step: (name) => void (step = name),
      wait: async () => void pauses.push(step),
      wrap: (remote) => ({
        ...remote,
        run: (words, options) =>
          ['confirm', 'rollback'].includes(words[0]!)
            ? Promise.resolve({ sections: new Map(), said: ['Connection timed out'], status: 255 })
            : remote.run(words, options),
      }),
    });
    expect(outcome.paragraph.join('\n')).toMatch(/On the device: not known: it was told to confirm/);
    // Of the 63 s from loading on, each pause says two. Afterwards it is asked to undo once, and not for as long again.
    expect(pauses.length).toBeLessThanOrEqual(33);
    expect(pauses).not.toContain('rollback');
  });

  test('the line dies after loading: the timer undoes it, and that is what is said', async () => {
    await delivered(release(1001));
    const outcome = await delivered(release(1002, { rollbackSeconds: 1 }), {
      wait: () => sleep(20),
      wrap: (remote) => ({
        ...remote,
        run: (words, options) =>
          ['read', 'rollback'].includes(words[0]!)
            ? Promise.resolve({ sections: new Map(), said: ['Connection timed out'], status: 255 })
            : remote.run(words, options),
      }),
    });
    expect(outcome.paragraph.join('\n')).toMatch(
      /driver\/unreachable[^]*On the device: not known: it does not answer\. Its own timer undoes the release 1 s after loading; it was never told to confirm\./,
    );
    expect(await eventually(() => ports().join() === '1001')).toBe(true);
  });

  test('nobody hears it any more: what is loaded is undone, and the yes is never sent', async () => {
    await delivered(release(1001));
    const stop = new AbortController();
    const sentWords: string[] = [];
    const outcome = await delivered(release(1002), {
      stop: stop.signal,
      wrap: (remote) => ({ ...remote, run: (words, options) => (sentWords.push(words[0]!), remote.run(words, options)) }),
      prove: () => {
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
  ])('nobody hears it any more while it says yes: a yes %s', async (_, arrives, runs) => {
    await delivered(release(1001));
    const stop = new AbortController();
    const outcome = await delivered(release(1002), {
      stop: stop.signal,
      wrap: (remote) => ({
        ...remote,
        run: async (words, options) => {
          if (words[0] !== 'confirm') return remote.run(words, options);
          if (arrives) await remote.run(words);
          stop.abort();
          return remote.run(words, options);
        },
      }),
    });
    expect(outcome.delivered).toBe(arrives);
    expect(ports()).toEqual(runs);
  });

  test('a delivery that holds the device is waited for by name', async () => {
    device.run(`echo "0123456789abcdef gateway-other $(cut -d . -f 1 /proc/uptime)" >/run/cpanel-edge/delivering`);
    // It leaves while it is waited for, however long the connections take.
    const leaves = (): Promise<void> => (device.run('rm -f /run/cpanel-edge/delivering'), sleep(100));
    expect((await delivered(release(1001), { wait: leaves })).delivered).toBe(true);
    expect(said).toContain('gateway-other is being delivered on the device: waiting up to 5 minutes for it');
  });

  test('a witness whose source is this runner is really connected', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    const witness = (to: number) => ({ arrives: 'wan0', from: '127.0.0.1', to: '127.0.0.1', protocol: 'tcp', port: to }) as const;
    const elsewhere = { ...witness(1), from: '198.51.100.1' };
    expect((await delivered(release(1001, { witnesses: [witness(port), elsewhere] }), { witness: connectWitnesses })).delivered).toBe(true);
    server.close();
    const outcome = await delivered(release(1002, { witnesses: [witness(port)] }), { witness: connectWitnesses });
    expect(outcome.paragraph[0]).toContain(`127.0.0.1 could not connect to 127.0.0.1 port ${port}`);
    expect(ports()).toEqual(['1001']);
  });

  test('a device that lies, floods or talks in escapes is no success', async () => {
    const liar = (text: string): Promise<Outcome> => {
      const kept = device.run('cat /usr/local/sbin/cpanel-edge-device');
      const put = (program: string): string => device.run('cat >/usr/local/sbin/cpanel-edge-device', program);
      put(`#!/bin/sh\n${text}\n`);
      return delivered(release(1001)).finally(() => put(kept));
    };
    const flood = await liar('yes | tr -d "\\n"');
    expect(flood.paragraph[0]).toMatch(/said more than any ruleset has/);
    const escapes = await liar('printf "cpanel-edge: ok protocol=999\\n\\033[2J\\033]0;x\\007" >&2; exit 3');
    expect(escapes.paragraph.join('\n')).toMatch(/driver\/no-result/);
    // eslint-disable-next-line no-control-regex -- they are what must not come through
    expect(escapes.paragraph.join('')).not.toMatch(/[\u0000-\u001f]/);
    const yesman = await liar('echo "cpanel-edge: ok protocol=999"');
    expect(yesman.delivered).toBe(false);
  });

  test('retract takes everything away, and twice is once', async () => {
    await delivered(release(1001));
    expect((await retracted()).paragraph).toContain('web is retracted from gw: rules and addresses that it brought are gone.');
    expect((await retracted()).delivered).toBe(true);
    expect(device.run('nft list ruleset')).toBe('');
  });
});
