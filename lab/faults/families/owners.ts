// Fault tests of ownership: two owners on one device, addresses that another owner has, and states with the owner token
// of another state.
import { ok, strictEqual } from 'node:assert';
import { until } from '../../command';
import { printPorts } from '../../probe/ports';
import { scan } from '../../probe/scan';
import { ADDRESS } from '../../topology';
import { Combination, combinations } from '../fault';
import { DEVICES, DeviceName, before } from '../moment';
import { DESTROY, GUEST, another, applies, heard, leases, refuses, settledPlan, toAdopt } from '../several-states';
import { Scene } from '../scene';
import { NEVER_OPEN } from '../version-options';

const once = (fault: string, device: string, run: Combination['run'], representative = false): Combination => ({
  fault,
  device,
  run,
  representative,
  step: 'another apply',
});

/** Port on which the lab's neighbour listens. */
const GUEST_PORT = 80;

/** Asserts that the guest's own address is translated to the guest's own host. */
async function guestServes(scene: Scene): Promise<void> {
  const { open } = await scan(
    scene.lab,
    { from: 'internet', to: ADDRESS.publicWeb1Second },
    `${GUEST_PORT},${NEVER_OPEN}`,
  );
  strictEqual(printPorts(open), String(GUEST_PORT), 'what the second owner opens');
}

/** Faults of owners: two owners on a device, and states that don't own it. */
export function owners(): readonly Combination[] {
  return [
    ...combinations({
      name: 'two states with two owners: the second waits',
      moments: before('check', 'read', 'confirm'),
      devices: ['edge1'],
      representative: ({ step }) => step === 'read',
      run: async (scene, device, moment) => {
        const guest = await another(scene, 'guest', GUEST);
        // On a busy machine the second apply may come after a usual confirm timeout.
        await scene.pipeline.want(scene.wanted(scene.target, { rollbackSeconds: 60 }));
        const { running, gate } = await scene.startTo(device, moment);
        const second = guest.start();
        await until('the second says for whom it waits', 60, () =>
          Promise.resolve(/gateway-hosting is being delivered on the device: waiting/.test(second.said())),
        );
        gate.release();
        await heard(scene, second.ended);
        scene.succeeded();
        await guestServes(scene);
        await applies(scene, guest, DESTROY);
        await scene.ended(running);
        scene.succeeded();
        scene.tell('both delivered, the second waited and named the first');
      },
    }),
    once('two states with two owners: at the same moment', 'edge1', async (scene) => {
      const guest = await another(scene, 'guest', GUEST);
      const [first, second] = [scene.start(), guest.start()];
      await heard(scene, second.ended);
      scene.succeeded();
      await guestServes(scene);
      await applies(scene, guest, DESTROY);
      await scene.ended(first);
      scene.succeeded();
      scene.tell('both delivered');
    }),
    once('two owners in one apply', 'edge1', async (scene) => {
      const { owner = '', publicAddress = '', insideAddress = '' } = GUEST;
      await scene.pipeline.want(scene.wanted(scene.target, { guest: { owner, publicAddress, insideAddress } }));
      await applies(scene, scene.pipeline);
      await guestServes(scene);
      await settledPlan(scene.pipeline);
      await scene.pipeline.want(scene.wanted(scene.target, { retired: [{ device: 'edge1', owner }] }));
      await applies(scene, scene.pipeline);
      scene.tell('both delivered; the second retired again');
    }),
    once(
      'another owner claims the public address',
      'edge1',
      (scene) => claimed(scene, 'edge1', ADDRESS.publicWeb1),
      true,
    ),
    once('another owner claims the server', 'web1', (scene) =>
      claimed(scene, 'web1', `(${ADDRESS.web1}|${ADDRESS.web16})`),
    ),
    once('the lease is another state’s', 'both', foreignLease, true),
    once('the lease is another state’s, adopted at once', 'both', async (scene) => {
      const adopt = await leases(scene);
      const heir = await another(scene, 'heir', { adopt });
      await applies(scene, heir);
      await settledPlan(heir);
      // It was imported, so that the former state could go on. A pipeline that has given the device up couldn't.
      strictEqual(JSON.stringify(await leases(scene)), JSON.stringify(adopt));
      scene.tell('taken over with its lease');
    }),
  ];
}

async function claimed(scene: Scene, device: DeviceName, address: string): Promise<void> {
  const wish = device === 'edge1' ? { ...GUEST, publicAddress: address } : { owner: 'guest', only: [device] };
  const guest = await another(scene, 'guest', wish);
  await refuses(scene, guest);
  scene.says(
    new RegExp(`device/claimed at guest on ${device}: Owner hosting on this device has ${address}`),
    /give each address to one owner/,
    /On the device: what it ran before; nothing was loaded\./,
  );
  for (const each of DEVICES) await scene.expectRuns(each, 'old');
  await applies(scene, guest, DESTROY);
  for (const each of DEVICES) await scene.expectRuns(each, 'old');
  scene.tell('refused by name');
  await scene.again();
  scene.succeeded();
}

/**
 * A delivery with another state's owner token is refused with the line to write. With that line it converges, and the former
 * state is then refused.
 */
async function foreignLease(scene: Scene): Promise<void> {
  const theirs = await leases(scene);
  const heir = await another(scene, 'heir', {});
  await refuses(scene, heir);
  for (const device of DEVICES) {
    strictEqual(toAdopt(scene, device), theirs[device]);
    await scene.expectRuns(device, 'old');
  }
  scene.says(/On the device: what the owner has there from the other state; nothing was loaded\./);
  await heir.want(scene.wanted(scene.target, { adopt: theirs }));
  await applies(scene, heir);
  await settledPlan(heir);
  for (const device of DEVICES) await scene.expectRuns(device, 'new');
  const own = await leases(scene);
  for (const device of DEVICES) ok(own[device] !== theirs[device], `${device} has the former lease still`);

  await refuses(scene, scene.pipeline);
  for (const device of DEVICES) strictEqual(toAdopt(scene, device), own[device]);
  await scene.pipeline.want(scene.wanted(scene.target, { adopt: own }));
  await applies(scene, scene.pipeline);
  scene.tell('refused with the line to write; adopted, and back');
}
