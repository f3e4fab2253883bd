import { Command, InvalidArgumentError } from 'commander';
import { deviceProgram, installScript } from '../driver/program';

const loginUser = (text: string): string => {
  if (!/^[a-z_][a-z0-9_-]{0,31}$/.test(text)) throw new InvalidArgumentError('a user name of letters, digits, "_" and "-".');
  return text;
};

export const bootstrap = new Command('bootstrap')
  .description('Prints the script that root runs on a device once: it installs the device program.')
  .option('--user <name>', 'login user that may run the program by sudo, and nothing else', loginUser)
  .action(({ user }: { user?: string }) => {
    process.stdout.write(installScript(deviceProgram(), user));
  });
