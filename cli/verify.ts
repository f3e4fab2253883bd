import { Command } from 'commander';
import { look } from '../driver/look';
import { withSsh } from '../driver/ssh';
import { CONNECTION_OPTION, connectionFile } from './connection-file';

export const verify = new Command('verify')
  .description('Says what a device runs now: releases, their owners and leases, and whether somebody edited them.')
  .requiredOption(...CONNECTION_OPTION)
  .option('--json', 'everything that was read, as JSON')
  .action(async ({ connection, json }: { connection: string; json?: boolean }) => {
    const seen = await withSsh(connectionFile(connection), process.env, look);
    if (json) process.stdout.write(`${JSON.stringify(seen, null, 2)}\n`);
    else if (seen.owners.length === 0) process.stdout.write('the device holds nothing of cpanel-edge\n');
    else {
      for (const { role, owner, digest, lease, armed, rules } of seen.owners) {
        process.stdout.write(
          `${role} ${owner}: release ${digest}, lease ${lease}, rules ${rules}${armed === 'none' ? '' : `, armed ${armed}`}\n`,
        );
      }
    }
    if (seen.owners.some(({ rules }) => rules === 'edited' || rules === 'absent')) process.exitCode = 1;
  });
