import { spawnSync } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Connection } from '../lib/agent-protocol/release';
import { allowed } from '../lib/net/work';
import { refuseIfAny } from '../lib/problems/problem';
import { admitted } from './admitted';
import { Answer, LONGEST_LINE, MOST_BYTES, MOST_LINES, readAnswer } from './answer';
import { missingIdentityFiles } from './identity-files';
import { PROGRAM } from './program';
import { runFolder, writeInRun } from './run-folder';
import { RunOptions, sshChild } from './ssh-child';
import { sshFiles } from './ssh-config';

/** A way to take one step on the device, each over a connection of its own. */
export interface Remote {
  readonly connection: Connection;
  /** Words of a step, for the device program. Input is sent whole. Never throws for what the other side does. */
  run(words: readonly string[], options?: RunOptions): Promise<Answer>;
  /** A shell script as root, on standard input: only to install the program. */
  script(text: string): Promise<Answer>;
}

const WORD = /^[A-Za-z0-9][A-Za-z0-9_.:-]*$/;

/** Gives a Remote to `use` and removes the connection's files afterwards, whatever happens. Throws Refusal for the connection and for its folder. */
export async function withSsh<T>(
  connection: Connection,
  environment: NodeJS.ProcessEnv,
  use: (remote: Remote) => Promise<T>,
): Promise<T> {
  refuseIfAny(missingIdentityFiles(connection));
  const folder = await runFolder(environment);
  try {
    const files = sshFiles(connection, folder, sshVersion(environment));
    writeInRun(folder, 'config', files.config);
    writeInRun(folder, 'known_hosts', files.knownHosts);
    const [configured, env] = [['-F', join(folder, 'config')], surroundings(connection, environment)];
    return await use(
      byProgram(connection, (words, options = {}) =>
        admitted(() => ran([...configured, '-T', files.target, ...words], env, options), options),
      ),
    );
  } finally {
    // What was delivered stays delivered, whatever becomes of these files.
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}

function byProgram(connection: Connection, ssh: Remote['run']): Remote {
  const root = connection.user === 'root' ? [] : ['sudo', '-n'];
  return {
    connection,
    run: (words, options) => {
      // The login shell of the other side reads these words: only such as no shell reads twice.
      const odd = words.find((word) => !WORD.test(word));
      if (odd !== undefined) throw new TypeError(`not a word for the device: ${JSON.stringify(odd)}`);
      return ssh([...root, PROGRAM, ...words], options);
    },
    script: (input) => ssh([...root, 'sh', '-s'], { input }),
  };
}

/** As `ssh -V` prints it. Where there is no ssh, the first connection says so. */
const sshVersion = (environment: NodeJS.ProcessEnv): string =>
  spawnSync('ssh', ['-V'], { env: { PATH: environment['PATH'] }, encoding: 'utf8', timeout: 10_000 }).stderr ?? '';

/** What ssh gets to see: the way to its agent and the user's home, nothing of the work. */
function surroundings(connection: Connection, environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const names = ['PATH', 'HOME', 'USER', 'LOGNAME', 'SSH_AUTH_SOCK', ...agents(connection)];
  return {
    ...Object.fromEntries(
      names.flatMap((name) => (environment[name] === undefined ? [] : [[name, environment[name]]])),
    ),
    LC_ALL: 'C',
  };
}

const agents = (hop: Connection): readonly string[] => [
  ...(hop.agentVariable === undefined ? [] : [hop.agentVariable]),
  ...(hop.jump ? agents(hop.jump) : []),
];

function breaksIn(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count += 1;
  return count;
}

/** A device program: gets its input, and says all that it has to say. */
async function ran(argv: readonly string[], env: NodeJS.ProcessEnv, options: RunOptions): Promise<Answer> {
  const output: Buffer[] = [];
  let taken = 0;
  let lineLength = 0;
  let lines = 0;
  let excess = false;
  const { said, status } = await sshChild(argv, env, options, ({ send, close, end }) => {
    send(options.input ?? '');
    close();
    return (bytes) => {
      const lastBreak = bytes.lastIndexOf(10);
      lineLength = lastBreak < 0 ? lineLength + bytes.length : bytes.length - lastBreak;
      taken += bytes.length;
      lines += breaksIn(bytes);
      if (excess) return;
      if (taken > allowed(MOST_BYTES) || lines > allowed(MOST_LINES) || lineLength > LONGEST_LINE) {
        excess = true;
        output.length = 0;
        end('the device said more than any ruleset has; not read');
      } else output.push(bytes);
    };
  });
  return readAnswer(Buffer.concat(output).toString('utf8'), said, status);
}
