// Renders the HTML report of `npm start`: the review of the plan, the exposure, and the observed packets beside the
// computed reachability.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashSha256 } from '../../cli/sha256';
import { groupBy } from '../../lib/net/group-by';
import { ReportSection, RichText, printNumber } from '../../lib/report/report-document';
import { renderRowFilter } from '../../lib/report/page/row-filter';
import { Html, EMPTY_HTML, markup } from '../../lib/report/page/html';
import { printPage } from '../../lib/report/page/print-page';
import { renderSections } from '../../lib/report/page/html-sections';
import { PolicyCache } from '../../lib/review/policy-cache';
import { readPlan } from '../../lib/review/plan/parse-plan';
import { renderReview } from '../../lib/review/print/review-html';
import { renderReviewSections as reviewSections } from '../../lib/review/print/review-sections';
import { createReview } from '../../lib/review/judging/create-review';
import { Review } from '../../lib/review/review';
import { parseRulesFile } from '../../lib/review/rules/parse-rules';
import { parseQuestion } from '../../lib/exposure/answer/question';
import { createExposureReport } from '../../lib/exposure/create-exposure-report';
import { NO_FACTS } from '../../lib/exposure/facts/device-facts';
import { renderDevices } from '../../lib/exposure/print/exposure-html';
import { createSections as exposureSections } from '../../lib/exposure/print/report-sections';
import { ExposureReport } from '../../lib/exposure/report/exposure-report-types';
import { readOwnershipRecords, createInflater } from '../../driver/synthesized-stack';
import { Compared, countAsked } from '../compare-reachability';
import { REPOSITORY } from '../stack';

const RULES = 'cpanel-edge.rules.json';

/**
 * Returns the review of a plan (`terraform show -json`), by the repository's own rules, with the stack that was
 * planned.
 */
export function reviewOfPlan(planJson: unknown, stackFolder: string): Review {
  const policies = new PolicyCache();
  const stack: unknown = JSON.parse(readFileSync(join(stackFolder, 'cdk.tf.json'), 'utf8'));
  const plan = readPlan(planJson, 'lab', { inflate: createInflater('lab'), stack, policies });
  const rules = { name: RULES, rules: parseRulesFile(readFileSync(join(REPOSITORY, RULES)), RULES) };
  return createReview([plan], { today: new Date().toISOString().slice(0, 10), policies, rules });
}

/** Returns the exposure that was proven of a synthesized stack, as `cpanel-edge exposure` prints it. */
export function exposureOf(stackFolder: string): ExposureReport {
  const releases = (readOwnershipRecords(stackFolder) ?? []).flatMap(({ release }) => (release ? [release] : []));
  const source = {
    is: 'releases',
    name: 'Exposure',
    formatLabel: 'as proven from the rules that are sent',
    releases,
    unknowns: [],
    omittedLines: [],
  } as const;
  return createExposureReport([source], NO_FACTS, parseQuestion({}));
}

export interface Deployed {
  /** Undefined without a plan. */
  readonly review?: Review;
  readonly exposure: ExposureReport;
  /** One line for each mapping: `203.0.113.10 to web1 10.0.0.10`. */
  readonly mappings: readonly string[];
  /** Undefined without a deployment. */
  readonly compared?: readonly Compared[];
  /** Reason why the stack wasn't deployed. */
  readonly why?: string;
}

/** Prints one page: the review of the plan, the proven exposure, and the observations beside it. */
export function printLabReport({ review, exposure, mappings, compared, why = '' }: Deployed): string {
  const { tone, letter, words } = firstLine(mappings, compared, why);
  const observed = compared ? observedSections(compared) : [];
  const [device] = exposure.devices;
  const filter = renderRowFilter([
    ...observed,
    ...(review ? reviewSections(review) : []),
    ...(device ? exposureSections(device, '') : []),
  ]);
  return printPage(
    {
      title: words,
      headline: markup`<span class="${tone}"><span aria-hidden="true">${letter}</span> ${words}</span>`,
      body: markup`${compared ? countsOf(compared) : EMPTY_HTML}${filter}${renderSections(observed.slice(0, -1), 2)}${review ? renderReview(review) : WITHOUT_PLAN}
${renderDevices(exposure)}${compared ? renderSections(observed.slice(-1), 2) : WITHOUT_LAB}`,
    },
    hashSha256,
  );
}

const WITHOUT_PLAN = markup`<h2>Review of the plan</h2>\n<p>There is no plan, because there is no Terraform.</p>\n`;
const WITHOUT_LAB = markup`<h2>Proven, and observed</h2>\n<p>Nothing was deployed, so nothing was observed.</p>\n`;

/** Returns one sentence on what was done, and on whether the observations equal the proof. */
export function firstLine(mappings: readonly string[], compared: readonly Compared[] | undefined, why: string) {
  const what = `The stack "lab" (${mappings.join('; ')})`;
  if (!compared) return { tone: 'unsure', letter: '⚠', words: `${what} was proven, and was not deployed: ${why}` };
  const different = compared.filter(({ same }) => !same).length;
  const done = `${what} was deployed into a lab on this machine and every port was asked`;
  if (different === 0)
    return { tone: 'good', letter: '✔', words: `${done}: everything that was observed is what was proven.` };
  return {
    tone: 'bad',
    letter: '✘',
    words: `${done}: ${printNumber(different)} of ${printNumber(compared.length)} answers differ from what was proven.`,
  };
}

function countsOf(compared: readonly Compared[]): Html {
  const { tcp, udp, places, addresses } = countAsked();
  const ports = `${printNumber(tcp)} TCP and ${printNumber(udp)} UDP ports, and ping, GRE and SCTP, from ${places} places to ${addresses} addresses`;
  return markup`<p class="counts">Asked: ${ports}; ${printNumber(compared.length)} answers.</p>\n`;
}

/**
 * Returns the sections on observations: first the differences, if there are any; then a row for each asker and target.
 */
export function observedSections(compared: readonly Compared[]): readonly [...ReportSection[], ReportSection] {
  const different = compared.filter(({ same }) => !same);
  const rows = [...groupBy(compared, ({ between }) => between)].map(([between, alike]): readonly RichText[] => {
    const same = alike.every((one) => one.same);
    const cell = (value: (one: Compared) => string): RichText =>
      alike.flatMap((one, at) => [
        ...(at === 0 ? [] : [{ sign: '\n' } as const]),
        `${one.question.slice(between.length + 2)}: ${value(one)}`,
      ]);
    return [same ? '✔' : [{ strong: 'DIFFERS' }], between, cell((one) => one.proven), cell((one) => one.observed)];
  });
  const all: ReportSection = {
    title: 'Proven, and observed',
    items: compared.map(({ question }) => ({ words: question })),
    table: { columns: ['', 'asked', 'proven', 'observed'], rows, omittedCount: 0 },
  };
  if (different.length === 0) return [all];
  const items = different.map(({ question, proven, observed }) => ({
    words: question,
    tone: 'bad' as const,
    fields: [
      ['proven', proven],
      ['observed', observed],
    ] as const,
  }));
  return [{ title: 'Differs from what was proven', items }, all];
}
