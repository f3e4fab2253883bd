import { mkdtempSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { cpanelNatOf, gatewaysOf, natNotes } from '../../driver/cpanel-nat';
import { builtCommand, typed } from '../built-command';
import { canHaveDevice } from '../device/machine';
import { MAIL, holdersOf } from '../driver/doctor/samples';
import { temporaryFolder } from '../temporary-folder';
import { read } from '../walls/sources';
import { describeWhere } from '../where-possible';
import { page } from './says';

const { says, inLab } = page('cpnat.md');
const built = builtCommand();
const folder = temporaryFolder();

/** The lines of the page's example that begins so. */
const shown = (begins: string): readonly string[] =>
  [...read('docs/cpnat.md').matchAll(/```text\n([^]*?)\n```/g)].find(([, lines]) => lines!.startsWith(begins))![1]!.split('\n');

says('[`verify`](verify.md) of a server', () => {
  const holders = holdersOf(MAIL);
  const { release } = holders.find(({ role }) => role === 'server')!;
  const file = ['cpnat there', 'line 1 10.0.0.10 203.0.113.11', 'line 2 10.0.0.12 203.0.113.12', 'line 3 10.0.0.13 203.0.113.12'];
  const notes = natNotes(cpanelNatOf(file), release!, () => gatewaysOf(holders));
  expect(notes.map((note) => `  no drift: ${note}`)).toEqual(shown('  no drift: /var'));
});

describeWhere(
  canHaveDevice,
  'files of cPanel',
  'root on Linux',
)('of a server that this package doesn’t deliver', () => {
  says('which lines cPanel takes for something else than they look like', () => {
    const [, tar = ''] = /^ssh root@server "(tar .*)" > nat\.tar$/m.exec(read('docs/cpnat.md'))!;
    const home = mkdtempSync(join(folder, 'server-'));
    writeFileSync(join(home, 'cpnat'), '10.0.0.10 203.0.113.10\n10.0.0.11 203.0.113.10\n');
    writeFileSync(join(home, 'pure-ftpd.conf'), 'PassivePortRange 49152 65534\n');
    const rules =
      'table inet filter {\n\tchain INPUT {\n\t\ttype filter hook input priority filter; policy drop;\n\t\ttcp dport { 21, 49152-50000 } accept\n\t}\n}\n';
    writeFileSync(join(home, 'rules.nft'), rules);
    // There is no /etc/cpsources.conf, and nobody minds.
    const files = `mount -t tmpfs none /var; mkdir /var/cpanel; cp cpnat /var/cpanel; mkdir new; cp pure-ftpd.conf new`;
    const { status } = spawnSync('unshare', ['-m', 'sh', '-c', `${files}; mount --bind new /etc; ${tar} >nat.tar`], { cwd: home });
    expect(status).toBe(0);
    const { out } = typed(built, ['exposure', 'rules.nft', 'nat.tar'], { cwd: home });
    for (const line of shown('Worth a look')) expect(out.split('\n')).toContain(line);
  });
});

inLab([
  [
    'In the lab a stand-in of `build_cpnat` asks a page beyond the gateway, and what it finds is what the release has written.',
    'a release that says it: read in the plan, written with the confirm, the same as cPanel finds; drift where somebody changes it, and back as it was',
  ],
  [
    'connected, and the server has the other end of this very connection',
    'cPanel’s own question after a delivery: does the server come back to itself, on the server, by the gateway, by nobody',
  ],
]);
