// Command `forget`: removes an owner's ownership record from a device. The rules stay, and any state may deliver the
// owner again.
import { Command } from 'commander';
import { forgetOwner } from '../driver/forget-owner';
import { formatCommand } from '../driver/operator-project';
import { createHelpText } from './help-text';
import { NOTHING_CHANGED, runOrExplain } from './interruption';
import { runOnDevice } from './run-on-device';
import { OwnerOptions, parseOrder, addOwnerOptions } from './owner-options';

export const forget = addOwnerOptions(new Command('forget'))
  .description(
    'Gives an owner up: its rules stay on the device as they are without an owner, and any state may deliver the owner again.',
  )
  .argument('<device>', 'its name in the intent')
  .addHelpText(
    'after',
    createHelpText(
      'Exit status: 0 forgotten; 2 not, or wrong use. An owner token that is not the device’s is refused.',
    ),
  )
  .action(async (name: string, options: OwnerOptions) => {
    const { connection, project, orderFor, ownerToken } = parseOrder(name, options);
    let isTold = false;
    const { paragraph } = await runOrExplain(
      () => (isTold ? formatInterrupted(formatCommand(project, ['verify', name], connection, name)) : NOTHING_CHANGED),
      () =>
        runOnDevice(connection, async (remote) => {
          const order = await orderFor(remote);
          isTold = true;
          return forgetOwner(remote, order, ownerToken, project);
        }),
    );
    process.stdout.write(paragraph.map((line) => `${line}\n`).join(''));
  });

const formatInterrupted = (verify: string): string =>
  `Interrupted: its rules were not changed. Whether the owner is forgotten is not known; what the device says: ${verify}`;
