// Helpers for the agent's tests with APF 2.0.2 (upstream; stand-in-2.0.2.sh stands in for it): build a server on which
// tests deliver releases, and the texts of such releases.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeWhere } from '../../where-possible';
import { canHaveDevice } from '../machine';
import { settingsRelease } from '../settings-release';
import { Sent } from '../stream';
import { EL_SHELL, underShell } from '../under-shell';

/** The folder with `files` of the real v2.0.2, to use in place of the stand-in. */
const REAL = process.env['CPANEL_EDGE_APF'];

/** The settings of a release, in the order of its text. */
const SETTINGS: Readonly<Record<string, string>> = {
  DEVEL_MODE: '0',
  INSTALL_PATH: '/etc/apf',
  IFACE_UNTRUSTED: 'wan0',
  IFACE_TRUSTED: '',
  USE_IPV6: '1',
  SET_FASTLOAD: '0',
  SET_VNET: '0',
  SET_MONOKERN: '1',
  SET_REFRESH: '0',
  VF_ROUTE: '0',
  TCP_STOP: 'DROP',
  UDP_STOP: 'DROP',
  ALL_STOP: 'DROP',
  TCR_PASS: '0',
  ICMP_LIM: '0',
  BLK_PRVNET: '0',
  BLK_RESNET: '0',
  IG_TCP_CPORTS: '22',
  IG_UDP_CPORTS: '',
  IG_ICMP_TYPES: '0,3,11,12',
  IG_ICMPV6_TYPES: '1,2,3,4,129,130',
  EGF: '0',
  USE_RGT: '0',
  USE_GRE: '0',
};

export const text = (
  settings: Readonly<Record<string, string>> = {},
  allow: readonly string[] = [],
  owner = 'web',
): string =>
  [
    '==> /etc/apf/conf.apf <==',
    `# cpanel-edge:${owner}`,
    ...Object.entries({ ...SETTINGS, ...settings }).map(([key, value]) => `${key}="${value}"`),
    '',
    '==> /etc/apf/allow_hosts.rules <==',
    `# cpanel-edge:${owner} begin`,
    ...allow,
    `# cpanel-edge:${owner} end`,
    '',
  ].join('\n');

export const LINES = ['tcp:in:d=3306:s=198.51.100.0/24', 'tcp:in:d=3306:s=[2001:db8:9::/48]'];

/** The text of a release that opens SSH, one more port by which tests recognise it, and a database to some sources. */
export const textOf = (port: number, owner = 'web'): string => text({ IG_TCP_CPORTS: `22,${port}` }, LINES, owner);

export const host = (its: string, closed?: string, owner?: string, claims?: string[]): Sent =>
  settingsRelease('cu', its, closed, owner, claims);

const SYSTEMCTL = `#!/bin/sh
case "$1 $2" in
  'is-active apf.service' | 'is-active firewalld.service') cat "FOLDER/\${2%.service}-is" 2>/dev/null || echo inactive ;;
  *) exec /usr/bin/systemctl "$@" ;;
esac
`;

/** An administrator's settings. */
const CONF = `DEVEL_MODE="1"
INSTALL_PATH="/etc/apf"
IFACE_UNTRUSTED="eth0"
USE_IPV6="0"
SET_FASTLOAD="1"
SET_REFRESH="10"
TCP_STOP="DROP"
UDP_STOP="DROP"
ALL_STOP="DROP"
IG_TCP_CPORTS="22,25" # mine
IG_UDP_CPORTS=""
IG_ICMP_TYPES="3,5,11,0,30,8"
IG_ICMPV6_TYPES="1,2,3,4,128,129"

CNFINT="$INSTALL_PATH/internals/internals.conf"
. "$CNFINT"
`;

/** A host with APF 2.0.2 that an administrator has set up and started, made anew for each test. */
export function onPublished(called: string, tests: (host: ReturnType<typeof hostUnder>) => void): void {
  describeWhere(canHaveDevice, called, 'root on Linux')(called, () => tests(hostUnder(EL_SHELL)));
}

function hostUnder(shell: string) {
  const under = underShell(shell);
  const { run, folder, program } = under;
  const apf = (words: string): string => run(`${folder}/bin/apf ${words} 2>&1`);
  const flushed = ['iptables', 'ip6tables']
    .map((tool) => `${tool} -P INPUT ACCEPT; ${tool} -P OUTPUT ACCEPT; ${tool} -F; ${tool} -X; ${tool} -t mangle -F`)
    .join('; ');
  beforeAll(() => {
    mkdirSync(join(folder, 'bin'));
    writeFileSync(join(folder, 'bin', 'systemctl'), SYSTEMCTL.replaceAll('FOLDER', folder), { mode: 0o755 });
    run('mkdir -p /etc/apf/internals; cat >/etc/apf/conf.apf; : >/etc/apf/internals/internals.conf', CONF);
    run(
      REAL
        ? `cp -a ${REAL}/. /etc/apf/; cd /etc/apf; chmod 750 apf vnet/vnetgen; ln -s /etc/apf/apf ${folder}/bin/apf
          sed -i 's/^IFACE_UNTRUSTED=.*/IFACE_UNTRUSTED="wan0"/; s/^DEVEL_MODE=.*/DEVEL_MODE="1"/; s/^SET_MONOKERN=.*/SET_MONOKERN="1"/
          s/^SET_VERBOSE=.*/SET_VERBOSE="0"/; s/^BLK_RESNET=.*/BLK_RESNET="0"/; s|^LOG_APF=.*|&\\nELOG_LOG_DIR="${folder}/log"|; s/^IG_TCP_CPORTS=.*/IG_TCP_CPORTS="22,25" # mine/' conf.apf`
        : `cp ${join(__dirname, 'stand-in-2.0.2.sh')} ${folder}/bin/apf; chmod 755 ${folder}/bin/apf; echo 'version: 2.0.2' >/etc/apf/VERSION; : >/etc/apf/deny_hosts.rules`,
    );
    run(
      `echo 192.0.2.7 >/etc/apf/allow_hosts.rules; sed -i 's|^PATH=|PATH=${folder}/bin:|' /usr/local/sbin/cpanel-edge-device`,
    );
  });
  const isUp = (): string => run(`rm -rf /etc/apf-firewall/* ${folder}/*-is; echo active >${folder}/apf-is`);
  under.beforeEachAs(() => {
    isUp();
    run(': >/etc/systemd/system/enabled-apf.service');
    apf('-s');
  }, ['etc/apf']);
  beforeEach(isUp);
  return {
    ...under,
    apf,
    /** All files that the agent edits. */
    files: (): string => run('cd /etc/apf; cat conf.apf allow_hosts.rules'),
    /** Simulates a power loss: /run and the kernel are empty. Then APF's service starts. */
    restarted: (): readonly string[] => {
      run(`${flushed}; rm -rf /run/cpanel-edge/*; rm ${folder}/apf-is`);
      const boot = program('boot');
      run(`echo activating >${folder}/apf-is; ${folder}/bin/apf -s`);
      const rules = program('rules');
      run(`echo active >${folder}/apf-is`);
      return [boot, rules];
    },
    /** TCP ports that any source reaches, by rules before the closing one. */
    runs: (family = 'ip'): string => {
      const [before] = run(`${family}tables -S INPUT`).split('\n-A INPUT -j DROP\n');
      return [...before!.matchAll(/^-A INPUT -p tcp -m tcp --dport (\S+) -j ACCEPT$/gm)].map(([, port]) => port).join();
    },
    isOpen: (family = 'ip'): boolean => !run(`${family}tables -S INPUT`).endsWith('-A INPUT -j DROP\n'),
    retracted: (): string => under.retract('server').split('\n').at(-1)!,
  };
}
