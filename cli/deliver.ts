// Command `deliver`, which Terraform runs at apply: starts the driver, which delivers the release in the environment
// variables to a device.
import { Command } from 'commander';
import { runFront } from '../driver/front-process';

export const deliver = new Command('deliver')
  .description('Delivers the release that the environment holds. Started by Terraform.')
  .action(async () => {
    process.exitCode = await runFront('deliver');
  });
