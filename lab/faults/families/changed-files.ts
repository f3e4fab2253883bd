// Fault tests of a device whose files aren't what a delivery left: a truncated agent, an altered upload, a restored
// backup, and a rebuild with a new host key.
import { match, strictEqual } from 'node:assert';
import { Combination, combinations } from '../fault';
import { DeviceName, before } from '../moment';
import { Scene } from '../scene';
import { AGENT_PATH } from '../../../driver/agent-program';
import { comesToRun } from './damage';

const STORED = '/etc/cpanel-edge';

/**
 * Faults: the device's files aren't what a delivery left. They were altered, restored from a backup, or belong to
 * another machine with its name.
 */
export function changedFiles(): readonly Combination[] {
  return [
    ...combinations({
      name: 'the device program is cut off in its middle',
      moments: before('protocol', 'upload', 'check', 'arm', 'read', 'confirm'),
      representative: ({ step }, device) => step === 'upload' && device === 'web1',
      run: async (scene, device, moment) => {
        const { running, gate } = await scene.startTo(device, moment);
        await scene.lab.does(device, `cp -p ${AGENT_PATH} /root/whole; head -c 9000 /root/whole >${AGENT_PATH}`);
        gate.release();
        await scene.ended(running);
        scene.failed();
        await scene.lab.does(device, `cp -p /root/whole ${AGENT_PATH}`);
        await scene.settled(device, 90);
        await scene.expectRuns(device, 'old');
      },
    }),
    ...combinations({
      name: 'what was uploaded is altered on the device',
      moments: before('check', 'arm'),
      representative: ({ step }, device) => step === 'arm' && device === 'web1',
      run: async (scene, device, moment) => {
        const { running, gate } = await scene.startTo(device, moment);
        await scene.lab.does(
          device,
          `sed -i 's/dport 443/dport 444/; s/, 443,/, 444,/' ${STORED}/*/offered-* ${STORED}/*/checked-* 2>/dev/null; true`,
        );
        await scene.lab.does(
          device,
          `for file in ${STORED}/*/offered-* ${STORED}/*/checked-*; do [ ! -f "$file" ] || printf '# altered\\n' >>"$file"; done`,
        );
        gate.release();
        await scene.ended(running);
        scene.failed();
        scene.says(/upload-damaged|What arrived is not what was sent/);
        await scene.settled(device);
        await scene.expectRuns(device, 'old');
      },
    }),
    ...combinations({
      name: 'the device is restored from a backup',
      moments: before('protocol'),
      representative: (_, device) => device === 'web1',
      run: async (scene, device) => {
        scene.allow({ outage: Infinity, sessionsEnd: true, operator: Infinity });
        await scene.lab.does(
          device,
          `tar -C / -cf /root/backup.tar etc/cpanel-edge usr/local/sbin/cpanel-edge-device etc/systemd/system`,
        );
        await scene.again();
        scene.succeeded();
        await scene.lab.does(
          device,
          `rm -rf ${STORED} && tar -C / -xf /root/backup.tar && rm /root/backup.tar && sync`,
        );
        await scene.lab.device(device).reboot();
        await comesToRun(scene, device, 'old');
        // Terraform sees no change; only the device knows of it. `verify` reports it, with the remedy.
        const verified = await scene.verify(device);
        strictEqual(verified.status, 1, verified.out);
        match(verified.out, /runs another release than this folder's/);
        const { status, out, err } = await scene.types(
          `${/where the plan shows no change: (.*)/.exec(verified.out)?.[1]} -auto-approve`,
        );
        strictEqual(status, 0, `${out}${err}`);
        scene.tell('verify says so, and the command that it prints delivers again');
      },
    }),
    ...combinations({
      name: 'the device is rebuilt: a new host key, and nothing of ours',
      moments: before('protocol'),
      devices: ['web1'],
      representative: () => true,
      run: async (scene, device) => {
        scene.allow({ outage: Infinity, sessionsEnd: true, operator: Infinity, unguarded: true });
        await rebuilt(scene, device);
        await scene.again();
        scene.failed();
        scene.says(/driver\/host-key/, /a rebuilt machine needs its new key in hostKeys of the intent/);
        await scene.pipeline.want(scene.wanted());
        await scene.again();
        scene.succeeded();
        scene.tell('refused until the intent has the new key');
      },
    }),
  ];
}

/** Replaces the device by another machine with the same addresses, as installed. */
async function rebuilt(scene: Scene, device: DeviceName): Promise<void> {
  const gone = [
    `rm -rf ${STORED} ${AGENT_PATH} /etc/ssh/ssh_host_* /etc/systemd/system/cpanel-edge* /etc/systemd/system/*.wants/cpanel-edge*`,
  ];
  await scene.lab.does(
    device,
    [...gone, `rm -rf ${scene.platform.others.written.join(' ')}`, 'ssh-keygen -A', 'sync'].join('; '),
  );
  await scene.lab.device(device).reboot();
  scene.lab.trustHostKeys();
}
