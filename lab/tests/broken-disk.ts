// Tests the lab's faults of a disk: power loss, a full disk, a read-only disk and a failing disk do what they say, and
// are undone without a trace.
import { match, ok, strictEqual } from 'node:assert';
import { LabTest } from './test';

export const brokenDisk: readonly LabTest[] = [
  {
    name: 'a power loss keeps synced data, loses unsynced data, and the machine starts again',
    run: async (lab) => {
      for (const device of ['edge1', 'web1']) {
        await lab.does(device, 'echo kept >/srv/kept; sync; mv /srv/kept /srv/moved; echo lost >/srv/lost');
        const start = Date.now();
        await lab.device(device).losePowerAndStart();
        const took = Date.now() - start;
        strictEqual(
          await lab.does(device, 'cd /srv; ls; cat kept; rm kept; systemctl is-system-running --wait'),
          'kept\nkept\nrunning\n',
        );
        ok(took < 15_000, `${took} ms`);
      }
    },
  },
  {
    name: 'cutting the power loses no written data, also with a disk of its own',
    run: async (lab) => {
      await lab.does('edge1', 'echo kept >/root/kept');
      await lab.device('edge1').cut();
      await lab.device('edge1').start();
      await lab.device('edge1').ready();
      strictEqual(await lab.does('edge1', 'cat /root/kept; rm /root/kept'), 'kept\n');
    },
  },
  {
    name: 'a full disk accepts no byte, and is as before once it is freed',
    run: async (lab) => {
      await lab.device('edge1').fillDisk();
      const { out, err } = await lab.ssh('edge1', writing);
      match(err, /No space left on device/);
      strictEqual(out, '0\n0\n');
      await lab.device('edge1').freeDisk();
      strictEqual((await lab.ssh('edge1', writing)).out, '2\n2\n');
    },
  },
  {
    name: 'a read-only disk refuses root, units and other users, and is as before when writable',
    run: async (lab) => {
      await lab.device('edge1').readOnly(true);
      const { status, err } = await lab.ssh('edge1', everywhere);
      match(err, /Read-only file system/);
      strictEqual(status, 1);
      await lab.device('edge1').readOnly(false);
      strictEqual((await lab.ssh('edge1', everywhere)).status, 0);
    },
  },
  {
    name: 'a failing disk turns read-only while a file is written, until the next start',
    run: async (lab) => {
      const machine = lab.device('edge1');
      const writing = lab.ssh('edge1', 'exec >/var/log/long; while echo line; do sleep 0.05; done', { seconds: 20 });
      await lab.does('edge1', 'while [ ! -s /var/log/long ]; do sleep 0.05; done');
      await machine.failDisk();
      match((await writing).err, /Read-only file system/);
      match((await lab.ssh('edge1', everywhere)).err, /Read-only file system/);
      await machine.reboot();
      strictEqual((await lab.ssh('edge1', everywhere)).status, 0);
    },
  },
];

const writing = 'for file in /etc/full /var/full; do echo x >$file; stat -c %s $file; rm $file; done';
const everywhere =
  'touch /etc/x && touch /var/x && rm /usr/local/x /var/x -f && systemd-run -q --wait touch /root/unit';
