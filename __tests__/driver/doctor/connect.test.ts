// Tests the one TCP connection that `doctor` makes from the operator's machine: it is closed at once, and given up
// after three seconds.

import { spawnSync } from 'node:child_process';
import { AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { connectFromHere } from '../../../driver/doctor/connect-from-here';
import { canHaveDevice } from '../../agent/machine';
import { ROOT } from '../../walls/sources';
import { describeWhere } from '../../where-possible';

describe('a connection from this machine', () => {
  test('is one TCP connection that is closed at once', async () => {
    const server = createServer();
    const closed = new Promise<number>((resolve) =>
      server.once('connection', (socket) => socket.resume().once('close', () => resolve(socket.bytesRead))),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    expect(await connectFromHere('127.0.0.1', port, 'tcp')).toEqual({
      result: 'connected',
      sourceAddress: '127.0.0.1',
    });
    expect(await closed).toBe(0);
    await new Promise((resolve) => server.close(resolve));
    expect(await connectFromHere('127.0.0.1', port, 'tcp')).toMatchObject({ result: 'refused' });
  });

  const alone = describeWhere(canHaveDevice, 'a machine that nobody answers', 'root on Linux');
  alone('without an answer', () =>
    test('is given up after three seconds, and at once without a route', () => {
      const asked = (address: string): string => `await connectFromHere('${address}', 443, 'tcp')`;
      const script = `const { connectFromHere } = require('${join(ROOT, 'driver/doctor/connect-from-here')}'); (async () => {
        const begun = Date.now();
        console.log(JSON.stringify([${asked('127.0.0.2')}, Math.round((Date.now() - begun) / 1000) >= 3, ${asked('203.0.113.10')}]));
      })()`;
      const silent = `ip link set lo up; nft 'add table ip t; add chain ip t c { type filter hook input priority 0; policy drop; }'`;
      const node = `exec '${process.execPath}' -r '${join(ROOT, 'scripts/typescript/register.js')}' -`;
      const { stdout } = spawnSync('unshare', ['-n', 'sh', '-c', `${silent}; ${node}`], {
        encoding: 'utf8',
        cwd: ROOT,
        input: script,
      });
      // Without a route there is no source address.
      expect(JSON.parse(stdout)).toEqual([
        { result: 'timed out', sourceAddress: '127.0.0.1' },
        true,
        { result: 'no route' },
      ]);
    }),
  );
});
