// Tests `exposure` and `import` on folders and tar archives: one without rules is refused with what the commands take,
// a tar of a firewall's files gives the same as its text, and a mistake is reported with its file.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { builtCommand, typed } from '../built-command';
import { temporaryFolder } from '../temporary-folder';
import { FILES, TEXT, tarOfFiles } from './spread-samples';

const folder = temporaryFolder();
const built = builtCommand();

it('a folder without rules and stacks: the commands name what they take', () => {
  mkdirSync(join(folder, 'none', 'a'), { recursive: true });
  writeFileSync(join(folder, 'none', 'a/hello.txt'), 'hello');
  for (const [command, takes] of [
    [
      'exposure',
      /a folder with a synthesized stack, or with firewalld’s files or csf’s files or APF’s files or cPanel’s NAT files \(var\/cpanel\/cpnat, .*\); a tar/,
    ],
    ['import', /a folder or a tar with firewalld’s files/],
  ] as const) {
    const { status, out, said } = typed(built, [command, 'none'], { cwd: folder });
    expect([status, out, said]).toEqual([2, '', expect.stringMatching(/^cli\/nothing-in-folder at none/)]);
    expect(said).toMatch(takes);
  }
});

it('a folder of separate rule files: the commands name the files', () => {
  mkdirSync(join(folder, 'copy', 'etc'), { recursive: true });
  writeFileSync(join(folder, 'copy', 'README'), 'rules of my server\n');
  writeFileSync(join(folder, 'copy', 'etc/nftables.conf'), '#!/usr/sbin/nft -f\nflush ruleset\ntable inet x {\n}\n');
  for (const command of ['exposure', 'import'])
    expect(typed(built, [command, 'copy'], { cwd: folder }).said).toMatch(
      /^cli\/nothing-in-folder at copy: There is nothing in it that is read by its folder\.\n {2}instead: the file itself: copy\/etc\/nftables\.conf; or a /,
    );
});

it('a tar without rules: the commands name what they take from one', async () => {
  writeFileSync(join(folder, 'none.tar'), await tarOfFiles({ 'etc/hosts': '127.0.0.1 localhost\n' }));
  const said = (command: string): string => typed(built, [command, 'none.tar'], { cwd: folder }).said;
  expect(said('exposure')).toMatch(
    /^cli\/nothing-in-archive at none.tar: It holds none of .* or cPanel’s NAT files \(.*\)\./,
  );
  expect(said('import')).toMatch(/^cli\/nothing-in-archive at none.tar: It holds none of .* or APF’s files\./);
});

it.each([['exposure'], ['import', '--force']])('cpanel-edge %s parses a tar as its text', async (...words) => {
  writeFileSync(join(folder, 'a.tar.gz'), gzipSync(await tarOfFiles(FILES)));
  writeFileSync(join(folder, 'a.txt'), TEXT);
  const [packed, text] = ['a.tar.gz', 'a.txt'].map((name) => {
    const { status, out, said } = typed(built, [...words, name], { cwd: folder });
    return [status, out.replaceAll(name, 'a'), said.replaceAll(name, 'a')];
  });
  expect(packed).toEqual(text);
});

it.each(['exposure', 'import'])('cpanel-edge %s names the file of a mistake', async (word) => {
  const zones = {
    'etc/firewalld/zones/public.xml': '<zone>\n  <service name="ssh"/>\n  <frob/>\n</zone>\n',
    'usr/lib/firewalld/zones/trusted.xml': '<zone target="ACCEPT">\n',
    'usr/lib/firewalld/services/ssh.xml': '<service/>\n',
    'usr/lib/firewalld/policies/allow-host-ipv6.xml': '<policy target="CONTINUE"/>\n',
  };
  writeFileSync(
    join(folder, 'wrong.tar'),
    await tarOfFiles({ ...zones, 'etc/firewalld/firewalld.conf': 'DefaultZone=public\n' }),
  );
  const { status, out, said } = typed(built, [word, 'wrong.tar'], { cwd: folder });
  expect([status, out]).toEqual([2, '']);
  expect(said).toMatch(
    /^firewalld\/unexpected-text at etc\/firewalld\/zones\/public\.xml, line 3: "<frob>" is not read/m,
  );
  expect(said).toMatch(/^firewalld\/broken at usr\/lib\/firewalld\/zones\/trusted\.xml, line 1: /m);
  writeFileSync(join(folder, 'without.tar'), await tarOfFiles(zones));
  expect(typed(built, [word, 'without.tar'], { cwd: folder }).said).toMatch(/^firewalld\/no-conf at line 1: /m);
});
