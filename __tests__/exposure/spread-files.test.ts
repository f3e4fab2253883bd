// Tests how a folder or tar archive of a firewall's files is joined to one text, with links followed; damaged, cut-off
// or oversized archives are refused.

import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { gunzipSync, gzipSync } from 'node:zlib';
import { readText } from '../../cli/read-files';
import { Refusal } from '../../lib/problems/problem';
import { MAX_BYTES } from '../../lib/exposure/texts/decode-text';
import { temporaryFolder } from '../temporary-folder';
import { FILES, Packed, TEXT, tarOf, tarOfFiles } from './spread-samples';

const folder = temporaryFolder();

const textOfBytes = (bytes: Buffer): Promise<string> => readText('-', Readable.from([bytes]), 'another.');
const textOfPath = (path: string): Promise<string> => readText(path, Readable.from([]), 'another.');

function onDisk(name: string, files: Readonly<Record<string, string>>): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name, path)), { recursive: true });
    writeFileSync(join(folder, name, path), text);
  }
  return join(folder, name);
}

async function refused(text: Promise<string>): Promise<string> {
  try {
    return await text;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error.problems.map(({ code, where }) => `${code} at ${where}`).join();
  }
}

const tarBy = (cwd: string, ...words: readonly string[]): Buffer =>
  execFileSync('tar', words, { cwd, stdio: ['ignore', 'pipe', 'ignore'] });

describe("a tar of firewalld's files", () => {
  it('is one text, compressed or not, from a file or from standard input', async () => {
    const tar = await tarOfFiles(FILES);
    writeFileSync(join(folder, 'server.tar'), tar);
    for (const text of [textOfBytes(tar), textOfBytes(gzipSync(tar)), textOfPath(join(folder, 'server.tar'))])
      expect(await text).toBe(TEXT);
  });

  it.each(['ustar', 'pax', 'gnu', 'oldgnu'])("is accepted in tar's format %s", async (format) => {
    const long = `${'n'.repeat(60)}/${'m'.repeat(90)}`;
    const path = onDisk(format, { ...FILES, [`${long}/etc/firewalld/zones/x.xml`]: '<zone/>\n' });
    const tar = tarBy(path, `--format=${format}`, '-cf', '-', './etc', 'usr', long);
    expect(await textOfBytes(tar)).toBe(
      TEXT.replace('==> usr', () => `==> ${long}/etc/firewalld/zones/x.xml <==\n<zone/>\n\n==> usr`),
    );
    expect(await textOfBytes(tarBy(path, '-Pcf', '-', join(path, 'usr')))).toContain(
      `==> ${path.slice(1)}/usr/lib/firewalld/services/ssh.xml`,
    );
  });

  it('has the content of links, whichever of two names is the link', async () => {
    const path = onDisk('linked', {
      'etc/firewalld/firewalld-standard.conf': 'DefaultZone=drop\n',
      'usr/lib/firewalld/zones/a.xml': '<zone/>\n',
    });
    symlinkSync('firewalld-standard.conf', join(path, 'etc/firewalld/firewalld.conf'));
    mkdirSync(join(path, 'etc/firewalld/zones'));
    symlinkSync(join(path, 'usr/lib/firewalld/zones/a.xml'), join(path, 'etc/firewalld/zones/a.xml'));
    const text = `==> etc/firewalld/firewalld.conf <==\nDefaultZone=drop\n\n==> etc/firewalld/zones/a.xml <==\n<zone/>\n\n==> usr/lib/firewalld/zones/a.xml <==\n<zone/>\n`;
    expect(await textOfBytes(tarBy(path, '-chf', '-', 'etc/firewalld', 'usr/lib/firewalld'))).toBe(text);
    expect(await textOfPath(path)).toBe(text);
    expect(await refused(textOfBytes(tarBy(path, '-cf', '-', 'etc/firewalld')))).toBe(
      'cli/archive-link at standard input: etc/firewalld/firewalld.conf,cli/archive-link at standard input: etc/firewalld/zones/a.xml',
    );
  });

  it('has the last of several entries with one path', async () => {
    const tar = await tarOf([
      [{ name: 'etc/firewalld/firewalld.conf' }, 'DefaultZone=trusted\n'],
      [{ name: './etc/firewalld/firewalld.conf' }, 'DefaultZone=drop\n'],
    ]);
    expect(await textOfBytes(tar)).toBe('==> etc/firewalld/firewalld.conf <==\nDefaultZone=drop\n');
  });

  const conf: Packed = [{ name: 'firewalld.conf' }, 'DefaultZone=public\n'];
  it.each<[string, readonly Packed[], string]>([
    [
      'nothing that firewalld reads',
      [[{ name: 'etc/hosts' }, '127.0.0.1 localhost']],
      'cli/nothing-in-archive at standard input',
    ],
    [
      'a path of two lines',
      [conf, [{ name: 'zones/a\n==> b <==.xml' }]],
      'cli/odd-path at standard input: zones/a\n==> b <==.xml',
    ],
    [
      'a path like a header',
      [conf, [{ name: 'zones/a <==/b.xml' }]],
      'cli/odd-path at standard input: zones/a <==/b.xml',
    ],
    [
      'a path upwards',
      [[{ name: '../etc/firewalld/zones/b.xml' }]],
      'cli/odd-path at standard input: ../etc/firewalld/zones/b.xml',
    ],
    [
      'a link',
      [[{ name: 'zones/a.xml', type: 'symlink', linkname: '/x' }]],
      'cli/archive-link at standard input: zones/a.xml',
    ],
    [
      'a link to what is not in it',
      [conf, [{ name: 'zones/a.xml', type: 'link', linkname: 'x' }]],
      'cli/archive-link at standard input: zones/a.xml',
    ],
    ['a pipe', [conf, [{ name: 'zones/a.xml', type: 'fifo' }]], 'cli/archive-link at standard input: zones/a.xml'],
    [
      'a link to its folder',
      [[{ name: 'etc/firewalld', type: 'symlink', linkname: '/x' }]],
      'cli/archive-link at standard input: etc/firewalld',
    ],
    [
      'a link to a folder of it',
      [conf, [{ name: 'zones', type: 'symlink', linkname: '/x' }]],
      'cli/archive-link at standard input: zones',
    ],
    [
      'a file that plays several',
      [conf, [{ name: 'zones/a.xml' }, '<!--\n==> zones/b.xml <==\n-->']],
      'cli/looks-like-several-files at standard input: zones/a.xml',
    ],
    ['bytes', [conf, [{ name: 'zones/a.xml' }, '\0\0\u0001\u0002']], 'review/no-text at standard input: zones/a.xml'],
  ])('with %s is refused', async (_, entries, problem) =>
    expect(await refused(textOfBytes(await tarOf(entries)))).toBe(problem),
  );

  it('is refused if it is cut off anywhere, or continues behind its end', async () => {
    const tar = await tarOfFiles(FILES);
    for (let length = 512; length < tar.length - 512; length += 256)
      expect([length, await refused(textOfBytes(tar.subarray(0, length)))]).toEqual([
        length,
        'cli/archive-broken at standard input',
      ]);
    expect(await refused(textOfBytes(Buffer.concat([tar, tar])))).toBe('cli/archive-broken at standard input');
    const packed = gzipSync(tar);
    for (const bytes of [packed.subarray(0, packed.length >> 1), Buffer.from([0x1f, 0x8b])])
      expect(await refused(textOfBytes(bytes))).toBe('cli/archive-broken at standard input');
    expect(await refused(textOfBytes(gzipSync('table inet x {\n}\n')))).toBe('cli/no-tar at standard input');
  });

  it('is refused with a damaged header', async () => {
    const tar = await tarOfFiles(FILES);
    for (const at of [0, 100, 124, 130, 148, 156]) {
      const damaged = Buffer.from(tar);
      damaged[at] = damaged[at]! ^ 1;
      expect([at, await refused(textOfBytes(damaged))]).toEqual([at, 'cli/archive-broken at standard input']);
    }
  });

  // The library would wait for ever, and the command would end silently with 0.
  it.each([
    ['a size that is no number', 124, '\xac'],
    ['a folder of some size', 156, '5'],
  ])('with %s is refused', async (_, at, byte) => {
    const tar = await tarOf([
      [{ name: 'firewalld.conf' }, 'x'.repeat(600)],
      [{ name: 'zones/a.xml' }, 'x'],
    ]);
    tar.write(byte, at, 'latin1');
    const sum = tar
      .subarray(0, 512)
      .fill(' ', 148, 156)
      .reduce((all, one) => all + one, 0);
    tar.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
    expect(await refused(textOfBytes(tar))).toBe('cli/archive-broken at standard input');
  });

  it('is refused if its content is too large, however well compressed or often linked', async () => {
    expect(await refused(textOfBytes(gzipSync(Buffer.alloc(MAX_BYTES + 1))))).toBe(
      'review/too-large at standard input',
    );
    const third = 'x'.repeat(MAX_BYTES / 3);
    const links = ['b', 'c', 'd'].map((one): Packed => [
      { name: `zones/${one}.xml`, type: 'link', linkname: 'zones/a.xml' },
    ]);
    const tar = await tarOf([[{ name: 'zones/a.xml' }, third], ...links]);
    expect(await refused(textOfBytes(gzipSync(tar)))).toBe('review/too-large at standard input');
    expect(gunzipSync(gzipSync(tar)).length).toBeLessThan(MAX_BYTES);
  });
});

describe("a folder of firewalld's files", () => {
  it('gives the same text as its tar', async () => expect(await textOfPath(onDisk('server', FILES))).toBe(TEXT));

  it("may be firewalld's own, or lie three levels deep", async () => {
    const server = onDisk('own', FILES);
    expect(await textOfPath(join(server, 'etc/firewalld'))).toBe(
      TEXT.replaceAll('etc/firewalld/', '').replace(/\n==> usr[\s\S]*/, ''),
    );
    expect(await textOfPath(`${server}/usr/lib/firewalld/`)).toBe(
      '==> usr/lib/firewalld/services/ssh.xml <==\n<service/>\n',
    );
    const deep = onDisk('deep', { 'a/b/c/zones/more/x.xml': '<zone/>\n', 'a/b/c/d/zones/y.xml': '<zone/>\n' });
    expect(await textOfPath(deep)).toBe('==> a/b/c/zones/more/x.xml <==\n<zone/>\n');
  });

  it('is refused with a link to a missing file', async () => {
    const path = onDisk('dangling', { 'firewalld.conf': '' });
    symlinkSync('nowhere', join(path, 'zones'));
    expect(await refused(textOfPath(path))).toBe(`cli/file-unreadable at ${path}/zones`);
  });

  it('is refused if its content is too large', async () => {
    const half = 'x'.repeat(MAX_BYTES / 2);
    const path = onDisk('large', { 'zones/a.xml': half, 'zones/b.xml': half, 'zones/c.xml': 'x' });
    expect(await refused(textOfPath(path))).toBe(`review/too-large at ${path}/zones/c.xml`);
  });
});
