import { Connection, Release } from '../lib/agent-protocol/release';
import { Problem, printProblem, printable } from '../lib/problems/problem';
import { Project, typed } from './project';

// What the operator reads in the end: what the device runs, what Terraform thinks, what to do next, with the command to type.

/** How an order ended: plain words, whole lines. */
export interface Outcome {
  readonly delivered: boolean;
  readonly paragraph: readonly string[];
}

/** The folder is named where there is something to type: it isn't always the one that Terraform was started in. */
export const block = (
  project: Project | undefined,
  head: string,
  runs: string,
  terraform: string,
  next: string,
): readonly string[] => [
  head,
  `  On the device: ${runs}`,
  `  In Terraform: ${terraform}`,
  project === undefined ? `  Next: ${next}` : `  Next, in ${printable(project.folder)}: ${next}`,
];

export const printProblems = (problems: readonly Problem[]): readonly string[] =>
  problems.flatMap((problem) => printProblem(problem).split('\n'));

export const short = ({ digest }: Pick<Release, 'digest'>): string => digest.slice(0, 12);

/** The command that asks the device. */
export type Verify = (of: { readonly device: string }) => string;

export const verifyCommand =
  (project: Project, connection: Connection): Verify =>
  ({ device }) =>
    typed(project, ['verify', device], connection, device);
