// Fault tests of a boot: /usr/local is mounted late or never, the agent or our systemd units are missing, an
// unconfirmed release meets a read-only store; also a timer that systemd stops, and a removal after /run was emptied.
import { match, ok, strictEqual } from 'node:assert';
import { must } from '../../command';
import { Combination, combinations } from '../fault';
import { DeviceName, before } from '../moment';
import { DESTROY, applies } from '../several-states';
import { FaultPlatform } from '../platform';
import { driverAt } from '../processes';
import { Scene } from '../scene';
import { comesToRun, rebooting, statusOf } from './damage';
import { AGENT_PATH } from '../../../driver/agent-program';

const UNITS = '/etc/systemd/system';
const SETTLED = before('protocol');

/** Faults of a boot: something is missing, or differs from what a delivery left. */
export function boot({ others }: FaultPlatform): readonly Combination[] {
  return [...without(), ...unmade(others.bringBack), ...trials(), ...retracts()];
}

/** Starts the host's own service. It removes all programs' rules and must restore ours. */
async function keepsOverService(scene: Scene, device: DeviceName): Promise<void> {
  await scene.lab.does(device, scene.platform.others.restart);
  await scene.expectRuns(device, 'old');
}

const MOUNT = `[Unit]
DefaultDependencies=no
After=multi-user.target
[Mount]
What=/usr/local.there
Where=/usr/local
Type=none
Options=bind
[Install]
WantedBy=graphical.target
`;

function without(): readonly Combination[] {
  const elsewhere = (when: 'late' | 'never'): readonly Combination[] =>
    combinations({
      name: `/usr/local is a file system of its own, mounted ${when}`,
      moments: SETTLED,
      ofPlatform: true,
      representative: (_, device) => when === 'never' && device === 'edge1',
      run: async (scene, device) => {
        rebooting(scene);
        const { lab } = scene;
        await lab.does(device, 'mv /usr/local /usr/local.there && mkdir /usr/local && sync');
        if (when === 'late') {
          await lab.does(device, `cat >${UNITS}/usr-local.mount && systemctl enable usr-local.mount && sync`, {
            input: MOUNT,
          });
        }
        await lab.device(device).reboot();
        await comesToRun(scene, device, 'old');
        await keepsOverService(scene, device);
        await lab.does(
          device,
          `systemctl disable --now usr-local.mount 2>/dev/null; rm -f ${UNITS}/usr-local.mount; systemctl daemon-reload; ` +
            'rmdir /usr/local && mv /usr/local.there /usr/local && sync',
        );
        scene.tell('the old release after the boot');
      },
    });
  return [
    ...elsewhere('late'),
    ...elsewhere('never'),
    ...combinations({
      name: 'the device program is removed before a boot',
      moments: SETTLED,
      ofPlatform: true,
      representative: (_, device) => device === 'web1',
      run: async (scene, device) => {
        rebooting(scene);
        await scene.lab.does(device, `mv ${AGENT_PATH} /root/program && sync`);
        await scene.lab.device(device).reboot();
        await comesToRun(scene, device, 'old');
        await keepsOverService(scene, device);
        await scene.lab.does(device, `mv /root/program ${AGENT_PATH}`);
        scene.tell('the old release after the boot');
      },
    }),
  ];
}

/**
 * Faults in our files for systemd that a person has undone. `verify` reports them, and the delivery that it suggests
 * repairs them.
 */
function unmade(bringBack: Readonly<Record<string, string>>): readonly Combination[] {
  const words = (all: readonly string[]): string => all.map((word) => `${word}-missing`).join();
  const ways: Readonly<Record<string, readonly [undone: string, words: string]>> = {
    'our units are disabled': ['systemctl disable cpanel-edge.service cpanel-edge-addresses.service', 'unit-disabled'],
    ...Object.fromEntries(
      Object.entries(bringBack).map(([word, file]) => [
        `the ${word} is removed`,
        [`rm ${file} && systemctl daemon-reload`, words([word])],
      ]),
    ),
    [`units, ${Object.keys(bringBack).join(', ')} and copy are removed`]: [
      `rm -r ${UNITS}/cpanel-edge* ${UNITS}/*.wants/cpanel-edge* ${Object.values(bringBack).join(' ')} /etc/cpanel-edge/program; systemctl daemon-reload`,
      words(['unit', ...Object.keys(bringBack), 'loader']),
    ],
  };
  return Object.entries(ways).flatMap(([name, [undone, words]]) =>
    combinations({
      name,
      moments: SETTLED,
      representative: (_, device) => words === 'unit-disabled' && device === 'web1',
      run: async (scene, device) => {
        rebooting(scene);
        await scene.again();
        scene.succeeded();
        await scene.lab.does(device, undone);
        const said = (await statusOf(scene, device))['boot']!;
        strictEqual(said.split(',').sort().join(), words.split(',').sort().join(), 'what status says of the next boot');
        const verified = await scene.verify(device);
        ok(verified.status !== 0, verified.out);
        const { status, out, err } = await scene.types(
          `${/where the plan shows no change: (.*)/.exec(verified.out)?.[1]} -auto-approve`,
        );
        strictEqual(status, 0, `${out}${err}`);
        strictEqual((await statusOf(scene, device))['boot'], 'as-written');
        await scene.lab.device(device).reboot();
        await comesToRun(scene, device, 'new');
        scene.tell('verify says so, and the command that it prints mends it');
      },
    }),
  );
}

const READ_ONLY = `[Unit]
DefaultDependencies=no
After=systemd-remount-fs.service
Before=nftables.service netfilter-persistent.service cpanel-edge.service
[Service]
Type=oneshot
ExecStart=/bin/mount --bind /etc/cpanel-edge /etc/cpanel-edge
ExecStart=/bin/mount -o remount,bind,ro /etc/cpanel-edge
[Install]
WantedBy=sysinit.target
`;

function trials(): readonly Combination[] {
  return [
    ...combinations({
      name: 'a reboot during a trial, and the store takes nothing',
      moments: before('read', 'confirm'),
      ofPlatform: true,
      representative: ({ step }, device) => step === 'confirm' && device === 'edge1',
      run: async (scene, device, moment) => {
        rebooting(scene);
        const { lab } = scene;
        const { running, gate } = await scene.startTo(device, moment);
        await lab.does(device, `cat >${UNITS}/store.service && systemctl enable store.service && sync`, {
          input: READ_ONLY,
        });
        await lab.device(device).cut();
        await lab.device(device).start();
        await lab.device(device).ready();
        await comesToRun(scene, device, 'old');
        match(
          await lab.does(device, 'ls /etc/cpanel-edge/*-hosting; touch /etc/cpanel-edge/x 2>&1; true'),
          /armed-[^]*Read-only/,
        );
        await keepsOverService(scene, device);
        await lab.does(
          device,
          'systemctl restart cpanel-edge-addresses || { journalctl -b -u cpanel-edge-addresses; false; }',
        );
        await scene.expectRuns(device, 'old');
        await lab.does(
          device,
          `umount /etc/cpanel-edge; systemctl disable store.service; rm ${UNITS}/store.service; systemctl daemon-reload`,
        );
        gate.release();
        await scene.ended(running);
        scene.failed();
        await scene.settled(device);
        await scene.expectRuns(device, 'old');
      },
    }),
    ...combinations({
      name: 'systemctl isolate stops the timer of a trial, and nobody is there to end it',
      moments: before('read'),
      representative: (_, device) => device === 'edge1',
      run: async (scene, device, moment) => {
        // As after a boot: isolate starts inactive units, and this service would roll back the armed release.
        await scene.lab.does(device, 'systemctl start cpanel-edge.service');
        const { running, gate } = await scene.startTo(device, moment);
        const { worker } = await driverAt(scene.lab, device);
        // The driver is first: a login is part of a service that isolate ends, and the driver would roll back.
        process.kill(worker, 'SIGKILL');
        await must(await scene.lab.device(device).inside(['systemctl', 'isolate', 'multi-user.target']));
        await scene.ended(running);
        gate.release();
        scene.failed();
        strictEqual((await statusOf(scene, device))['seconds'], 'lost');
        const verified = await scene.verify(device);
        ok(verified.status !== 0, verified.out);
        await scene.again();
        scene.succeeded();
        scene.tell('undone by the next delivery');
      },
    }),
  ];
}

function retracts(): readonly Combination[] {
  return combinations({
    name: 'terraform destroy after /run/cpanel-edge was removed',
    moments: SETTLED,
    devices: ['edge1'],
    representative: () => true,
    run: async (scene, device) => {
      scene.allow({ outage: Infinity, sessionsEnd: true, operator: 0 });
      await scene.lab.does(device, 'rm -rf /run/cpanel-edge');
      await applies(scene, scene.pipeline, DESTROY);
      await scene.expectRuns(device, 'nothing');
      await scene.again();
      scene.succeeded();
      scene.tell('nothing of ours is left by it');
    },
  });
}
