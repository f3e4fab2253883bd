import { builtCommand } from '../built-command';
import { canHaveDevice } from '../device/machine';
import { confOf } from '../platforms/apf/folder';
import { temporaryFolder } from '../temporary-folder';
import { describeWhere } from '../where-possible';
import { page } from './says';
import { firstTypedAt, typedOn } from './taken';

const { says, inLab } = page('apf.md');
const built = builtCommand();
const folder = temporaryFolder();
const where = describeWhere(canHaveDevice, 'files of a server', 'root on Linux');

where('what its files open', () => {
  const FILES = {
    'etc/apf-firewall/conf.apf': `${confOf({ BLK_PRVNET: '1' })}CNFINT="$INSTALL_PATH/internals/internals.conf"\n. $CNFINT\n`,
    'etc/apf-firewall/allow_hosts.rules': 'tcp:in:d=3306:s=203.0.113.77\n',
    'etc/apf-firewall/deny_hosts.rules': '',
    'etc/apf-firewall/internals/private.networks': '10.0.0.0/8\n',
    'etc/default/apf-firewall': 'RUN="yes"\n',
    'etc/resolv.conf': 'nameserver 127.0.0.53\n',
  };
  const OPEN =
    'Open to the internet by IPv4: tcp 22,443; udp 53; icmp destination-unreachable,echo-request. For some sources only: tcp 3306 source port 53; tcp 3306 source port 0-52,54-65535. By IPv6: all protocols.';
  const [tar, addresses, exposure] = typedOn('apf.md') as [string, string, string];
  const firstOf = (...lines: readonly string[]): string => firstTypedAt(built, folder, lines, FILES);
  says('npx cpanel-edge exposure server.tar --facts addresses.txt', () => expect(firstOf(tar, addresses, exposure)).toBe(OPEN));
  says(
    '`tail -v -n +1 /etc/apf-firewall/conf.apf /etc/apf-firewall/*.rules /etc/apf-firewall/internals/*.networks /etc/default/apf-firewall /etc/resolv.conf`',
    () => {
      const command =
        'tail -v -n +1 /etc/apf-firewall/conf.apf /etc/apf-firewall/*.rules /etc/apf-firewall/internals/*.networks /etc/default/apf-firewall /etc/resolv.conf';
      expect(firstOf(`ssh root@server "${command}" > server.txt`, addresses, exposure.replace('server.tar', 'server.txt'))).toBe(OPEN);
    },
  );
});

inLab([
  [
    'ports in `IG_TCP_CPORTS` and `IG_UDP_CPORTS`, types in `IG_ICMP_TYPES`',
    'one delivery: from every side what is observed is what was proven',
  ],
  ["a retract with `onRetract: 'as before'`", 'a retract leaves APF as it was before, after a restart, too'],
]);
