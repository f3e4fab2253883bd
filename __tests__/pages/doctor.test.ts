import { spawnSync } from 'node:child_process';
import { AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { diagnose, judging } from '../../driver/doctor/doctor';
import { caseOf, isMapped, partsOf } from '../../driver/doctor/case';
import { connectFromHere } from '../../driver/doctor/connect';
import { jsonOfDiagnosis } from '../../driver/doctor/print';
import { questionOf } from '../../driver/doctor/question';
import { Refusal } from '../../lib/problems/problem';
import { TestDevice, canHaveDevice } from '../device/machine';
import { Asked, MAIL, PROJECT, holdersOf, seen, walk } from '../driver/doctor/samples';
import { said, table } from '../driver/doctor/said';
import { temporaryFolder } from '../temporary-folder';
import { ROOT } from '../walls/sources';
import { describeWhere } from '../where-possible';
import { page } from './says';

const { says } = page('doctor.md');
const LIMITED = table('type filter hook forward priority 0; policy accept;\nlimit rate 10/second drop');
const folder = temporaryFolder();

describe('what to ask', () => {
  says('which one, where several gateways map the address', () => {
    const [edge, server] = holdersOf(MAIL) as [ReturnType<typeof holdersOf>[number], ReturnType<typeof holdersOf>[number]];
    const holders = [edge, { ...edge, device: 'edge2' }, server];
    const question = questionOf('203.0.113.10');
    expect(() => caseOf(question, partsOf(holders))).toThrow(
      /^cli\/two-gateways at 203\.0\.113\.10: .*\n.*--gateway edge, or --gateway edge2\.$/,
    );
    const one = caseOf(question, partsOf(holders, 'edge2'), 'edge2');
    if (!isMapped(one)) throw new Error('nothing maps it');
    const { steps } = diagnose(one, { gateway: seen(edge), server: seen(server), ...judging(holders, () => PROJECT) });
    expect(steps[1]!.name).toBe('edge2 runs its release');
  });

  says('the same as data, with a format number', () => {
    const { one, found } = walk({ server: { looked: { listening: [] } } });
    expect(jsonOfDiagnosis(one, found, { is: 'timed out', as: '192.0.2.1' })).toMatchObject({
      ...{ address: '203.0.113.10', port: 443, protocol: 'tcp', from: '192.0.2.77', mapping: 'mail', gateway: 'edge' },
      ...{ inside: '10.0.0.10', server: 'mail1', fromHere: { is: 'timed out', as: '192.0.2.1' }, found: 'a cause' },
      cause: { what: expect.stringMatching(/^nothing listens on tcp 443 of mail1/) as string },
      steps: expect.arrayContaining([expect.objectContaining({ name: 'something listens on the port', is: 'wrong' })]) as unknown[],
    });
  });

  says(
    'Where it could not ask, or not decide, it says `Not known`, or with `Perhaps` what it may be, and not that nothing is wrong',
    () => {
      const refusal = new Refusal([{ code: 'driver/unreachable', where: 'x', what: 'x', instead: 'x' }]);
      expect(said({ server: { device: { refusal } } })).toMatch(/^Not known: /m);
      const unsaid = said({ server: { looked: { listening: ['LISTEN 0 128 [::]:443 [::]:*'] } } });
      expect(unsaid).toMatch(/^Not known: the lines with "\?" can’t be decided/m);
      expect(said({ gateway: { more: LIMITED } })).toMatch(/^Perhaps: the rules of edge may refuse /m);
      const unreadable: Asked = { server: { look: { ruleset: 'table inet x {\n' } } };
      expect([walk(unreadable).found.found, said(unreadable)]).toEqual([
        'not decidable',
        expect.stringMatching(
          /^\? mail1 runs its release: nftables\/cut-off at line 1: [^]*^Not known: the lines with "\?" can’t be decided/m,
        ),
      ]);
    },
  );

  says('What differs is named as the cause only where no later step knows better', () => {
    const ofEnd = (asked: Asked): readonly unknown[] => [walk(asked).found.found, said(asked).split('\n\n').at(-1)!.split('\n')[0]];
    // A program that doesn't know look answers for two steps alone.
    const older: Asked['server'] = { facts: { version: 'nftables v0.9.0' }, looked: 'too old' };
    expect(ofEnd({ gateway: { more: LIMITED } })).toEqual(['not decidable', expect.stringMatching(/^Perhaps: .*a limit may match or not/)]);
    expect(ofEnd({ server: older })).toEqual([
      'a cause',
      expect.stringMatching(
        /^Most likely: mail1 does not run what the stack says: the device runs version 0\.9\.0, and the intent says 1\.0\.6\.$/,
      ),
    ]);
  });

  says('IPv6 addresses have no mapping, so no walk.', () =>
    expect(said({ target: '[2001:db8::1]:443' })).toMatch(
      /^Most likely: nothing in the synthesized stacks gives 2001:db8::1 to a server\./m,
    ),
  );
});

describe('from this machine', () => {
  says('`from this machine` is one real TCP connection from where you sit, closed at once', async () => {
    const server = createServer();
    const closed = new Promise<number>((resolve) =>
      server.once('connection', (socket) => socket.resume().once('close', () => resolve(socket.bytesRead))),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    expect(await connectFromHere('127.0.0.1', port, 'tcp')).toEqual({ is: 'connected', as: '127.0.0.1' });
    expect(await closed).toBe(0);
    await new Promise((resolve) => server.close(resolve));
    expect(await connectFromHere('127.0.0.1', port, 'tcp')).toMatchObject({ is: 'refused' });
  });

  const alone = describeWhere(canHaveDevice, 'a machine that nobody answers', 'root on Linux');
  alone('where nobody answers', () =>
    says("with three seconds' patience", () => {
      const asked = (address: string): string => `await connectFromHere('${address}', 443, 'tcp')`;
      const script = `const { connectFromHere } = require('${join(ROOT, 'driver/doctor/connect')}'); (async () => {
        const begun = Date.now();
        console.log(JSON.stringify([${asked('127.0.0.2')}, Math.floor((Date.now() - begun) / 1000), ${asked('203.0.113.10')}]));
      })()`;
      const silent = `ip link set lo up; nft 'add table ip t; add chain ip t c { type filter hook input priority 0; policy drop; }'`;
      const node = `exec '${process.execPath}' -r '${join(ROOT, 'scripts/typescript/register.js')}' -`;
      const { stdout } = spawnSync('unshare', ['-n', 'sh', '-c', `${silent}; ${node}`], { encoding: 'utf8', cwd: ROOT, input: script });
      // Where no way leads there, it has no address on it.
      const [silence, seconds, nowhere] = JSON.parse(stdout) as readonly unknown[];
      expect([silence, nowhere]).toEqual([{ is: 'timed out', as: '127.0.0.1' }, { is: 'no route' }]);
      // A busy machine tells the time late.
      expect([3, 4, 5]).toContain(seconds);
    }),
  );
});

describeWhere(
  canHaveDevice,
  'doctor on a device',
  'root on Linux',
)('what it does on devices', () => {
  let device: TestDevice;
  beforeAll(async () => (device = await TestDevice.start(folder)));
  afterAll(() => device.stop());

  says(
    "`look` sends ARP requests on the wires of the two addresses (twice for the public one, up to three for the server's), a server with cPanel connects to its own public addresses, and nothing else.",
    () => {
      const arping = '#!/bin/sh\n[ "$1" != -V ] || { echo arping from iputils; exit 0; }\necho "$*" >>/run/cpanel-edge/asked\n';
      // It is not installed here, and the program looks in /usr/bin alone.
      device.run('cd /run/cpanel-edge; mkdir over; cat >over/arping; chmod 755 over/arping', arping);
      device.run(
        'mount -t overlay none -o lowerdir=/run/cpanel-edge/over:/usr/bin /usr/bin; cpanel-edge-device look',
        'public 203.0.113.10\ninside 203.0.113.77\nsource 192.0.2.1\nport 443\narrives wan0\nwire wan0\n',
      );
      expect(device.run('cat /run/cpanel-edge/asked')).toBe('-D -c 2 -w 2 -I wan0 203.0.113.10\n-q -f -c 3 -w 3 -I wan0 203.0.113.77\n');
    },
  );

  says('Counters are not reset.', () => {
    device.run(
      "nft 'add table ip c; add chain ip c i { type filter hook input priority 0; }; add rule ip c i counter packets 7 bytes 700'",
    );
    for (const word of ['status', 'read', 'look']) device.program(word);
    expect(device.run('nft list table ip c')).toContain('counter packets 7 bytes 700');
  });
});
