// Runs commands of the agent on a device over SSH, each over a connection of its own.

import { spawnSync } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Connection } from '../lib/agent-protocol/release';
import { computeLimit } from '../lib/net/step-budget';
import { refuseIfAny } from '../lib/problems/problem';
import { askUntilAdmitted } from './retry-turned-away';
import { AgentAnswer, MAX_LINE_BYTES, MAX_ANSWER_BYTES, MAX_ANSWER_LINES, parseAnswer } from './agent-answer';
import { findMissingIdentityFiles } from './identity-files';
import { AGENT_PATH } from './agent-program';
import { createRunFolder, writeRunFile } from './run-folder';
import { RunOptions, runSsh } from './ssh-child';
import { renderSshFiles } from './ssh-config';

/** Takes steps on the device, each over a connection of its own. */
export interface Remote {
  readonly connection: Connection;
  /**
   * Runs a step of the agent, given by its words. Input is sent whole. Never throws for a failure of the other side.
   */
  run(words: readonly string[], options?: RunOptions): Promise<AgentAnswer>;
  /** Runs a shell script as root, on standard input: only to install the agent. */
  script(text: string): Promise<AgentAnswer>;
}

const AGENT_WORD = /^[A-Za-z0-9][A-Za-z0-9_.:-]*$/;

/**
 * Passes a Remote to `callback`, and removes the connection's files afterwards in any case.
 *
 * @throws Refusal for the connection and for its folder.
 */
export async function useSsh<T>(
  connection: Connection,
  environment: NodeJS.ProcessEnv,
  callback: (remote: Remote) => Promise<T>,
): Promise<T> {
  refuseIfAny(findMissingIdentityFiles(connection));
  const folder = await createRunFolder(environment);
  try {
    const files = renderSshFiles(connection, folder, getSshVersion(environment));
    writeRunFile(folder, 'config', files.config);
    writeRunFile(folder, 'known_hosts', files.knownHosts);
    const [configArguments, env] = [['-F', join(folder, 'config')], pickEnvironment(connection, environment)];
    return await callback(
      createRemote(connection, (words, options = {}) =>
        askUntilAdmitted(() => runAgent([...configArguments, '-T', files.target, ...words], env, options), options),
      ),
    );
  } finally {
    // A failed removal of these files doesn't change the delivery's result.
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}

function createRemote(connection: Connection, ssh: Remote['run']): Remote {
  const root = connection.user === 'root' ? [] : ['sudo', '-n'];
  return {
    connection,
    run: (words, options) => {
      // The login shell of the other side reads these words, so only words without special characters are allowed.
      const invalidWord = words.find((word) => !AGENT_WORD.test(word));
      if (invalidWord !== undefined) throw new TypeError(`not a word for the device: ${JSON.stringify(invalidWord)}`);
      return ssh([...root, AGENT_PATH, ...words], options);
    },
    script: (input) => ssh([...root, 'sh', '-s'], { input }),
  };
}

/** Returns the output of `ssh -V`. Without ssh the first connection reports it. */
const getSshVersion = (environment: NodeJS.ProcessEnv): string =>
  spawnSync('ssh', ['-V'], { env: { PATH: environment['PATH'] }, encoding: 'utf8', timeout: 10_000 }).stderr ?? '';

/** Returns the environment of ssh: the way to its agent and the user's home, nothing of the work. */
function pickEnvironment(connection: Connection, environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const names = ['PATH', 'HOME', 'USER', 'LOGNAME', 'SSH_AUTH_SOCK', ...listAgentVariables(connection)];
  return {
    ...Object.fromEntries(
      names.flatMap((name) => (environment[name] === undefined ? [] : [[name, environment[name]]])),
    ),
    LC_ALL: 'C',
  };
}

const listAgentVariables = (hop: Connection): readonly string[] => [
  ...(hop.agentVariable === undefined ? [] : [hop.agentVariable]),
  ...(hop.jump ? listAgentVariables(hop.jump) : []),
];

function countLineBreaks(bytes: Buffer): number {
  let count = 0;
  for (let index = bytes.indexOf(10); index >= 0; index = bytes.indexOf(10, index + 1)) count += 1;
  return count;
}

/** Runs the agent: sends its input, and returns its whole output. */
async function runAgent(argv: readonly string[], env: NodeJS.ProcessEnv, options: RunOptions): Promise<AgentAnswer> {
  const output: Buffer[] = [];
  let byteCount = 0;
  let lineLength = 0;
  let lineCount = 0;
  let isTooLarge = false;
  const { errorText, status } = await runSsh(argv, env, options, ({ send, close, end }) => {
    send(options.input ?? '');
    close();
    return (bytes) => {
      const lastBreak = bytes.lastIndexOf(10);
      lineLength = lastBreak < 0 ? lineLength + bytes.length : bytes.length - lastBreak;
      byteCount += bytes.length;
      lineCount += countLineBreaks(bytes);
      if (isTooLarge) return;
      if (
        byteCount > computeLimit(MAX_ANSWER_BYTES) ||
        lineCount > computeLimit(MAX_ANSWER_LINES) ||
        lineLength > MAX_LINE_BYTES
      ) {
        isTooLarge = true;
        output.length = 0;
        end('the device said more than any ruleset has; not read');
      } else output.push(bytes);
    };
  });
  return parseAnswer(Buffer.concat(output).toString('utf8'), errorText, status);
}
