import { spawn, spawnSync } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Connection } from '../lib/delivering/release';
import { allowed } from '../lib/net/work';
import { Answer, LONGEST_LINE, MOST_BYTES, MOST_LINES, readAnswer } from './answer';
import { runFolder } from './run-folder';
import { sshFiles } from './ssh-config';

/** A way to run one command on the device, each over a connection of its own. */
export interface Remote {
  readonly connection: Connection;
  /** Words of the device program's command. Standard input is sent whole. Never throws for what the other side does. */
  run(words: readonly string[], options?: RunOptions): Promise<Answer>;
  /** A shell script as root, on standard input: only to install the program. */
  script(text: string): Promise<Answer>;
}

export interface RunOptions {
  readonly input?: string;
  /** Ends the connection, not what it began on the device. */
  readonly stop?: AbortSignal;
  readonly seconds?: number;
}

export const PROGRAM = '/usr/local/sbin/cpanel-edge-device';
const WORD = /^[A-Za-z0-9][A-Za-z0-9_.:-]*$/;

/** Gives a Remote to `use` and removes the connection's files afterwards, whatever happens. Throws Refusal for the connection and for its folder. */
export async function withSsh<T>(connection: Connection, environment: NodeJS.ProcessEnv, use: (remote: Remote) => Promise<T>): Promise<T> {
  const folder = await runFolder(environment);
  try {
    const files = sshFiles(connection, folder, sshVersion(environment));
    await writeFile(join(folder, 'config'), files.config, { mode: 0o600 });
    await writeFile(join(folder, 'known_hosts'), files.knownHosts, { mode: 0o600 });
    const ssh = (words: readonly string[], options: RunOptions = {}): Promise<Answer> =>
      start(['-F', join(folder, 'config'), '-T', files.target, ...words], surroundings(connection, environment), options);
    const root = connection.user === 'root' ? [] : ['sudo', '-n'];
    return await use({
      connection,
      run: (words, options) => {
        // The login shell of the other side reads these words: only such as no shell reads twice.
        const odd = words.find((word) => !WORD.test(word));
        if (odd !== undefined) throw new TypeError(`not a word for the device: ${JSON.stringify(odd)}`);
        return ssh([...root, PROGRAM, ...words], options);
      },
      script: (input) => ssh([...root, 'sh', '-s'], { input, seconds: 60 }),
    });
  } finally {
    // What was delivered stays delivered, whatever becomes of these files.
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** As `ssh -V` prints it. Where there is no ssh, the first connection says so. */
const sshVersion = (environment: NodeJS.ProcessEnv): string =>
  spawnSync('ssh', ['-V'], { env: { PATH: environment['PATH'] }, encoding: 'utf8', timeout: 10_000 }).stderr ?? '';

/** What ssh gets to see: the way to its agent and the user's home, nothing of the work. */
function surroundings(connection: Connection, environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const names = ['PATH', 'HOME', 'USER', 'LOGNAME', 'SSH_AUTH_SOCK', ...agents(connection)];
  return {
    ...Object.fromEntries(names.flatMap((name) => (environment[name] === undefined ? [] : [[name, environment[name]]]))),
    LC_ALL: 'C',
  };
}

const agents = (hop: Connection): readonly string[] => [
  ...(hop.agentVariable === undefined ? [] : [hop.agentVariable]),
  ...(hop.jump ? agents(hop.jump) : []),
];

const AT_MOST_TO_END = 3000;

function breaksIn(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count += 1;
  return count;
}

function start(argv: readonly string[], env: NodeJS.ProcessEnv, { input = '', stop, seconds = 120 }: RunOptions): Promise<Answer> {
  return new Promise((resolve) => {
    const child = spawn('ssh', argv, { env, stdio: ['pipe', 'pipe', 'pipe'] });
    const output: Buffer[] = [];
    const errors: Buffer[] = [];
    let taken = 0;
    let lineLength = 0;
    let lines = 0;
    let excess = false;
    let impatient: NodeJS.Timeout | undefined;
    const end = (): void => {
      child.kill('SIGTERM');
      // A stopped ssh, and one whose jump host keeps our pipes open, would be waited for without end.
      impatient ??= setTimeout(() => {
        child.kill('SIGKILL');
        for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
      }, AT_MOST_TO_END);
    };
    const timer = setTimeout(end, seconds * 1000);
    stop?.addEventListener('abort', end, { once: true });
    if (stop?.aborted) end();
    child.stdout.on('data', (bytes: Buffer) => {
      const lastBreak = bytes.lastIndexOf(10);
      lineLength = lastBreak < 0 ? lineLength + bytes.length : bytes.length - lastBreak;
      taken += bytes.length;
      lines += breaksIn(bytes);
      if (excess || taken > allowed(MOST_BYTES) || lines > allowed(MOST_LINES) || lineLength > LONGEST_LINE) {
        excess = true;
        output.length = 0;
        end();
      } else output.push(bytes);
    });
    child.stderr.on('data', (bytes: Buffer) => {
      // The last words are the ones that say why.
      errors.push(bytes);
      while (errors.length > 64) errors.shift();
    });
    // A program that refuses early stops reading; its result says why, the broken pipe doesn't.
    child.stdin.on('error', () => undefined);
    const settle = (status: number | undefined, extra: string): void => {
      clearTimeout(timer);
      clearTimeout(impatient);
      stop?.removeEventListener('abort', end);
      const said = Buffer.concat(errors).toString('utf8').slice(-8192) + extra;
      resolve(readAnswer(excess ? '' : Buffer.concat(output).toString('utf8'), said, status));
    };
    child.on('error', (error) => settle(undefined, `\n${error.message}`));
    child.on('close', (status) => settle(status ?? undefined, excess ? '\nthe device said more than any ruleset has; not read' : ''));
    child.stdin.end(input);
  });
}
