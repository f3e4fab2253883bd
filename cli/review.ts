import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { Command } from 'commander';
import { Problem, Refusal } from '../lib/problems/problem';
import { Known } from '../lib/review/judging/known';
import { reviewInSteps } from '../lib/review/judging/reviewed';
import { nothingOfOurs } from '../lib/review/plan/problems';
import { printHtml } from '../lib/review/print/html';
import { printJson } from '../lib/review/print/json';
import { printMarkdown } from '../lib/review/print/markdown';
import { printSarif } from '../lib/review/print/sarif';
import { printText } from '../lib/review/print/text';
import { VERDICTS } from '../lib/review/print/verdicts';
import { Policies } from '../lib/review/policies';
import { Review } from '../lib/review/review';
import { ReviewRules } from '../lib/review/rules';
import { rulesFrom } from '../lib/review/rules/parse';
import { holdersIn } from '../driver/synthesized';
import { withClockBeside } from './clock';
import { below } from './help';
import { liveIn } from './live-files';
import { isFile, sizeOf } from './on-disk';
import { FormatOptions, formatOf, withFormat } from './format';
import { plansIn, stacksIn } from './plan-files';
import { At } from './progress';
import { sha256 } from './sha256';
import { outputFolder } from './target';
import { version } from './version';
import { named, printOrWrite, readWhole, refuseOver } from './whole-file';
import { someOf } from './words';

const FORMATS = ['text', 'markdown', 'html', 'json', 'sarif'] as const;
const FAIL_ON = ['opened', 'moved', 'closed', 'identity', 'unknown', 'warning', 'new-warning'] as const;
type FailOn = (typeof FAIL_ON)[number];
const RULES = 'cpanel-edge.rules.json';
const MOST_RULES = 1_000_000;
const TOO_LARGE = 'It is larger than a megabyte.';

interface Options extends FormatOptions<(typeof FORMATS)[number]> {
  readonly out?: string;
  readonly live?: readonly string[];
  readonly rules?: string;
  readonly rulesBefore?: string;
  readonly synthesized?: string;
  readonly failOn?: readonly FailOn[];
}

const STATUS: Readonly<Record<Review['verdict'], number>> = {
  'nothing to object to': 0,
  warnings: 0,
  objections: 1,
  unknown: 3,
};

export const review = withFormat(new Command('review'), FORMATS)
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
    several,
  )
  .option('--rules <file>', `review rules; default: ${RULES} where there is one`)
  .option('--rules-before <file>', 'the review rules before this change, so that a change of the rules is shown')
  .option(
    '--synthesized <folder>',
    'stacks synthesized from the commit under review: the plans must deliver exactly their releases',
  )
  .addOption(someOf('--fail-on <kinds>', 'also object to these, commas between them', FAIL_ON))
  .addHelpText(
    'after',
    below(
      'Exit status: 0 no objections, new lint warnings or none; 1 objections; 2 wrong use, or a plan that cannot be read; 3 something is unknown (3 wins over 1).\n' +
        'A plan file is read by terraform or tofu, whichever is found, or by what TERRAFORM_BINARY_NAME names.',
    ),
  )
  .action(async (given: readonly string[], options: Options) => {
    const judged = await withClockBeside('reading and judging', (at) => judgedOf(given, options, at));
    printOrWrite(
      printed(judged, options),
      options.out,
      `${VERDICTS[judged.verdict].words.toLowerCase()}: ${judged.headline}`,
      unwritable,
    );
    process.exitCode = STATUS[judged.verdict];
  });

async function judgedOf(given: readonly string[], options: Options, at: At): Promise<Review> {
  const synthesized = options.synthesized === undefined ? [] : stacksIn(options.synthesized);
  const policies = new Policies();
  const { plans, missing, files } = await plansIn(given, {
    output: outputFolder(),
    stacks: synthesized,
    policies,
    input: process.stdin,
  });
  if (plans.every(({ owners, doubts }) => owners.length === 0 && doubts.length === 0))
    throw new Refusal(plans.map(({ name }) => nothingOfOurs(name)));
  const rules = rulesOf(options);
  refuseOver(options.out, [...files, ...(options.live ?? []), rules?.name, options.rulesBefore]);
  const steps = reviewInSteps(plans, {
    today: new Date().toISOString().slice(0, 10),
    missing,
    policies,
    failOn: options.failOn ?? [],
    ...(options.live === undefined ? {} : { live: liveIn(options.live, plans) }),
    ...(rules === undefined ? {} : { rules }),
    ...(options.synthesized === undefined ? {} : { synthesized: releasesOf(synthesized) }),
  });
  return inTurns(steps, at);
}

/** Lets everything else have its turn after each step. */
async function inTurns(steps: ReturnType<typeof reviewInSteps>, at: At): Promise<Review> {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    at(step.value.judged, step.value.of);
    await setImmediate();
  }
}

function several(file: string, before: readonly string[] = []): readonly string[] {
  return [...before, file];
}

function printed(judged: Review, options: Options): string {
  const { out } = options;
  const format = formatOf(options);
  if (format === 'json') return printJson(judged);
  if (format === 'markdown') return printMarkdown(judged);
  if (format === 'html') return printHtml(judged, sha256);
  if (format === 'sarif') return printSarif(judged, { version: version(), digest });
  const { isTTY, columns } = process.stdout;
  const terminal = isTTY === true && out === undefined;
  return printText(judged, {
    colour: terminal && !process.env['NO_COLOR'],
    ...(terminal && columns ? { width: Math.max(60, columns) } : {}),
  });
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);

function rulesOf({ rules: given, rulesBefore }: Options): Known['rules'] {
  const name = given ?? (existsSync(RULES) ? RULES : undefined);
  const before = rulesBefore === undefined ? undefined : rulesIn(rulesBefore);
  if (name === undefined) {
    if (before !== undefined) throw new Refusal([rulesMissing]);
    return undefined;
  }
  return { name, rules: rulesIn(name), ...(before === undefined ? {} : { before }) };
}

function rulesIn(path: string): ReviewRules {
  const why = !existsSync(path)
    ? 'There is no such file.'
    : !isFile(path)
      ? 'It is no file.'
      : sizeOf(path) > MOST_RULES
        ? TOO_LARGE
        : undefined;
  if (why !== undefined) throw new Refusal([rulesUnreadable(path, why)]);
  const bytes = readWhole(path, (reason) => rulesUnreadable(path, `It can't be read: ${reason}.`));
  return rulesFrom(bytes, path);
}

function releasesOf(stacks: readonly { readonly folder: string }[]): NonNullable<Known['synthesized']> {
  const holders = stacks.flatMap(({ folder }) => holdersIn(folder) ?? []);
  return new Map(
    holders.flatMap(({ device, owner, release }) =>
      release === undefined ? [] : [[`${device}/${owner}`, { text: release.text, policy: release.policy }]],
    ),
  );
}

const unwritable = (where: string, why: string): Problem => ({
  code: 'cli/review-not-written',
  where,
  what: `The review can't be written there: ${why}.`,
  instead: '--out with a file in a folder that is there and may be written to.',
});

const rulesMissing: Problem = {
  code: 'cli/rules-missing',
  where: '--rules-before',
  what: `There are review rules before the change, and none after it: no --rules, and no ${RULES} here.`,
  instead: '--rules with the file; without any rules, an empty one: { "format": 1 }.',
};

const rulesUnreadable = (path: string, what: string): Problem => ({
  code: 'cli/rules-unreadable',
  where: named(path),
  what,
  instead: `a file such as ${RULES}.`,
});
