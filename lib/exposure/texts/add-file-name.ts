// Adds the file's name to the problems of a parser, if several files are given.

import { Refusal, escapeForDisplay } from '../../problems/problem';

/**
 * Adds the file's name to lines in the problems of `run`. With several files, a line says nothing without it.
 * @throws Refusal as `run` does
 */
export function addFileName<T>(name: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new Refusal(
      error.problems.map((problem) =>
        /^line \d+$/.test(problem.where)
          ? { ...problem, where: `${escapeForDisplay(name)}, ${problem.where}` }
          : problem,
      ),
    );
  }
}
