// Formats the last paragraph of a delivery, a removal or `forget` for the operator: what the device runs, what
// Terraform's state has, and the next command. Also formats problems, digests and the `verify` command for such a
// paragraph.
import { Connection, Release } from '../lib/agent-protocol/release';
import { Problem, printProblem, escapeForDisplay } from '../lib/problems/problem';
import { OperatorProject, formatCommand } from './operator-project';

/** The result of an order: plain words, whole lines. */
export interface OrderOutcome {
  readonly delivered: boolean;
  readonly paragraph: readonly string[];
}

/** Names the folder if there is a command to type: it isn't always Terraform's working directory. */
export const formatParagraph = (
  project: OperatorProject | undefined,
  head: string,
  runs: string,
  terraform: string,
  nextStep: string,
): readonly string[] => [
  head,
  `  On the device: ${runs}`,
  `  In Terraform: ${terraform}`,
  project === undefined ? `  Next: ${nextStep}` : `  Next, in ${escapeForDisplay(project.folder)}: ${nextStep}`,
];

export const printProblems = (problems: readonly Problem[]): readonly string[] =>
  problems.flatMap((problem) => printProblem(problem).split('\n'));

export const shortenDigest = ({ digest }: Pick<Release, 'digest'>): string => digest.slice(0, 12);

/** Returns the command that asks the device. */
export type VerifyFormatter = (order: { readonly device: string }) => string;

export const createVerifyFormatter =
  (project: OperatorProject, connection: Connection): VerifyFormatter =>
  ({ device }) =>
    formatCommand(project, ['verify', device], connection, device);
