import { createInterface } from 'node:readline/promises';
import { Readable, Writable } from 'node:stream';
import { Problem, Refusal, printProblem } from '../lib/problems/problem';
import { QUESTIONS, Question, Wish, completed, flagOf } from '../lib/project/wish';

export interface Terminal {
  readonly input: Readable;
  readonly output: Writable;
}

/**
 * Asks for what isn't given, a line each, until the answer stands; Enter leaves it to what is made up. `wrong`: what is wrong with a
 * wish so far. Throws Refusal init/not-answered.
 */
export async function answered(
  given: Partial<Wish>,
  wrong: (known: Partial<Wish>) => readonly Problem[],
  { input, output }: Terminal,
): Promise<Partial<Wish>> {
  const lines = createInterface({ input, output });
  const gone = new Promise<never>((_, reject) => lines.once('close', () => reject(new Refusal([notAnswered]))));
  // It closes after the last answer, too, when nobody waits any more.
  gone.catch(() => undefined);
  let known = given;
  try {
    for (const question of QUESTIONS.filter(({ key }) => given[key] === undefined)) {
      for (;;) {
        const line = (await Promise.race([lines.question(asking(question, known)), gone])).trim();
        const next = line === '' ? known : { ...known, [question.key]: line };
        const problems = wrong(next).filter(({ where }) => where === flagOf(question.key));
        for (const problem of problems) output.write(`${printProblem(problem)}\n`);
        if (problems.length > 0) continue;
        known = next;
        break;
      }
    }
  } finally {
    lines.close();
  }
  return known;
}

const asking = ({ key, asks, choices }: Question, known: Partial<Wish>): string =>
  `${asks}${choices ? ` (${choices.join(', ')})` : ''} [${completed(known)[key]}]: `;

const notAnswered: Problem = {
  code: 'init/not-answered',
  where: 'the questions',
  what: 'They ended before all were answered. Nothing was written.',
  instead: 'the answers, or Enter for what stands in brackets; --yes asks nothing.',
};
