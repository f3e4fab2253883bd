import { Command } from 'commander';
import { forget as forgetOwner } from '../driver/by-hand';
import { typed } from '../driver/project';
import { below } from './help';
import { NOTHING_CHANGED, orSaid } from './interrupted';
import { onDevice } from './on-device';
import { ByHand, orderOf, withOwner } from './owner';

export const forget = withOwner(new Command('forget'))
  .description(
    'Gives an owner up: its rules stay on the device as they are and belong to nobody, and any state may deliver the owner again.',
  )
  .argument('<device>', 'its name in the intent')
  .addHelpText(
    'after',
    below('Exit status: 0 forgotten; 2 not, or wrong use. A lease that is not the device’s is refused.'),
  )
  .action(async (name: string, options: ByHand) => {
    const { connection, project, orderFor, lease } = orderOf(name, options);
    let isTold = false;
    const { paragraph } = await orSaid(
      () => (isTold ? told(typed(project, ['verify', name], connection, name)) : NOTHING_CHANGED),
      () =>
        onDevice(connection, async (remote) => {
          const order = await orderFor(remote);
          isTold = true;
          return forgetOwner(remote, order, lease, project);
        }),
    );
    process.stdout.write(paragraph.map((line) => `${line}\n`).join(''));
  });

const told = (verify: string): string =>
  `Interrupted: its rules were not changed. Whether the owner is forgotten is not known; what the device says: ${verify}`;
