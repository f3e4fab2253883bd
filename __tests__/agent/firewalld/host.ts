// Builds a server with a real firewalld on which the agent's tests deliver releases, and the texts of such releases.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LATER, PROGRAMS, Tree, describeWith, printedTree } from '../../platforms/firewalld/daemon';
import { canHaveDevice } from '../machine';
import { Sent, freshToken, sent } from '../stream';
import { DEVICE_SHELLS } from '../../tier';
import { EL_SHELL, underShell } from '../under-shell';

const NAME = 'cf-web';
const UNTIL_STARTED = join(__dirname, '../../platforms/firewalld/until-started.sh');

const XML = '<?xml version="1.0" encoding="utf-8"?>\n';

export const rule = (...elements: readonly string[]): readonly string[] => [
  `  <rule priority="-400" family="ipv4">`,
  ...elements.map((element) => `    <${element}/>`),
  '  </rule>',
];

export const policy = (rules: readonly string[], name = `${NAME}-in`, from = 'ANY', to = 'HOST'): Tree => ({
  [`policies/${name}.xml`]: [
    `${XML}<policy target="DROP" priority="-32000">`,
    `  <ingress-zone name="${from}"/>`,
    `  <egress-zone name="${to}"/>`,
    ...rules,
    '</policy>',
    '',
  ].join('\n'),
});

export const set = (name: string, ...entries: readonly string[]): Tree => ({
  [`ipsets/${name}.xml`]: [
    `${XML}<ipset type="hash:net">`,
    `  <option name="family" value="inet"/>`,
    ...entries.map((entry) => `  <entry>${entry}</entry>`),
    '</ipset>\n',
  ].join('\n'),
});

export const text = (tree: Tree): string => printedTree(tree, '/etc/firewalld');

/** The text of a release that opens a port to some sources, and closes port 25 outbound. */
export const textOf = (port: number): string =>
  text({
    ...set(`${NAME}-4-1`, '192.0.2.0/24', '198.51.100.7'),
    ...policy(rule(`source ipset="${NAME}-4-1"`, `port port="${port}" protocol="tcp"`, 'accept')),
    ...policy(rule('port port="25" protocol="tcp"', 'drop'), `${NAME}-out`, 'HOST', 'ANY'),
  });

/** Opens a port to the sources in a set. */
export const toSome = (port: number, name: string, ...some: readonly string[]): string =>
  text({
    ...set(name, ...some),
    ...policy(rule(`source ipset="${name}"`, `port port="${port}" protocol="tcp"`, 'accept')),
  });

export const host = (its: string, closed = ''): Sent =>
  sent({ role: 'server', platform: 'firewalld', text: its }, 'lease-1', freshToken(), closed);

const OTHERS = { outside: [], inside: ['10.0.0.11'] };

/** The same text for another owner with other addresses. */
export const hostOf = (owner: string, its: string): Sent =>
  sent(
    { role: 'server', platform: 'firewalld', owner, text: its.replaceAll(NAME, `cf-${owner}`), claims: OTHERS },
    'lease-1',
    freshToken(),
  );

const BUS = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path=FOLDER/bus</listen>
  <auth>EXTERNAL</auth>
  <policy context="default"><allow user="*"/><allow own="*"/><allow eavesdrop="true"/><allow send_destination="*" eavesdrop="true"/></policy>
</busconfig>
`;

/** Starts the bus if there is none, and firewalld, and prints their process ids. */
const START = `[ -S FOLDER/bus ] || { setsid dbus-daemon --config-file=FOLDER/bus.conf --nofork --nopidfile >FOLDER/bus.log 2>&1 & echo $!; }
until [ -S FOLDER/bus ]; do sleep 0.05; done
setsid env DBUS_SYSTEM_BUS_ADDRESS=unix:path=FOLDER/bus PYTHONPATH=PROGRAMS/usr/lib/python3/dist-packages PROGRAMS/usr/sbin/firewalld --nofork --nopid --default-config PROGRAMS/usr/lib/firewalld --log-target console >>FOLDER/firewalld.log 2>&1 &
echo $!
DBUS_SYSTEM_BUS_ADDRESS=unix:path=FOLDER/bus sh UNTIL >/dev/null
`;

type OnHost = (host: ReturnType<typeof hostUnder>) => void;

/** A host on which the real firewalld runs with its package's files, made anew for each test. */
export const onFirewalld = (called: string, tests: OnHost): void => withPrograms(PROGRAMS, called, tests);

type Later = keyof typeof LATER;

/** The same with each later version, or with the given ones. */
export function onLaterFirewalld(
  called: string,
  tests: (host: Parameters<OnHost>[0], version: Later) => void,
  versions: readonly Later[] = ['2.3', '2.5'],
): void {
  for (const version of versions)
    withPrograms(LATER[version], `firewalld ${version}: ${called}`, (host) => tests(host, version));
}

function withPrograms(programs: string, called: string, tests: OnHost): void {
  const possible = describeWith(programs);
  const describe = canHaveDevice ? possible : possible.skip;
  const shell = programs === PROGRAMS ? EL_SHELL : DEVICE_SHELLS[0]!;
  describe(called, () => tests(hostUnder(shell, programs)));
}

function hostUnder(shell: string, programs: string) {
  const under = underShell(shell);
  const { run, device, folder, fresh } = under;
  const etc = join(folder, 'etc');
  const inFolder = (script: string): string =>
    script.replaceAll('FOLDER', folder).replaceAll('PROGRAMS', programs).replaceAll('UNTIL', UNTIL_STARTED);
  let daemon: number | undefined;
  const started: number[] = [];
  const start = (): void => {
    started.push(...run(inFolder(START)).trim().split('\n').map(Number));
    daemon = started.at(-1);
  };
  const end = (signal: 'TERM' | 'KILL'): void => {
    // Some init programs take seconds to reap the process.
    if (daemon !== undefined)
      run(`kill -s ${signal} ${daemon}; while grep -qs '^State:.[^Z]' /proc/${daemon}/status; do sleep 0.05; done`);
    daemon = undefined;
  };
  /** Stops firewalld as its unit does. */
  const stop = (): void => end('TERM');
  beforeAll(() => {
    for (const below of ['etc', 'bin']) mkdirSync(join(folder, below));
    writeFileSync(join(folder, 'bus.conf'), inFolder(BUS));
    const wrap = (name: string, more: string): void =>
      writeFileSync(
        join(folder, 'bin', name),
        inFolder(
          `#!/bin/sh\nexport DBUS_SYSTEM_BUS_ADDRESS=unix:path=FOLDER/bus PYTHONPATH=PROGRAMS/usr/lib/python3/dist-packages\nexec PROGRAMS/usr/bin/${name} ${more}"$@"\n`,
        ),
        { mode: 0o755 },
      );
    // Programs that use the system bus use the test's bus.
    writeFileSync(
      join(folder, 'bin/busctl'),
      inFolder('#!/bin/sh\nDBUS_SYSTEM_BUS_ADDRESS=unix:path=FOLDER/bus exec /usr/bin/busctl "$@"\n'),
      { mode: 0o755 },
    );
    wrap('firewall-cmd', '');
    wrap('firewall-offline-cmd', '--default-config PROGRAMS/usr/lib/firewalld ');
    run('mkdir -p /etc/firewalld');
    device().replace('/etc/firewalld', etc);
    run(`sed -i 's|^PATH=|PATH=${folder}/bin:|' /usr/local/sbin/cpanel-edge-device`);
  });
  beforeEach(() => {
    // firewalld's rules go with all others. Removing them would take firewalld two seconds.
    end('KILL');
    fresh();
    run(
      ': >/etc/systemd/system/enabled-firewalld.service; rm -rf /etc/firewalld/* /etc/ufw/*; printf "DefaultZone=public\\n" >/etc/firewalld/firewalld.conf',
    );
    start();
  });
  afterAll(() => {
    for (const one of started)
      try {
        // A process that is stopped (SIGSTOP) handles no other signal.
        process.kill(one, 'SIGKILL');
      } catch {
        // The process has ended.
      }
  });
  return {
    ...under,
    start,
    stop,
    /** The script that starts firewalld, and the bus if there is none, and prints their process ids. */
    starting: inFolder(START),
    /** Ends firewalld as a restart of its unit does. */
    kill: (): void => end('KILL'),
    /** Stops the process, so that it answers no call until `goOn` is called. */
    hold: (): void => void run(`kill -s STOP ${daemon}`),
    itsNumber: (): number | undefined => daemon,
    /**
     * Runs the commands of the agent's unit beside firewalld, from the given line on. If the start is stopped, the
     * running line ends and the next one runs.
     */
    systemd: (when: 'ExecStartPre' | 'ExecStartPost', from = 0): void => {
      const lines = run('cat /etc/systemd/system/firewalld.service.d/cpanel-edge.conf').matchAll(
        new RegExp(`^${when}=-\\+(.*)$`, 'gm'),
      );
      for (const [, line] of [...lines].slice(from)) run(`${line!.replaceAll('$$', '$')} || :`);
    },
    goOn: (): void => void run(`kill -s CONT ${daemon}`),
    ask: (words: string): string => run(`${folder}/bin/firewall-cmd ${words}`).trimEnd(),
    retracted: (): string => under.retract('server').split('\n').at(-1)!,
    /** The release's files that are on the disk. */
    files: (): readonly string[] =>
      run('cd /etc/firewalld; ls -d */cf-* 2>/dev/null').trim().split('\n').filter(Boolean),
    entries: (set: string): number => run(`nft list set inet firewalld ${set}`).split(',').length,
    /** The port that is open, on the disk and in the kernel. */
    stored: (): string =>
      /<port port="(\d+)"/.exec(run(`cat /etc/firewalld/policies/${NAME}-in.xml 2>/dev/null`))?.[1] ?? 'none',
    runs: (): string =>
      /tcp dport (\d+) accept/.exec(
        run(`nft list chain inet firewalld filter_IN_policy_${NAME}-in_pre 2>/dev/null`),
      )?.[1] ?? 'none',
  };
}
