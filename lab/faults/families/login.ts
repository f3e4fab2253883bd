// Fault tests of the login: temporary folders that are noexec or have odd names, a shell that prints text or ends the
// session, a missing sudoers line, and a full /run.
import { ok, strictEqual } from 'node:assert';
import { chmodSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { findNeededWords } from '../../../driver/login-words';
import { must, run } from '../../command';
import { REPOSITORY } from '../../stack';
import { Combination, combinations } from '../fault';
import { DEVICES, DeviceName, before } from '../moment';
import { APPLY } from '../pipeline';
import { driverAt } from '../processes';
import { Scene } from '../scene';
import { ROLLBACK_SECONDS } from '../version-options';
import { agrees } from './line';

const asDeploy = async (scene: Scene, rollbackSeconds = ROLLBACK_SECONDS): Promise<void> =>
  scene.pipeline.want(scene.wanted(scene.target, { rollbackSeconds }), scene.lab.environment('deploy'));

/** Runs what an administrator runs once for each device, from the command that prints it. */
async function bootstrapped(scene: Scene, device: DeviceName): Promise<void> {
  const main = join(REPOSITORY, 'dist/cli/main.js');
  const words = findNeededWords({ platform: scene.platform.id });
  const allow = words.length > 0 ? ['--allow', words.join()] : [];
  const script = await must(
    scene.lab.at('operator', [process.execPath, main, 'bootstrap', '--user', 'deploy', ...allow]),
  );
  await scene.lab.does(device, 'sh -s', { input: script });
}

const notBootstrapped = async (scene: Scene, device: DeviceName): Promise<string> =>
  scene.lab.does(device, 'grep -rl "^deploy " /etc/sudoers.d | xargs -r rm -f');

/** Faults: a tmpfs from which no program may be started. */
const temporary: readonly Combination[] = [
  ...combinations({
    name: '/tmp noexec on the device',
    moments: before('protocol'),
    run: async (scene, device) => {
      await scene.lab.does(device, 'mount -t tmpfs -o noexec,nosuid,nodev tmpfs /tmp');
      await scene.again();
      scene.succeeded();
      await scene.lab.does(device, 'umount /tmp');
    },
  }),
  {
    fault: 'TMPDIR of a name that ssh and a shell read otherwise',
    step: 'before connect',
    device: 'edge1, web1',
    run: async (scene) => {
      const folder = join(scene.lab.folder, '100% $HOME `id` %h');
      mkdirSync(folder, { recursive: true });
      await withTemporary(scene, folder);
    },
  },
  ...combinations({
    name: 'folders in TMPDIR that a killed run left',
    moments: before('arm'),
    devices: ['web1'],
    run: async (scene, device, moment) => {
      const left = (): readonly string[] => readdirSync('/tmp').filter((name) => name.startsWith('cpanel-edge-run-'));
      const { running, gate } = await scene.startTo(device, moment);
      const { front, worker } = await driverAt(scene.lab, device);
      const theirs = left().filter((name) =>
        readFileSync(join('/tmp', name, 'process'), 'utf8').startsWith(`${worker} `),
      );
      strictEqual(theirs.length, 1, left().join());
      for (const pid of [worker, front]) process.kill(pid, 'SIGKILL');
      gate.release();
      await scene.ended(running);
      await scene.settled(device);
      await scene.again();
      scene.succeeded();
      ok(!left().includes(theirs[0]!), 'it is still there');
      scene.tell('gone with the next run');
    },
  }),
  {
    fault: 'TMPDIR noexec at the runner',
    step: 'before connect',
    device: 'edge1, web1',
    run: async (scene) => {
      const folder = join(scene.lab.folder, 'noexec');
      mkdirSync(folder, { recursive: true });
      chmodSync(folder, 0o1777);
      await must(['mount', '-t', 'tmpfs', '-o', 'noexec,nosuid,nodev', 'tmpfs', folder]);
      try {
        await withTemporary(scene, folder);
      } finally {
        await must(['umount', folder]);
      }
    },
  },
];

async function withTemporary(scene: Scene, folder: string): Promise<void> {
  const argv = scene.lab.at('operator', scene.pipeline.argv(APPLY));
  const { status, out, err } = await run(argv, { env: { ...scene.pipeline.env, TMPDIR: folder }, seconds: 300 });
  strictEqual(status, 0, `${out}${err}`);
}

/** Faults: the user's shell prints text at each login, also for scripts. */
const noisy: readonly Combination[] = combinations({
  name: 'a login shell that talks',
  moments: before('protocol'),
  run: async (scene, device) => {
    const noise = [
      'Welcome!',
      'cpanel-edge: ok confirmed digest=none',
      'cpanel-edge: refused busy holder=somebody',
      '\\033[2J|not a line',
    ];
    await scene.lab.does(
      device,
      `cp -p .bashrc .bashrc.kept 2>/dev/null; cat - .bashrc >.bashrc.new 2>/dev/null; mv .bashrc.new .bashrc`,
      {
        input: `${noise.map((line) => `printf '${line}\\n'`).join('\n')}\necho 'and on the other side' >&2\n`,
      },
    );
    const heard = await scene.lab.ssh(device, 'true');
    ok(heard.out.includes('Welcome!'), `the shell is silent: ${heard.out}${heard.err}`);
    await scene.again();
    await scene.lab.does(device, 'mv .bashrc.kept .bashrc 2>/dev/null || rm -f .bashrc');
    scene.succeeded();
  },
});

/** Text of a login that refuses commands. A CI system would take it for one of its own commands. */
const WORDS = 'This account is for people. ##[error]closed ::add-mask::hosting';
const ENDS = {
  'a login shell that ends the session': [
    `cp -p /root/.bashrc /root/.bashrc.kept; printf '%s\n' 'echo "${WORDS}"; exit 3' >/root/.bashrc`,
    'mv /root/.bashrc.kept /root/.bashrc',
  ],
  'a forced command that is another program': [
    `cd /root/.ssh && mv authorized_keys authorized_keys.kept && sed 's/^ssh-/command="echo ${WORDS}" ssh-/' authorized_keys.kept >authorized_keys`,
    'mv /root/.ssh/authorized_keys.kept /root/.ssh/authorized_keys',
  ],
} as const;

const ending: readonly Combination[] = Object.entries(ENDS).flatMap(([name, [begins, ends]]) =>
  combinations({
    name,
    moments: before('protocol'),
    representative: (_, device) => device === 'edge1' && name.startsWith('a login'),
    run: async (scene, device) => {
      scene.allow({ operator: Infinity });
      const console = async (command: string) => must(await scene.lab.device(device).inside(['sh', '-c', command]));
      await console(begins);
      await scene.again();
      await console(ends);
      scene.failed();
      scene.says(
        /driver\/no-result/,
        /This account is for people/,
        /look at the login shell of root/,
        /nothing was loaded/,
      );
      ok(!/##\[|^\s*::/m.test(scene.said()), scene.said());
      await scene.expectRuns(device, 'old');
      scene.tell('refused, with what it printed');
    },
  }),
);

const sudo: readonly Combination[] = [
  ...combinations({
    name: 'a user without the sudoers line',
    moments: before('protocol'),
    representative: (_, device) => device === 'web1',
    run: async (scene, device) => {
      await asDeploy(scene);
      for (const each of DEVICES) if (each !== device) await bootstrapped(scene, each);
      await scene.again();
      for (const each of DEVICES) await notBootstrapped(scene, each);
      scene.failed();
      scene.says(
        /driver\/(sudo-refused|program-too-old)/,
        new RegExp(`deploy@`),
        /bootstrap --user deploy/,
        /nothing was loaded/,
      );
      await scene.expectRuns(device, 'old');
    },
  }),
  ...combinations({
    name: 'the sudoers line removed',
    moments: before('upload', 'check', 'arm', 'read', 'confirm'),
    devices: ['web1'],
    run: async (scene, device, moment) => {
      await asDeploy(scene, 10);
      for (const each of DEVICES) await bootstrapped(scene, each);
      const { running, gate } = await scene.startTo(device, moment);
      await notBootstrapped(scene, device);
      gate.release();
      await scene.ended(running);
      for (const each of DEVICES) await notBootstrapped(scene, each);
      scene.failed();
      scene.says(/driver\/sudo-refused/, /bootstrap --user deploy/);
      scene.says(['upload', 'check'].includes(moment.step) ? /nothing was loaded/ : /On the device: not known/);
      await scene.settled(device);
      await scene.expectRuns(device, 'old');
    },
  }),
  ...combinations({
    name: 'sudo that wants a terminal',
    moments: before('protocol'),
    devices: ['edge1'],
    run: async (scene, device) => {
      await asDeploy(scene);
      for (const each of DEVICES) await bootstrapped(scene, each);
      await scene.lab.does(device, 'umask 226; echo "Defaults:deploy requiretty" >/etc/sudoers.d/zz-lab');
      await scene.again();
      await scene.lab.does(device, 'rm -f /etc/sudoers.d/zz-lab');
      for (const each of DEVICES) await notBootstrapped(scene, each);
      scene.failed();
      scene.says(/driver\/(sudo-refused|program-too-old)/, /tty/, /nothing was loaded/);
      await scene.expectRuns(device, 'old');
    },
  }),
];

/** Faults: the folder of locks and of the agent's notes on this boot is full. */
const fullRun: readonly Combination[] = combinations({
  name: '/run full on the device',
  moments: before('upload', 'check', 'arm', 'read', 'confirm'),
  devices: ['web1'],
  run: async (scene, device, moment) => {
    const console = async (command: string) => must(await scene.lab.device(device).inside(['sh', '-c', command]));
    const { running, gate } = await scene.startTo(device, moment);
    await console(
      'cp -a /run/cpanel-edge /run/kept && mount -t tmpfs -o size=64k,mode=700 tmpfs /run/cpanel-edge && cp -a /run/kept/. /run/cpanel-edge/ && rm -rf /run/kept && (cat /dev/zero >/run/cpanel-edge/filling; true) 2>/dev/null',
    );
    gate.release();
    await scene.ended(running);
    await console(
      'rm -f /run/cpanel-edge/filling && cp -a /run/cpanel-edge /run/kept && umount /run/cpanel-edge && rm -rf /run/cpanel-edge && mv /run/kept /run/cpanel-edge',
    );
    await agrees(scene, device);
  },
});

export const login: readonly Combination[] = [...temporary, ...noisy, ...ending, ...sudo, ...fullRun];
