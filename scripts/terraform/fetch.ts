// usage: fetch.ts place|describe|fetch PLATFORM
// Prints where the pinned Terraform release is kept, describes it, or fetches it. It unpacks nothing before the
// checksum agrees.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { entryOf } from './unzip';

interface Pinned {
  readonly version: string;
  readonly url: string;
  readonly sha256: Readonly<Record<string, string>>;
}

const pinned = JSON.parse(readFileSync(join(__dirname, 'release.json'), 'utf8')) as Pinned;
const MINUTES = 10;

class Refused extends Error {}

const cache = (): string => process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
const place = (platform: string): string =>
  join(cache(), 'cpanel-edge', 'terraform', pinned.version, platform, 'terraform');
const base = (): string => (process.env.CPANEL_EDGE_TERRAFORM_URL || pinned.url).replace(/\/+$/, '');
const address = (platform: string): string => `${base()}/${pinned.version}/terraform_${pinned.version}_${platform}.zip`;

function checksum(platform: string): string {
  const given = process.env.CPANEL_EDGE_TERRAFORM_SHA256 || pinned.sha256[platform];
  if (given === undefined) {
    throw new Refused(
      `no checksum is pinned for ${platform}: give that of ${address(platform)} in CPANEL_EDGE_TERRAFORM_SHA256, or install terraform or tofu`,
    );
  }
  if (!/^[0-9a-f]{64}$/.test(given))
    throw new Refused('CPANEL_EDGE_TERRAFORM_SHA256 is not 64 lower-case hexadecimal digits');
  return given;
}

async function download(from: string): Promise<Buffer> {
  // curl comes first: it uses the machine's proxies and certificates, which Node's own fetch does not.
  const curl = spawnSync(
    'curl',
    ['--fail', '--silent', '--show-error', '--location', '--retry', '2', '--max-time', String(MINUTES * 60), from],
    {
      maxBuffer: 512 * 1024 * 1024,
    },
  );
  if (curl.error === undefined) {
    if (curl.status !== 0) throw new Refused(`${from} could not be fetched: ${curl.stderr.toString().trim()}`);
    return curl.stdout;
  }
  const failed = (why: unknown): Refused =>
    new Refused(`${from} could not be fetched: ${why instanceof Error ? why.message : String(why)}`);
  const answer = await fetch(from, { signal: AbortSignal.timeout(MINUTES * 60_000) }).catch((error: unknown) => {
    throw failed(error);
  });
  if (!answer.ok) throw new Refused(`${from} could not be fetched: the server says ${answer.status}`);
  return Buffer.from(
    await answer.arrayBuffer().catch((error: unknown) => {
      throw failed(error);
    }),
  );
}

async function fetchRelease(platform: string): Promise<void> {
  const expected = checksum(platform);
  const archive = await download(address(platform));
  const found = createHash('sha256').update(archive).digest('hex');
  if (found !== expected) {
    throw new Refused(
      `${address(platform)} is not what was pinned, and nothing of it was kept.\n  expected ${expected}\n  found    ${found} (${archive.length} bytes)`,
    );
  }
  const program = await entryOf(archive, 'terraform');
  if (program === undefined) throw new Refused(`${address(platform)} holds no file named terraform`);
  const folder = dirname(place(platform));
  mkdirSync(folder, { recursive: true });
  // The program is written beside and renamed: an interrupted run leaves no partial program at its place.
  const own = mkdtempSync(join(folder, 'new-'));
  try {
    writeFileSync(join(own, 'terraform'), program, { mode: 0o755 });
    renameSync(join(own, 'terraform'), place(platform));
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
  console.log(`Terraform ${pinned.version} is in ${place(platform)}; its checksum agreed.`);
}

async function main([command, platform]: readonly string[]): Promise<void> {
  if (platform === undefined) throw new Refused('usage: fetch.ts place|describe|fetch PLATFORM');
  if (command === 'place') console.log(place(platform));
  else if (command === 'describe') {
    console.log(
      `Terraform ${pinned.version} (Business Source Licence 1.1) from ${address(platform)}, SHA-256 ${checksum(platform)}, into ${place(platform)}`,
    );
  } else if (command === 'fetch') await fetchRelease(platform);
  else throw new Refused(`unknown command ${command}`);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  if (!(error instanceof Refused)) throw error;
  console.error(`find-terraform: ${error.message}`);
  process.exitCode = 1;
});
