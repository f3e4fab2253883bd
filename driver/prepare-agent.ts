// Checks that the agent on a device speaks a protocol that this driver knows. As root, installs or updates it.

import { basename } from 'node:path';
import { Problem, Refusal } from '../lib/problems/problem';
import { AgentAnswer } from './agent-answer';
import { formatBootstrapCommand } from './device-context';
import { explainNoAnswer } from './answer-problems';
import { DeviceAgent, AGENT_PATH, renderInstallScript } from './agent-program';
import { Remote } from './ssh';

/**
 * Checks that the agent on the device speaks a protocol that this driver knows; as root, installs or updates it.
 * `signal`: once it is aborted, the driver waits for no answer. `needed`: the words that a login needs for the next
 * steps.
 */
export async function prepareAgent(
  remote: Remote,
  agent: DeviceAgent,
  printLine: (line: string) => void,
  { signal, neededWords }: { readonly signal?: AbortSignal | undefined; readonly neededWords?: readonly string[] } = {},
): Promise<void> {
  const answer = await remote.run(['protocol'], { seconds: 30, ...(signal ? { signal } : {}) });
  const deviceProtocol = Number(answer.result?.values['protocol']);
  if (answer.result?.is === 'ok' && deviceProtocol >= agent.protocol) return;
  if (answer.result?.is !== 'ok' && !isAgentAbsent(answer))
    throw new Refusal([explainNoAnswer(remote.connection, answer)]);
  if (remote.connection.user !== 'root')
    throw new Refusal([createTooOldProblem(remote, deviceProtocol, agent.protocol, neededWords)]);
  printLine(
    answer.result ? `updating the agent, protocol ${deviceProtocol} to ${agent.protocol}` : 'installing the agent',
  );
  const installAnswer = await remote.script(renderInstallScript(agent));
  if (installAnswer.result?.is !== 'ok') {
    throw new Refusal([
      installAnswer.result
        ? createNotInstalledProblem(remote, installAnswer.result.word)
        : explainNoAnswer(remote.connection, installAnswer),
    ]);
  }
}

/**
 * Returns whether the agent isn't installed: status 127, or 1 with csh and tcsh. The shell found no such program, and
 * names it if it prints anything. Any other end without a result is a broken line, a refused login or a broken shell.
 */
const isAgentAbsent = (answer: AgentAnswer): boolean => {
  const errorText = answer.errorLines.join(' ');
  const isNamed = errorText.includes(basename(AGENT_PATH));
  return (
    answer.result === undefined &&
    (answer.status === 127 ? errorText === '' || isNamed : isNamed && /command not found/i.test(errorText))
  );
};

const createTooOldProblem = (
  { connection }: Remote,
  deviceProtocol: number,
  neededProtocol: number,
  neededWords?: readonly string[],
): Problem => ({
  code: 'driver/program-too-old',
  where: `${connection.user}@${connection.host}`,
  what: Number.isInteger(deviceProtocol)
    ? `The agent speaks protocol ${deviceProtocol}; this release needs ${neededProtocol}.`
    : 'The agent is not installed.',
  instead: `run as root on the device what this prints: ${formatBootstrapCommand(connection, undefined, neededWords)}`,
});

const createNotInstalledProblem = ({ connection }: Remote, word: string): Problem => ({
  code: 'driver/program-not-installed',
  where: `${connection.user}@${connection.host}`,
  ...(INSTALL_PROBLEMS[word] ?? {
    what: `The agent could not be installed (${word}).`,
    instead: 'look at the device, then apply again.',
  }),
});

const INSTALL_PROBLEMS: Readonly<Record<string, Pick<Problem, 'what' | 'instead'>>> = {
  armed: {
    what: 'The agent is too old, and a release is armed on the device.',
    instead: 'wait for its timer, then apply again.',
  },
  busy: {
    what: 'On the device another command of the agent is at work, so it is not known whether it may be replaced.',
    instead: 'wait for it, then apply again.',
  },
  'disk-full': {
    what: 'The device could not write the agent: disk full or read-only.',
    instead: 'make room on the device, or mount its disk writable (/usr/local/sbin), then apply again.',
  },
  'foreign-box': {
    what: 'The device runs another system than the platform of the release needs.',
    instead: 'say in the intent which platform the device is.',
  },
};
