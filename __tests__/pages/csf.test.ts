import { builtCommand } from '../built-command';
import { canHaveDevice } from '../device/machine';
import { confOf } from '../platforms/csf/folder';
import { temporaryFolder } from '../temporary-folder';
import { describeWhere } from '../where-possible';
import { page } from './says';
import { firstTypedAt, shownOn, typedOn } from './taken';

const { says, inLab } = page('csf.md');
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
  const firstOf = (...lines: readonly string[]): string => firstTypedAt(built, folder, lines, FILES);
  says('npx cpanel-edge exposure server.tar --facts addresses.txt', () =>
    expect(firstOf(tar, addresses, exposure)).toBe(shownOn('csf.md', 'Open to')),
  );
  says('`tail -v -n +1 /etc/csf/csf* /etc/csf/*.allow /etc/resolv.conf`', () => {
    const text = 'ssh root@server "tail -v -n +1 /etc/csf/csf* /etc/csf/*.allow /etc/resolv.conf" > server.txt';
    expect(firstOf(text, addresses, exposure.replace('server.tar', 'server.txt'))).toBe(shownOn('csf.md', 'Open to'));
  });
});

inLab([
  [
    'all TCP ports from every side are what was proven',
    'one delivery: from every side what is observed is what was proven, in both families',
  ],
  [
    'after restarts, loss of power and a lock-out, too.',
    'a lock-out rolls back by itself, also where the power goes meanwhile, and the next apply converges',
  ],
  [
    'a drop-in looks whether what runs is what was confirmed',
    'after csf is restarted, its service is, and the server is, it is as it was confirmed',
  ],
  [
    "also where csf has failed because of somebody's line.",
    'a wrong line of somebody’s opens nothing, and is said; so is a port that somebody opens',
  ],
  [
    'csf stands beside the table of nft as it was before us.',
    'to nftables and back: csf stands beside the table as it was before, and then it is alone again',
  ],
  [
    'a csf that gave way by `replaces` is enabled for the trial, before our table goes, and off again where nobody confirms.',
    'csf gives way to nftables and comes back in one delivery each; locked out, or without power, it is off again',
  ],
  ['settings have the values that they had, and our lines are gone', 'a retract leaves csf as it was before, after a restart, too'],
  [
    "on platform csf `replaces: ['firewalld']`. Neither opens the server",
    'and back to csf in one delivery: locked out, or without power, firewalld is there again with ours',
  ],
]);
