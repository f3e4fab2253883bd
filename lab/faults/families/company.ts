import { match, ok, strictEqual } from 'node:assert';
import { pause, until } from '../../command';
import { ADDRESS } from '../../topology';
import { Combination, combinations } from '../fault';
import { BEFORE, DeviceName, before, printMoment } from '../moment';
import { APPLY } from '../pipeline';
import { release } from '../pipelines';
import { FaultPlatform, placesWithin } from '../platform';
import { Scene } from '../scene';
import { ALWAYS_OPEN } from '../wanted';

/** The name of our table on a device, as anybody finds it who looks. */
const ourTable = async (scene: Scene, device: DeviceName): Promise<string> =>
  (await scene.lab.does(device, "nft list tables | awk '/cpanel_edge/ { print $3; exit }'")).trim();

/** Somebody else's table on a device; loaded again it is as it was. */
const foreign = (chain: string): string =>
  `table inet foreign\ndelete table inet foreign\ntable inet foreign {\nchain one {\n${chain}\n}\n}\n`;
const removeForeign = 'printf "table inet foreign\\ndelete table inet foreign\\n" | nft -f -';

/** nftables.service and its verbs; each flushes what everybody loaded. */
const service = (verb: 'reload' | 'restart' | 'stop'): readonly Combination[] =>
  combinations({
    name: `nftables.service: ${verb}`,
    moments: BEFORE,
    representative: ({ step }, device) => verb === 'restart' && step === 'read' && device === 'web1',
    run: async (scene, device, moment) => {
      await scene.lab.does(device, 'systemctl start nftables');
      const { running, gate } = await scene.startTo(device, moment);
      await scene.lab.does(device, `systemctl ${verb} nftables`);
      gate.release();
      const { status } = await scene.ended(running);
      if (status === 0) await scene.expectRuns(device, 'new');
    },
  });

/** What another program loads while a release is on its way: a port of a mapped address that nobody asked for. */
const opening = (device: DeviceName): string => {
  const forward = (port: string) => `type nat hook prerouting priority -110; policy accept;\n${port}`;
  return device === 'edge1'
    ? forward(`ip daddr ${ADDRESS.publicWeb1} tcp dport 8022 dnat ip to ${ADDRESS.web1}:${ALWAYS_OPEN}`)
    : forward(`tcp dport 8022 redirect to :${ALWAYS_OPEN}`);
};

const closing = 'type filter hook prerouting priority -190; policy accept;\nip saddr 198.51.100.0/24 drop';

export function company(platform: FaultPlatform): readonly Combination[] {
  return [
    ...(['reload', 'restart', 'stop'] as const).flatMap(service),
    ...combinations({
      name: 'our rules edited by hand',
      moments: before('protocol', 'upload', 'check'),
      representative: ({ step }, device) => step === 'check' && device === 'edge1',
      run: async (scene, device, moment) => {
        const { running, gate } = await scene.startTo(device, moment);
        await edit(scene, device);
        gate.release();
        await scene.ended(running);
        scene.failed();
        scene.says(/device\/edited/, /somebody changed them by hand/);
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
      representative: ({ step }, device) => step === 'read' && device === 'edge1',
      run: async (scene, device, moment) => {
        const { running, gate } = await scene.startTo(device, moment);
        await scene.lab.does(device, 'nft -f -', { input: foreign(opening(device)) });
        gate.release();
        await scene.ended(running);
        scene.failed();
        scene.says(/driver\/not-proven|driver\/facts-differ/);
        await scene.lab.does(device, removeForeign);
        await scene.settled(device);
        await scene.expectRuns(device, 'old');
        scene.tell('the proof on the device refused');
      },
    }),
    ...combinations({
      name: 'another program closes something',
      moments: before('check', 'read'),
      representative: ({ step }, device) => step === 'check' && device === 'web1',
      run: async (scene, device, moment) => {
        const { running, gate } = await scene.startTo(device, moment);
        await scene.lab.does(device, 'nft -f -', { input: foreign(closing) });
        gate.release();
        await scene.ended(running);
        scene.succeeded();
        scene.says(/198\.51\.100\.0/);
        ok((await scene.lab.does(device, 'nft list table inet foreign')).includes('drop'), 'the foreign rules are gone');
        await scene.lab.does(device, removeForeign);
        scene.tell('reported and kept');
      },
    }),
    ...combinations({
      name: 'a ban list that changes all the time',
      moments: before('protocol'),
      representative: (_, device) => device === 'web1',
      run: async (scene, device, moment) => {
        const list =
          'set banned {\ntype ipv4_addr\nflags timeout\n}\nchain one {\ntype filter hook input priority -1; policy accept;\nip saddr @banned drop\n}';
        await scene.lab.does(device, 'nft -f -', { input: `table inet foreign {\n${list}\n}\n` });
        let bans = 0;
        let banning = true;
        const ban = (async () => {
          for (; banning; bans += 1) {
            const address = `198.51.100.${(bans % 200) + 20}`;
            await scene.lab.does(device, `nft add element inet foreign banned '{ ${address} timeout 2s }'`);
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
        await scene.lab.does(device, removeForeign);
        scene.tell(`${bans > 10 ? 'dozens of' : 'a few'} bans meanwhile`);
      },
    }),
    ...startsAfterUs(),
    ...lost(platform),
  ];
}

async function edit(scene: Scene, device: DeviceName): Promise<void> {
  const table = await ourTable(scene, device);
  const chain = (await scene.lab.does(device, `nft list table inet ${table} | awk '/chain / { print $2; exit }'`)).trim();
  await scene.lab.does(device, `nft insert rule inet ${table} ${chain} ip saddr 192.0.2.77 counter comment \\"by hand\\"`);
}

const LATE = '/etc/systemd/system/late-firewall.service';
const LATE_UNIT = `[Unit]
After=network-online.target nftables.service cpanel-edge.service cpanel-edge-addresses.service
[Service]
Type=oneshot
ExecStart=/usr/sbin/nft -f /etc/late-firewall.nft
[Install]
WantedBy=multi-user.target
`;

const keepingOut = (device: DeviceName): string =>
  device === 'edge1'
    ? 'type filter hook forward priority 10; policy drop;\nct state established,related accept\nip saddr 10.9.0.0/24 accept'
    : 'type filter hook input priority 10; policy drop;\nct state established,related accept\niif lo accept\nmeta l4proto { 1, 58 } accept\ntcp dport 22 accept';

/** As firewalld, ufw or csf do that nobody knew of: from the next start on they keep everybody out whom ours lets in. */
function startsAfterUs(): readonly Combination[] {
  return combinations({
    name: 'another firewall manager starts after us and closes everything',
    moments: before('protocol'),
    representative: (_, device) => device === 'web1',
    run: async (scene, device) => {
      scene.allow({ outage: Infinity, sessionsEnd: true, operator: Infinity });
      const { lab } = scene;
      await scene.again();
      scene.succeeded();
      await lab.does(device, 'cat >/etc/late-firewall.nft', { input: foreign(keepingOut(device)) });
      await lab.does(device, `cat >${LATE} && systemctl enable late-firewall && sync`, { input: LATE_UNIT });
      await lab.device(device).reboot();
      await until('it has loaded its rules', 20, async () => (await lab.does(device, 'nft list tables')).includes('inet foreign'));
      await until(`${device} runs ours`, 20, async () => (await scene.runs(device)) === 'new');
      const verified = await scene.verify(device);
      strictEqual(verified.status, 3, verified.out);
      match(verified.out, /narrower: /);
      await scene.ended(scene.start([...APPLY, `-replace=${release(device)}`]));
      scene.succeeded();
      scene.says(/Others' rules close to most what it opens/, /Next, in [^ ]+: (?!nothing)/);
      await lab.does(
        device,
        `systemctl disable late-firewall; rm ${LATE} /etc/late-firewall.nft; systemctl daemon-reload; ${removeForeign}`,
      );
      scene.tell('verify says narrower, with a status of its own, and so does a delivery');
    },
  });
}

/** Somebody flushes everybody's rules with no service that brings ours back. */
function lost(platform: FaultPlatform): readonly Combination[] {
  return combinations({
    name: 'nft flush ruleset by hand',
    moments: [...BEFORE, ...placesWithin(platform, 'arm').filter((moment) => printMoment(moment) === 'arm: armed, not loaded')],
    run: async (scene, device, moment) => {
      // Without NAT and without a filter until somebody brings them back: the next delivery does, or this one's rollback.
      scene.allow({ outage: Infinity, sessionsEnd: true, unguarded: true });
      const { running, gate } = await scene.startTo(device, moment);
      await scene.lab.does(device, 'nft flush ruleset');
      gate.release();
      await scene.ended(running);
    },
  });
}
