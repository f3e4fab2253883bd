// Tests deliveries to a test device with the real agent: differing facts, an older agent, a busy device, a health
// check, hostile answers, and the removal.

import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { OrderOutcome } from '../../driver/deliver';
import { loadAgent } from '../../driver/agent-program';
import { connectHealthChecks } from '../../driver/health-checks';
import { TestDevice, canHaveDevice } from '../agent/machine';
import { deliveriesTo } from './deliveries';
import { temporaryFolder } from '../temporary-folder';
import { describeWhere } from '../where-possible';

const withDevice = describeWhere(canHaveDevice, 'deliveries to a device', 'root on Linux');
const folder = temporaryFolder();

withDevice('a delivery', () => {
  let device: TestDevice;
  beforeAll(async () => void (device = await TestDevice.start(folder)));
  afterAll(() => device.stop());
  const { said, delivered, release, ports, retracted } = deliveriesTo(() => device);

  test('differing facts refuse a delivery before anything is loaded', async () => {
    const outcome = await delivered(release(1001), {
      compareAssumedFacts: (_, { addresses }) => ({ refusals: [`has ${/203\S+/.exec(addresses)?.[0]}`], reports: [] }),
    });
    expect(outcome.paragraph.join('\n')).toMatch(
      /driver\/facts-differ at web on gw: has 203\.0\.113\.1\/24[^]*nothing was loaded/,
    );
    expect(device.run('nft list ruleset')).toBe('');
  });

  test('root replaces an older agent, but not a newer one', async () => {
    const { text, protocol } = loadAgent();
    const put = (number: number): void => {
      device.run('cat >/usr/local/sbin/cpanel-edge-device', text.replace(/^PROTOCOL=\d+$/m, `PROTOCOL=${number}`));
    };
    put(protocol + 1);
    expect((await delivered(release(1001))).delivered).toBe(true);
    expect(device.program('protocol')).toBe(`cpanel-edge: ok protocol=${protocol + 1}`);
    put(protocol - 1);
    expect((await delivered(release(1002))).delivered).toBe(true);
    expect(said[0]).toBe(`updating the agent, protocol ${protocol - 1} to ${protocol}`);
    expect(device.program('protocol')).toBe(`cpanel-edge: ok protocol=${protocol}`);
  });

  test('waits for another delivery that holds the device, and names it', async () => {
    device.run(`echo "0123456789abcdef gateway-other $(cut -d . -f 1 /proc/uptime)" >/run/cpanel-edge/delivering`);
    // The other delivery ends while this one waits, however long the connections take.
    const leaves = (): Promise<void> => (device.run('rm -f /run/cpanel-edge/delivering'), sleep(100));
    expect((await delivered(release(1001), { wait: leaves })).delivered).toBe(true);
    expect(said).toContain('gateway-other is being delivered on the device: waiting up to 5 minutes for it');
  });

  test('a health check from this runner really connects', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    const witness = (to: number) =>
      ({ arrives: 'wan0', from: '127.0.0.1', to: '127.0.0.1', protocol: 'tcp', port: to }) as const;
    const elsewhere = { ...witness(1), from: '198.51.100.1' };
    expect(
      (
        await delivered(release(1001, { witnesses: [witness(port), elsewhere] }), {
          runHealthCheck: connectHealthChecks,
        })
      ).delivered,
    ).toBe(true);
    server.close();
    const outcome = await delivered(release(1002, { witnesses: [witness(port)] }), {
      runHealthCheck: connectHealthChecks,
    });
    expect(outcome.paragraph[0]).toContain(`127.0.0.1 could not connect to 127.0.0.1 port ${port}`);
    expect(ports()).toEqual(['1001']);
  });

  test('a device that lies, floods or sends escape sequences is no success', async () => {
    const liar = (text: string): Promise<OrderOutcome> => {
      const kept = device.run('cat /usr/local/sbin/cpanel-edge-device');
      const put = (program: string): string => device.run('cat >/usr/local/sbin/cpanel-edge-device', program);
      put(`#!/bin/sh\n${text}\n`);
      return delivered(release(1001)).finally(() => put(kept));
    };
    const flood = await liar('yes | tr -d "\\n"');
    expect(flood.paragraph[0]).toMatch(/said more than any ruleset has/);
    const escapes = await liar('printf "cpanel-edge: ok protocol=999\\n\\033[2J\\033]0;x\\007" >&2; exit 3');
    expect(escapes.paragraph.join('\n')).toMatch(/driver\/no-result/);
    // eslint-disable-next-line no-control-regex -- they must not be in the output
    expect(escapes.paragraph.join('')).not.toMatch(/[\u0000-\u001f]/);
    const yesman = await liar('echo "cpanel-edge: ok protocol=999"');
    expect(yesman.delivered).toBe(false);
  });

  test('a removal takes everything away, and a second one succeeds', async () => {
    await delivered(release(1001));
    expect((await retracted()).paragraph).toContain(
      'web is removed from gw: rules and addresses that it brought are gone.',
    );
    expect((await retracted()).delivered).toBe(true);
    expect(device.run('nft list ruleset')).toBe('');
  });
});
