// Fault tests of a device that a person switches to the other backend of iptables, which doesn't show the rules of
// the first one.

import { strictEqual } from 'node:assert';
import { Combination, combinations } from '../fault';
import { before } from '../moment';
import { FaultPlatform } from '../platform';
import { comesToRun, rebooting, statusOf } from './damage';

/**
 * Faults by a person who switches the device to the other backend of iptables, which doesn't show the rules of the
 * first one.
 */
export function backEnd({ others: { backEnds } }: FaultPlatform): readonly Combination[] {
  if (!backEnds) return [];
  const { other, first, left } = backEnds;
  return [
    ...combinations({
      name: 'iptables is switched to its other back end',
      moments: before('protocol'),
      ofPlatform: true,
      representative: (_, device) => device === 'edge1',
      run: async (scene, device) => {
        rebooting(scene);
        await scene.lab.does(device, other);
        strictEqual((await statusOf(scene, device))['rules'], 'elsewhere');
        await scene.again();
        scene.succeeded();
        strictEqual(await scene.lab.does(device, left), '', 'rules of ours in the first back end');
        await scene.expectRuns(device, 'new');
        await scene.lab.does(device, first);
        await scene.lab.device(device).reboot();
        await comesToRun(scene, device, 'new');
        scene.tell('the next delivery leaves our rules in one back end, and a restart follows the choice');
      },
    }),
    ...combinations({
      name: 'iptables is switched to its other back end while a release is on trial',
      moments: before('read', 'confirm'),
      ofPlatform: true,
      representative: ({ step }, device) => step === 'confirm' && device === 'edge1',
      run: async (scene, device, moment) => {
        rebooting(scene);
        const { running, gate } = await scene.startTo(device, moment);
        await scene.lab.does(device, other);
        gate.release();
        await scene.ended(running);
        scene.failed();
        await scene.settled(device);
        await scene.expectRuns(device, 'old');
        strictEqual(await scene.lab.does(device, left), '', 'rules of ours in the first back end');
        await scene.lab.does(device, first);
        await scene.again();
        scene.succeeded();
        scene.tell('undone in both back ends');
      },
    }),
  ];
}
