// Tests the sudoers line of `bootstrap`: the login user can run the commands of a delivery and nothing else, can't
// influence them by environment or files, and can't fill disk or memory by uploads.
import { deepStrictEqual, match, ok, strictEqual } from 'node:assert';
import { join } from 'node:path';
import { DELIVERY_COMMANDS, READ_COMMANDS } from '../../../driver/agent-program';
import { Outcome } from '../../command';
import { Lab } from '../../lab';
import { REPOSITORY } from '../../stack';
import { LabTest } from '../test';

const PROGRAM = '/usr/local/sbin/cpanel-edge-device';
const OWN = [
  'service stop',
  'service start',
  'service reload',
  'boot',
  'rules',
  'addresses',
  'units',
  'undo gateway web abcdabcdabcdabcd',
];
const DIGEST = '0'.repeat(64);
const upload = (owner: string, token = 'abcdabcdabcdabcd'): string =>
  `sudo -n ${PROGRAM} upload gateway ${owner} a-lease ${DIGEST} ${token}`;

const asDeploy = (lab: Lab, command: string): Promise<Outcome> =>
  lab.ssh('web1', command, { user: 'deploy', seconds: 60 });

async function bootstrapScript(lab: Lab): Promise<string> {
  return (
    await lab.exec('operator', [
      process.execPath,
      join(REPOSITORY, 'dist/cli/main.js'),
      'bootstrap',
      '--user',
      'deploy',
    ])
  ).out;
}

async function bootstrapped(lab: Lab): Promise<void> {
  const input = await bootstrapScript(lab);
  // The group of /usr/local in old versions of Debian.
  await lab.does('web1', 'chgrp staff /usr/local/sbin; chmod g+w /usr/local/sbin');
  const refused = await lab.ssh('web1', 'sh -s', { input });
  match(refused.err, /others than root can write to \/usr\/local\/sbin/);
  match(refused.out, /refused folder-writable/);
  strictEqual(refused.status, 1);
  await lab.does('web1', 'chmod go-w /usr/local /usr/local/sbin');
  match(await lab.does('web1', 'sh -s', { input }), /cpanel-edge: ok installed/);
}

/**
 * Environment and files that would make a careless program run a user's command as root. Each leaves a mark with its
 * owner.
 */
const EVIL = `
mkdir -p /tmp/evil && cd /tmp/evil || exit 1
for tool in nft ip sed awk grep find id mktemp cat head sha256sum logger systemctl flock timeout cut tr sh cpanel-edge-device; do
  printf '#!/bin/sh\\n: >/tmp/evil/ran-%s-$$\\nexec /usr/bin/%s "$@"\\n' "$tool" "$tool" >"$tool"
  chmod 755 "$tool"
done
echo ': >/tmp/evil/ran-env-$$' >env.sh
ln -sf ${PROGRAM} link
`;

export const sudoersLine: LabTest = {
  name: 'the sudoers line lets the login user run the commands of a delivery and nothing else',
  run: async (lab) => {
    await bootstrapped(lab);
    strictEqual(
      await lab.does('web1', "find /etc/sudoers.d -name 'cpanel*' -printf '%m %u:%g %f\\n'"),
      '440 root:root cpanel-edge-deploy\n',
    );
    const listed = (await asDeploy(lab, 'sudo -n -l')).out.split('may run the following commands')[1]!;
    const allowedWords = [...listed.matchAll(/cpanel-edge-device(?: ([a-z]+))?/g)].map(([, word = 'anything']) => word);
    deepStrictEqual(allowedWords, [...READ_COMMANDS, ...DELIVERY_COMMANDS]);
    strictEqual((await asDeploy(lab, EVIL)).status, 0);
    const allowed = await asDeploy(lab, `sudo -n ${PROGRAM} status`);
    match(allowed.out, /^cpanel-edge: ok status /m, allowed.err);
    for (const refused of [
      'sudo -n sh -c id',
      'sudo -n -s',
      'sudo -n -i',
      'sudo -n /bin/sh',
      `sudo -n sh ${PROGRAM} status`,
      `sudo -n -u nobody ${PROGRAM} status`,
      `sudo -n -g shadow ${PROGRAM} status`,
      `sudo -n -e ${PROGRAM}`,
      `sudo -n -E ${PROGRAM} status`,
      `sudo -n PATH=/tmp/evil ${PROGRAM} status`,
      `sudo -n ENV=/tmp/evil/env.sh BASH_ENV=/tmp/evil/env.sh ${PROGRAM} status`,
      `sudo -n LD_PRELOAD=/tmp/evil/x.so ${PROGRAM} status`,
      `sudo -n -D /tmp/evil ${PROGRAM} status`,
      `sudo -n -R /tmp/evil ${PROGRAM} status`,
      'sudo -n /tmp/evil/cpanel-edge-device status',
      'sudo -n /tmp/evil/link status',
      `sudo -n ${PROGRAM}x`,
      'sudo -n cat /etc/shadow',
      // Commands for systemd and the timer: `service stop` deletes all programs' rules.
      ...OWN.flatMap((words) => [`sudo -n ${PROGRAM} ${words}`, `sudo -n ${PROGRAM} '${words}'`]),
      `sudo -n ${PROGRAM}`,
      `sudo -n ${PROGRAM} ''`,
      `sudo -n ${PROGRAM} status service stop`,
      `sudo -n ${PROGRAM} 'upload' < /dev/null`,
      `sudo -n ${PROGRAM} "$(printf 'service\nupload ') x"`,
      `sudo -n ${PROGRAM} -- service stop`,
      `sudo -n ${PROGRAM} unheard-of`,
    ]) {
      const { status, out } = await asDeploy(lab, `${refused} </dev/null`);
      ok(status !== 0, `${refused}: ${out}`);
      ok(!/uid=0|root:|cpanel-edge: ok/.test(out), `${refused}: ${out}`);
    }
    await harmless(lab);
  },
};

/** Runs the program in every unusual way, and searches for commands that ran as root because of it. */
async function harmless(lab: Lab): Promise<void> {
  const evil =
    "env PATH=/tmp/evil:/usr/bin:/bin IFS=/ ENV=/tmp/evil/env.sh BASH_ENV=/tmp/evil/env.sh CDPATH=/tmp/evil TMPDIR=/tmp/evil SHELLOPTS=xtrace PS4='$(id >/tmp/evil/ran-ps4)' LD_PRELOAD=/tmp/evil/x.so LD_LIBRARY_PATH=/tmp/evil 'BASH_FUNC_nft%%=() { : >/tmp/evil/ran-function; }' GCONV_PATH=/tmp/evil TZ=/tmp/evil/env.sh AWKPATH=/tmp/evil POSIXLY_CORRECT=1";
  for (const [command, says] of [
    [`cd /tmp/evil && ${evil} /usr/bin/sudo -n ${PROGRAM} status`, /^cpanel-edge: ok status /m],
    [`cd /tmp/evil && ${evil} /usr/bin/sudo -n ${PROGRAM} facts`, /^cpanel-edge: ok facts$/m],
    [`mkdir /tmp/gone && cd /tmp/gone && rmdir /tmp/gone && sudo -n ${PROGRAM} status`, /^cpanel-edge: ok status /m],
    // One word for sudo and for the program: sudo joins words before it compares, and the program doesn't.
    [`sudo -n ${PROGRAM} 'accept x'`, /^cpanel-edge: refused unknown-command$/m],
    [`sudo -n ${PROGRAM} accept '*' service stop`, /^cpanel-edge: refused wrong-argument count$/m],
    [
      `sudo -n ${PROGRAM} check gateway 'web\n$(id >/tmp/evil/ran-argument)' abcdabcdabcdabcd`,
      /^cpanel-edge: refused wrong-argument owner$/m,
    ],
    [
      `sudo -n ${PROGRAM} check gateway '../../../tmp/evil' abcdabcdabcdabcd`,
      /^cpanel-edge: refused wrong-argument owner$/m,
    ],
    [
      `sudo -n ${PROGRAM} check gateway "$(head -c 100000 /dev/zero | tr '\\0' a)" abcdabcdabcdabcd`,
      /^cpanel-edge: refused wrong-argument owner$/m,
    ],
    [`sudo -n ${PROGRAM} check gateway web '-e'`, /^cpanel-edge: refused wrong-argument token$/m],
    [`sudo -n ${PROGRAM} check '' '' ''`, /^cpanel-edge: refused wrong-argument role$/m],
    [`sudo -n ${PROGRAM} status <&- >/tmp/evil/out 2>&-; cat /tmp/evil/out`, /^cpanel-edge: ok status /m],
    [
      `(ulimit -f 0; sudo -n ${PROGRAM} status); (ulimit -n 8; sudo -n ${PROGRAM} status) 2>&1 | cat; sudo -n ${PROGRAM} status`,
      /^cpanel-edge: ok status /m,
    ],
  ] as const) {
    const { out, err } = await asDeploy(lab, command);
    match(out, says, `${command}\n${out}\n${err}`);
  }
  const rootly = await lab.does(
    'web1',
    "find / -xdev \\( -name 'ran-*' -o -path '/tmp/evil/*' \\) -user root; find /tmp /var/tmp /dev/shm -newer /etc/sudoers.d/cpanel-edge-deploy -user root -type f",
  );
  strictEqual(rootly, '', 'what ran as root');
  await lab.does('web1', 'rm -rf /tmp/evil');
}

/** Prints everything that a caller could have set for the program that sudo started, while it waits for its input. */
const CHOSEN = `
for n in $(seq 100); do pid=$(pgrep -of '^/bin/sh .*cpanel-edge-device served [0-9]* deploy upload') && break; sleep 0.1; done
sed -n 's/^0::/group /p; s/^[0-9]*:name=systemd:/group /p' "/proc/$pid/cgroup"
sed -n 's/^Max address space  *\\([a-z0-9]*\\) .*/memory \\1/p; s/^Max cpu time  *\\([a-z0-9]*\\) .*/time \\1/p' "/proc/$pid/limits"
echo "nice $(($(ps -o ni= -p "$pid") - $(ps -o ni= -p 1)))"
echo "score $(cat "/proc/$pid/oom_score_adj")"
echo "terminal $(ps -o tty= -p "$pid" | tr -d ' ')"
tr '\\0' '\\n' <"/proc/$pid/environ" | grep -c '^CHOSEN=' || :`;

export const callerLeft: LabTest = {
  name: 'nothing that the login user sets for a session affects the program that sudo runs',
  run: async (lab) => {
    await bootstrapped(lab);
    const called = asDeploy(
      lab,
      `trap '' USR1 TERM; export CHOSEN=1; ulimit -v 600000; ulimit -t 5; echo 500 >/proc/self/oom_score_adj; sleep 15 | nice -n 15 ${upload('web')}`,
    );
    const seen = (await lab.does('web1', CHOSEN)).trim().split('\n');
    const groups = seen.filter((line) => line.startsWith('group '));
    ok(groups.length > 0 && groups.every((line) => line.startsWith('group /system.slice/run-')), groups.join());
    deepStrictEqual(
      seen.filter((line) => !line.startsWith('group ')),
      ['time unlimited', 'memory unlimited', 'nice 0', 'score 0', 'terminal ?', '0'],
    );
    match((await called).out, /^cpanel-edge: refused upload-damaged part=cut-off$/m);
  },
};

export const boundedUploads: LabTest = {
  name: "the login user can't fill the disk or memory by uploads",
  run: async (lab) => {
    await bootstrapped(lab);
    const kept = async (): Promise<number> =>
      Number((await lab.does('web1', 'du -sk /etc/cpanel-edge')).split('\t')[0]);
    const endless = await asDeploy(lab, `${upload('web')} </dev/zero`);
    match(endless.out, /^cpanel-edge: refused upload-too-large most=33554432$/m, endless.err);
    const zeros = await asDeploy(lab, `head -c 1000000 /dev/zero | ${upload('web')}`);
    match(zeros.out, /^cpanel-edge: refused upload-damaged part=foreign-format$/m);
    const both = await asDeploy(
      lab,
      `for i in 1 2 3 4; do (sleep 3 | ${upload('web')} >/dev/null) & done; sleep 1; ${upload('web')} </dev/null; wait`,
    );
    match(both.out, /^cpanel-edge: refused busy holder=other-uploads$/m);
    ok((await kept()) < 200, `${await kept()} KiB are kept`);
    await lab.does(
      'web1',
      'mkdir -p /etc/cpanel-edge/server-old && head -c 300M /dev/zero >/etc/cpanel-edge/server-old/release',
    );
    match((await asDeploy(lab, `${upload('web')} </dev/null`)).out, /^cpanel-edge: refused folder-full$/m);
    await lab.does(
      'web1',
      'rm -rf /etc/cpanel-edge/* /run/cpanel-edge /usr/local/sbin/cpanel-edge-device /etc/sudoers.d/cpanel-edge-deploy',
    );
  },
};
