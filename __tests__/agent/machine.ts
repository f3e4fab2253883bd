// A test device for the driver and the agent: a real sshd on loopback, the real agent and the real nft, in a network
// namespace. Only systemd is a stand-in.

import { ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Connection } from '../../lib/agent-protocol/release';
import { loadAgent } from '../../driver/agent-program';
import { quoteWord } from '../../driver/operator-project';
import { connectionOf } from '../driver/samples';
import { freePort, untilAnswers } from '../driver/sshd';
import { ResidentShell } from './resident-shell';

// A device for tests: a real sshd on loopback, and the real agent with the real nft in a network namespace and with its
// own folders. Only systemd is a stand-in (a timer is `sleep`); the lab's machines have the real one.

export const canHaveDevice = process.platform === 'linux' && process.getuid?.() === 0;

export const KEY_TYPES = ['ed25519', 'ecdsa', 'rsa'] as const;
export type KeyType = (typeof KEY_TYPES)[number];

/** These scripts are mounted over /usr/bin/systemd-run and systemctl in the device's own mount namespace. */
const SYSTEMD_RUN = `#!/bin/sh
waits=
while [ $# -gt 0 ]; do
  case $1 in
    --on-active=*) seconds=\${1#*=} ;;
    --unit=*) unit=\${1#*=} ;;
    --wait) waits=yes ;;
    --*) ;;
    *) break ;;
  esac
  shift
done
if [ -n "$waits" ]; then
  echo "$*" >>/run/cpanel-edge/services
  exec env -i "$@"
fi
: >"/run/cpanel-edge/timer-$unit"
setsid sh -c 'sleep "$0" & echo $! >"$2"; wait; rm -f "$2"; mv "$1" "$3" 2>/dev/null || exit 0; fires=$3; shift 3; "$@"; rm -f "$fires"' "$seconds" "/run/cpanel-edge/timer-$unit" "/run/cpanel-edge/sleeps-$unit" "/run/cpanel-edge/fires-$unit" "$@" </dev/null >/dev/null 2>&1 &
`;
const SYSTEMCTL = `#!/bin/sh
units=/etc/systemd/system
case $1 in
  stop)
    unit=\${2%.timer}
    rm -f "/run/cpanel-edge/timer-$unit"
    [ ! -s "/run/cpanel-edge/sleeps-$unit" ] || kill "$(cat "/run/cpanel-edge/sleeps-$unit")" 2>/dev/null
    ;;
  show) if [ -e "/run/cpanel-edge/timer-\${4%.timer}" ]; then echo ActiveState=active; else echo ActiveState=inactive; fi ;;
  is-enabled)
    shift
    for unit in "$@"; do
      if [ -L "$units/$unit" ] && [ "$(readlink "$units/$unit")" = /dev/null ]; then echo masked; elif [ -e "$units/enabled-$unit" ]; then echo enabled; else echo disabled; fi
    done
    ;;
  --quiet)
    shift
    verb=$1
    shift
    for unit in "$@"; do if [ "$verb" = enable ]; then : >"$units/enabled-$unit"; else rm -f "$units/enabled-$unit"; fi; done
    ;;
esac
exit 0
`;

export class TestDevice {
  private shell: ResidentShell | undefined;
  /** The number of commands that the device has run. */
  told = 0;

  private constructor(
    private readonly folder: string,
    readonly namespace: string,
    private readonly sshd: ChildProcess,
    readonly port: number,
  ) {}

  /**
   * `withProgram: false`: the driver has to install the agent. `types` are key types; making an RSA key takes a second.
   */
  static async start(folder: string, withProgram = true, types: readonly KeyType[] = ['ed25519']): Promise<TestDevice> {
    const home = mkdtempSync(join(folder, 'device-'));
    const namespace = `dt-${process.pid}-${home.slice(-6)}`;
    const write = (name: string, text: string): string => {
      writeFileSync(join(home, name), text);
      chmodSync(join(home, name), 0o755);
      return join(home, name);
    };
    write('systemd-run', SYSTEMD_RUN);
    write('systemctl', SYSTEMCTL);
    mkdirSync(join(home, 'sbin'));
    if (withProgram) write('sbin/cpanel-edge-device', loadAgent().text);
    execFileSync('sh', ['-ec', madeBy(namespace, types)], { cwd: home });
    const port = await freePort();
    write(
      'sshd_config',
      [
        `Port ${port}`,
        'ListenAddress 127.0.0.1',
        ...types.map((type) => `HostKey ${join(home, `host-${type}`)}`),
        `AuthorizedKeysFile ${join(home, 'login.pub')}`,
        'StrictModes no',
        'UsePAM no',
        'PidFile none',
        'PermitRootLogin yes',
        // With it bash doesn't take the session for its user's first shell, and doesn't read the .bashrc of the user
        // who runs the tests.
        'SetEnv SHLVL=1',
        'MaxStartups 100',
        // The key exchange that OpenSSH prefers takes most of the time of a login on loopback.
        'KexAlgorithms curve25519-sha256',
        `ForceCommand exec nsenter --net=/run/netns/${namespace} /bin/sh -c "$SSH_ORIGINAL_COMMAND"`,
        '',
      ].join('\n'),
    );
    const script = write('start', startScript(home, namespace));
    // A file, not a pipe: tests that wait for a command read nothing meanwhile, and an sshd that can't write its log
    // answers no login.
    const log = openSync(join(home, 'sshd.log'), 'a');
    const sshd = spawn('unshare', ['--mount', '--propagation', 'private', script], {
      stdio: ['ignore', 'ignore', log],
    });
    closeSync(log);
    const device = new TestDevice(home, namespace, sshd, port);
    await untilAnswers(port, join(home, 'sshd.log'));
    return device;
  }

  connection(parts: Partial<Connection> = {}, type: KeyType = 'ed25519'): Connection {
    return connectionOf({
      port: this.port,
      hostKeys: [this.hostKey(type)],
      identityFile: join(this.folder, 'login'),
      ...parts,
    });
  }

  hostKey(type: KeyType): string {
    return readFileSync(join(this.folder, `host-${type}.pub`), 'utf8').trim();
  }

  /** Runs a command as root on the device. */
  run(command: string, input = ''): string {
    if (!this.shell) {
      mkdirSync(join(this.folder, 'shell'));
      this.shell = ResidentShell.start(join(this.folder, 'shell'), ['nsenter', ...this.into]);
    }
    this.told += 1;
    const { stdout, stderr } = this.shell.run(command, input);
    return stdout + stderr;
  }

  /** The same in a mount namespace of its own, so that its mounts end with it. */
  apart(command: string, input = ''): string {
    return this.run(`exec unshare --mount sh -c ${quoteWord(command)}`, input);
  }

  private get into(): readonly string[] {
    return ['--target', String(this.sshd.pid), '--mount', `--net=/run/netns/${this.namespace}`];
  }

  /**
   * Saves the device's state: rules of iptables and nft, addresses, and files, also those below `places`. Returns a
   * function that restores this state.
   */
  kept(places: readonly string[] = []): () => void {
    const at = mkdtempSync(join(this.folder, 'kept-'));
    const folders = ['etc/cpanel-edge', 'run/cpanel-edge', 'etc/systemd/system', ...places].join(' ');
    // nft can't express some rules of iptables.
    this.run(
      `cd /; tar -cf ${at}/files ${folders}; ip addr save dev wan0 >${at}/addresses; iptables-save >${at}/rules-ip; ip6tables-save >${at}/rules-ip6
      { echo flush ruleset; [ -s ${at}/rules-ip ] || nft list ruleset; } >${at}/rules`,
    );
    return () => {
      // A timer that has just ended removes its own file meanwhile.
      const said = this.run(
        `cd /; find ${folders} -mindepth 1 -ignore_readdir_race -delete; tar -xf ${at}/files; nft -f ${at}/rules
        for family in ip ip6; do [ ! -s ${at}/rules-$family ] || "$family"tables-restore <${at}/rules-$family; done
        ip addr flush dev wan0; ip addr restore <${at}/addresses`,
      );
      if (said !== '') throw new Error(said);
    };
  }

  /** Puts another file in the place of one, for all programs on the device. */
  replace(path: string, by: string): void {
    const said = this.run(`mount --bind ${by} ${path}`);
    if (said !== '') throw new Error(said);
  }

  /** Like `run`, without waiting. */
  begin(command: string): Promise<void> {
    return new Promise((resolve) =>
      spawn('nsenter', [...this.into, 'sh', '-c', command], { stdio: 'ignore' }).once('close', () => resolve()),
    );
  }

  program(words: string, input = ''): string {
    return this.run(`/usr/local/sbin/cpanel-edge-device ${words}`, input).trimEnd();
  }

  /** Keeps the agent's lock for so many seconds. */
  hold(seconds: number): Promise<void> {
    return this.begin(`exec flock /run/cpanel-edge/mutex sleep ${seconds}`);
  }

  /** Ends the wait of the timer. The rollback is complete once the timer's command has ended. */
  timeIsUp(): void {
    this.run(
      `cd /run/cpanel-edge; for timer in timer-*; do
        unit=\${timer#timer-}; until [ -s "sleeps-$unit" ]; do sleep 0.05; done; kill "$(cat "sleeps-$unit")"
        while [ -e "$timer" ] || [ -e "fires-$unit" ]; do sleep 0.05; done
      done`,
    );
  }

  stop(): void {
    this.run('rm -f /run/cpanel-edge/timer-*; kill $(cat /run/cpanel-edge/sleeps-*)');
    this.shell?.stop();
    this.sshd.kill('SIGKILL');
    spawnSync('ip', ['netns', 'del', this.namespace]);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Keys and a network, made by one shell: for each program that Jest starts itself, Jest's memory is mapped first. */
const madeBy = (namespace: string, types: readonly KeyType[]): string => `
${types.map((type) => `ssh-keygen -q -t ${type} ${type === 'rsa' ? '-b 2048 ' : ''}-N '' -f host-${type}`).join('\n')}
ssh-keygen -q -t ed25519 -N '' -f login
ip netns add ${namespace}
ip -n ${namespace} -batch - <<'END'
link set lo up
link add wan0 type veth peer name wire0
link set wire0 up
addr add 203.0.113.1/24 dev wan0
link set wan0 up
END
nsenter --net=/run/netns/${namespace} sysctl -qw net.ipv4.ip_forward=1
`;

const startScript = (home: string, namespace: string): string => `#!/bin/sh
set -e
# Files of cPanel are straight in /etc. A copy on a disk takes ten times as long.
mkdir ${home}/etc
mount -t tmpfs none ${home}/etc
cp -a /etc/. ${home}/etc
mount --bind ${home}/etc /etc
mkdir -p /etc/cpanel-edge /var/lib /run/cpanel-edge /run/systemd /run/sshd /usr/local/sbin
# Only inside: a folder of this name tells every program of the machine that systemd runs it.
mount -t tmpfs none /run/systemd
mkdir /run/systemd/system
mount -t tmpfs none /etc/cpanel-edge
mount -t tmpfs none /var/lib
mount -t tmpfs none /run/cpanel-edge
mount -t tmpfs none /etc/systemd/system
# Of the host's own iptables, of ufw and of cPanel.
mkdir -p /etc/iptables /etc/ufw /var/cpanel /usr/local/cpanel
mount -t tmpfs none /etc/iptables
mount -t tmpfs none /etc/ufw
mount -t tmpfs none /var/cpanel
mount -t tmpfs none /usr/local/cpanel
mount --bind ${home}/sbin /usr/local/sbin
# Interfaces that it shows are those of whoever mounts it.
nsenter --net=/run/netns/${namespace} mount -t sysfs none /sys
mount --bind ${home}/systemd-run /usr/bin/systemd-run
mount --bind ${home}/systemctl /usr/bin/systemctl
exec /usr/sbin/sshd -D -e -f ${home}/sshd_config
`;
