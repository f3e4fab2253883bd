import { Lab } from '../lab';
import type { Question, Reply } from './ask';
import { program } from './program';

export interface Asked extends Question {
  readonly reply: Reply;
}

/** Really connects from a node, all questions at once; who answers is one of the lab's listeners and tells how it saw the asker. */
export async function ask(lab: Lab, from: string, questions: readonly Question[]): Promise<readonly Asked[]> {
  const { status, out, err } = await lab.exec(from, program(lab.folder, 'ask'), {
    input: JSON.stringify(questions),
    seconds: 30,
  });
  if (status !== 0) throw new Error(`asking from ${from}: ${err.trim()}`);
  const replies = JSON.parse(out) as readonly Reply[];
  return questions.map((question, at) => ({ ...question, reply: replies[at]! }));
}

/** `web1 as 10.0.0.10, asked by 203.0.113.1`, or what happened instead. */
export function printReply(reply: Reply): string {
  if (reply.is !== 'answer') return reply.is;
  const { name, to, from } = reply.answer;
  return `${name}${to ? ` as ${to}` : ''}, asked by ${from}`;
}
