import { Connection, Release } from '../lib/agent-protocol/release';
import { Problem, printProblem, escapeForDisplay } from '../lib/problems/problem';
import { OperatorProject, formatCommand } from './operator-project';

// What the operator reads in the end: what the device runs, what Terraform thinks, what to do next, with the command to type.

/** How an order ended: plain words, whole lines. */
export interface OrderOutcome {
  readonly delivered: boolean;
  readonly paragraph: readonly string[];
}

/** The folder is named where there is something to type: it isn't always the one that Terraform was started in. */
export const formatParagraph = (
  project: OperatorProject | undefined,
  head: string,
  runs: string,
  terraform: string,
  next: string,
): readonly string[] => [
  head,
  `  On the device: ${runs}`,
  `  In Terraform: ${terraform}`,
  project === undefined ? `  Next: ${next}` : `  Next, in ${escapeForDisplay(project.folder)}: ${next}`,
];

export const printProblems = (problems: readonly Problem[]): readonly string[] =>
  problems.flatMap((problem) => printProblem(problem).split('\n'));

export const shortenDigest = ({ digest }: Pick<Release, 'digest'>): string => digest.slice(0, 12);

/** The command that asks the device. */
export type VerifyFormatter = (of: { readonly device: string }) => string;

export const createVerifyFormatter =
  (project: OperatorProject, connection: Connection): VerifyFormatter =>
  ({ device }) =>
    formatCommand(project, ['verify', device], connection, device);
