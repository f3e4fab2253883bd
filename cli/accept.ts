// Command `accept`: permits the next delivery to overwrite the manual edits on a device that have the given
// fingerprint, and no other edits. It changes no rule.
import { Command } from 'commander';
import { acceptEdits } from '../driver/device-status';
import { quoteWord } from '../driver/operator-project';
import { escapeForDisplay } from '../lib/problems/problem';
import { createHelpText } from './help-text';
import { runOrExplain } from './interruption';
import { runOnDevice } from './run-on-device';
import { TargetOptions, findTarget, addTargetOptions } from './target';
import { parseFingerprint } from './option-values';

export const accept = addTargetOptions(new Command('accept'))
  .description('Lets the next delivery overwrite exactly the hand-made edits that have this fingerprint.')
  .argument('<device>', 'its name in the intent')
  .argument('<fingerprint>', 'as the refused delivery and verify print it', parseFingerprint)
  .addHelpText('after', createHelpText('Exit status: 0 accepted; 2 not, or wrong use. Nothing that runs is changed.'))
  .action(async (name: string, fingerprint: string, options: TargetOptions) => {
    const { device, connection, ownershipRecords, project } = findTarget(name, options);
    const ownerText = await runOrExplain(
      () =>
        `Interrupted: what runs on ${escapeForDisplay(device)} was not changed. Whether the edits are accepted is not known: the same again makes sure.`,
      () => runOnDevice(connection, (remote) => acceptEdits(remote, fingerprint, { device, project })),
    );
    const address = ownershipRecords.find(({ role, owner }) => ownerText === `${role} ${owner}`)?.address;
    const replace =
      address === undefined
        ? ''
        : `; where the plan shows no change: ${project.terraform} apply -replace=${quoteWord(address)}`;
    process.stdout.write(
      `The next delivery of ${ownerText} to ${device} may overwrite these edits, and no others. Nothing is changed yet.\n` +
        `  Next, in ${project.folder}: ${project.apply}${replace}\n`,
    );
  });
