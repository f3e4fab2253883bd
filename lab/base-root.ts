// Builds the Debian root file system of the lab's devices with mmdebstrap, once, and caches it for later labs.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, truncateSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { RunOptions, must, run } from './command';
import { DEBIAN, OF_DEBIAN } from './debian';
import { MmdebstrapProgress } from './mmdebstrap-progress';

const PACKAGES = [
  'systemd',
  'systemd-sysv',
  'dbus',
  'nftables',
  'iptables-persistent',
  'ipset',
  'firewalld',
  'openssh-server',
  'iproute2',
  'conntrack',
  'sudo',
  'procps',
  'iputils-ping',
  'iputils-arping',
  // Unused until a test sets another time: see clock.ts.
  'libfaketime',
  // For ufw, below.
  'ucf',
  // For APF, below.
  'net-tools',
];

/** Commands that mmdebstrap runs after the installation, with the root as $1. */
const CUSTOMIZE = [
  'chroot "$1" useradd --create-home --shell /bin/sh deploy',
  'rm -f "$1"/etc/ssh/ssh_host_*',
  ': >"$1"/etc/machine-id',
  // Its package starts it with the device, where its zones would decide on the packets of every suite.
  'chroot "$1" systemctl --quiet disable firewalld.service',
  // Can't be installed beside iptables-persistent. A test removes that and installs ufw.
  downloads('ufw'),
  // A test installs them: they start with the device.
  ...OF_DEBIAN.packages.map(downloads),
  ...OF_DEBIAN.customize,
];

function downloads(name: string): string {
  return `cd "$1/root" && APT_CONFIG=$MMDEBSTRAP_APT_CONFIG apt-get download ${name} && mv ${name}_*.deb ${name}.deb`;
}

/** Returns the sources of Debian's packages: the machine's own ones if it is that Debian, else Debian's mirror. */
function sources(): string {
  const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  if (release.includes(`VERSION_CODENAME=${DEBIAN}`)) {
    const own = ['/etc/apt/sources.list.d/debian.sources', '/etc/apt/sources.list'].find((file) => existsSync(file));
    if (own) return own;
  }
  return 'http://deb.debian.org/debian';
}

const cacheFolder = (): string =>
  join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'cpanel-edge', 'lab');

function baseRootPath(): string {
  const from = sources();
  const recipe = JSON.stringify([DEBIAN, PACKAGES, CUSTOMIZE, existsSync(from) ? readFileSync(from, 'utf8') : from]);
  return join(cacheFolder(), createHash('sha256').update(recipe).digest('hex').slice(0, 16));
}

let building: Promise<string> | undefined;

/** Returns whether the Debian root is built already. */
export const hasBaseRoot = (): boolean => existsSync(baseRootPath());

interface Watching extends Pick<RunOptions, 'watch' | 'group'> {
  /** Called with the progress of the build, in a few words. */
  readonly progress?: (words: string) => void;
}

/**
 * Returns the Debian root that every device is laid over. It is built once, in half a minute, from the network. Several
 * labs may start at once.
 */
export function baseRoot(say: (line: string) => void, watching: Watching = {}): Promise<string> {
  const path = baseRootPath();
  return existsSync(path) ? Promise.resolve(path) : (building ??= built(path, say, watching));
}

async function built(
  path: string,
  say: (line: string) => void,
  { progress, watch, ...group }: Watching,
): Promise<string> {
  mkdirSync(cacheFolder(), { recursive: true });
  await removeUnfinished();
  const temporary = `${path}.building-${process.pid}`;
  const inMemory = join(temporary, 'memory');
  say(`building the devices' Debian root, once, about half a minute: ${path}`);
  try {
    // dpkg syncs every file to the disk, which takes longer than the rest of the build. In memory there is no wait.
    mkdirSync(inMemory, { recursive: true });
    await must(['mount', '-t', 'tmpfs', '-o', 'mode=755,size=2g', 'tmpfs', inMemory]);
    const seen = new MmdebstrapProgress();
    await must(
      [
        'mmdebstrap',
        '--verbose',
        '--variant=minbase',
        `--include=${PACKAGES.join(',')}`,
        ...CUSTOMIZE.map((line) => `--customize-hook=${line}`),
        DEBIAN,
        join(inMemory, 'root'),
        sources(),
      ],
      {
        seconds: 900,
        ...group,
        watch: (text) => {
          watch?.(text);
          progress?.(seen.after(text));
        },
      },
    );
    progress?.('writing it to the disk');
    await must(['cp', '-a', join(inMemory, 'root'), join(temporary, 'root')], { seconds: 600, ...group });
    // systemd writes one at first boot. With a common one, all devices would be the same machine to each other.
    truncateSync(join(temporary, 'root/etc/machine-id'));
    await must(['sync', '-f', temporary], { seconds: 600, ...group });
    if (!existsSync(path)) renameSync(join(temporary, 'root'), path);
  } finally {
    await discard(temporary);
  }
  return path;
}

async function discard(temporary: string): Promise<void> {
  // Includes the mounts of an mmdebstrap that was killed.
  await run(['umount', '--recursive', '--lazy', join(temporary, 'memory')]);
  rmSync(temporary, { recursive: true, force: true });
}

/**
 * Removes the remains of builds that died, if no process uses them. A root of another recipe stays: another checkout
 * may have built it.
 */
async function removeUnfinished(): Promise<void> {
  for (const name of readdirSync(cacheFolder())) {
    const builder = /\.building-(\d+)$/.exec(name)?.[1];
    if (builder && !existsSync(`/proc/${builder}`)) await discard(join(cacheFolder(), name));
  }
}
