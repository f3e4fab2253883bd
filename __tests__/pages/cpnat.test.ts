// Tests the commands of docs/how-to/cpnat.md on cPanel's NAT file: they print the lines that mean something else than
// they look like.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtCommand, typed } from '../built-command';
import { canHaveDevice } from '../agent/machine';
import { temporaryFolder } from '../temporary-folder';
import { read } from '../walls/sources';
import { describeWhere } from '../where-possible';

const built = builtCommand();
const folder = temporaryFolder();

describeWhere(
  canHaveDevice,
  'files of cPanel',
  'root on Linux',
)("cPanel's files, by the command of the page", () => {
  test("show the lines of the NAT file that don't mean what they seem to", () => {
    const page = read('docs/how-to/cpnat.md');
    const [, tar = ''] = /^ssh root@server "(tar .*)" > nat\.tar$/m.exec(page)!;
    const [, example = ''] = /```text\n(Worth a look[^]*?)\n```/.exec(page)!;
    const home = mkdtempSync(join(folder, 'server-'));
    writeFileSync(join(home, 'cpnat'), '10.0.0.10 203.0.113.10\n10.0.0.11 203.0.113.10\n');
    writeFileSync(join(home, 'pure-ftpd.conf'), 'PassivePortRange 49152 65534\n');
    const rules =
      'table inet filter {\n\tchain INPUT {\n\t\ttype filter hook input priority filter; policy drop;\n\t\ttcp dport { 21, 49152-50000 } accept\n\t}\n}\n';
    writeFileSync(join(home, 'rules.nft'), rules);
    // /etc/cpsources.conf is missing, which the command has to tolerate.
    const files = `mount -t tmpfs none /var; mkdir /var/cpanel; cp cpnat /var/cpanel; mkdir new; cp pure-ftpd.conf new`;
    const { status } = spawnSync('unshare', ['-m', 'sh', '-c', `${files}; mount --bind new /etc; ${tar} >nat.tar`], {
      cwd: home,
    });
    expect(status).toBe(0);
    const { out } = typed(built, ['exposure', 'rules.nft', 'nat.tar'], { cwd: home });
    for (const line of example.split('\n')) expect(out.split('\n')).toContain(line);
  });
});
