import { Command } from 'commander';
import { accept as acceptEdits } from '../driver/look';
import { withSsh } from '../driver/ssh';
import { CONNECTION_OPTION, connectionFile } from './connection-file';

export const accept = new Command('accept')
  .description('Lets the next delivery overwrite exactly the hand-made edits that have this fingerprint.')
  .argument('<device>', 'name of the device, for people')
  .argument('<fingerprint>', 'as the refused delivery printed it')
  .requiredOption(...CONNECTION_OPTION)
  .action(async (device: string, fingerprint: string, { connection }: { connection: string }) => {
    const whose = await withSsh(connectionFile(connection), process.env, (remote) => acceptEdits(remote, fingerprint));
    process.stdout.write(`the next delivery of ${whose} to ${device} may overwrite these edits\n`);
  });
