// Fault tests of a Terraform state in PostgreSQL: two pipelines with one state, and a killed Terraform.
import { ok, strictEqual } from 'node:assert';
import { Lab } from '../../lab';
import { Postgres, startPostgres } from '../../postgres';
import { Combination, combinations } from '../fault';
import { DeviceName, Moment, Step } from '../moment';
import { APPLY } from '../pipeline';
import { DESTROY, GUEST, another, applies, heard, leases, refuses, settledPlan, toAdopt } from '../several-states';
import { driverAt, noticed } from '../processes';
import { Scene } from '../scene';
import { LOCKED } from './state';

const at = (step: Step, point: 'before' | 'after' = 'before'): Moment => ({ step, point });

/** Faults of a state in a real PostgreSQL: the second owner's. */
export function postgres(): readonly Combination[] {
  return [
    ...combinations({
      name: 'two pipelines, one state: PostgreSQL',
      moments: [at('check'), at('confirm')],
      devices: ['edge1'],
      run: async (scene, device, moment) => {
        const guest = await inPostgres(scene);
        const gate = await scene.gate(device, moment);
        const running = guest.start();
        await gate.reached();
        await refuses(scene, guest);
        scene.says(...LOCKED);
        gate.release();
        await heard(scene, running.ended);
        scene.succeeded();
        await settledPlan(guest);
        await endGuest(scene, () => applies(scene, guest, DESTROY));
        scene.tell('the second was refused, naming the first');
      },
    }),
    ...combinations({
      name: 'Terraform gets SIGKILL, its state is in PostgreSQL',
      moments: [at('upload'), at('read'), at('confirm', 'after')],
      devices: ['edge1'],
      run: killedInPostgres,
    }),
  ];
}

const servers = new WeakMap<Lab, Promise<Postgres>>();

/** Runs the second owner, with a state in a schema of its own. */
async function inPostgres(scene: Scene, more: object = {}) {
  const started = servers.get(scene.lab) ?? startPostgres(scene.lab);
  servers.set(scene.lab, started);
  const { connection } = await started;
  const made = await another(scene, 'postgres', { ...GUEST, postgres: 'guest', ...more }, { PG_CONN_STR: connection });
  return made;
}

/** Removes the second owner, and then the scene goes on. */
async function endGuest(scene: Scene, end: () => Promise<void>): Promise<void> {
  await end();
  await scene.again();
  scene.succeeded();
}

/**
 * A remote state is stored at intervals, so a killed Terraform may have stored nothing, not even the ownership record.
 */
async function killedInPostgres(scene: Scene, device: DeviceName, moment: Moment): Promise<void> {
  const guest = await inPostgres(scene);
  const gate = await scene.gate(device, moment);
  const running = guest.start();
  await gate.reached();
  const driver = await driverAt(scene.lab, device);
  process.kill(running.pid, 'SIGKILL');
  await heard(scene, running.ended);
  scene.failed();
  await noticed(driver);
  gate.release();
  await scene.settled(device);
  const { [device]: lease } = await leases(scene, 'guest');
  strictEqual(lease !== undefined, moment.point === 'after', 'only a yes leaves an owner token');
  await heard(scene, guest.run(APPLY));
  // The lock ended with the connection.
  ok(!/Error acquiring the state lock/.test(scene.said()), scene.said());
  if (lease !== undefined) {
    scene.failed();
    strictEqual(toAdopt(scene, device, 'guest'), lease);
    await guest.want(scene.wanted(scene.target, { ...GUEST, postgres: 'guest', adopt: { [device]: lease } }));
    await applies(scene, guest);
    scene.tell('stored nothing; refused with the line to write, adopted');
  } else {
    scene.succeeded();
    scene.tell('stored nothing; the next apply begins anew');
  }
  await settledPlan(guest);
  await endGuest(scene, () => applies(scene, guest, DESTROY));
}
