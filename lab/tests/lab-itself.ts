// Tests the lab itself: its devices are whole machines with keys, processes and control groups of their own, they
// reboot, and its probes see every listener, and exactly the ports that NAT rules written by hand let through.

import { deepStrictEqual, rejects, strictEqual } from 'node:assert';
import { must } from '../command';
import { inNamespace, namespaceOf } from '../namespace';
import { ask } from '../probe/ask-services';
import { observeTcp, observeRaw, observeUdp } from '../probe/observe';
import { observeOutbound, observeSourcePorts } from '../probe/outbound';
import { parsePorts, printPorts } from '../probe/ports';
import { readScan, scan } from '../probe/scan';
import { reached } from '../wait-for-ssh';
import { SERVER_TCP, STRANGER_TCP } from '../probed-ports';
import { ADDRESS } from '../topology';
import { makeNatByHand } from './hand-made-nat';
import { remains, stopped } from './remains';
import { LabSuite } from './test';

/**
 * Tests of the lab's own probes: they must see everything that is known to be there, or the other tests prove nothing.
 */
export const labItself: LabSuite = {
  name: 'the lab itself',
  tests: [
    {
      name: 'devices boot as whole machines',
      run: async (lab) => {
        for (const device of ['edge1', 'web1'])
          strictEqual(await lab.does(device, 'hostname; systemctl is-system-running --wait'), `${device}\nrunning\n`);
        strictEqual(await lab.does('edge1', 'sysctl -n net.ipv4.ip_forward'), '1\n');
        strictEqual(await lab.does('web1', 'sysctl -n net.ipv4.ip_forward'), '0\n');
      },
    },
    {
      name: 'devices have identities of their own: host keys, machine ids, processes and files',
      run: async (lab) => {
        const of = (device: string) => lab.does(device, 'cat /etc/machine-id /etc/ssh/ssh_host_ed25519_key.pub');
        const [edge, web] = [await of('edge1'), await of('web1')];
        strictEqual(edge === web, false);
        await lab.does('edge1', 'touch /root/mine');
        strictEqual((await lab.ssh('web1', 'test -e /root/mine')).status, 1);
        strictEqual((await lab.ssh('web1', 'id -un; sudo -n id', { user: 'deploy' })).out, 'deploy\n');
      },
    },
    {
      name: 'devices have control groups of their own, so that no other device starts or ends their services',
      run: async (lab) => {
        for (const device of ['edge1', 'web1']) {
          const groups = await must(['cat', `/proc/${await lab.device(device).firstProcess()}/cgroup`]);
          strictEqual(groups.includes(`/${namespaceOf(lab.name, device)}/`), true, groups);
        }
      },
    },
    {
      name: 'a wrong host key is refused',
      run: async (lab) => {
        const stranger = lab.environment().server.hostKeys[0]!;
        const { status, err } = await lab.exec('operator', [
          'sh',
          '-c',
          `echo '${ADDRESS.gatewayManagement} ${stranger}' >$1.wrong; shift; "$@"`,
          '-',
          lab.knownHosts,
          ...lab
            .sshArguments('edge1', 'root', ['true'])
            .map((word) => word.replace(lab.knownHosts, `${lab.knownHosts}.wrong`)),
        ]);
        strictEqual(status, 255);
        strictEqual(err.includes('Host key verification failed'), true, err);
      },
    },
    {
      name: "a device without a path is told apart from one that doesn't run, with the known facts",
      run: async (lab) => {
        const port = (state: string) =>
          must(inNamespace(namespaceOf(lab.name, 'wire'), ['ip', 'link', 'set', 'edge1-mgmt0', state]));
        await port('down');
        try {
          await rejects(reached(lab.name, lab.device('edge1'), ADDRESS.gatewayManagement, 1), (error) => {
            for (const part of [
              'edge1-mgmt0',
              'state disabled',
              `${ADDRESS.gatewayManagement} dev eth0`,
              'networking.service',
            ])
              strictEqual(String(error).includes(part), true, `${part} in ${String(error)}`);
            return true;
          });
        } finally {
          await port('up');
        }
        await reached(lab.name, lab.device('edge1'), ADDRESS.gatewayManagement);
      },
    },
    {
      name: 'without rules an outside scan of the server sees every listener, and the wire every port',
      run: async (lab) => {
        const target = { from: 'internet', to: ADDRESS.web1 };
        await lab.wire.forget();
        strictEqual((await observeTcp(lab, target, parsePorts('1-65535'))).ports, '1-65535');
        strictEqual((await lab.wire.asked('web1', ADDRESS.internet, ADDRESS.web1)) >= 65_535, true);
        const listeners = [...SERVER_TCP, ...STRANGER_TCP, 22];
        strictEqual(
          printPorts((await scan(lab, target, printPorts([...listeners, 23, 9999]), 'patient')).open),
          printPorts(listeners),
        );
      },
    },
    {
      name: 'an address without a host is silent on all ports',
      run: async (lab) => {
        const found = await scan(lab, { from: 'internet', to: ADDRESS.publicUnused }, '1-2000');
        strictEqual(found.silent.length, 2000);
      },
    },
    {
      name: 'with hand-made NAT exactly its ports are seen from outside and from a second peer',
      run: async (lab) => {
        await makeNatByHand(lab);
        for (const from of ['internet', 'peer']) {
          const asker = from === 'internet' ? ADDRESS.internet : ADDRESS.peer;
          await lab.wire.forget();
          deepStrictEqual(await observeTcp(lab, { from, to: ADDRESS.publicWeb1 }), {
            from,
            to: ADDRESS.publicWeb1,
            protocol: 'tcp',
            ports: '22,80,443,9000-9010',
            elsewhere: 'none',
            answers: [`web1 as ${ADDRESS.web1}, asked by ${asker}`],
            answered: '80,443',
          });
        }
        strictEqual((await observeUdp(lab, { from: 'internet', to: ADDRESS.publicWeb1 })).ports, '53');
        deepStrictEqual(
          (await observeRaw(lab, { from: 'internet', to: ADDRESS.publicWeb1 })).map(({ ports }) => ports),
          ['all', 'none', 'none'],
        );
      },
    },
    {
      name: 'the private address asked directly from outside is closed by the same rules',
      run: async (lab) => {
        await makeNatByHand(lab);
        await lab.wire.forget();
        strictEqual((await observeTcp(lab, { from: 'internet', to: ADDRESS.web1 })).ports, 'none');
      },
    },
    {
      name: 'GRE and SCTP are seen when they pass',
      run: async (lab) => {
        await makeNatByHand(lab);
        await lab.wire.forget();
        await lab.does('edge1', 'nft insert rule ip hand forward ip protocol { 47, 132 } accept');
        deepStrictEqual(
          (await observeRaw(lab, { from: 'internet', to: ADDRESS.publicWeb1 })).map(({ ports }) => ports),
          ['all', 'all', 'all'],
        );
        await makeNatByHand(lab);
      },
    },
    {
      name: 'hairpin: the server and its neighbours reach it by its public address, with the expected source addresses',
      run: async (lab) => {
        await makeNatByHand(lab);
        for (const from of ['web1', 'neighbour', 'office']) {
          const [asked] = await ask(lab, from, [{ protocol: 'tcp', to: ADDRESS.publicWeb1, port: 443 }]);
          const seen = asked?.reply.is === 'answer' ? asked.reply.answer.from : asked?.reply.is;
          strictEqual(seen, from === 'office' ? ADDRESS.office : ADDRESS.gatewayLan, from);
        }
      },
    },
    {
      name: 'the far side sees the server by its public address, source ports 4 and 1020 kept',
      run: async (lab) => {
        await makeNatByHand(lab);
        for (const { seenAs } of await observeOutbound(lab, 'web1', ADDRESS.peer))
          deepStrictEqual(seenAs, [ADDRESS.publicWeb1]);
        deepStrictEqual(
          (await observeSourcePorts(lab, 'web1', ADDRESS.internet)).map(({ seen }) => seen),
          [`${ADDRESS.publicWeb1} port 4`, `${ADDRESS.publicWeb1} port 1020`],
        );
      },
    },
    {
      name: "an answer of the gateway itself isn't taken for the server's",
      run: async (lab) => {
        await makeNatByHand(lab);
        await lab.does('edge1', 'nft delete table ip hand');
        await lab.wire.forget();
        // A busy machine hears some of 65,535 resets too late. Ports where the server would have answered are asked
        // again with patience.
        const listened = [...SERVER_TCP, ...STRANGER_TCP];
        const seen = await observeTcp(lab, { from: 'internet', to: ADDRESS.publicWeb1 }, listened);
        strictEqual(seen.ports, 'none');
        const elsewhere = new Set(parsePorts(seen.elsewhere));
        strictEqual(printPorts(listened.filter((port) => elsewhere.has(port))), printPorts(listened));
      },
    },
    {
      name: "a reboot loses rules and addresses that weren't stored, and keeps files",
      run: async (lab) => {
        await makeNatByHand(lab);
        await lab.does('edge1', 'touch /etc/kept');
        await lab.device('edge1').reboot();
        strictEqual(await lab.does('edge1', 'nft list ruleset'), '');
        strictEqual((await lab.does('edge1', 'ip -br addr show wan0')).includes(ADDRESS.publicWeb1), false);
        await lab.does('edge1', 'test -e /etc/kept');
      },
    },
    {
      name: 'a machine that reboots by itself comes back with its links, and its listeners with it',
      run: async (lab) => {
        await lab.ssh('web1', 'systemctl reboot');
        await lab.device('web1').rebootedByItself();
        const [asked] = await ask(lab, 'neighbour', [{ protocol: 'tcp', to: ADDRESS.web1, port: 2087 }]);
        strictEqual(asked?.reply.is, 'answer');
      },
    },
    {
      name: "a machine that loses power runs no unit's stop commands",
      run: async (lab) => {
        const unit =
          '[Service]\\nType=oneshot\\nRemainAfterExit=yes\\nExecStart=/bin/true\\nExecStop=/bin/touch /root/stopped\\n';
        await lab.does(
          'web1',
          `printf '${unit}' >/etc/systemd/system/witness.service; systemctl daemon-reload; systemctl start witness`,
        );
        await lab.device('web1').cut();
        await lab.device('web1').start();
        await lab.device('web1').ready();
        strictEqual((await lab.ssh('web1', 'test -e /root/stopped')).status, 1);
        await lab.does('web1', 'systemctl start witness');
        await lab.device('web1').reboot();
        await lab.does('web1', 'test -e /root/stopped && rm /root/stopped /etc/systemd/system/witness.service');
      },
    },
    {
      name: 'a scan that leaves a port out is an error, not a closed port',
      run: async () => {
        strictEqual(printPorts(parsePorts('1-3,7,4')), '1-4,7');
        let said = '';
        try {
          readScan(
            '<extraports state="closed" count="2"><extrareasons reason="resets" count="2" proto="tcp" ports="1,3"/></extraports>',
            [1, 2, 3],
          );
        } catch (error) {
          said = String(error);
        }
        strictEqual(said.includes('nothing about 1 of 3 ports, the first is 2'), true, said);
      },
    },
    remains,
    stopped,
  ],
};
