import { basename } from 'node:path';
import { Problem, Refusal } from '../lib/problems/problem';
import { Answer } from './answer';
import { bootstrapCommand } from './device-asked';
import { noAnswer } from './faults';
import { DeviceProgram, PROGRAM, installScript } from './program';
import { Remote } from './ssh';

/**
 * The program on the device answers in a protocol that this driver speaks; as root it is installed or updated.
 * `stop`: who waits for no answer once it is aborted. `needed`: the words that a login needs for what comes.
 */
export async function preparedProgram(
  remote: Remote,
  program: DeviceProgram,
  say: (line: string) => void,
  { stop, needed }: { readonly stop?: AbortSignal | undefined; readonly needed?: readonly string[] } = {},
): Promise<void> {
  const answer = await remote.run(['protocol'], { seconds: 30, ...(stop ? { stop } : {}) });
  const theirs = Number(answer.result?.values['protocol']);
  if (answer.result?.is === 'ok' && theirs >= program.protocol) return;
  if (answer.result?.is !== 'ok' && !isAbsent(answer)) throw new Refusal([noAnswer(remote.connection, answer)]);
  if (remote.connection.user !== 'root') throw new Refusal([tooOld(remote, theirs, program.protocol, needed)]);
  say(
    answer.result
      ? `updating the device program, protocol ${theirs} to ${program.protocol}`
      : 'installing the device program',
  );
  const installed = await remote.script(installScript(program));
  if (installed.result?.is !== 'ok') {
    throw new Refusal([
      installed.result ? notInstalled(remote, installed.result.word) : noAnswer(remote.connection, installed),
    ]);
  }
}

/**
 * 127, with csh and tcsh 1: the shell found no such program, which it names where it says anything. Anything else without a result is a broken line, a
 * refused login or a broken shell.
 */
const isAbsent = (answer: Answer): boolean => {
  const said = answer.said.join(' ');
  const isNamed = said.includes(basename(PROGRAM));
  return (
    answer.result === undefined &&
    (answer.status === 127 ? said === '' || isNamed : isNamed && /command not found/i.test(said))
  );
};

const tooOld = ({ connection }: Remote, theirs: number, ours: number, needed?: readonly string[]): Problem => ({
  code: 'driver/program-too-old',
  where: `${connection.user}@${connection.host}`,
  what: Number.isInteger(theirs)
    ? `The device program speaks protocol ${theirs}; this release needs ${ours}.`
    : 'The device program is not installed.',
  instead: `run as root on the device what this prints: ${bootstrapCommand(connection, undefined, needed)}`,
});

const notInstalled = ({ connection }: Remote, word: string): Problem => ({
  code: 'driver/program-not-installed',
  where: `${connection.user}@${connection.host}`,
  ...(NOT_INSTALLED[word] ?? {
    what: `The device program could not be installed (${word}).`,
    instead: 'look at the device, then apply again.',
  }),
});

const NOT_INSTALLED: Readonly<Record<string, Pick<Problem, 'what' | 'instead'>>> = {
  armed: {
    what: 'The device program is too old, and a release is armed on the device.',
    instead: 'wait for its timer, then apply again.',
  },
  busy: {
    what: 'On the device another command of the device program is at work, so that nobody can tell whether it may be replaced.',
    instead: 'wait for it, then apply again.',
  },
  'disk-full': {
    what: 'The device could not write the device program: disk full or read-only.',
    instead: 'make room on the device, or mount its disk writable (/usr/local/sbin), then apply again.',
  },
  'foreign-box': {
    what: 'The device runs another system than the platform of the release needs.',
    instead: 'say in the intent which platform the device is.',
  },
};
