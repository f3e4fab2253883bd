import { Command } from 'commander';
import { accept as acceptEdits } from '../driver/look';
import { quoted } from '../driver/project';
import { printable } from '../lib/problems/problem';
import { below } from './help';
import { orSaid } from './interrupted';
import { onDevice } from './on-device';
import { TargetOptions, targetOf, withTarget } from './target';
import { fingerprintWord } from './words';

export const accept = withTarget(new Command('accept'))
  .description('Lets the next delivery overwrite exactly the hand-made edits that have this fingerprint.')
  .argument('<device>', 'its name in the intent')
  .argument('<fingerprint>', 'as the refused delivery and verify print it', fingerprintWord)
  .addHelpText('after', below('Exit status: 0 accepted; 2 not, or wrong use. Nothing that runs is changed.'))
  .action(async (name: string, fingerprint: string, options: TargetOptions) => {
    const { device, connection, holders, project } = targetOf(name, options);
    const whose = await orSaid(
      () =>
        `Interrupted: what runs on ${printable(device)} was not changed. Whether the edits are accepted is not known: the same again makes sure.`,
      () => onDevice(connection, (remote) => acceptEdits(remote, fingerprint, { device, project })),
    );
    const address = holders.find(({ role, owner }) => whose === `${role} ${owner}`)?.address;
    const replace =
      address === undefined
        ? ''
        : `; where the plan shows no change: ${project.terraform} apply -replace=${quoted(address)}`;
    process.stdout.write(
      `The next delivery of ${whose} to ${device} may overwrite these edits, and no others. Nothing is changed yet.\n` +
        `  Next, in ${project.folder}: ${project.apply}${replace}\n`,
    );
  });
