// Fault tests of `terraform destroy`: interrupted, repeated, without a release in the state, during another delivery,
// after the state was lost, and with an unreachable device.
import { deepStrictEqual, match, ok, strictEqual } from 'node:assert';
import { copyFileSync, rmSync } from 'node:fs';
import { Outcome, until } from '../../command';
import { Combination, combinations } from '../fault';
import { DEVICES, DeviceName, Moment, Step } from '../moment';
import { FaultPlatform, placesWithin } from '../platform';
import {
  DESTROY,
  GUEST,
  another,
  applies,
  edge,
  heard,
  holder,
  leases,
  recorded,
  refuses,
  release,
  toAdopt,
} from '../several-states';
import { driverAt, noticed, nothingGoesOn } from '../processes';
import { Scene } from '../scene';
import { interrupted } from './runner';

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

/** The permitted losses: nothing is translated until the next apply. The operator's access isn't ours to close. */
const gone = (scene: Scene, more: object = {}): void =>
  scene.allow({ outage: Infinity, sessionsEnd: true, operator: 0, ...more });

/**
 * Asserts the result of a whole destroy: a gateway without our rules, a server that stays closed, and an empty state.
 */
async function expectGone(scene: Scene): Promise<void> {
  await scene.expectRuns('edge1', 'nothing');
  await scene.expectRuns('web1', 'old', 'new');
  deepStrictEqual(await leases(scene), {});
  strictEqual((await scene.pipeline.run(['state', 'list'])).out, '');
}

/** Asserts that an apply restores everything, whatever was destroyed before. */
async function back(scene: Scene): Promise<void> {
  await scene.again();
  scene.succeeded();
}

async function destroys(scene: Scene): Promise<void> {
  await applies(scene, scene.pipeline, DESTROY);
}

/** Faults in a `terraform destroy`. */
export function destroy(platform: FaultPlatform): readonly Combination[] {
  return [
    ...(['SIGINT', 'SIGKILL'] as const).flatMap((signal) =>
      combinations({
        name: `terraform destroy gets ${signal}`,
        moments: [
          at('retract'),
          at('retract', 'after'),
          ...(signal === 'SIGKILL' ? placesWithin(platform, 'retract') : []),
        ],
        representative: ({ point }, device) => signal === 'SIGKILL' && point === 'after' && device === 'edge1',
        run: async (scene, device, moment) => {
          gone(scene);
          const { running, gate } = await scene.startTo(device, moment, DESTROY);
          const driver = await driverAt(scene.lab, device);
          process.kill(running.pid, signal);
          await scene.ended(running);
          scene.failed();
          scene.says(
            new RegExp(`${device}: removing hosting\\. If this is interrupted, the device finishes what it was told`),
          );
          await noticed(driver);
          gate.release();
          await nothingGoesOn(scene.lab);
          await scene.settled(device);
          // The state must not forget it before the device has reported success.
          ok(
            (await scene.pipeline.run(['state', 'list'])).out.includes(holder(device)),
            'the holder is gone from the state',
          );
          await destroys(scene);
          await expectGone(scene);
          scene.tell('destroyed by the next run');
          await back(scene);
        },
      }),
    ),
    ...combinations({
      name: 'terraform destroy: the device restarts midway',
      moments: placesWithin(platform, 'retract'),
      devices: ['edge1'],
      run: async (scene, device, moment) => {
        gone(scene, { operator: Infinity });
        const { running, gate } = await scene.startTo(device, moment, DESTROY);
        await scene.lab.device(device).cut();
        await scene.ended(running);
        gate.release();
        scene.failed();
        scene.says(
          /was not removed\./,
          /it keeps the ownership record, and with it the owner token/,
          /The next run removes again, and twice is once/,
        );
        await scene.lab.device(device).start();
        await scene.lab.device(device).ready();
        await destroys(scene);
        await expectGone(scene);
        scene.tell('destroyed by the next run');
        await back(scene);
      },
    }),
    ...situations(),
    ...unreachable(),
  ];
}

function situations(): readonly Combination[] {
  return [
    once('terraform destroy', 'twice', 'both', async (scene) => {
      gone(scene);
      scene.pipeline.backUpState();
      await destroys(scene);
      scene.says(/hosting is removed from edge1: rules and addresses that it brought are gone/, /stay closed/);
      await expectGone(scene);
      await destroys(scene);
      // The devices are asked again, by a state that doesn't know of the destroy.
      copyFileSync(`${scene.pipeline.statePath}.old`, scene.pipeline.statePath);
      await destroys(scene);
      await expectGone(scene);
      scene.tell('twice is once');
      await back(scene);
    }),
    ...combinations({
      name: 'terraform destroy with a tainted and a deposed release',
      moments: [at('check'), at('read')],
      devices: ['edge1'],
      run: async (scene, device, moment) => {
        gone(scene);
        await interrupted(scene, device, moment);
        deepStrictEqual(await recorded(scene.pipeline, release(device)), ['deposed', 'tainted']);
        await destroys(scene);
        await expectGone(scene);
        await back(scene);
      },
    }),
    once('terraform destroy', 'the holder has no release', 'both', async (scene) => {
      gone(scene);
      for (const device of DEVICES) strictEqual((await scene.pipeline.run(['state', 'rm', release(device)])).status, 0);
      await destroys(scene);
      await expectGone(scene);
      scene.tell('retracted by the holder');
      await back(scene);
    }),
    ...combinations({
      name: 'terraform destroy while another owner is delivered',
      moments: [at('check'), at('confirm')],
      devices: ['edge1'],
      run: async (scene, device, moment) => {
        gone(scene);
        const guest = await another(scene, 'guest', GUEST);
        const gate = await scene.gate(device, moment);
        const other = guest.start();
        await gate.reached();
        const running = scene.start(DESTROY);
        await until('the destroy says for whom it waits', 60, () =>
          Promise.resolve(/another delivery holds the device \(gateway-guest\): waiting for it/.test(running.said())),
        );
        gate.release();
        await heard(scene, other.ended);
        scene.succeeded();
        await scene.ended(running);
        scene.succeeded();
        await applies(scene, guest, DESTROY);
        await expectGone(scene);
        scene.tell('it waited, naming the other');
        await back(scene);
      },
    }),
    once('terraform destroy after the state was lost', 'a refused apply left a holder', 'both', async (scene) => {
      const theirs = await leases(scene);
      for (const end of ['', '.backup']) rmSync(`${scene.pipeline.statePath}${end}`, { force: true });
      await refuses(scene, scene.pipeline);
      await refuses(scene, scene.pipeline, DESTROY);
      for (const device of DEVICES) {
        strictEqual(toAdopt(scene, device), theirs[device]);
        await scene.expectRuns(device, 'old');
      }
      scene.says(
        /what it opens stays open/,
        /if the other state keeps it, let this one forget its own ownership record: CPANEL_EDGE_FORGET=\w+\/hosting \S*terraform .*destroy/,
      );
      await forgets(scene, DEVICES);
      for (const device of DEVICES) await scene.expectRuns(device, 'old');
      await scene.pipeline.want(scene.wanted(scene.target, { adopt: theirs }));
      await back(scene);
      scene.tell('refused: what another state owns is not taken away; forgotten, adopted');
    }),
  ];
}

/** Runs the destroy that leaves these devices out. */
async function forgets(scene: Scene, devices: readonly DeviceName[]): Promise<Outcome> {
  const forget = devices.map((device) => `${device}/hosting`).join(',');
  const pipeline = scene.pipeline.with({ CPANEL_EDGE_FORGET: forget });
  const outcome = await heard(scene, pipeline.run(DESTROY));
  scene.succeeded();
  for (const device of devices)
    scene.says(new RegExp(`${device} was not contacted, as CPANEL_EDGE_FORGET asks`), /open ports included/);
  return outcome;
}

function unreachable(): readonly Combination[] {
  return DEVICES.map((device) =>
    once(
      'the device is unreachable for ever',
      'apply, destroy, forget; and it comes back',
      device,
      async (scene) => {
        gone(scene, { operator: Infinity });
        const { [device]: lease = '' } = await leases(scene);
        await scene.lab.device(device).cut();
        await refuses(scene, scene.pipeline);
        scene.says(
          /driver\/unreachable at root@10\.9\.0\.\d+:22/,
          new RegExp(`of hosting on ${device} was not delivered\\.`),
          /On the device: what it ran before; nothing was loaded\./,
        );
        await refuses(scene, scene.pipeline, DESTROY);
        scene.says(
          new RegExp(`hosting on ${device} was not removed\\.`),
          new RegExp(`If the device is gone for ever: CPANEL_EDGE_FORGET=${device}/hosting \\S*terraform .*destroy`),
        );
        const { out } = await forgets(scene, [device]);
        match(out, /Leave CPANEL_EDGE_FORGET out of the next run/);
        strictEqual((await scene.pipeline.run(['state', 'list'])).out, '');

        await scene.lab.device(device).start();
        await scene.lab.device(device).ready();
        await until(`${device} has its rules`, 30, async () => (await scene.runs(device)) === 'old', 200);
        deepStrictEqual(await leases(scene), { [device]: lease });
        await refuses(scene, scene.pipeline);
        strictEqual(toAdopt(scene, device), lease);
        // By hand, with the command of the refusal: a gateway is cleared, and a server's rules stay until the apply
        // replaces them.
        const verb = device === 'edge1' ? 'retract' : 'forget';
        match(
          scene.said().replace(/\s+/g, ' '),
          new RegExp(`forget ${device} --owner hosting --owner-token ${lease} `),
        );
        await edge(scene, [verb, device, '--owner', 'hosting', '--owner-token', lease]);
        await scene.expectRuns(device, device === 'edge1' ? 'nothing' : 'old');
        await back(scene);
        scene.tell(`forgotten; it came back with the old one, taken off it by ${verb}`);
      },
      device === 'web1',
    ),
  );
}
