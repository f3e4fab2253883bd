import { Refusal, escapeForDisplay } from '../../problems/problem';

/** Of several files, a line says nothing without the name of its own. Throws Refusal as `run` does. */
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
