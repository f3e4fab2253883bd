import { Refusal, printable } from '../../problems/problem';

/** Of several files, a line says nothing without the name of its own. Throws Refusal as `run` does. */
export function ofFile<T>(name: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new Refusal(
      error.problems.map((one) =>
        /^line \d+$/.test(one.where) ? { ...one, where: `${printable(name)}, ${one.where}` } : one,
      ),
    );
  }
}
