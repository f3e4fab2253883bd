import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import { front } from '../driver/front';
import { programOf } from '../driver/program';
import { retract as retractOwner } from '../driver/retract';
import { LEASE_VARIABLE } from '../lib/delivering/codec';
import { Problem, Refusal } from '../lib/problems/problem';
import { below } from './help';
import { untilInterrupted } from './interrupted';
import { onDevice } from './on-device';
import { ByHand, orderOf, withOwner } from './owner';

export const retract = withOwner(new Command('retract'))
  .description(
    'Takes an owner off a device: a gateway goes back to what it was without it, a server keeps its inbound closed unless its release says otherwise.',
  )
  .argument('[device]', 'its name in the intent; without it Terraform has started this, and the environment says what to do')
  .addHelpText(
    'after',
    below(
      'It asks nothing, and refuses a lease that is not the device’s. Exit status: 0 retracted; 1 not; 2 wrong use, or it was not begun.',
    ),
  )
  .action(async (name: string | undefined, options: ByHand) => {
    if (name !== undefined) process.exitCode = await byHand(name, options);
    else if (Object.keys(options).length > 0 || process.env[LEASE_VARIABLE] === undefined) throw new Refusal([deviceMissing]);
    else process.exitCode = await front('retract');
  });

async function byHand(name: string, options: ByHand): Promise<number> {
  const { connection, project, orderFor, lease } = orderOf(name, options);
  return untilInterrupted(async (stop) => {
    const outcome = await onDevice(connection, async (remote, say) => {
      const order = await orderFor(remote);
      return retractOwner(order, programOf(connection.platform), {
        ...{ remote, lease, project, say, stop, byHand: true },
        token: randomBytes(16).toString('hex'),
        step: () => undefined,
        wait: (seconds) => sleep(seconds * 1000, undefined, { signal: stop }).catch(() => undefined),
      });
    });
    process.stdout.write(outcome.paragraph.map((line) => `${line}\n`).join(''));
    return outcome.delivered ? 0 : 1;
  });
}

const deviceMissing: Problem = {
  code: 'cli/option-missing',
  where: 'retract',
  what: 'No device is named, and Terraform has not started this.',
  instead: 'retract DEVICE --owner … --lease …, as verify prints them.',
};
