// Fault tests of the runner: Terraform, the driver's front process or the worker process is stopped or killed at every
// step of a delivery.
import { match, ok, strictEqual } from 'node:assert';
import { Combination, Fault, combinations } from '../fault';
import { DELIVERING, DeviceName, Moment, Step, around, decidedAt } from '../moment';
import { recorded, release } from '../several-states';
import { FaultPlatform, placesWithin } from '../platform';
import { driverAt, noticed, nothingGoesOn } from '../processes';
import { Scene } from '../scene';

const AROUND = DELIVERING.flatMap(around);

/**
 * Returns whether the device may have received the confirm by the time that all have noticed the fault: a command on
 * its way can't be stopped.
 */
const maybeConfirmed = (moment: Moment): boolean =>
  (moment.step === 'confirm' && moment.point !== 'before') || decidedAt(moment) !== 'no';

/**
 * Asserts the end of a delivery without a driver: it is rolled back, unless the device was told to confirm, and nothing
 * runs any more.
 */
export async function unheard(scene: Scene, device: DeviceName, moment: Moment): Promise<void> {
  await nothingGoesOn(scene.lab);
  await scene.settled(device);
  if (!maybeConfirmed(moment)) await scene.expectRuns(device, 'old');
}

/** Runs an apply that fails, and leaves a tainted release. */
export async function interrupted(scene: Scene, device: DeviceName, moment: Moment): Promise<void> {
  const { running, gate } = await scene.startTo(device, moment);
  const driver = await driverAt(scene.lab, device);
  process.kill(running.pid, 'SIGINT');
  await scene.ended(running);
  scene.failed();
  await noticed(driver);
  gate.release();
  await unheard(scene, device, moment);
}

/** Faults: Terraform or one of its processes is stopped or killed during a delivery. */
export function runner(platform: FaultPlatform): readonly Combination[] {
  const everywhere: readonly Moment[] = DELIVERING.flatMap((step) => [
    ...around(step),
    ...placesWithin(platform, step),
  ]);
  return [
    ...(['SIGINT', 'SIGTERM', 'SIGKILL'] as const).flatMap((signal) =>
      combinations({
        name: `Terraform gets ${signal}`,
        moments: signal === 'SIGKILL' ? everywhere : AROUND,
        representative: ({ step, point }, device) =>
          signal === 'SIGKILL' && step === 'confirm' && point === 'before' && device === 'web1',
        run: async (scene, device, moment) => {
          const { running, gate } = await scene.startTo(device, moment);
          const driver = await driverAt(scene.lab, device);
          process.kill(running.pid, signal);
          await scene.ended(running);
          scene.failed();
          // Terraform kills its children at once, so this is the only output.
          scene.says(/If this is interrupted before "confirmed", the device goes back to what it runs now/);
          await noticed(driver);
          gate.release();
          await unheard(scene, device, moment);
          if (signal === 'SIGKILL') await recordedTooEarly(scene, device);
        },
      } satisfies Fault),
    ),
    ...everywhereOnOne({
      name: 'the front gets SIGKILL',
      representative: ({ step, point }, device) => step === 'arm' && point === 'after' && device === 'edge1',
      run: async (scene, device, moment) => {
        const { running, gate } = await scene.startTo(device, moment);
        const driver = await driverAt(scene.lab, device);
        process.kill(driver.front, 'SIGKILL');
        await noticed(driver);
        gate.release();
        await scene.ended(running);
        scene.failed();
        scene.says(
          /If this is interrupted before "confirmed", the device goes back to what it runs now/,
          /signal: killed/,
        );
        await unheard(scene, device, moment);
      },
    }),
    ...everywhereOnOne({
      name: 'the worker gets SIGKILL',
      representative: ({ step, point }, device) => step === 'check' && point === 'before' && device === 'web1',
      run: workerKilled,
    }),
  ];
}

/**
 * If the other device's release ended meanwhile, the state has this one as created, too, and no plan changes anything.
 */
async function recordedTooEarly(scene: Scene, device: DeviceName): Promise<void> {
  const instances = await recorded(scene.pipeline, release(device));
  if (!instances.includes('') || !instances.includes('deposed') || (await scene.runs(device)) === 'new') return;
  const verified = await scene.verify(device);
  ok(verified.status !== 0, verified.out);
  const { status, out, err } = await scene.types(
    `${/where the plan shows no change: (.*)/.exec(verified.out)?.[1]} -auto-approve`,
  );
  strictEqual(status, 0, `${out}${err}`);
  scene.tell('recorded as delivered: verify says so, and the command that it prints delivers');
}

/** Returns a fault with all moments on the server, and on the gateway those from the load on. */
const everywhereOnOne = (fault: Omit<Fault, 'moments' | 'devices'>): readonly Combination[] => [
  ...combinations({ ...fault, moments: AROUND, devices: ['web1'] }),
  ...combinations({ ...fault, moments: (['arm', 'read', 'confirm'] as const).flatMap(around), devices: ['edge1'] }),
];

async function workerKilled(scene: Scene, device: DeviceName, moment: Moment): Promise<void> {
  const { running, gate } = await scene.startTo(device, moment);
  const { worker } = await driverAt(scene.lab, device);
  process.kill(worker, 'SIGKILL');
  // The command that it had begun on the device goes on without it.
  gate.release();
  await scene.ended(running);
  scene.failed();
  scene.says(/the driver's worker was killed \(SIGKILL\)\./, ...LEFT_BY_WORKER[moment.step]!);
  await nothingGoesOn(scene.lab);
  // No process is left to order the rollback, so the timer does it.
  await scene.settled(device);
  // A confirm that was begun is completed.
  if (moment.step === 'confirm') await confirmedUnlessLate(scene, device);
  else await scene.expectRuns(device, 'old');
  if (moment.step === 'upload' || moment.step === 'check') await aMinuteLater(scene, device);
}

/** On a busy machine the confirm may come after the timer. The timer's rollback is then what is reported. */
async function confirmedUnlessLate(scene: Scene, device: DeviceName): Promise<void> {
  if ((await scene.expectRuns(device, 'new', 'old')) === 'new') return;
  match(
    await scene.lab.does(device, 'journalctl -b -t cpanel-edge -o cat -n 5'),
    /was not confirmed in time: undoing it/,
  );
  scene.tell('the yes came after the timer');
}

const BEFORE = [
  /On the device: what it ran before; nothing was loaded\./,
  /Next, in \S+: (once the cause above is gone: )?\S*terraform .*apply/,
];
const ON_TRIAL = [
  /On the device: perhaps this release, until its timer rolls it back \d+ s after loading; then what it ran before\. It was never told to confirm\./,
  /ask it: .* verify /,
];
const LEFT_BY_WORKER: Readonly<Partial<Record<Step, readonly RegExp[]>>> = {
  protocol: BEFORE,
  upload: BEFORE,
  check: BEFORE,
  arm: ON_TRIAL,
  read: ON_TRIAL,
  confirm: [
    /On the device: this release for good, or what it ran before: it was just being told to confirm\./,
    /ask it: .* verify /,
  ],
};

/**
 * A delivery that dies silently blocks the device for a minute of the device's clock. Here that minute passes at once.
 */
async function aMinuteLater(scene: Scene, device: DeviceName): Promise<void> {
  const file = '/run/cpanel-edge/delivering';
  await scene.lab.does(
    device,
    `[ ! -f ${file} ] || { awk '{ print $1, $2, $3 - 60 }' ${file} >${file}.new && mv -f ${file}.new ${file}; }`,
  );
  scene.tell('the next delivery waits up to a minute');
}
