import { builtCommand } from '../built-command';
import { canHaveDevice } from '../device/machine';
import { temporaryFolder } from '../temporary-folder';
import { describeWhere } from '../where-possible';
import { page } from './says';
import { shownOn, typedAt, typedOn } from './taken';

const { says } = page('firewalld.md');
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
  const firstOf = (...lines: readonly string[]): string => {
    const { status, out, said } = typedAt(built, folder, lines, FILES);
    expect([status, said]).toEqual([0, '']);
    return out.split('\n', 1)[0]!;
  };
  says('npx cpanel-edge exposure server.tar --facts addresses.txt', () =>
    expect(firstOf(tar, addresses, exposure)).toBe(shownOn('firewalld.md', 'Open to')),
  );
  says('`tail -v -n +1` of `/etc/firewalld/*.*`, `/etc/firewalld/*/*.xml`, `/usr/lib/firewalld/*/*.xml` and that `__init__.py`', () => {
    const command =
      'tail -v -n +1 /etc/firewalld/*.* /etc/firewalld/*/*.xml /usr/lib/firewalld/*/*.xml /usr/lib/python3*/*-packages/firewall/config/__init__.py';
    const text = `ssh root@server "${command}" > server.txt`;
    expect(firstOf(text, addresses, exposure.replace('server.tar', 'server.txt'))).toBe(shownOn('firewalld.md', 'Open to'));
  });
});
