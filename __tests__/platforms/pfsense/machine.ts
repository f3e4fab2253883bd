// A simulated pfSense box: the real agent under PHP, with stand-ins for pfSense's functions and commands (box/).

import { ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadAgent } from '../../../driver/agent-program';
import { configuration } from './box-configuration';

// A pfSense box for tests: the real agent under Debian's PHP in a root of its own, with stand-ins for the box's
// functions and commands (box/). The stand-ins follow the box's sources; they were not compared with an appliance.

const PHP = '/usr/bin/php';
export const canHaveBox = process.platform === 'linux' && process.getuid?.() === 0 && existsSync(PHP);

/** The release whose functions the box has. */
export type Api = '2.6' | '2.7' | 'newest';
const RELEASES: Readonly<Record<Api, readonly [string, string]>> = {
  '2.6': ['2.6.0-RELEASE', '22.2'],
  '2.7': ['2.7.2-RELEASE', '23.3'],
  newest: ['2.9.0-DEVELOPMENT', '24.5'],
};

export class TestBox {
  private constructor(
    readonly root: string,
    private readonly holder: ChildProcess,
    private readonly version: string,
  ) {}

  static async start(folder: string, api: Api = '2.7', withProgram = true): Promise<TestBox> {
    const root = mkdtempSync(join(folder, 'box-'));
    for (const part of FOLDERS) mkdirSync(join(root, part), { recursive: true });
    for (const [name, to] of LINKS) symlinkSync(to, join(root, name));
    const own = join(__dirname, 'box');
    cpSync(join(own, 'inc'), join(root, 'etc/inc'), { recursive: true });
    for (const [name, at] of COMMANDS) cpSync(join(own, 'bin', name), join(root, at, name));
    const php = join(root, 'usr/local/bin/php');
    writeFileSync(php, readFileSync(php, 'utf8').replace('PHP_OF_THE_BOX', realpathSync(PHP).split('/').at(-1)!));
    const [version, config] = RELEASES[api];
    const holder = spawn('unshare', ['--mount', '--propagation', 'private', 'sh', '-c', START, 'start', root], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise((resolve) => holder.stdout?.once('data', resolve));
    const box = new TestBox(root, holder, config);
    box.write('/etc/box-api', `${api}\n`);
    box.write('/etc/version', `${version}\n`);
    if (withProgram) {
      box.write('/usr/local/sbin/cpanel-edge-device', loadAgent('pfsense').text);
      chmodSync(join(root, 'usr/local/sbin/cpanel-edge-device'), 0o755);
    }
    box.fresh();
    return box;
  }

  /** Resets the box, as if the agent had never run on it. */
  fresh(others?: string): void {
    for (const part of ['cf/conf', 'var/box', 'var/pf', 'var/run', 'tmp', 'usr/local/etc/rc.d']) {
      rmSync(join(this.root, part), { recursive: true, force: true });
      mkdirSync(join(this.root, part), { recursive: true });
    }
    this.write('/cf/conf/config.xml', configuration(this.version, others));
    this.write('/var/box/addresses', 'igb0 203.0.113.2 28\nigb1 10.0.1.1 24\nlo0 127.0.0.1 8\n');
    this.write('/var/box/demotion', '0\n');
    for (const name of ['nat', 'rules', 'tables', 'states', 'killed']) this.write(`/var/pf/${name}`, '');
    this.php('require_once "config.inc"; require_once "filter.inc"; filter_configure_sync();');
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), text);
  }

  read(path: string): string {
    return existsSync(join(this.root, path)) ? readFileSync(join(this.root, path), 'utf8') : '';
  }

  remove(path: string): void {
    rmSync(join(this.root, path), { recursive: true, force: true });
  }

  has(path: string): boolean {
    return existsSync(join(this.root, path));
  }

  configured(name: string): string {
    return new RegExp(`<${name}>([^<]*)</${name}>`).exec(this.read('/cf/conf/config.xml'))?.[1] ?? '';
  }

  /** Runs PHP as the box's own pages do: another administrator saves, reloads or looks. */
  php(code: string): string {
    return this.run(['/usr/local/bin/php', '-r', code]).trimEnd();
  }

  /** Changes the configuration as another administrator does, by PHP on the array `$config`, and reloads. */
  saves(code: string): void {
    this.php(
      `require_once "config.inc"; require_once "filter.inc"; ${code}; write_config("by hand"); $boxRulesOfThisProcess = $config["filter"]["rule"] ?? []; $boxOneToOneOfThisProcess = $config["nat"]["onetoone"] ?? []; filter_configure_sync();`,
    );
  }

  program(words: string, input = ''): string {
    return this.run(
      ['/usr/local/sbin/cpanel-edge-device', ...words.split(' ').filter((word) => word !== '')],
      input,
    ).trimEnd();
  }

  /** The words by which a command of this machine becomes one of the box. */
  get inside(): readonly string[] {
    return ['--target', String(this.holder.pid), '--mount', 'chroot', this.root];
  }

  run(words: readonly string[], input = ''): string {
    const into = [...this.inside, ...words];
    const { stdout, stderr } = spawnSync('nsenter', into, {
      input,
      encoding: 'utf8',
      env: { PATH: '/sbin:/bin:/usr/sbin:/usr/bin' },
    });
    return stdout + stderr;
  }

  /** Makes a folder of the box read-only; the returned function makes it writable again. */
  readOnly(path: string): () => void {
    const at = join(this.root, path);
    const inside = (words: readonly string[]): void =>
      void execFileSync('nsenter', ['--target', String(this.holder.pid), '--mount', ...words]);
    inside(['mount', '--bind', at, at]);
    inside(['mount', '-o', 'remount,ro,bind', at]);
    return () => inside(['umount', at]);
  }

  /**
   * Fills a folder of the box, leaving the given KB free. The returned function frees it again; files that were written
   * meanwhile are lost.
   */
  full(path: string, left = 0): () => void {
    const at = join(this.root, path);
    const inside = (command: string): void =>
      void execFileSync('nsenter', ['--target', String(this.holder.pid), '--mount', 'sh', '-c', command, 'full', at]);
    inside(
      `cp -a "$1" "$1.kept" && mount -t tmpfs -o size=1m tmpfs "$1" && cp -a "$1.kept/." "$1/" && { cat /dev/zero >"$1/filling" || true; } 2>/dev/null; truncate -s -${left}K "$1/filling"`,
    );
    return () => inside('umount "$1" && rm -rf "$1.kept"');
  }

  async stop(): Promise<void> {
    this.holder.kill('SIGKILL');
    await sleep(100);
    rmSync(this.root, { recursive: true, force: true });
  }
}

const FOLDERS = [
  'bin',
  'sbin',
  'usr/lib',
  'usr/lib64',
  'usr/share',
  'usr/bin',
  'usr/sbin',
  'usr/local/bin',
  'usr/local/sbin',
  'usr/local/etc/rc.d',
  'etc/inc',
  'etc/php',
  'proc',
  'dev',
  'tmp',
  'var/run',
  'var/pf',
  'var/box',
  'cf/conf',
  'root',
];
const LINKS = [
  ['lib', 'usr/lib'],
  ['lib64', 'usr/lib64'],
  ['conf', 'cf/conf'],
] as const;
const COMMANDS = [
  ...(['pfctl', 'ifconfig', 'sysctl', 'route', 'ping', 'sha256', 'uname'] as const).map((name): [string, string] => [
    name,
    'sbin',
  ]),
  ...(['netstat', 'sockstat'] as const).map((name): [string, string] => [name, 'usr/bin']),
  ...(['daemon', 'arp'] as const).map((name): [string, string] => [name, 'usr/sbin']),
  ['php', 'usr/local/bin'] as [string, string],
];

const START = `set -e
root=$1
for pair in /usr/bin:bin /usr/lib:usr/lib /usr/lib64:usr/lib64 /usr/share:usr/share /etc/php:etc/php /proc:proc /dev:dev; do
  mount --rbind "\${pair%%:*}" "$root/\${pair#*:}"
done
# Of the whole machine, and of no use here.
mount --bind /bin/true "$root/bin/sync"
echo ready
exec sleep 3600
`;
