// Command `bootstrap`: prints the script that root runs once on a device. The script installs the agent and, for --user
// and --reader, a sudoers line.
import { Command, InvalidArgumentError } from 'commander';
import { LOGIN_WORDS } from '../driver/login-words';
import { renderBootstrapScript } from '../driver/agent-program';
import { Refusal } from '../lib/problems/problem';
import { parseLoginUser } from './reader-options';

interface BootstrapOptions {
  readonly user?: string;
  readonly allow?: readonly string[];
  readonly reader?: string;
}

export const bootstrap = new Command('bootstrap')
  .description('Prints the script that root runs on a device once: it installs the agent.')
  .option('--user <name>', 'login user that may run the program by sudo, and nothing else', parseLoginUser)
  .option(
    '--allow <words>',
    `what that user may deliver besides rules of its own: ${LOGIN_WORDS.join(', ')}; several with commas (default: none)`,
    parseLoginWords,
  )
  .option(
    '--reader <name>',
    'login user that may run the commands by sudo that change nothing (for verify and doctor), and nothing else',
    parseLoginUser,
  )
  .action(({ user, allow, reader }: BootstrapOptions) => {
    if (user === undefined && allow !== undefined) throw new Refusal([NO_LOGIN]);
    process.stdout.write(renderBootstrapScript(user, reader, allow));
    if (user === undefined) process.stderr.write(NO_USER);
  });

function parseLoginWords(text: string): readonly string[] {
  const words = text.split(',').map((word) => word.trim());
  if (!words.every((word) => LOGIN_WORDS.includes(word)))
    throw new InvalidArgumentError(`words with commas between them, of these: ${LOGIN_WORDS.join(', ')}.`);
  return LOGIN_WORDS.filter((word) => words.includes(word));
}

const NO_LOGIN = {
  code: 'cli/argument-missing',
  where: 'cpanel-edge bootstrap',
  what: '--allow says what a login may deliver, and no login is named.',
  instead: 'write --user NAME beside it; root may deliver everything.',
};

const NO_USER =
  'No sudoers line was written for who delivers. root needs none; for the user whom a connection names (user: "admin"), ' +
  '--user admin writes it.\n';
