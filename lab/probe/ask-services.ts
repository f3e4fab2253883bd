// Connects from a node of the lab to services and returns, for each, which host answered and the source address that
// this host saw.
import { Lab } from '../lab';
import type { Question, Reply } from './ask';
import { program } from './probe-command';

export interface Asked extends Question {
  readonly reply: Reply;
}

/**
 * Connects from a node, for all questions at once. A listener of the lab answers with its name and the asker's address
 * as it sees it.
 */
export async function ask(lab: Lab, from: string, questions: readonly Question[]): Promise<readonly Asked[]> {
  const { status, out, err } = await lab.exec(from, program(lab.folder, 'ask'), {
    input: JSON.stringify(questions),
    seconds: 30,
  });
  if (status !== 0) throw new Error(`asking from ${from}: ${err.trim()}`);
  const replies = JSON.parse(out) as readonly Reply[];
  return questions.map((question, at) => ({ ...question, reply: replies[at]! }));
}

/** Returns `web1 as 10.0.0.10, asked by 203.0.113.1`, or the failure. */
export function printReply(reply: Reply): string {
  if (reply.is !== 'answer') return reply.is;
  const { name, to, from } = reply.answer;
  return `${name}${to ? ` as ${to}` : ''}, asked by ${from}`;
}
