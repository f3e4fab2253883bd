import { ServerPolicy } from '../../lib/policy/policy';
import { firewalld } from '../../lib/platforms/firewalld';
import { foreign } from '../../lib/platforms/firewalld/read/foreign';
import { builtCommand } from '../built-command';
import { canHaveDevice } from '../device/machine';
import { caseWish, compiled, serverCases } from '../support';
import { temporaryFolder } from '../temporary-folder';
import { describeWhere } from '../where-possible';
import { page } from './says';
import { firstTypedAt, shownOn, typedOn } from './taken';

const { says, inLab } = page('firewalld.md');
const built = builtCommand();
const folder = temporaryFolder();
const where = describeWhere(canHaveDevice, 'files of a server', 'root on Linux');

const service = (...ports: readonly string[]): string =>
  `<service>${ports.map((port) => `<port protocol="${port.split('/')[1]}" port="${port.split('/')[0]}"/>`).join('')}</service>\n`;

where('what its files open', () => {
  const FILES = {
    'etc/firewalld/firewalld.conf': 'DefaultZone=public\nFirewallBackend=nftables\n',
    'etc/firewalld/services/cpanel.xml': service('2083/tcp', '2087/tcp', '8443/tcp', '49152-65534/tcp', '53/udp'),
    'etc/firewalld/zones/public.xml': `<zone>
  <service name="ssh"/><service name="http"/><service name="https"/><service name="cpanel"/>
  <rule family="ipv4"><source address="198.51.100.0/28"/><port port="3306" protocol="tcp"/><accept/></rule>
</zone>
`,
    'usr/lib/firewalld/services/ssh.xml': service('22/tcp'),
    'usr/lib/firewalld/services/http.xml': service('80/tcp'),
    'usr/lib/firewalld/services/https.xml': service('443/tcp'),
    'usr/lib/firewalld/zones/public.xml': '<zone><service name="ssh"/></zone>\n',
    'usr/lib/firewalld/policies/allow-host-ipv6.xml': '<policy target="CONTINUE"/>\n',
    'usr/lib/python3/dist-packages/firewall/config/__init__.py': 'VERSION = "1.3.3"\n',
  };
  const [tar, addresses, exposure] = typedOn('firewalld.md') as [string, string, string];
  const firstOf = (...lines: readonly string[]): string => firstTypedAt(built, folder, lines, FILES);
  says('npx cpanel-edge exposure server.tar --facts addresses.txt', () =>
    expect(firstOf(tar, addresses, exposure)).toBe(shownOn('firewalld.md', 'Open to')),
  );
  says('`find -L /etc/firewalld/firewalld.conf /etc/firewalld /usr/lib/firewalld` and that `__init__.py`', () => {
    const text = `ssh root@server "${foreign.printedBy}" > server.txt`;
    expect(firstOf(text, addresses, exposure.replace('server.tar', 'server.txt'))).toBe(shownOn('firewalld.md', 'Open to'));
  });
});

inLab([
  [
    "cPanel's script opens its service, with 3306, in the default zone at each run",
    'as firewalld and cPanel are installed, databases are open',
  ],
  [
    'To move from nftables or iptables, change `platform` and `version`: it is one delivery',
    'one delivery moves it from nftables; what the zone opens is closed, and nothing forbidden ever gets in',
  ],
  ['where nobody confirms, the old rules come back.', 'a lock-out rolls back by itself and the next apply converges'],
  [
    "a restart of it, and of the device doesn't",
    'reloads and a restart of firewalld are as brief, and after them and a start it is as it was confirmed',
  ],
  [
    'a reload of somebody, a start of the device or loss of power takes back what was on trial',
    'it is there after a reboot and a loss of power; what was on trial then is not',
  ],
  [
    "firewalld runs something that isn't in its files, which a reload would lose",
    'what firewalld was told and nobody wrote down refuses a delivery, which would lose it; written down it stays',
  ],
  [
    "After somebody else's reload the confirmed rules come back with `cpanel-edge-device rules`",
    'somebody’s file that nft refuses leaves nothing after their reload; what was confirmed comes back, and nothing gets in where ours fails',
  ],
  ['takes the files away, reloads, and nothing else', 'and back to nftables, and a retract: firewalld is as it was before'],
  [
    'firewalld is off before, and the delivery starts and enables it',
    'ufw: the same, with a loss of power once it is confirmed, and another release behind it',
  ],
]);

says("An owner has at most 11 letters: firewalld takes 18 of a policy's name.", () => {
  const [[name]] = serverCases() as [readonly [string, unknown]];
  const policy = compiled(caseWish(name), 'firewalld').policies.find((one): one is ServerPolicy => one.kind === 'server')!;
  const written = (letters: number): string => firewalld.writer.write({ ...policy, owner: 'o'.repeat(letters) }).text;
  const longest = [...written(11).matchAll(/cf-o+-(?:in|out)\b/g)].map(([all]) => all.length);
  expect(Math.max(...longest)).toBeLessThanOrEqual(18);
  expect(() => written(12)).toThrow(/owner/);
});
