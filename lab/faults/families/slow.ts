// Fault tests of a delivery over a slow line that loses packets, with a sufficient confirm timeout and with one that is
// too short.
import { performance } from 'node:perf_hooks';
import { until } from '../../command';
import { SlowLine, slowLine } from '../../slow-line';
import { Combination } from '../fault';
import { DEVICES } from '../moment';
import { Scene } from '../scene';
import { agrees, inSeconds } from './line';

const slowly = (scene: Scene): Promise<SlowLine> =>
  slowLine(scene.lab, 'operator', { milliseconds: 300, lossPercent: 5, seed: 7 });

const delivery = (
  step: string,
  rollbackSeconds: number,
  representative: boolean,
  judge: (scene: Scene) => Promise<string>,
): Combination => ({
  fault: 'a slow line that loses packets (300 ms, 5 %)',
  step,
  device: DEVICES.join(', '),
  representative,
  run: async (scene) => {
    scene.allow({ operator: Infinity });
    await scene.pipeline.want(scene.wanted(scene.target, { rollbackSeconds }));
    const line = await slowly(scene);
    const began = performance.now();
    await scene.ended(scene.start());
    const seconds = (performance.now() - began) / 1000;
    await line.end();
    // Connections that the prober began on the slow line still count against sshd's limit of unauthenticated ones.
    for (const device of DEVICES) {
      let good = 0;
      await until(`${device} lets the operator in`, 60, async () => {
        good = (await scene.lab.ssh(device, 'true')).status === 0 ? good + 1 : 0;
        return good >= 5;
      });
    }
    scene.tell(`${await judge(scene)} ${inSeconds(seconds)}`);
  },
});

export const slow: readonly Combination[] = [
  delivery('the whole delivery', 120, false, async (scene) => {
    scene.succeeded();
    for (const device of DEVICES) await agrees(scene, device);
    return 'delivered to both in';
  }),
  delivery('with a timer that is too short for it', 10, false, async (scene) => {
    scene.failed();
    scene.says(/driver\/too-late|device\/not-armed/, /raise rollbackSeconds/);
    for (const device of DEVICES) {
      await scene.settled(device);
      await scene.expectRuns(device, 'old');
    }
    return 'undone on both, said after';
  }),
];
