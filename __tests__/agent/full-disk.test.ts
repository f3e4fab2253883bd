// Tests the agent on a device without free space: nothing new is loaded, an armed release rolls back as a whole, and
// truncated output of a program is never taken for complete. Runs on a test device with the real nft.

import { underShells } from './under-shell';
import { withoutRoom } from './without-room';

jest.setTimeout(90_000);

// nft, ip and iptables-save exit with success if their output finds no room.
underShells(['sh'], 'the agent on a full disk', (under) => {
  const { run, program } = under;
  const inStore = withoutRoom(under);

  inStore('bytes');

  test('a full /run: truncated output is not taken for complete', () => {
    const many = Array.from({ length: 2000 }, (_, n) => `add rule inet long c tcp dport ${n + 1} accept`).join('\n');
    run('nft -f -', `add table inet long\nadd chain inet long c\n${many}\n`);
    run(
      'mount -o remount,size=400k /run/cpanel-edge; cat /dev/zero >/run/cpanel-edge/filling; truncate -s -32k /run/cpanel-edge/filling',
    );
    try {
      expect(program('read').split('\n').at(-1)).toBe(
        'cpanel-edge: refused folder-not-writable folder=/run/cpanel-edge',
      );
    } finally {
      run('rm /run/cpanel-edge/filling; mount -o remount,size=50% /run/cpanel-edge');
    }
  });
});
