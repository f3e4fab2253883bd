// Tests `doctor`: breaks the deployed stack, one thing at a time, shows by packets that it is broken, and asserts that
// `doctor` names the reason.
import { match, ok, strictEqual } from 'node:assert';
import { join } from 'node:path';
import { Outcome, until } from '../command';
import { Lab } from '../lab';
import { namespaceOf, processesIn } from '../namespace';
import { kill, wordsOf } from '../process';
import { scan } from '../probe/scan';
import { REPOSITORY } from '../stack';
import { ADDRESS } from '../topology';
import { deploy } from './deployment';
import { isShownOn } from './assert-page-shows';
import { LabSuite, LabTest } from './test';

export const MAIN = join(REPOSITORY, 'dist/cli/main.js');

/** Types a command of this package as the operator, beside the deployed stack. */
export const types = (lab: Lab, ...words: readonly string[]): Promise<Outcome> =>
  lab.exec('operator', [process.execPath, MAIN, ...words, '--stack', join(lab.folder, 'stack', 'stacks', 'lab')]);

/** Returns whether a client that isn't blocked reaches the server's HTTPS by its public address. */
const reaches = async (lab: Lab): Promise<boolean> => {
  // For a while, neighbours' ARP tables would send packets to a device that doesn't answer for the address any more.
  await lab.exec('internet', ['ip', 'neigh', 'flush', 'all']);
  return (await scan(lab, { from: 'peer', to: ADDRESS.publicWeb1 }, '443')).open.includes(443);
};

interface Breakage {
  readonly name: string;
  /** Causes the fault, and `repairs` undoes it. */
  readonly breaks: (lab: Lab) => Promise<unknown>;
  readonly repairs: (lab: Lab) => Promise<unknown>;
  /** Last lines of doctor's answer. */
  readonly says: RegExp;
  readonly status?: number;
  /** True if packets pass nevertheless. */
  readonly stillReached?: boolean;
  readonly asks?: readonly string[];
  /** Page of the docs that shows the whole output. */
  readonly page?: string;
}

const broken = ({
  name,
  breaks,
  repairs,
  says,
  status = 1,
  stillReached = false,
  asks = [ADDRESS.publicWeb1],
  page,
}: Breakage): LabTest => ({
  name,
  run: async (lab) => {
    await breaks(lab);
    try {
      strictEqual(await reaches(lab), stillReached, 'what packets say');
      const { status: ended, out, err } = await types(lab, 'doctor', ...asks);
      const [, last = ''] = out.split('\n\n').slice(-2);
      match(last, says, `${out}${err}`);
      strictEqual(ended, status, `${out}${err}`);
      if (page !== undefined) isShownOn(page, out);
    } finally {
      await repairs(lab);
    }
    ok(await reaches(lab), 'after the repair');
  },
});

const on =
  (device: string, command: string, input = '') =>
  (lab: Lab) =>
    lab.does(device, command, { input });
const foreign = (family: string, chain: string): string => `table ${family} foreign {\nchain one {\n${chain}\n}\n}\n`;
/** Loads our own rules as they were delivered, like `nftables.service` after a restart. */
const ownRules = (device: string) => on(device, 'cpanel-edge-device rules');

export const doctor: LabSuite = {
  name: 'doctor',
  tests: [
    {
      name: 'finds nothing wrong if the service is reached',
      run: async (lab) => {
        await deploy(lab);
        ok(await reaches(lab));
        const { status, out, err } = await types(lab, 'doctor', ADDRESS.publicWeb1);
        strictEqual(status, 0, `${out}${err}`);
        strictEqual(/^[✗?-] /m.test(out), false, out);
        match(out, /✓ something listens on the port/);
        match(out, /Nothing wrong was found/);
        const json = JSON.parse((await types(lab, 'doctor', `${ADDRESS.publicWeb1}:443`, '--json')).out) as Record<
          string,
          unknown
        >;
        strictEqual(json['outcome'], 'nothing wrong');
        strictEqual(json['server'], 'web1');
      },
    },
    broken({
      name: 'the virtual IP was taken off the interface',
      breaks: on('edge1', `ip addr del ${ADDRESS.publicWeb1}/24 dev wan0`),
      repairs: on('edge1', `ip addr add ${ADDRESS.publicWeb1}/24 dev wan0`),
      says: /^Most likely: wan0 of edge1 does not have 203\.0\.113\.10: the virtual IP was taken away/,
    }),
    broken({
      name: 'another machine on the wire has the address, too',
      breaks: (lab) => lab.exec('internet', ['ip', 'addr', 'add', `${ADDRESS.publicWeb1}/32`, 'dev', 'eth0']),
      repairs: (lab) => lab.exec('internet', ['ip', 'addr', 'del', `${ADDRESS.publicWeb1}/32`, 'dev', 'eth0']),
      says: /^Most likely: another machine on the wire of wan0, [0-9A-F:]{17}, has 203\.0\.113\.10, too/,
      // The other machine answers, which listens on 443, too.
      stillReached: true,
    }),
    broken({
      name: 'forwarding was switched off',
      breaks: on('edge1', 'sysctl -qw net.ipv4.ip_forward=0'),
      repairs: on('edge1', 'sysctl -qw net.ipv4.ip_forward=1'),
      says: /^Most likely: edge1 does not forward IPv4\.\n.*sysctl -w net\.ipv4\.ip_forward=1/,
    }),
    broken({
      name: 'our translation rules were flushed by hand',
      breaks: on('edge1', 'nft flush chain inet cpanel_edge_hosting_gw c_prerouting'),
      repairs: ownRules('edge1'),
      says: /^Most likely: no rule of edge1 translates 203\.0\.113\.10: our rules were edited by hand\.\n.* accept edge1 [0-9a-f]{64}/,
    }),
    broken({
      name: 'our whole table was flushed',
      breaks: on('edge1', 'nft delete table inet cpanel_edge_hosting_gw'),
      repairs: ownRules('edge1'),
      says: /^Most likely: edge1 runs none of our rules: our rules are absent: they were flushed\./,
    }),
    broken({
      name: "another program's translation takes the port",
      breaks: on(
        'edge1',
        'nft -f -',
        foreign(
          'ip',
          'type nat hook prerouting priority -150; policy accept;\nip daddr 203.0.113.10 tcp dport 443 dnat to 10.0.0.20:80',
        ),
      ),
      repairs: on('edge1', 'nft delete table ip foreign'),
      says: /^Most likely: line 4 of table ip foreign on edge1 translates it to 10\.0\.0\.20 port 80 instead of 10\.0\.0\.10 port 443/,
    }),
    broken({
      name: "another program's rule drops the packet on the gateway",
      breaks: on(
        'edge1',
        'nft -f -',
        foreign('inet', 'type filter hook forward priority 0; policy accept;\ntcp dport 443 drop'),
      ),
      repairs: on('edge1', 'nft delete table inet foreign'),
      says: /^Most likely: line 4 of table inet foreign on edge1 refuses .*: tcp dport 443 drop, which is not of cpanel-edge\./,
    }),
    broken({
      name: 'the server was edited by hand',
      breaks: on('web1', 'nft insert rule inet cpanel_edge_hosting_host c_input tcp dport 443 drop'),
      repairs: ownRules('web1'),
      says: /^Most likely: line \d+ of table inet cpanel_edge_hosting_host on web1 refuses .*, a line that was added to our rules by hand\.\n.* accept web1/,
    }),
    broken({
      name: 'the client is banned for a limited time',
      breaks: on(
        'web1',
        'nft -f -',
        `table inet f2b {\nset banned {\ntype ipv4_addr\nflags timeout\nelements = { ${ADDRESS.peer} timeout 1h }\n}\nchain one {\ntype filter hook input priority -1; policy accept;\nip saddr @banned drop\n}\n}\n`,
      ),
      repairs: on('web1', 'nft delete table inet f2b'),
      says: /^Perhaps: the rules of web1 may refuse .*line 10 of table inet f2b: an element may expire; the client's address stands in line 5 of table inet f2b/,
      status: 3,
    }),
    broken({
      name: "the server's default route is gone",
      breaks: on('web1', 'ip route del default'),
      repairs: on('web1', `ip route replace default via ${ADDRESS.gatewayLan}`),
      says: /^Most likely: web1 has no route back to 198\.51\.100\.7: its default route is gone\.\n.*ip route replace default via 10\.0\.0\.1 dev eth0/,
      page: 'how-to/doctor.md',
    }),
    broken({
      name: 'the server replies by another router',
      breaks: on('web1', `ip route replace default via ${ADDRESS.neighbour}`),
      repairs: on('web1', `ip route replace default via ${ADDRESS.gatewayLan}`),
      says: /^Most likely: web1 answers 198\.51\.100\.7 by 10\.0\.0\.20 on eth0, not by edge1 \(10\.0\.0\.1\)/,
    }),
    broken({
      name: "the server's interface is down",
      breaks: on('web1', 'ip link set eth0 down'),
      // The interface has lost its IPv6 addresses.
      repairs: (lab) => lab.device('web1').reboot(),
      says: /^Most likely: the server does not answer ARP for 10\.0\.0\.10 on lan0 of edge1/,
    }),
    broken({
      name: "the server's source is translated to another address, and the service is reached all the same",
      breaks: on(
        'edge1',
        'nft -f -',
        foreign(
          'ip',
          'type nat hook postrouting priority 50; policy accept;\noifname "wan0" ip saddr 10.0.0.0/24 masquerade',
        ),
      ),
      repairs: on('edge1', 'nft delete table ip foreign'),
      says: /^Nothing keeps this client away\. Beside that: the server’s source is translated to 203\.0\.113\.2, not to 203\.0\.113\.10, by line 4 of table ip foreign/,
      stillReached: true,
    }),
    {
      name: 'the intent does not open the port, or has no such address',
      run: async (lab) => {
        const says = async (words: readonly string[], what: RegExp): Promise<void> => {
          const { status, out, err } = await types(lab, 'doctor', ...words);
          match(out, what, `${out}${err}`);
          strictEqual(status, 1);
        };
        await says([`${ADDRESS.publicWeb1}:3306`], /^Most likely: "cpanel" does not open tcp 3306 to any source\.$/m);
        await says([`${ADDRESS.publicWeb1}:2087`], /^Most likely: "cpanel" opens tcp 2087 to 10\.9\.0\.0\/24 only/m);
        await says(
          [ADDRESS.publicWeb1, '--from', ADDRESS.blocked],
          /^Most likely: "cpanel" blocks 203\.0\.113\.99\.$/m,
        );
        await says(
          [ADDRESS.publicUnused],
          /^Most likely: nothing in the synthesized stacks gives 203\.0\.113\.250 to a server\.$/m,
        );
        // The operator is on the server's own management network, too, and the answer takes that way.
        await says(
          [ADDRESS.publicWeb1, '--from', ADDRESS.operator],
          /^Most likely: web1 answers 10\.9\.0\.2 directly by mgmt0/m,
        );
      },
    },
    {
      name: "a device that doesn't answer is reported, and the other one is asked",
      run: async (lab) => {
        await lab.does('web1', 'systemctl stop ssh.socket ssh.service; true');
        const { status, out } = await types(lab, 'doctor', ADDRESS.publicWeb1);
        await lab.device('web1').reboot();
        strictEqual(status, 2, out);
        match(out, /✓ edge1 runs its release/);
        match(out, /^- something listens on the port: web1 could not be asked$/m);
        match(out, /driver\/unreachable at root@10\.9\.0\.10:22/);
      },
    },
    broken({
      name: 'the service is stopped',
      breaks: stopService,
      repairs: (lab) => lab.device('web1').reboot(),
      says: /^Most likely: nothing listens on tcp 443 of web1: the service is stopped or uses another port\./,
    }),
  ],
};

/** Stops the lab's services in the server's network; they are processes of this machine. */
async function stopService(lab: Lab): Promise<void> {
  const services = (await processesIn(namespaceOf(lab.name, 'web1'))).filter((pid) =>
    wordsOf(pid).some((word) => word.includes('"name":"web1"')),
  );
  ok(services.length > 0);
  for (const pid of services) kill(pid, 'SIGKILL');
  await until(
    'nothing listens on 443',
    10,
    async () => (await lab.does('web1', 'ss -Hlnt "sport = :443"')).trim() === '',
  );
}
