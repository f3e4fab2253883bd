import { Command } from 'commander';
import { bootstrapScript } from '../driver/program';
import { loginUser } from './login';

export const bootstrap = new Command('bootstrap')
  .description('Prints the script that root runs on a device once: it installs the device program.')
  .option('--user <name>', 'login user that may run the program by sudo, and nothing else', loginUser)
  .option(
    '--reader <name>',
    'login user that may run the commands by sudo that change nothing (for verify and doctor), and nothing else',
    loginUser,
  )
  .action(({ user, reader }: { user?: string; reader?: string }) => {
    process.stdout.write(bootstrapScript(user, reader));
    if (user === undefined) process.stderr.write(NO_USER);
  });

const NO_USER =
  'No sudoers line was written for who delivers. root needs none; for the user whom a connection names (user: "admin"), ' +
  '--user admin writes it.\n';
