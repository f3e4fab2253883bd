// Tests the commands of docs/how-to/platforms (apf.md, csf.md, firewalld.md) that pack a server's files: `exposure`
// gives what the page shows of the packed files.

import { firewalld } from '../../lib/platforms/firewalld';
import { configFormat } from '../../lib/platforms/firewalld/parse/config-format';
import { ServerPolicy } from '../../lib/policy/policy';
import { builtCommand } from '../built-command';
import { canHaveDevice } from '../agent/machine';
import { confOf as apfConf } from '../platforms/apf/folder';
import { confOf as csfConf } from '../platforms/csf/folder';
import { caseWish, compiled, serverCases } from '../support';
import { temporaryFolder } from '../temporary-folder';
import { read } from '../walls/sources';
import { describeWhere } from '../where-possible';
import { firstTypedAt, shownOn, typedOn } from './page-commands';

// The commands by which a page packs a server's files, and the first line of their exposure.

const built = builtCommand();
const folder = temporaryFolder();
const where = describeWhere(canHaveDevice, 'files of a server', 'root on Linux');

const service = (...ports: readonly string[]): string =>
  `<service>${ports.map((port) => `<port protocol="${port.split('/')[1]}" port="${port.split('/')[0]}"/>`).join('')}</service>\n`;

interface Server {
  readonly files: Readonly<Record<string, string>>;
  readonly opens: string;
  /** The page's command that prints its files one after the other. */
  readonly printedBy: string;
}

/** Returns the command within a line of a page, such as `tail …`. */
const inLine = (page: string, begins: string): string =>
  new RegExp(`\`(${begins}[^\`]*)\``).exec(read(`docs/how-to/platforms/${page}.md`))![1]!.replace(/\s+/g, ' ');

const SERVERS: Readonly<Record<string, Server>> = {
  apf: {
    files: {
      'etc/apf-firewall/conf.apf': `${apfConf({ BLK_PRVNET: '1' })}CNFINT="$INSTALL_PATH/internals/internals.conf"\n. $CNFINT\n`,
      'etc/apf-firewall/allow_hosts.rules': 'tcp:in:d=3306:s=203.0.113.77\n',
      'etc/apf-firewall/deny_hosts.rules': '',
      'etc/apf-firewall/internals/private.networks': '10.0.0.0/8\n',
      'etc/default/apf-firewall': 'RUN="yes"\n',
      'etc/resolv.conf': 'nameserver 127.0.0.53\n',
    },
    opens:
      'Open to the internet by IPv4: tcp 22,443; udp 53; icmp destination-unreachable,echo-request. For some sources only: tcp 3306 source port 53; tcp 3306 source port 0-52,54-65535. By IPv6: all protocols.',
    printedBy: inLine('apf', 'tail -v'),
  },
  csf: {
    files: {
      'etc/csf/csf.conf': csfConf({ TCP_IN: '20,21,22,25,53,80,443,2083,2087', UDP_IN: '53,443' }),
      'etc/csf/csf.allow': '',
      'etc/csf/csf.deny': '',
      'etc/resolv.conf': 'nameserver 127.0.0.53\n',
      'var/lib/csf/csf.tempban': '',
      'usr/local/csf/bin/csftest.pl': '',
    },
    opens: shownOn('how-to/platforms/csf.md', 'Open to'),
    printedBy: inLine('csf', 'tail -v'),
  },
  firewalld: {
    files: {
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
    },
    opens: shownOn('how-to/platforms/firewalld.md', 'Open to'),
    printedBy: configFormat.printCommand,
  },
};

where("the exposure of a server's files, by the commands of its page", () => {
  test.each(Object.entries(SERVERS))(
    '%s: the same for a tar and for the files printed one after the other',
    (name, { files, opens, printedBy }) => {
      const [tar, addresses, exposure] = typedOn(`how-to/platforms/${name}.md`) as [string, string, string];
      const printed = `ssh root@server "${printedBy}" > server.txt`;
      expect(
        firstTypedAt(
          built,
          folder,
          [tar, printed, addresses],
          [exposure, exposure.replace('server.tar', 'server.txt')],
          files,
        ),
      ).toEqual([opens, opens]);
    },
  );
});

test("an owner on firewalld has at most 11 letters, because firewalld allows 18 in a policy's name", () => {
  const [[name]] = serverCases() as [readonly [string, unknown]];
  const policy = compiled(caseWish(name), 'firewalld').policies.find(
    (one): one is ServerPolicy => one.kind === 'server',
  )!;
  const written = (letters: number): string =>
    firewalld.generator.write({ ...policy, owner: 'o'.repeat(letters) }).text;
  const longest = [...written(11).matchAll(/cf-o+-(?:in|out)\b/g)].map(([all]) => all.length);
  expect(Math.max(...longest)).toBeLessThanOrEqual(18);
  expect(() => written(12)).toThrow(/owner/);
});
