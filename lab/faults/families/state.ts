// Fault tests of Terraform's state: locked, tainted, lost, restored from a backup, copied to another checkout, or
// changed by hand. Also of the notes that a dead delivery leaves on a device.
import { deepStrictEqual, match, ok, strictEqual } from 'node:assert';
import { copyFileSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../command';
import { Combination, combinations } from '../fault';
import { DEVICES, DeviceName, Moment, Step } from '../moment';
import { APPLY } from '../pipeline';
import { another, applies, holder, leases, recorded, refuses, release, settledPlan, toAdopt } from '../several-states';
import { driverAt, noticed } from '../processes';
import { Scene } from '../scene';
import { interrupted, unheard } from './runner';

const at = (step: Step, point: 'before' | 'after' = 'before'): Moment => ({ step, point });
const once = (
  fault: string,
  step: string,
  device: string,
  run: Combination['run'],
  representative = false,
): Combination => ({
  fault,
  step,
  device,
  run,
  representative,
});

export const LOCKED = [/Error acquiring the state lock/, /Operation: +OperationTypeApply/, /Who: +\S+@\S+/];

/** Faults of states: two pipelines with one state, and states that aren't true. */
export function state(): readonly Combination[] {
  return [
    ...combinations({
      name: 'two pipelines, one state: local',
      moments: [at('upload'), at('arm'), at('confirm')],
      devices: ['web1'],
      representative: ({ step }) => step === 'arm',
      run: async (scene, device, moment) => {
        const { running, gate } = await scene.startTo(device, moment);
        await refuses(scene, scene.pipeline);
        scene.says(...LOCKED);
        gate.release();
        await scene.ended(running);
        scene.succeeded();
        scene.tell('the second was refused, naming the first');
      },
    }),
    ...combinations({
      name: 'a lock that a killed Terraform left',
      moments: [at('arm')],
      devices: ['web1'],
      run: async (scene, device, moment) => {
        const { running, gate } = await scene.startTo(device, moment);
        const driver = await driverAt(scene.lab, device);
        process.kill(running.pid, 'SIGKILL');
        await scene.ended(running);
        await noticed(driver);
        gate.release();
        await unheard(scene, device, moment);
        ok(existsSync(join(scene.pipeline.folder, '.terraform.tfstate.lock.info')), 'no lock was left');
        await applies(scene, scene.pipeline);
        scene.tell('its file stays, the lock went with it');
      },
    }),
    ...stale(),
    ...applyOver(),
    ...lost(),
    ...byHand(),
  ];
}

/**
 * Faults by a delivery that died: the device keeps its name, and the time of its last command in seconds since the
 * device's start.
 */
function stale(): readonly Combination[] {
  const left = (step: string, device: DeviceName, content: string, waits: boolean): Combination =>
    once('a delivery that died holds the device', step, device, async (scene) => {
      await scene.lab.does(device, `now=$(cut -d . -f 1 /proc/uptime); echo "${content}" >/run/cpanel-edge/delivering`);
      await applies(scene, scene.pipeline);
      strictEqual(/gateway-dead is being delivered on the device: waiting/.test(scene.said()), waits, scene.said());
      scene.tell(waits ? 'waited for, by name, until its minute was over' : 'not waited for');
    });
  return [
    left('silent for a minute', 'web1', '0123456789abcdef gateway-dead $((now - 61))', false),
    left('silent for half a minute', 'edge1', '0123456789abcdef gateway-dead $((now - 30))', true),
    left('its name is cut off', 'web1', '01234567', false),
    left('of another start of the device', 'edge1', '0123456789abcdef gateway-dead $((now + 90000))', false),
    once('uploads that died are dated in the future', 'before upload', 'web1', async (scene) => {
      await scene.lab.does(
        'web1',
        'cd /etc/cpanel-edge && touch -d "+1 year" coming-0000000001 coming-0000000002 coming-0000000003 coming-0000000004',
      );
      await applies(scene, scene.pipeline);
      strictEqual((await scene.lab.does('web1', 'ls /etc/cpanel-edge')).includes('coming-'), false);
      scene.tell('removed');
    }),
  ];
}

function applyOver(): readonly Combination[] {
  return [
    ...combinations({
      name: 'apply over a tainted and a deposed release',
      moments: [at('upload'), at('read')],
      representative: ({ step }, device) => step === 'read' && device === 'edge1',
      run: async (scene, device, moment) => {
        await interrupted(scene, device, moment);
        deepStrictEqual(await recorded(scene.pipeline, release(device)), ['deposed', 'tainted']);
        await applies(scene, scene.pipeline);
        deepStrictEqual(await recorded(scene.pipeline, release(device)), ['']);
      },
    }),
    once('apply after three failures', 'upload, arm, read', 'web1', async (scene) => {
      for (const step of ['upload', 'arm', 'read'] as const) await interrupted(scene, 'web1', at(step));
      const left = await recorded(scene.pipeline, release('web1'));
      ok(left.length >= 2 && left.includes('tainted'), left.join(', '));
      await applies(scene, scene.pipeline);
      deepStrictEqual(await recorded(scene.pipeline, release('web1')), ['']);
      scene.tell(`over ${left.join(', ')}`);
    }),
    once('the former intent is applied after a failure', 'read', 'web1', async (scene) => {
      await interrupted(scene, 'web1', at('read'));
      await scene.pipeline.want(scene.wanted(scene.version));
      // Asserted apart, because it is a success of the old release.
      const { status, out } = await scene.pipeline.apply();
      strictEqual(status, 0, out);
      match(out, /web1 already runs release [0-9a-f]{12} of hosting/);
      for (const device of DEVICES) await scene.expectRuns(device, 'old');
      await settledPlan(scene.pipeline);
      scene.tell('nothing is loaded, the state is as before');
    }),
  ];
}

function lost(): readonly Combination[] {
  const backup = ({ pipeline }: Scene): string => `${pipeline.statePath}.old`;
  return [
    once(
      'the state is lost',
      'before apply',
      'both',
      async (scene) => {
        const theirs = await leases(scene);
        for (const end of ['', '.backup']) rmSync(`${scene.pipeline.statePath}${end}`, { force: true });
        await refuses(scene, scene.pipeline);
        for (const device of DEVICES) {
          strictEqual(toAdopt(scene, device), theirs[device]);
          await scene.expectRuns(device, 'old');
        }
        await scene.pipeline.want(scene.wanted(scene.target, { adopt: theirs }));
        await applies(scene, scene.pipeline);
        await settledPlan(scene.pipeline);
        scene.tell('refused with the line to write, adopted');
      },
      true,
    ),
    once('the state is restored from a backup', 'of before the last apply', 'both', async (scene) => {
      scene.pipeline.backUpState();
      await applies(scene, scene.pipeline);
      copyFileSync(backup(scene), scene.pipeline.statePath);
      const planned = await scene.pipeline.run(['plan', '-no-color']);
      for (const device of DEVICES) ok(planned.out.includes(`${release(device)} must be replaced`), planned.out);
      await applies(scene, scene.pipeline);
      for (const device of DEVICES) scene.says(new RegExp(`${device} already runs release`));
      scene.tell('planned again, and nothing loaded');
    }),
    once('the state is restored from a backup', 'and the intent with it', 'both', async (scene) => {
      scene.pipeline.backUpState();
      // Asserted apart, because the devices must run the former release in the end.
      succeededBy(await scene.pipeline.apply());
      copyFileSync(backup(scene), scene.pipeline.statePath);
      await scene.pipeline.want(scene.wanted(scene.version));
      // Terraform asks no device, so it has nothing to do; `verify` asks the device.
      await settledPlan(scene.pipeline);
      const words = ['node', 'dist/cli/main.js', 'verify', 'web1', '--stack', scene.pipeline.folder];
      const { status, out } = await run(scene.lab.at('operator', words), { env: scene.pipeline.env });
      strictEqual(status, 1, out);
      match(out, /differs: it runs another release than this folder's/);
      match(out, /where the plan shows no change: .*apply -replace=terraform_data\.web1_hosting/);
      const replaced = await scene.pipeline.run([...APPLY, ...DEVICES.map((device) => `-replace=${release(device)}`)]);
      strictEqual(replaced.status, 0, replaced.out);
      for (const device of DEVICES) await scene.expectRuns(device, 'old');
      scene.tell('only verify knows; applied with -replace');
    }),
    once(
      'another checkout delivers with a copy of the state',
      'after apply',
      'both',
      async (scene) => {
        const older = await another(scene, 'older', {});
        await older.want(scene.wanted(scene.version));
        copyFileSync(scene.pipeline.statePath, older.statePath);
        await applies(scene, scene.pipeline);
        const all = DEVICES.map((device) => `-replace=${release(device)}`);
        // Asserted apart, because it is a success of the old release.
        const { status, out } = await older.run([...APPLY, ...all]);
        strictEqual(status, 0, out);
        for (const device of DEVICES) {
          match(
            out,
            new RegExp(
              `${device}_hosting \\(local-exec\\): this goes back: the device ran release [0-9a-f]{12}, made `,
            ),
          );
          await scene.expectRuns(device, 'old');
        }
        match(out, /It took the place of release [0-9a-f]{12}, made /);
        // Terraform asks no device; `verify` does, and prints the line that repairs it.
        await settledPlan(scene.pipeline);
        const { status: differs, out: said } = await scene.verify('web1');
        strictEqual(differs, 1, said);
        match(said, /differs: it runs another release than this folder's/);
        await applies(scene, scene.pipeline, [...APPLY, ...all]);
        scene.tell('told that it goes back, and over what; verify knows; applied with -replace');
      },
      true,
    ),
  ];
}

/** Faults by an operator who changes the state with Terraform's own commands. */
function byHand(): readonly Combination[] {
  const web1 = release('web1');
  return [
    once('terraform taint of a release, and untaint', 'before apply', 'web1', async (scene) => {
      succeededBy(await scene.pipeline.run(['taint', '-no-color', web1]));
      await applies(scene, scene.pipeline);
      succeededBy(await scene.pipeline.run(['taint', '-no-color', web1]));
      await applies(scene, scene.pipeline);
      scene.says(/web1 already runs release/);
      succeededBy(await scene.pipeline.run(['taint', '-no-color', web1]));
      succeededBy(await scene.pipeline.run(['untaint', '-no-color', web1]));
      await settledPlan(scene.pipeline);
      scene.tell('delivered, then proven again');
    }),
    once('terraform apply -replace of a release', 'after apply', 'web1', async (scene) => {
      await applies(scene, scene.pipeline);
      await applies(scene, scene.pipeline, [...APPLY, `-replace=${web1}`]);
      scene.says(/web1 already runs release/);
      scene.tell('proven again, nothing loaded');
    }),
    once('terraform taint of a holder', 'before apply', 'web1', async (scene) => {
      const { web1: lease } = await leases(scene);
      succeededBy(await scene.pipeline.run(['taint', '-no-color', holder('web1')]));
      await refuses(scene, scene.pipeline);
      strictEqual(toAdopt(scene, 'web1'), lease);
      await scene.expectRuns('web1', 'old');
      await scene.pipeline.want(scene.wanted(scene.target, { adopt: { web1: lease! } }));
      await applies(scene, scene.pipeline);
      await settledPlan(scene.pipeline);
      scene.tell('a new lease: refused with the line to write, adopted');
    }),
    once('terraform apply -target of one device', 'the other stays', 'web1', async (scene) => {
      const { status, out } = await scene.pipeline.run([...APPLY, `-target=${web1}`]);
      strictEqual(status, 0, out);
      await scene.expectRuns('web1', 'new');
      await scene.expectRuns('edge1', 'old');
      scene.tell('the other one follows with the next apply');
    }),
  ];
}

function succeededBy({
  status,
  out,
  err,
}: {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}): void {
  strictEqual(status, 0, `${out}${err}`);
}
