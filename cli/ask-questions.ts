// Asks the operator on the terminal for the data of a new project that no option of `init` gives.
import { createInterface } from 'node:readline';
import { Readable, Writable } from 'node:stream';
import { Problem, Refusal, printProblem } from '../lib/problems/problem';
import { QUESTIONS, ProjectQuestion, ProjectAnswers, fillAnswers, toFlag } from '../lib/project/project-questions';

interface Terminal {
  readonly input: Readable;
  readonly output: Writable;
}

/**
 * Returns the given answers with those that the operator types, one line a question. A question is repeated until
 * `checkAnswers` finds no problem with its answer. Enter takes the default.
 *
 * @throws Refusal init/not-answered.
 */
export async function askQuestions(
  givenAnswers: Partial<ProjectAnswers>,
  checkAnswers: (answers: Partial<ProjectAnswers>) => readonly Problem[],
  { input, output }: Terminal,
): Promise<Partial<ProjectAnswers>> {
  const terminal = createInterface({ input, output });
  // The iterator keeps lines that are typed ahead until their question comes.
  const lines = terminal[Symbol.asyncIterator]();
  let answers = givenAnswers;
  try {
    for (const question of QUESTIONS.filter(({ key }) => givenAnswers[key] === undefined)) {
      for (;;) {
        terminal.setPrompt(formatPrompt(question, answers));
        terminal.prompt();
        const typedLine = await lines.next();
        if (typedLine.done === true) throw new Refusal([unansweredProblem]);
        const line = typedLine.value.trim();
        const newAnswers = line === '' ? answers : { ...answers, [question.key]: line };
        const problems = checkAnswers(newAnswers).filter(({ where }) => where === toFlag(question.key));
        for (const problem of problems) output.write(`${printProblem(problem)}\n`);
        if (problems.length > 0) continue;
        answers = newAnswers;
        break;
      }
    }
  } finally {
    terminal.close();
  }
  return answers;
}

const formatPrompt = ({ key, text, choices }: ProjectQuestion, answers: Partial<ProjectAnswers>): string =>
  `${text}${choices ? ` (${choices.join(', ')})` : ''} [${fillAnswers(answers)[key]}]: `;

const unansweredProblem: Problem = {
  code: 'init/not-answered',
  where: 'the questions',
  what: 'They ended before all were answered. Nothing was written.',
  instead: 'the answers, or Enter for what stands in brackets; --yes asks nothing.',
};
