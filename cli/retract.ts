import { Command } from 'commander';
import { front } from '../driver/front';

export const retract = new Command('retract')
  .description('Takes an owner off a device, as the environment says. Started by Terraform when the holder is destroyed.')
  .action(async () => {
    process.exitCode = await front('retract');
  });
