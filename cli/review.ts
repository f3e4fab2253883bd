// Command `review`: evaluates Terraform plans and prints which ports open and close, for whom, and whether review rules
// or lint object.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { Command } from 'commander';
import { Problem, Refusal } from '../lib/problems/problem';
import { ReviewInputs } from '../lib/review/judging/review-inputs';
import { reviewInSteps } from '../lib/review/judging/create-review';
import { createNothingOfOurs } from '../lib/review/plan/plan-problems';
import { ReviewOrigin, printHtml } from '../lib/review/print/review-html';
import { printJson } from '../lib/review/print/review-json';
import { printMarkdown } from '../lib/review/print/review-markdown';
import { printSarif } from '../lib/review/print/review-sarif';
import { printText } from '../lib/review/print/review-text';
import { VERDICT_STYLES } from '../lib/review/print/verdict-styles';
import { PolicyCache } from '../lib/review/policy-cache';
import { Review } from '../lib/review/review';
import { ReviewRules } from '../lib/review/rules';
import { parseRulesFile } from '../lib/review/rules/parse-rules';
import { findCiCommit } from '../driver/ci-run';
import { readOwnershipRecords } from '../driver/synthesized-stack';
import { runWithClockAsync } from './elapsed-time';
import { createHelpText } from './help-text';
import { readLiveAnswers } from './parse-verify-answers';
import { isFile, getSize } from './file-stats';
import { FormatOptions, getFormat, addFormatOptions } from './format-options';
import { readPlans, readStacks } from './plan-files';
import { ReportProgress } from './progress';
import { hashSha256 } from './sha256';
import { findOutputFolder } from './target';
import { getVersion } from './package-files';
import { printPath, printOrWrite, readFileOrRefuse, refuseOverwrite } from './file-io';
import { createChoicesOption } from './option-values';

const FORMATS = ['text', 'markdown', 'html', 'json', 'sarif'] as const;
const FAIL_ON = ['opened', 'moved', 'closed', 'identity', 'unknown', 'warning', 'new-warning'] as const;
type FailOn = (typeof FAIL_ON)[number];
const RULES_FILE = 'cpanel-edge.rules.json';
const MAX_RULES_BYTES = 1_000_000;
const TOO_LARGE = 'It is larger than a megabyte.';

interface ReviewOptions extends FormatOptions<(typeof FORMATS)[number]> {
  readonly out?: string;
  readonly live?: readonly string[];
  readonly rules?: string;
  readonly rulesBefore?: string;
  readonly synthesized?: string;
  readonly failOn?: readonly FailOn[];
}

const EXIT_STATUS: Readonly<Record<Review['verdict'], number>> = {
  'nothing to object to': 0,
  warnings: 0,
  objections: 1,
  unknown: 3,
};

export const review = addFormatOptions(new Command('review'), FORMATS)
  .description(
    'Says what plans change: which ports open and close, for whom and why, and whether anything speaks against it.',
  )
  .argument(
    '[plan...]',
    'plan files, their JSON, folders such as cdktf.out, or - for standard input; default: the output of this project',
  )
  .option('--out <file>', 'write it to a file instead')
  .option(
    '--live <file>',
    "devices' own answers (cpanel-edge verify --json): what they run now, instead of what Terraform has recorded; may be given several times",
    addFile,
  )
  .option('--rules <file>', `review rules; default: ${RULES_FILE} where there is one`)
  .option('--rules-before <file>', 'the review rules before this change, so that a change of the rules is shown')
  .option(
    '--synthesized <folder>',
    'stacks synthesized from the commit under review: the plans must deliver exactly their releases',
  )
  .addOption(createChoicesOption('--fail-on <kinds>', 'also object to these, commas between them', FAIL_ON))
  .addHelpText(
    'after',
    createHelpText(
      'Exit status: 0 no objections, new lint warnings or none; 1 objections; 2 wrong use, or a plan that cannot be read; 3 something is unknown (3 wins over 1).\n' +
        'A plan file is read by terraform or tofu, whichever is found, or by what TERRAFORM_BINARY_NAME names.',
    ),
  )
  .action(async (paths: readonly string[], options: ReviewOptions) => {
    const result = await runWithClockAsync('reading and judging', (reportProgress) =>
      runReview(paths, options, reportProgress),
    );
    printOrWrite(
      printReview(result, options),
      options.out,
      `${VERDICT_STYLES[result.verdict].words.toLowerCase()}: ${result.headline}`,
      createUnwritableProblem,
    );
    process.exitCode = EXIT_STATUS[result.verdict];
  });

async function runReview(
  paths: readonly string[],
  options: ReviewOptions,
  reportProgress: ReportProgress,
): Promise<Review> {
  const synthesizedStacks = options.synthesized === undefined ? [] : readStacks(options.synthesized);
  const policies = new PolicyCache();
  const { plans, missing, files } = await readPlans(paths, {
    output: findOutputFolder(),
    stacks: synthesizedStacks,
    policies,
    input: process.stdin,
  });
  if (plans.every(({ owners, unknowns }) => owners.length === 0 && unknowns.length === 0))
    throw new Refusal(plans.map(({ name }) => createNothingOfOurs(name)));
  const rules = readRules(options);
  refuseOverwrite(options.out, [...files, ...(options.live ?? []), rules?.name, options.rulesBefore]);
  const steps = reviewInSteps(plans, {
    today: new Date().toISOString().slice(0, 10),
    missing,
    policies,
    failOn: options.failOn ?? [],
    ...(options.live === undefined ? {} : { live: readLiveAnswers(options.live, plans) }),
    ...(rules === undefined ? {} : { rules }),
    ...(options.synthesized === undefined ? {} : { synthesized: mapReleases(synthesizedStacks) }),
  });
  return runInTurns(steps, reportProgress);
}

/** Runs all steps. The event loop has its turn after each. */
async function runInTurns(steps: ReturnType<typeof reviewInSteps>, reportProgress: ReportProgress): Promise<Review> {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    reportProgress(step.value.judged, step.value.total);
    await setImmediate();
  }
}

function addFile(file: string, before: readonly string[] = []): readonly string[] {
  return [...before, file];
}

function printReview(result: Review, options: ReviewOptions): string {
  const { out } = options;
  const format = getFormat(options);
  if (format === 'json') return printJson(result);
  if (format === 'markdown') return printMarkdown(result);
  if (format === 'html') return printHtml(result, hashSha256, createOrigin());
  if (format === 'sarif') return printSarif(result, { version: getVersion(), digest: computeDigest });
  const { isTTY, columns } = process.stdout;
  const terminal = isTTY === true && out === undefined;
  return printText(result, {
    colour: terminal && !process.env['NO_COLOR'],
    ...(terminal && columns ? { width: Math.max(60, columns) } : {}),
  });
}

function createOrigin(): ReviewOrigin {
  const commit = findCiCommit(process.env);
  const madeAt = `${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return { madeAt, ...(commit === undefined ? {} : { commit }) };
}

const computeDigest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);

function readRules({ rules: rulesPath, rulesBefore }: ReviewOptions): ReviewInputs['rules'] {
  const name = rulesPath ?? (existsSync(RULES_FILE) ? RULES_FILE : undefined);
  const before = rulesBefore === undefined ? undefined : readRulesFile(rulesBefore);
  if (name === undefined) {
    if (before !== undefined) throw new Refusal([rulesMissing]);
    return undefined;
  }
  return { name, rules: readRulesFile(name), ...(before === undefined ? {} : { before }) };
}

function readRulesFile(path: string): ReviewRules {
  const message = !existsSync(path)
    ? 'There is no such file.'
    : !isFile(path)
      ? 'It is no file.'
      : getSize(path) > MAX_RULES_BYTES
        ? TOO_LARGE
        : undefined;
  if (message !== undefined) throw new Refusal([createRulesUnreadableProblem(path, message)]);
  const bytes = readFileOrRefuse(path, (reason) => createRulesUnreadableProblem(path, `It can't be read: ${reason}.`));
  return parseRulesFile(bytes, path);
}

function mapReleases(stacks: readonly { readonly folder: string }[]): NonNullable<ReviewInputs['synthesized']> {
  const ownershipRecords = stacks.flatMap(({ folder }) => readOwnershipRecords(folder) ?? []);
  return new Map(
    ownershipRecords.flatMap(({ device, owner, release }) =>
      release === undefined ? [] : [[`${device}/${owner}`, { text: release.text, policy: release.policy }]],
    ),
  );
}

const createUnwritableProblem = (where: string, reason: string): Problem => ({
  code: 'cli/review-not-written',
  where,
  what: `The review can't be written there: ${reason}.`,
  instead: '--out with a file in a folder that is there and may be written to.',
});

const rulesMissing: Problem = {
  code: 'cli/rules-missing',
  where: '--rules-before',
  what: `There are review rules before the change, and none after it: no --rules, and no ${RULES_FILE} here.`,
  instead: '--rules with the file; without any rules, an empty one: { "format": 1 }.',
};

const createRulesUnreadableProblem = (path: string, what: string): Problem => ({
  code: 'cli/rules-unreadable',
  where: printPath(path),
  what,
  instead: `a file such as ${RULES_FILE}.`,
});
