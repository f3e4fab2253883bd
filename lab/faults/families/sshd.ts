// Fault tests of sshd on a device that runs: stopped, restarted, out of connections, or with another host key. The
// lab's own commands go past sshd.
import { spawn } from 'node:child_process';
import { ok } from 'node:assert';
import { must, until } from '../../command';
import { ADDRESS, MANAGEMENT } from '../../topology';
import { Combination, combinations } from '../fault';
import { BEFORE, DeviceName, before, printMoment } from '../moment';
import { FaultPlatform, placesWithin } from '../platform';
import { Scene } from '../scene';
import { agrees, inSeconds, noticed } from './line';

/** Runs a command as the device's own console would. */
const console = async (scene: Scene, device: DeviceName, command: string): Promise<string> =>
  must(await scene.lab.device(device).inside(['sh', '-c', command]));

const back = async (scene: Scene, device: DeviceName): Promise<void> => {
  await console(scene, device, 'systemctl start ssh');
  await until(`${device} lets the operator in`, 30, async () => (await scene.lab.ssh(device, 'true')).status === 0);
};

/** Faults: sshd stops; established sessions stay, or are ended. It starts again when the driver has noticed. */
const gone = (platform: FaultPlatform): readonly Combination[] => {
  const within = [...placesWithin(platform, 'arm'), ...placesWithin(platform, 'confirm')].filter((moment) =>
    ['arm: loaded, not remembered', 'confirm: about to decide', 'confirm: on the disk, timer not stopped'].includes(
      printMoment(moment),
    ),
  );
  return (['kept', 'ended'] as const).flatMap((sessions) =>
    combinations({
      name: `sshd stopped, its sessions ${sessions}`,
      moments: sessions === 'kept' ? [...BEFORE, ...within.slice(0, 1)] : within,
      devices: sessions === 'kept' ? ['web1'] : ['edge1'],
      run: async (scene, device, moment) => {
        scene.allow({ operator: Infinity });
        const { running, gate } = await scene.startTo(device, moment);
        await console(
          scene,
          device,
          sessions === 'kept' ? 'systemctl stop ssh' : 'systemctl stop ssh; pkill -KILL -x sshd || true',
        );
        gate.release();
        const seconds = await noticed(running);
        if (['protocol', 'upload', 'check'].includes(moment.step)) await running.ended;
        await back(scene, device);
        await scene.ended(running);
        ok(seconds < 25, `the driver noticed only after ${inSeconds(seconds)}`);
        scene.tell(`noticed after ${inSeconds(seconds)}`);
        await agrees(scene, device);
        if (moment.step === 'confirm') return;
        scene.failed();
        scene.says(/driver\/unreachable/, /nothing was loaded|again: the new one was rolled back/);
      },
    }),
  );
};

const restarted: readonly Combination[] = combinations({
  name: 'sshd restarted',
  moments: before('check', 'arm', 'read', 'confirm'),
  devices: ['web1'],
  run: async (scene, device, moment) => {
    scene.allow({ operator: 3000 });
    const { running, gate } = await scene.startTo(device, moment);
    await console(scene, device, 'systemctl restart ssh');
    await until(`${device} lets the operator in`, 30, async () => (await scene.lab.ssh(device, 'true')).status === 0);
    gate.release();
    await scene.ended(running);
    scene.succeeded();
  },
});

/** Faults: half-open connections up to sshd's limit, which is a hundred on Debian. */
const exhausted: readonly Combination[] = combinations({
  name: 'a stranger takes all of sshd’s unauthenticated connections',
  moments: before('protocol', 'arm', 'read', 'confirm'),
  devices: ['edge1'],
  run: async (scene, device, moment) => {
    scene.allow({ operator: Infinity });
    const { running, gate } = await scene.startTo(device, moment);
    const leave = await crowd(scene, 'internet', ADDRESS.gatewayOutside);
    gate.release();
    const seconds = await noticed(running);
    await leave();
    await scene.ended(running);
    scene.tell(`noticed after ${inSeconds(seconds)}`);
    await agrees(scene, device);
    if (scene.status() !== 0) scene.says(/driver\/unreachable|device\/not-armed|driver\/too-late/);
  },
});

/** Opens connections until sshd accepts no more. The returned function closes them. */
async function crowd(scene: Scene, from: string, to: string): Promise<() => Promise<void>> {
  const program = `
    const { connect } = require('node:net');
    const ask = () => { const socket = connect(22, process.argv[1]); socket.on('error', () => undefined); socket.on('close', () => setTimeout(ask, 200)); };
    for (let count = 0; count < 140; count += 1) ask();`;
  const [command = '', ...rest] = scene.lab.at(from, [process.execPath, '-e', program, to]);
  const child = spawn(command, rest, { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  await until('sshd is full', 60, async () => {
    const tries = await Promise.all([1, 2, 3].map(() => scene.lab.ssh('edge1', 'true')));
    return tries.every(({ status }) => status === 255);
  });
  return async () => {
    child.kill('SIGKILL');
    await ended;
  };
}

const KEYS = '/etc/ssh/ssh_host_*_key*';

/** Faults: the device shows another key than the intent has, because of a man in the middle or a rebuild. */
const otherKey: readonly Combination[] = (['for a moment', 'for good'] as const).flatMap((how) =>
  combinations({
    name: `another host key ${how}`,
    moments: how === 'for good' ? before('protocol', 'read') : before('arm', 'read', 'confirm'),
    devices: ['web1'],
    run: async (scene, device, moment) => {
      scene.allow({ operator: 3000 });
      if (how === 'for good') await scene.pipeline.want(scene.wanted(scene.target, { rollbackSeconds: 10 }));
      const { running, gate } = await scene.startTo(device, moment);
      await console(
        scene,
        device,
        `mkdir /root/kept && mv ${KEYS} /root/kept/ && ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key && systemctl restart ssh`,
      );
      gate.release();
      const seconds = await noticed(running);
      if (how === 'for good') await running.ended;
      await console(scene, device, `rm -f ${KEYS}; mv /root/kept/* /etc/ssh/; rmdir /root/kept; systemctl restart ssh`);
      await until(`${device} lets the operator in`, 30, async () => (await scene.lab.ssh(device, 'true')).status === 0);
      await scene.ended(running);
      scene.tell(`noticed after ${inSeconds(seconds)}`);
      await agrees(scene, device);
      if (moment.step === 'confirm') return;
      scene.failed();
      scene.says(/driver\/host-key/, new RegExp(`root@${MANAGEMENT[device]!.replaceAll('.', '\\.')}:22`));
      if (moment.step === 'protocol') scene.says(/nothing was loaded/);
      else if (how === 'for good') scene.says(/On the device: not known/, /never told to confirm/);
      else scene.says(/again: the new one was rolled back/);
    },
  }),
);

export const sshd = (platform: FaultPlatform): readonly Combination[] => [
  ...gone(platform),
  ...restarted,
  ...exhausted,
  ...otherKey,
];
