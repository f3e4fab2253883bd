// Helpers for the agent's tests with csf: build a server with a stand-in for csf (lab/csf) on which tests deliver
// releases, and print the texts of such releases, with sections for csf.deny and csfpost.sh.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeWhere } from '../../where-possible';
import { canHaveDevice } from '../machine';
import { settingsRelease } from '../settings-release';
import { Sent } from '../stream';
import { EL_SHELL, underShell } from '../under-shell';

export const LAB = join(__dirname, '../../../lab/csf');
export const CONF = readFileSync(join(LAB, 'csf.conf'), 'utf8');

/** The settings of a release, in the order of its text. */
const SETTINGS: Readonly<Record<string, string>> = {
  TESTING: '0',
  IPTABLES: '/sbin/iptables',
  IP6TABLES: '/sbin/ip6tables',
  FASTSTART: '0',
  IPV6: '1',
  LF_SPI: '1',
  IPV6_SPI: '1',
  DROP: 'DROP',
  DROP_OUT: 'DROP',
  ETH_DEVICE: '',
  ETH6_DEVICE: '',
  ETH_DEVICE_SKIP: '',
  DNS_STRICT: '1',
  DNS_STRICT_NS: '1',
  USE_FTPHELPER: '0',
  ICMP_IN_RATE: '0',
  ICMP_OUT: '1',
  ICMP_OUT_RATE: '0',
  IPV6_ICMP_STRICT: '0',
  ICMP_IN: '1',

  TCP_IN: '22',
  TCP_OUT: '0:65535',
  UDP_IN: '',
  UDP_OUT: '0:65535',
  TCP6_IN: '22',
  TCP6_OUT: '0:65535',
  UDP6_IN: '',
  UDP6_OUT: '0:65535',
  MESSENGER: '0',
  PORTKNOCKING: '',
  CC_ALLOW: '',
  CC_ALLOW_PORTS: '',
  DYNDNS: '0',
  GLOBAL_ALLOW: '',
  GLOBAL_DYNDNS: '',
  CLUSTER_RECVFROM: '',
  CLUSTER_SENDTO: '',
};

export const text = (
  settings: Readonly<Record<string, string>> = {},
  allow: readonly string[] = [],
  owner = 'web',
): string =>
  [
    '==> /etc/csf/csf.conf <==',
    `# cpanel-edge:${owner}`,
    ...Object.entries({ ...SETTINGS, ...settings }).map(([key, value]) => `${key} = "${value}"`),
    '',
    '==> /etc/csf/csf.allow <==',
    `# cpanel-edge:${owner} begin`,
    ...allow,
    `# cpanel-edge:${owner} end`,
    '',
  ].join('\n');

/** Appends a section of csf.deny to a text. */
export const denying = (its: string, lines: readonly string[], owner = 'web'): string =>
  more('csf.deny', its, lines, owner);

/** Appends a section of csfpost.sh to a text. */
export const hooking = (its: string, lines: readonly string[], owner = 'web'): string =>
  more('csfpost.sh', its, lines, owner);

const more = (name: string, its: string, lines: readonly string[], owner: string): string =>
  [its, `==> /etc/csf/${name} <==`, `# cpanel-edge:${owner} begin`, ...lines, `# cpanel-edge:${owner} end`, ''].join(
    '\n',
  );

export const LINE = 'tcp|in|d=3306|s=198.51.100.0/24';

/** The text of a release that opens SSH, one more port by which tests recognise it, and a database to some sources. */
export const textOf = (port: number, owner = 'web'): string =>
  text({ TCP_IN: `22,${port}`, TCP6_IN: `22,${port}` }, [LINE], owner);

export const host = (its: string, closed?: string, owner?: string, claims?: string[]): Sent =>
  settingsRelease('cc', its, closed, owner, claims);

const SYSTEMCTL = `#!/bin/sh
echo "$*" >>FOLDER/asked
case "$1 $2" in
  'is-active csf.service' | 'is-active firewalld' | 'is-active firewalld.service') cat "FOLDER/\${2%.service}-is" 2>/dev/null || echo inactive ;;
  *) exec /usr/bin/systemctl "$@" ;;
esac
`;

/** A host with the stand-in for csf that an administrator has set up and started, made anew for each test. */
export function onCsf(called: string, tests: (host: ReturnType<typeof hostUnder>) => void): void {
  describeWhere(canHaveDevice, called, 'root on Linux')(called, () => tests(hostUnder(EL_SHELL)));
}

/**
 * The stand-ins for csf and for the service manager, which are first in the agent's PATH; csf's files are the device's
 * own.
 */
export function putCsf({ run, device, folder }: ReturnType<typeof underShell>, systemctl: string): void {
  for (const below of ['etc', 'bin']) mkdirSync(join(folder, below));
  const put = (name: string, its: string): void => writeFileSync(join(folder, 'bin', name), its, { mode: 0o755 });
  put('systemctl', systemctl.replaceAll('FOLDER', folder));
  put(
    'csf',
    readFileSync(join(LAB, 'csf.pl'), 'utf8')
      .replace('/etc/crontab', join(folder, 'crontab'))
      .replaceAll('/usr/local/csf/bin', join(folder, 'own')),
  );
  run('mkdir -p /etc/csf');
  device().replace('/etc/csf', join(folder, 'etc'));
  run(`sed -i 's|^PATH=|PATH=${folder}/bin:|; s|/usr/local/csf/bin|${folder}/own|' /usr/local/sbin/cpanel-edge-device`);
}

function hostUnder(shell: string) {
  const under = underShell(shell);
  const { run, folder, fresh, program } = under;
  beforeAll(() => putCsf(under, SYSTEMCTL));
  const csf = (words: string): string => run(`PATH=${folder}/bin:$PATH; csf ${words}`);
  beforeEach(() => {
    fresh();
    run(
      `rm -rf /etc/csf/* /var/lib/csf /etc/ufw/* ${folder}/own ${folder}/*-is ${folder}/asked ${folder}/crontab; : >/etc/systemd/system/enabled-csf.service
      echo active >${folder}/csf-is; echo 15.10 >/etc/csf/version.txt; echo '192.0.2.66 # banned' >/etc/csf/csf.deny
      printf '# whom I know\\n192.0.2.7 # me\\n' >/etc/csf/csf.allow; cat >/etc/csf/csf.conf; chmod 600 /etc/csf/*`,
      CONF,
    );
    csf('-sf');
  });
  return {
    ...under,
    csf,
    CONF,
    conf: (): string => run('cat /etc/csf/csf.conf'),
    allow: (): string => run('cat /etc/csf/csf.allow'),
    /** Simulates a power loss: /run and the kernel are empty. Then csf's service starts, unless `starts` is false. */
    restarted: (starts = true): readonly string[] => {
      run(
        `for p in iptables ip6tables; do for c in INPUT OUTPUT FORWARD; do $p -P $c ACCEPT; done; $p -F; $p -X; done; rm -rf /run/cpanel-edge/*; rm ${folder}/csf-is`,
      );
      const boot = program('boot');
      if (!starts) return [boot];
      run(`echo activating >${folder}/csf-is`);
      csf('--initup');
      const rules = program('rules');
      run(`echo active >${folder}/csf-is`);
      return [boot, rules];
    },
    /** TCP ports that are opened by a rule of their own, by family. */
    runs: (family = 'ip'): string =>
      [...run(`${family}tables -S INPUT`).matchAll(/-p tcp -m conntrack --ctstate NEW -m tcp --dport (\S+) -j ACCEPT/g)]
        .map(([, port]) => port)
        .join(),
    asked: (): string => run(`cat ${folder}/asked`),
    retracted: (): string => under.retract('server').split('\n').at(-1)!,
  };
}
