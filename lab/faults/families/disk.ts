// Fault tests of a device whose disk is full or fails, whose clock jumps, or on which a tool is missing.

import { Combination, combinations } from '../fault';
import { before } from '../moment';
import { FaultPlatform } from '../platform';
import { comesToRun } from './damage';

/** Faults of the disk, the clock and the tools: a full disk, a wrong clock, missing tools. */
export function disk(platform: FaultPlatform): readonly Combination[] {
  return [
    ...combinations({
      name: 'disk full',
      moments: before('protocol', 'upload', 'check', 'arm', 'read', 'confirm'),
      representative: ({ step }, device) => step === 'arm' && device === 'web1',
      run: async (scene, device, moment) => {
        const { running, gate } = await scene.startTo(device, moment);
        await scene.lab.device(device).fillDisk();
        gate.release();
        const { status } = await scene.ended(running);
        await scene.lab.device(device).freeDisk();
        await scene.settled(device);
        if (status === 0) return;
        scene.says(/disk full|folder-not-writable|could not|was not delivered/);
        await scene.expectRuns(device, 'old');
      },
    }),
    ...combinations({
      name: 'the disk fails and is read-only from then on, until a reboot',
      moments: before('protocol', 'upload', 'check', 'arm', 'read', 'confirm'),
      representative: ({ step }, device) => step === 'confirm' && device === 'edge1',
      run: async (scene, device, moment) => {
        scene.allow({ outage: Infinity, sessionsEnd: true, operator: Infinity });
        const { running, gate } = await scene.startTo(device, moment);
        await scene.lab.device(device).failDisk();
        gate.release();
        await scene.ended(running);
        scene.failed();
        // The device still runs and answers, and has the old release again although it can't write.
        await scene.expectRuns(device, 'old');
        await scene.lab.device(device).reboot();
        await scene.settled(device);
        await comesToRun(scene, device, 'old');
        scene.tell('old before and after the reboot');
      },
    }),
    ...platform.needs.flatMap((tool, at) =>
      combinations({
        name: `${tool} is missing on the device`,
        moments: before('upload', 'check', 'arm'),
        ofPlatform: true,
        representative: ({ step }, device) => at === 0 && step === 'arm' && device === 'edge1',
        run: async (scene, device, moment) => {
          const path = platform.tools[tool];
          const { running, gate } = await scene.startTo(device, moment);
          await scene.lab.does(device, `mv ${path} ${path}.gone`);
          gate.release();
          await scene.ended(running);
          await scene.lab.does(device, `mv ${path}.gone ${path}`);
          // After the check only the tools that load this release are needed.
          if (moment.step === 'arm' && scene.status() === 0) return;
          scene.failed();
          if (moment.step !== 'arm') scene.says(/device\/tool-missing/, new RegExp(`no command ${tool}`));
          await scene.settled(device);
          await scene.expectRuns(device, 'old');
        },
      }),
    ),
    ...(['+1d', '-1d'] as const).flatMap((jump) =>
      combinations({
        name: `the clock jumps by ${jump}`,
        moments: before('upload', 'arm', 'confirm'),
        devices: ['web1'],
        representative: ({ step }) => jump === '+1d' && step === 'confirm',
        run: async (scene, device, moment) => {
          const { running, gate } = await scene.startTo(device, moment);
          await scene.lab.device(device).clock(jump);
          gate.release();
          await scene.ended(running);
          await scene.lab.device(device).clock(null);
          scene.succeeded();
        },
      }),
    ),
  ];
}
