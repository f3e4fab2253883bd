import { createInterface } from 'node:readline';
import { Readable, Writable } from 'node:stream';
import { Problem, Refusal, printProblem } from '../lib/problems/problem';
import { QUESTIONS, Question, Wish, completed, flagOf } from '../lib/project/wish';

interface Terminal {
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
  const terminal = createInterface({ input, output });
  // What is typed ahead waits for its question.
  const lines = terminal[Symbol.asyncIterator]();
  let known = given;
  try {
    for (const question of QUESTIONS.filter(({ key }) => given[key] === undefined)) {
      for (;;) {
        terminal.setPrompt(asking(question, known));
        terminal.prompt();
        const typed = await lines.next();
        if (typed.done === true) throw new Refusal([notAnswered]);
        const line = typed.value.trim();
        const next = line === '' ? known : { ...known, [question.key]: line };
        const problems = wrong(next).filter(({ where }) => where === flagOf(question.key));
        for (const problem of problems) output.write(`${printProblem(problem)}\n`);
        if (problems.length > 0) continue;
        known = next;
        break;
      }
    }
  } finally {
    terminal.close();
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
