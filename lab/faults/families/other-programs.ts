// Fault tests of other programs and persons on a device during a delivery: restarted services, manual edits, rules that
// open or close more, changing ban lists, a second firewall, and a flush of all rules.
import { match, ok, strictEqual } from 'node:assert';
import { pause, until } from '../../command';
import { Combination, combinations } from '../fault';
import { BEFORE, DeviceName, before, printMoment } from '../moment';
import { Service } from '../others/platform-actions';
import { APPLY } from '../pipeline';
import { release } from '../several-states';
import { FaultPlatform, LOADING_TIME, placesWithin } from '../platform';
import { Scene } from '../scene';

/** Faults by services of the host, each of which deletes all programs' rules. */
const service = ({ name, begins, does, gap }: Service): readonly Combination[] =>
  combinations({
    name,
    moments: BEFORE,
    ofPlatform: true,
    representative: ({ step }, device) => name.endsWith('restart') && step === 'read' && device === 'web1',
    run: async (scene, device, moment) => {
      if (gap) scene.allow({ outage: LOADING_TIME, unguarded: true });
      await scene.lab.does(device, begins);
      const { running, gate } = await scene.startTo(device, moment);
      await scene.lab.does(device, does);
      gate.release();
      const { status } = await scene.ended(running);
      if (gap) await scene.lab.does(device, gap.ends);
      if (status === 0) await scene.expectRuns(device, 'new');
    },
  });

export function company(platform: FaultPlatform): readonly Combination[] {
  return [
    ...platform.others.services.flatMap(service),
    ...combinations({
      name: 'our rules edited by hand',
      moments: before('protocol', 'upload', 'check'),
      ofPlatform: true,
      representative: ({ step }, device) => step === 'check' && device === 'edge1',
      run: async (scene, device, moment) => {
        const { running, gate } = await scene.startTo(device, moment);
        await edit(scene, device);
        gate.release();
        await scene.ended(running);
        scene.failed();
        scene.says(/device\/edited/, /they were changed by hand/);
        await scene.typesAsTold(/to overwrite exactly these changes: (.*), then apply again/);
        scene.tell('refused with the lines; overwritten after accept');
        await scene.again();
        scene.succeeded();
      },
    }),
    ...combinations({
      name: 'our rules edited by hand between check and arm',
      moments: before('arm'),
      representative: (_, device) => device === 'web1',
      run: async (scene, device, moment) => {
        const { running, gate } = await scene.startTo(device, moment);
        await edit(scene, device);
        gate.release();
        await scene.ended(running);
        scene.failed();
        scene.says(/device\/edited-meanwhile/, /On the device: what it ran before; nothing was loaded\./);
        await scene.again();
        scene.failed();
        scene.says(/device\/edited at/);
        await scene.typesAsTold(/to overwrite exactly these changes: (.*), then apply again/);
        await scene.again();
        scene.succeeded();
        scene.tell('refused; the next apply says the lines; overwritten after accept');
      },
    }),
    ...combinations({
      name: 'our rules edited by hand while on trial',
      moments: before('read', 'confirm'),
      run: async (scene, device, moment) => {
        const { running, gate } = await scene.startTo(device, moment);
        await edit(scene, device);
        gate.release();
        await scene.ended(running);
        scene.failed();
        await scene.settled(device);
        await scene.expectRuns(device, 'old');
        scene.tell('rolled back, the edit with it');
      },
    }),
    ...combinations({
      name: 'another program opens more',
      moments: before('protocol', 'check', 'arm', 'read'),
      ofPlatform: true,
      representative: ({ step }, device) => step === 'read' && device === 'edge1',
      run: async (scene, device, moment) => {
        const { running, gate } = await scene.startTo(device, moment);
        const opening = platform.others.opens(device);
        await scene.lab.does(device, opening.load);
        gate.release();
        await scene.ended(running);
        await scene.lab.does(device, opening.remove);
        if (opening.passedOver && moment.step !== 'read') {
          scene.succeeded();
          scene.tell('what was loaded went in front of it');
          return;
        }
        scene.failed();
        scene.says(/driver\/not-proven|driver\/facts-differ/);
        await scene.settled(device);
        await scene.expectRuns(device, 'old');
        scene.tell('the proof on the device refused');
      },
    }),
    ...combinations({
      name: 'another program closes something',
      moments: before('check', 'read'),
      ofPlatform: true,
      representative: ({ step }, device) => step === 'check' && device === 'web1',
      run: async (scene, device, moment) => {
        const { running, gate } = await scene.startTo(device, moment);
        const closing = platform.others.drops('198.51.100.0/24');
        await scene.lab.does(device, closing.load);
        gate.release();
        await scene.ended(running);
        scene.succeeded();
        scene.says(/198\.51\.100\.0/);
        // Fails if the rules are gone.
        await scene.lab.does(device, closing.there);
        await scene.lab.does(device, closing.remove);
        scene.tell('reported and kept');
      },
    }),
    ...combinations({
      name: 'a ban list that changes all the time',
      moments: before('protocol'),
      representative: (_, device) => device === 'web1',
      run: async (scene, device, moment) => {
        const { bans: list } = platform.others;
        await scene.lab.does(device, list.load);
        let bans = 0;
        let banning = true;
        const ban = (async () => {
          for (; banning; bans += 1) {
            await scene.lab.does(device, list.ban(`198.51.100.${(bans % 200) + 20}`));
            await pause(30);
          }
        })();
        const { running, gate } = await scene.startTo(device, moment);
        gate.release();
        await scene.ended(running);
        banning = false;
        await ban;
        scene.succeeded();
        ok(bans > 3, `only ${bans} bans in that time`);
        await scene.lab.does(device, list.remove);
        scene.tell(`${bans > 10 ? 'dozens of' : 'a few'} bans meanwhile`);
      },
    }),
    ...startsAfterUs(platform),
    ...lost(platform),
  ];
}

const edit = (scene: Scene, device: DeviceName): Promise<string> => scene.lab.does(device, scene.platform.others.edits);

const LATE = '/etc/systemd/system/late-firewall.service';
const LATE_UNIT = `[Unit]
After=network-online.target nftables.service netfilter-persistent.service cpanel-edge.service cpanel-edge-addresses.service
[Service]
Type=oneshot
ExecStart=/bin/sh /etc/late-firewall
[Install]
WantedBy=multi-user.target
`;

/**
 * Faults by a firewalld, ufw or csf that was overlooked: from the next start on it denies all sources that our rules
 * allow.
 */
function startsAfterUs({ others }: FaultPlatform): readonly Combination[] {
  return combinations({
    name: 'another firewall manager starts after us and closes everything',
    moments: before('protocol'),
    ofPlatform: true,
    representative: (_, device) => device === 'web1',
    run: async (scene, device) => {
      scene.allow({ outage: Infinity, sessionsEnd: true, operator: Infinity });
      const { lab } = scene;
      await scene.again();
      scene.succeeded();
      const late = others.closes(device);
      await lab.does(device, 'cat >/etc/late-firewall', { input: late.load });
      await lab.does(device, `cat >${LATE} && systemctl enable late-firewall && sync`, { input: LATE_UNIT });
      await lab.device(device).reboot();
      await until('it has loaded its rules', 20, async () => (await lab.ssh(device, late.there)).status === 0);
      await until(`${device} runs ours`, 20, async () => (await scene.runs(device)) === 'new');
      const verified = await scene.verify(device);
      strictEqual(verified.status, 3, verified.out);
      match(verified.out, /narrowed: /);
      await scene.ended(scene.start([...APPLY, `-replace=${release(device)}`]));
      scene.succeeded();
      scene.says(/Others' rules close to most what it opens/, /Next, in [^ ]+: (?!nothing)/);
      await lab.does(
        device,
        `systemctl disable late-firewall; rm ${LATE} /etc/late-firewall; systemctl daemon-reload; ${late.remove}`,
      );
      scene.tell('verify says narrower, with a status of its own, and so does a delivery');
    },
  });
}

/** Faults by a person who deletes all rules, without a service that restores ours. */
function lost(platform: FaultPlatform): readonly Combination[] {
  return combinations({
    name: platform.others.flushes.name,
    moments: [
      ...BEFORE,
      ...placesWithin(platform, 'arm').filter((moment) => printMoment(moment) === 'arm: armed, not loaded'),
    ],
    run: async (scene, device, moment) => {
      // Without NAT and filter until the rules are restored: by the next delivery, or by this one's rollback.
      scene.allow({ outage: Infinity, sessionsEnd: true, unguarded: true });
      const { running, gate } = await scene.startTo(device, moment);
      await scene.lab.does(device, platform.others.flushes.does);
      gate.release();
      await scene.ended(running);
    },
  });
}
