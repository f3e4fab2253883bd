import { createHash, randomBytes } from 'node:crypto';
import { StringDecoder } from 'node:string_decoder';
import { Step, Told, printed } from '../lib/delivering/dialogue';
import { Dialogue, stepOf } from '../lib/delivering/dialogue-steps';
import { Session } from '../lib/delivering/session';
import { allowed } from '../lib/net/work';
import { Answer, MOST_BYTES, MOST_LINES, readAnswer } from './answer';
import { RunOptions, sshChild } from './ssh-child';

/** Milliseconds that a device has to end a session. */
const LEAVING = 3000;

/** Characters of a line of a configuration. */
const LONGEST_LINE = 65_536;

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** One step of a dialogue over one connection, as a device program would have answered it. No result: the line died, or no prompt came back. */
export async function spoken(
  dialogue: Dialogue,
  words: readonly string[],
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
  options: RunOptions,
): Promise<Answer> {
  const step = stepOf(dialogue, words, { input: options.input ?? '', sha256 });
  return 'result' in step ? answer(step, '', 0) : converse(dialogue, step, argv, env, options);
}

async function converse(
  { manners }: Dialogue,
  step: Step,
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
  options: RunOptions,
): Promise<Answer> {
  const limits = { most: allowed(MOST_BYTES), lines: allowed(MOST_LINES), longestLine: LONGEST_LINE };
  const session = new Session(step, manners, randomBytes(8).toString('hex'), limits);
  const decoder = new StringDecoder('utf8');
  let quiet: NodeJS.Timeout | undefined;
  let mistake: unknown;
  const { said, status } = await sshChild(argv, env, options, ({ send, end }) => {
    return (bytes) => {
      if (session.over || mistake !== undefined) return;
      clearTimeout(quiet);
      try {
        send(session.hear(decoder.write(bytes)));
      } catch (error) {
        // Thrown here it would end the process; the delivery has something to take back.
        mistake = error;
      }
      if (mistake !== undefined || session.stopped !== undefined) end();
      // Where it was understood it ends the session itself, and its lock with that.
      else if (session.told) quiet = setTimeout(end, LEAVING);
      else quiet = setTimeout(() => end(stoppedAt(session)), session.patience * 1000);
    };
  });
  clearTimeout(quiet);
  if (mistake !== undefined) throw mistake;
  if (session.stopped !== undefined) return answer(undefined, `${said}\nthe session was ended ${session.stopped}`, status);
  const left = session.told || status === undefined || status === 255 ? said : `${said}\n${stoppedAt(session)}`;
  return answer(session.told, left, status);
}

const stoppedAt = ({ last }: Session): string => `no prompt came back; it stopped at ${JSON.stringify(last)}`;

const answer = (told: Told | undefined, said: string, status: number | undefined): Answer =>
  readAnswer(told ? printed(told) : '', said, status);
