// Helpers for the agent's tests with APF 9.7 (Debian's package, with the real iptables and a stand-in for systemctl):
// build a server on which tests deliver releases, and the texts of such releases.

import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeWhere } from '../../where-possible';
import { canHaveDevice } from '../machine';
import { settingsRelease } from '../settings-release';
import { Sent } from '../stream';
import { DEVICE_SHELLS } from '../../tier';
import { underShell } from '../under-shell';

/** The folder of APF as scripts/need.sh unpacks it; installing the package would start it. */
const PACKAGE = join(__dirname, '../../../node_modules/.cache/cpanel-edge/apf-firewall');

/** The settings of a release, in the order of its text. */
const SETTINGS: Readonly<Record<string, string>> = {
  DEVEL_MODE: '0',
  INSTALL_PATH: '/etc/apf-firewall',
  IFACE_IN: 'wan0',
  IFACE_TRUSTED: '',
  SET_FASTLOAD: '0',
  SET_VNET: '0',
  SET_MONOKERN: '1',
  SET_REFRESH: '0',
  TCP_STOP: 'DROP',
  UDP_STOP: 'DROP',
  TCR_PASS: '0',
  ICMP_LIM: '0',
  RESV_DNS: '1',
  BLK_PRVNET: '0',
  BLK_RESNET: '0',
  SYSCTL_ROUTE: '1',
  IG_TCP_CPORTS: '22',
  IG_UDP_CPORTS: '',
  IG_ICMP_TYPES: '0,3,11,12',
  EGF: '0',
  USE_RGT: '0',
};

export const POSTROUTE = ['udp', 'tcp'].map(
  (protocol) =>
    `for i in $LDNS 0/0; do $IPT -D INPUT -p ${protocol} -s $i --sport 53 --dport 1023:65535 -j ACCEPT 2> /dev/null; done\n`,
);

const section = (file: string, ...lines: readonly string[]): string => [`==> ${file} <==`, ...lines, ''].join('\n');

export const text = (
  settings: Readonly<Record<string, string>> = {},
  allow: readonly string[] = [],
  owner = 'web',
): string => {
  const mark = `# cpanel-edge:${owner}`;
  const marked = (lines: readonly string[]): readonly string[] => [`${mark} begin`, ...lines, `${mark} end`];
  const values = Object.entries({ ...SETTINGS, ...settings }).map(([key, value]) => `${key}="${value}"`);
  return [
    section('/etc/apf-firewall/conf.apf', mark, ...values),
    section('/etc/apf-firewall/allow_hosts.rules', ...marked(allow)),
    section('/etc/apf-firewall/postroute.rules', ...marked(POSTROUTE.map((line) => line.trimEnd()))),
    section('/etc/default/apf-firewall', mark, 'RUN="yes"'),
  ].join('\n');
};

export const LINE = 'tcp:in:d=3306:s=198.51.100.0/24';

/** The text of a release that opens SSH, one more port by which tests recognise it, and a database to some sources. */
export const textOf = (port: number, owner = 'web'): string => text({ IG_TCP_CPORTS: `22,${port}` }, [LINE], owner);

export const host = (its: string, closed?: string, owner?: string, claims?: string[]): Sent =>
  settingsRelease('ca', its, closed, owner, claims);

const SYSTEMCTL = `#!/bin/sh
case "$1 $2" in
  'is-active apf-firewall.service' | 'is-active firewalld.service') cat "FOLDER/\${2%.service}-is" 2>/dev/null || echo inactive ;;
  *) exec /usr/bin/systemctl "$@" ;;
esac
`;

/**
 * APF's files with an administrator's settings, and its program, which is first in the device's PATH. Its log has
 * neither time nor host, because printing them starts a fifth of APF's programs. It adds one rule of a kind of which it
 * usually adds a dozen.
 */
export const putApf = (folder: string): string =>
  `cp -a ${PACKAGE}/etc/. /etc/; cp -a ${PACKAGE}/usr/sbin/apf ${folder}/bin/; cd /etc/apf-firewall
      sed -i 's/^IFACE_\\(IN\\|OUT\\)="eth0"/IFACE_\\1="wan0"/; s/^DEVEL_MODE="1"/DEVEL_MODE="0"/; s/^SET_MONOKERN="0"/SET_MONOKERN="1"/
      s/^IG_TCP_CPORTS="22"/IG_TCP_CPORTS="22,25"/; s|^LOG_APF=.*|LOG_APF="${folder}/log"|; s/^SET_VERBOSE="1"/SET_VERBOSE="0"/
      s/^BLK_P2P_PORTS=.*/BLK_P2P_PORTS="1214"/; s/^BLK_PORTS=.*/BLK_PORTS="111,135_139"/; s/^TOS_8=.*/TOS_8="80"/; s/^TOS_16=.*/TOS_16=""/
      s/^VF_CROND="1"/VF_CROND="0"/' conf.apf
      sed -i 's/[$](date [^)]*) [$](hostname -s) //' internals/functions.apf
      sed -i 's/RUN="no"/RUN="yes"/' /etc/default/apf-firewall; echo 192.0.2.66 >>deny_hosts.rules; echo 192.0.2.7 >>allow_hosts.rules
      echo 'nameserver 192.0.2.53' >${folder}/resolv.conf; rm -f /etc/resolv.conf; cp ${folder}/resolv.conf /etc/; : >/etc/crontab
      sed -i 's|^PATH=|PATH=${folder}/bin:|' /usr/local/sbin/cpanel-edge-device`;

export const hasApf = existsSync(join(PACKAGE, 'usr/sbin/apf'));

/** A host with Debian's APF that an administrator has set up and started, made anew for each test. */
export function onApf(called: string, tests: (host: ReturnType<typeof hostUnder>) => void): void {
  const possible = canHaveDevice && hasApf;
  describeWhere(
    possible,
    called,
    'root on Debian, with what scripts/need.sh installs',
  )(called, () => tests(hostUnder(DEVICE_SHELLS[0]!)));
}

function hostUnder(shell: string) {
  const under = underShell(shell);
  const { run, folder, program } = under;
  const apf = (words: string): string => run(`${folder}/bin/apf ${words} 2>&1`);
  const flushed =
    'iptables -P INPUT ACCEPT; iptables -P OUTPUT ACCEPT; iptables -F; iptables -X; iptables -t mangle -F';
  beforeAll(() => {
    mkdirSync(join(folder, 'bin'));
    writeFileSync(join(folder, 'bin', 'systemctl'), SYSTEMCTL.replaceAll('FOLDER', folder), { mode: 0o755 });
    run(putApf(folder));
  });
  const isUp = (): string => run(`rm -rf /etc/apf /etc/ufw/* ${folder}/*-is; echo active >${folder}/apf-firewall-is`);
  under.beforeEachAs(() => {
    isUp();
    run(': >/etc/systemd/system/enabled-apf-firewall.service');
    apf('-s');
  }, ['etc/apf-firewall', 'etc/default', 'etc/crontab']);
  beforeEach(isUp);
  return {
    ...under,
    apf,
    flushed,
    conf: (): string => run('cat /etc/apf-firewall/conf.apf'),
    /** All files that the agent edits. */
    files: (): string =>
      run('cd /etc/apf-firewall; cat conf.apf allow_hosts.rules postroute.rules ../default/apf-firewall'),
    /** Simulates a power loss: /run and the kernel are empty. Then APF's service starts, unless `starts` is false. */
    restarted: (starts = true): readonly string[] => {
      run(`${flushed}; rm -rf /run/cpanel-edge/*; rm ${folder}/apf-firewall-is`);
      const boot = program('boot');
      if (!starts) return [boot];
      run(
        `echo activating >${folder}/apf-firewall-is; . /etc/default/apf-firewall; [ "$RUN" != yes ] || ${folder}/bin/apf -s`,
      );
      const rules = program('rules');
      run(`echo active >${folder}/apf-firewall-is`);
      return [boot, rules];
    },
    /** TCP ports that any source reaches, by rules before the closing one. */
    runs: (): string => {
      const [before] = run('iptables -S INPUT').split('\n-A INPUT -j DROP\n');
      return [...before!.matchAll(/^-A INPUT -p tcp -m tcp --dport (\S+) -j ACCEPT$/gm)].map(([, port]) => port).join();
    },
    isOpen: (): boolean => !run('iptables -S INPUT').endsWith('-A INPUT -j DROP\n'),
    retracted: (): string => under.retract('server').split('\n').at(-1)!,
  };
}
