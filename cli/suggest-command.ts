// Returns the problem for an unknown command of `cpanel-edge`, with the command to type instead: one with a similar
// name or, for words of other tools such as `plan`, `apply` and `lint`, the one that does the same.
import { findNearestWord } from '../lib/problems/find-nearest-word';
import { Problem } from '../lib/problems/problem';
import { findFrameworkCommand } from '../driver/operator-project';

const LINT =
  'cpanel-edge review for a plan, cpanel-edge exposure FILE for the rules of any server: both say what lint finds; cpanel-edge explain CODE says more of it.';
const DRIFT = 'cpanel-edge verify, which asks the devices.';
const REVIEW = 'cpanel-edge review, for what a plan changes.';
const EXPOSURE = 'cpanel-edge exposure FILE.';

/** Returns the commands of other tools, each with what does the same here. `framework`: `npx cdktf` or `npx cdktn`. */
const listOtherCommands = (framework: string): Readonly<Record<string, string>> => ({
  lint: LINT,
  validate: `${framework} synth, which proves each text; then ${LINT}`,
  synth: `${framework} synth.`,
  plan: `${framework} synth, then terraform plan -out=plan in the stack’s folder, then cpanel-edge review.`,
  apply: describeDeploy(framework),
  deploy: describeDeploy(framework),
  destroy: `${framework} destroy, or terraform destroy in the stack’s folder.`,
  diff: REVIEW,
  check: `${REVIEW.slice(0, -1)}; ${DRIFT}`,
  drift: DRIFT,
  status: DRIFT,
  show: EXPOSURE,
  audit: EXPOSURE,
  scan: EXPOSURE,
  version: 'cpanel-edge --version.',
});

const describeDeploy = (framework: string): string =>
  `${framework} deploy, or terraform apply in the stack’s folder; before it, cpanel-edge review.`;

/**
 * Returns the problem for a request for help on a command that doesn't exist: commander prints the list of all commands
 * and no reason.
 */
export function explainNoHelp(word: string, commandNames: readonly string[]): Problem {
  const suggestion = findNearestWord(word, commandNames);
  const instead =
    suggestion === undefined ? 'one of those that cpanel-edge --help lists.' : `cpanel-edge help ${suggestion}.`;
  return { code: 'cli/no-such-command', where: word, what: 'No command is called so.', instead };
}

/**
 * Returns the problem for a word that is a command of another tool, or nearer to one than to any of `commandNames`.
 * Returns undefined for every other word.
 */
export function findOtherCommand(word: string, commandNames: readonly string[]): Problem | undefined {
  const otherCommands = listOtherCommands(findFrameworkCommand());
  const suggestion = word.startsWith('-')
    ? undefined
    : findNearestWord(word, [...commandNames, ...Object.keys(otherCommands)]);
  if (suggestion === undefined || commandNames.includes(suggestion)) return undefined;
  const message =
    suggestion === word ? 'No command is called so.' : `No command is called so, and none is called ${suggestion}.`;
  return { code: 'cli/no-such-command', where: word, what: message, instead: otherCommands[suggestion]! };
}
