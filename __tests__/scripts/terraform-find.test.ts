// Tests scripts/find-terraform.sh: which program it finds first, and that it downloads only when asked and with the
// right checksum.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { deflateRawSync } from 'node:zlib';

const SCRIPT = join(__dirname, '../../scripts/find-terraform.sh');
const { version } = JSON.parse(readFileSync(join(__dirname, '../../scripts/terraform/release.json'), 'utf8')) as {
  version: string;
};
const FAKE = '#!/bin/sh\necho "Terraform v0.0.0 (a fake)"\n';

/** A zip archive as `zip` writes it: local headers, directory, end. */
function zip(files: Readonly<Record<string, string>>): Buffer {
  const bodies: Buffer[] = [];
  const entries: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const packed = deflateRawSync(Buffer.from(text));
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(8, 8);
    local.writeUInt16LE(name.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(8, 10);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt32LE(text.length, 24);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(offset, 42);
    bodies.push(local, Buffer.from(name), packed);
    entries.push(entry, Buffer.from(name));
    offset += 30 + name.length + packed.length;
  }
  const directory = Buffer.concat(entries);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Object.keys(files).length, 8);
  end.writeUInt16LE(Object.keys(files).length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...bodies, directory, end]);
}

const archive = zip({ 'LICENSE.txt': 'words', terraform: FAKE });
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

let server: Server;
let url: string;
let folder: string;
let asked: string[];
let answer: { status: number; body: Buffer; length?: number };

beforeAll((done) => {
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(answer.status, { 'content-length': answer.length ?? answer.body.length, connection: 'close' });
    response.write(answer.body, () => (answer.length === undefined ? response.end() : response.destroy()));
  }).listen(0, '127.0.0.1', () => {
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    done();
  });
});
afterAll((done) => void server.close(done));

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cpanel-edge-find-'));
  asked = [];
  answer = { status: 200, body: archive };
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A PATH with what the script needs and neither terraform nor tofu. */
function bare(extra: readonly string[]): string {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  const places = (process.env.PATH ?? '').split(delimiter);
  for (const name of ['sh', 'dirname', 'uname', 'tr', ...extra]) {
    const found = places.map((place) => join(place, name)).find(existsSync);
    if (found !== undefined) symlinkSync(found, join(bin, name));
  }
  symlinkSync(process.execPath, join(bin, 'node'));
  return bin;
}

interface Ran {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

function find(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  extra: readonly string[] = ['curl'],
): Promise<Ran> {
  const env = {
    PATH: existsSync(join(folder, 'bin')) ? join(folder, 'bin') : bare(extra),
    HOME: folder,
    XDG_CACHE_HOME: join(folder, 'cache'),
    CPANEL_EDGE_TERRAFORM_URL: url,
    CPANEL_EDGE_TERRAFORM_SHA256: sha256(archive),
    ...environment,
  };
  return new Promise((resolve) => {
    const child = spawn('/bin/sh', [SCRIPT, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const [out, err]: [string[], string[]] = [[], []];
    child.stdout.on('data', (text: Buffer) => out.push(text.toString()));
    child.stderr.on('data', (text: Buffer) => err.push(text.toString()));
    child.on('close', (status) => resolve({ status, out: out.join(''), err: err.join('') }));
  });
}

/** Every file that a run left in the cache. */
function kept(under = join(folder, 'cache')): string[] {
  if (!existsSync(under)) return [];
  return readdirSync(under, { withFileTypes: true }).flatMap((entry) => {
    const path = join(under, entry.name);
    return entry.isDirectory() ? kept(path) : [path];
  });
}

describe('find-terraform', () => {
  test('what TERRAFORM_BINARY_NAME names comes first, and a wrong name is refused', async () => {
    const own = join(folder, 'own-tofu');
    writeFileSync(own, FAKE);
    chmodSync(own, 0o755);
    expect(await find([], { TERRAFORM_BINARY_NAME: own })).toEqual({ status: 0, out: `${own}\n`, err: '' });
    const wrong = await find(['--yes'], { TERRAFORM_BINARY_NAME: join(folder, 'nothing') });
    expect(wrong).toMatchObject({ status: 1, out: '' });
    expect(wrong.err).toContain('TERRAFORM_BINARY_NAME says');
    expect(asked).toEqual([]);
  });

  test('terraform before tofu, tofu when it is the only one', async () => {
    const bin = bare([]);
    for (const name of ['tofu', 'terraform']) {
      writeFileSync(join(bin, name), FAKE);
      chmodSync(join(bin, name), 0o755);
      expect((await find([])).out).toBe(`${join(bin, name)}\n`);
    }
  });

  test('nothing is fetched unasked without a terminal', async () => {
    const found = await find([]);
    expect(found).toMatchObject({ status: 1, out: '' });
    expect(found.err).toContain(`Offered: Terraform ${version}`);
    expect(found.err).toContain('give --yes');
    expect(asked).toEqual([]);
  });

  test.each([
    ['curl', ['--yes'], {}],
    ['nothing but Node', ['--yes'], {}],
    ['CI', [], { CI: 'true' }],
  ])('the pinned release is fetched with %s, and found there by the next run', async (by, args, environment) => {
    const found = await find(args, environment, by === 'nothing but Node' ? [] : ['curl']);
    expect(found).toMatchObject({ status: 0 });
    expect(found.err).toContain('its checksum agreed');
    expect(readFileSync(found.out.trim(), 'utf8')).toBe(FAKE);
    expect(asked).toEqual([expect.stringMatching(new RegExp(`^/${version}/terraform_${version}_[a-z0-9_]+[.]zip$`))]);
    expect(await find([])).toEqual({ status: 0, out: found.out, err: '' });
    expect(asked).toHaveLength(1);
  });

  test.each([
    ['a wrong checksum', { body: zip({ terraform: 'something else' }) }, 'is not what was pinned'],
    ['a missing file', { status: 404 }, 'could not be fetched'],
    ['a server that fails', { status: 500 }, 'could not be fetched'],
    ['a line that breaks', { body: archive.subarray(0, 40), length: archive.length }, 'could not be fetched'],
    ['half an archive sent as a whole', { body: archive.subarray(0, 40) }, 'is not what was pinned'],
    ['an empty answer', { body: Buffer.alloc(0) }, 'is not what was pinned'],
  ])('%s is refused and leaves nothing', async (_, wrong, says) => {
    answer = { ...answer, ...wrong };
    for (const extra of [['curl'], []]) {
      rmSync(join(folder, 'bin'), { recursive: true, force: true });
      const found = await find(['--yes'], {}, extra);
      expect(found).toMatchObject({ status: 1, out: '' });
      expect(found.err).toContain(says);
      expect(kept()).toEqual([]);
    }
  });

  test('an archive with the right checksum and no terraform in it is refused', async () => {
    answer = { ...answer, body: zip({ 'LICENSE.txt': 'words' }) };
    const found = await find(['--yes'], { CPANEL_EDGE_TERRAFORM_SHA256: sha256(answer.body) });
    expect(found).toMatchObject({ status: 1, out: '' });
    expect(found.err).toContain('holds no file named terraform');
    expect(kept()).toEqual([]);
  });

  test('without a checksum of one’s own the pinned one decides, and a misspelt one is refused', async () => {
    const pinned = await find(['--yes'], { CPANEL_EDGE_TERRAFORM_SHA256: '' });
    expect(pinned).toMatchObject({ status: 1, out: '' });
    expect(pinned.err).toMatch(/is not what was pinned|no checksum is pinned/);
    const misspelt = await find(['--yes'], { CPANEL_EDGE_TERRAFORM_SHA256: 'abc' });
    expect(misspelt).toMatchObject({ status: 1, out: '' });
    expect(misspelt.err).toContain('64 lower-case hexadecimal digits');
  });

  test('an unknown argument is wrong use', async () => {
    expect(await find(['--maybe'])).toMatchObject({ status: 2, out: '' });
  });
});
