// Fault tests of deliveries after which the operator or a health check can't connect, because of the release or of
// another program: the release is rolled back.
import { ok, strictEqual } from 'node:assert';
import { performance } from 'node:perf_hooks';
import { must } from '../../command';
import { ADDRESS } from '../../topology';
import { Combination, combinations } from '../fault';
import { DeviceName, Moment } from '../moment';
import { textOfOurs } from '../platform';
import { Scene } from '../scene';
import { OPERATOR6 } from '../version-options';
import { inSeconds } from './line';

const before = (step: 'protocol' | 'check' | 'read' | 'confirm'): Moment => ({ step, point: 'before' });
const ROLLBACK = 10;
const HARMLESS = ['198.51.100.0/24'];

/**
 * Drops packets on a device as another program does. Returns a function that removes the drop. Both bypass sshd, which
 * the drop may close.
 */
const dropped = async (
  scene: Scene,
  device: DeviceName,
  source: string,
  port: number,
): Promise<() => Promise<void>> => {
  const types = async (command: string) => must(await scene.lab.device(device).inside(['sh', '-c', command]));
  const { load, remove } = scene.platform.others.drops(source, port);
  await types(load);
  return async () => void (await types(remove));
};

/** Applies a release that is neither of the two versions. Returns its seconds. */
async function applied(scene: Scene): Promise<number> {
  const began = performance.now();
  await scene.ended(scene.start());
  return (performance.now() - began) / 1000;
}

async function undone(scene: Scene, device: DeviceName): Promise<void> {
  scene.failed();
  await scene.settled(device);
  await scene.expectRuns(device, 'old');
}

/** Faults: a release allows the server's management only from elsewhere, by mistake. */
const operator: readonly Combination[] = combinations({
  name: 'a release that locks the operator out',
  moments: [before('protocol')],
  devices: ['web1'],
  ofPlatform: true,
  representative: () => true,
  run: async (scene, device) => {
    scene.allow({ operator: Infinity });
    await scene.pipeline.want(scene.wanted(scene.target, { management: HARMLESS, rollbackSeconds: ROLLBACK }));
    const seconds = await applied(scene);
    await undone(scene, device);
    scene.says(/driver\/unreachable/, /again: the new one was rolled back/);
    scene.tell(`the operator was back after ${inSeconds(seconds)}`);
    ok(seconds < ROLLBACK + 50, `the apply took ${inSeconds(seconds)}`);
    // The gateway has a release that is neither of the two. The good one follows on both devices, without a repair
    // between.
    await scene.pipeline.want(scene.wanted());
    await scene.again();
    scene.succeeded();
  },
});

/**
 * Faults: the operator connects by IPv6, which the release closes. IPv4 stays open, and so do connections of neighbours
 * in the ARP tables.
 */
const byIpv6: readonly Combination[] = combinations({
  name: 'a release that locks the operator out by IPv6 only',
  moments: [before('protocol')],
  devices: ['web1'],
  run: async (scene, device) => {
    const { lab } = scene;
    const addresses = (verb: 'add' | 'del') =>
      Promise.all([
        lab.does(device, `ip addr ${verb} ${OPERATOR6.web1}/64 dev mgmt0 nodad`),
        must(lab.at('operator', ['ip', 'addr', verb, `${OPERATOR6.operator}/64`, 'dev', 'eth0', 'nodad'])),
      ]);
    await addresses('add');
    const usual = lab.environment();
    const environment = { ...usual, server: { ...usual.server, host: OPERATOR6.web1 } };
    // By IPv4 still: the running release closes addresses that it doesn't know.
    await scene.pipeline.want(scene.wanted(scene.version, { operator6: 'open' }));
    await scene.again();
    scene.succeeded();
    const snapshot = await textOfOurs(lab, device, scene.platform);
    await scene.pipeline.want(
      scene.wanted(scene.version, { operator6: 'closed', rollbackSeconds: ROLLBACK }),
      environment,
    );
    const seconds = await applied(scene);
    scene.failed();
    await scene.settled(device);
    strictEqual(await textOfOurs(lab, device, scene.platform), snapshot);
    scene.says(/driver\/unreachable/, /again: the new one was rolled back/);
    scene.tell(`the operator was back after ${inSeconds(seconds)}`);
    await addresses('del');
    await scene.pipeline.want(scene.wanted());
    await scene.again();
    scene.succeeded();
  },
});

const byAnother: readonly Combination[] = combinations({
  name: 'another program locks the operator out',
  moments: [before('read'), before('confirm')],
  devices: ['edge1', 'web1'],
  run: async (scene, device, moment) => {
    scene.allow({ operator: Infinity });
    await scene.pipeline.want(scene.wanted(scene.target, { rollbackSeconds: ROLLBACK }));
    const { running, gate } = await scene.startTo(device, moment);
    const remove = await dropped(scene, device, ADDRESS.operator, 22);
    gate.release();
    await scene.ended(running);
    await remove();
    await undone(scene, device);
    scene.says(/driver\/unreachable/, /On the device: not known/, / verify /);
  },
});

/** Returns a health check of a device whose packets come from the neighbour, not from the operator. */
const witness = (device: DeviceName) =>
  device === 'web1'
    ? { interface: 'eth0', from: ADDRESS.neighbour, to: ADDRESS.web1, port: 3306 }
    : { interface: 'lan0', from: ADDRESS.neighbour, to: ADDRESS.office, port: 8080 };

const witnesses: readonly Combination[] = [
  ...combinations({
    name: 'another program locks a witness out',
    moments: [before('check'), before('read')],
    run: async (scene, device, moment) => {
      const named = witness(device);
      await scene.pipeline.want(scene.wanted(scene.target, { witnesses: { [device]: [named] } }));
      const { running, gate } = await scene.startTo(device, moment);
      const remove = await dropped(scene, device, named.from, named.port);
      gate.release();
      await scene.ended(running);
      await remove();
      await undone(scene, device);
      scene.says(/driver\/not-proven/, new RegExp(named.from.replaceAll('.', '\\.')), new RegExp(String(named.port)));
    },
  }),
  ...combinations({
    name: 'a witness at the runner that nobody answers',
    moments: [before('protocol')],
    run: async (scene, device) => {
      const to = device === 'web1' ? ADDRESS.web1Management : ADDRESS.gatewayManagement;
      const named = { interface: 'mgmt0', from: ADDRESS.operator, to, port: 7 };
      await scene.pipeline.want(scene.wanted(scene.target, { witnesses: { [device]: [named] } }));
      await applied(scene);
      await undone(scene, device);
      scene.says(
        /driver\/not-proven/,
        /10\.9\.0\.2 could not connect to \S+ port 7, which is a witness/,
        /again: the new one was rolled back/,
      );
    },
  }),
];

export const lockout: readonly Combination[] = [...operator, ...byIpv6, ...byAnother, ...witnesses];
