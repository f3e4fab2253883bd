import { Command } from 'commander';
import { forget as forgetOwner } from '../driver/by-hand';
import { below } from './help';
import { onDevice } from './on-device';
import { ByHand, orderOf, withOwner } from './owner';

export const forget = withOwner(new Command('forget'))
  .description(
    'Gives an owner up: its rules stay on the device as they are and belong to nobody, and any state may deliver the owner again.',
  )
  .argument('<device>', 'its name in the intent')
  .addHelpText('after', below('Exit status: 0 forgotten; 2 not, or wrong use. A lease that is not the device’s is refused.'))
  .action(async (name: string, options: ByHand) => {
    const { connection, project, orderFor, lease } = orderOf(name, options);
    const { paragraph } = await onDevice(connection, async (remote) => forgetOwner(remote, await orderFor(remote), lease, project));
    process.stdout.write(paragraph.map((line) => `${line}\n`).join(''));
  });
