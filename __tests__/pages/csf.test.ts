import { builtCommand } from '../built-command';
import { canHaveDevice } from '../device/machine';
import { confOf } from '../platforms/csf/folder';
import { temporaryFolder } from '../temporary-folder';
import { describeWhere } from '../where-possible';
import { page } from './says';
import { shownOn, typedAt, typedOn } from './taken';

const { says } = page('csf.md');
const built = builtCommand();
const folder = temporaryFolder();
const where = describeWhere(canHaveDevice, 'files of a server', 'root on Linux');

where('what its files open', () => {
  const FILES = {
    'etc/csf/csf.conf': confOf({ TCP_IN: '20,21,22,25,53,80,443,2083,2087', UDP_IN: '53,443' }),
    'etc/csf/csf.allow': '',
    'etc/csf/csf.deny': '',
    'etc/resolv.conf': 'nameserver 127.0.0.53\n',
    'var/lib/csf/csf.tempban': '',
    'usr/local/csf/bin/csftest.pl': '',
  };
  const [tar, addresses, exposure] = typedOn('csf.md') as [string, string, string];
  const firstOf = (...lines: readonly string[]): string => {
    const { status, out, said } = typedAt(built, folder, lines, FILES);
    expect([status, said]).toEqual([0, '']);
    return out.split('\n', 1)[0]!;
  };
  says('npx cpanel-edge exposure server.tar --facts addresses.txt', () =>
    expect(firstOf(tar, addresses, exposure)).toBe(shownOn('csf.md', 'Open to')),
  );
  says('`tail -v -n +1 /etc/csf/csf* /etc/csf/*.allow /etc/resolv.conf`', () => {
    const text = 'ssh root@server "tail -v -n +1 /etc/csf/csf* /etc/csf/*.allow /etc/resolv.conf" > server.txt';
    expect(firstOf(text, addresses, exposure.replace('server.tar', 'server.txt'))).toBe(shownOn('csf.md', 'Open to'));
  });
});
