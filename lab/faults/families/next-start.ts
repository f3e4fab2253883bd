// Fault tests of programs that decide whether a restart loads the release: `verify` reports it, a delivery refuses,
// and both pass once a person has repaired it.

import { ok, strictEqual } from 'node:assert';
import { Combination, combinations } from '../fault';
import { before } from '../moment';
import { FaultPlatform } from '../platform';
import { comesToRun, rebooting, statusOf } from './damage';

/**
 * Faults: another program decides whether a restart loads the release. `verify` reports it, a delivery refuses, and
 * both pass after a person has repaired it.
 */
export function nextStart({ others: { nextStart: rows = {} } }: FaultPlatform): readonly Combination[] {
  return Object.entries(rows).flatMap(([name, { does, boot, refused, mends }], index) =>
    combinations({
      name,
      moments: before('protocol'),
      ofPlatform: true,
      representative: (_, device) => index === 0 && device === 'web1',
      run: async (scene, device) => {
        rebooting(scene);
        await scene.lab.does(device, does);
        strictEqual((await statusOf(scene, device))['boot'], boot, 'what status says of the next boot');
        const verified = await scene.verify(device);
        ok(verified.status !== 0 && verified.out.includes('Next'), verified.out);
        await scene.again();
        scene.failed();
        scene.says(new RegExp(`device/${refused}`));
        await scene.expectRuns(device, 'old');
        await scene.lab.does(device, mends);
        await scene.again();
        scene.succeeded();
        strictEqual((await statusOf(scene, device))['boot'], 'as-written');
        await scene.lab.device(device).reboot();
        await comesToRun(scene, device, 'new');
        scene.tell('refused by name, and delivered once it is mended');
      },
    }),
  );
}
