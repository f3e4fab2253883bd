// lib/lint warns of what the source documents warn of, in policies and in exposures.
// Input: a LintSubject, which holds everything known about the devices of one change or about an unmanaged device.
// Output: findings, with the code, severity and page of their rule. rules.ts lists the rules; each rule is one file.
// This folder may not know platforms, parsers, generators, the verifier or reports.

import { escapeForDisplay } from '../problems/problem';
import { getPagePath } from './explain-rule';
import { Finding as RuleFinding, Severity } from './lint-rule';
import { lintRules } from './rules';
import { LintSubject } from './lint-subject';

export { isAskedOfUnmanaged, isAskedWithFiles } from './unmanaged-rules';
export { lintRules };
export type { InputFilter, BlockingProgram, SubjectOwner } from './lint-subject';

interface ReviewedFinding extends RuleFinding {
  /** Whether the finding existed before the change under review; undefined if that is not asked. */
  readonly existedBefore?: boolean;
}

/** A finding with the rule that made it. */
interface LintResult extends ReviewedFinding {
  readonly code: string;
  readonly severity: Severity;
  /** The path of the page that explains the rule. */
  readonly page: string;
}

const SEVERITY_ORDER: readonly Severity[] = ['error', 'warning', 'note'];

/** The findings of each rule, in the order of the rules. */
export type FindingsByRule = readonly (readonly ReviewedFinding[])[];

export const runRules = (subject: LintSubject): FindingsByRule => lintRules.map(({ find }) => find(subject));

/**
 * Returns all findings of the rules: errors first, then by code and place. Names of files and devices are escaped for
 * display.
 */
export const lint = (subject: LintSubject): readonly LintResult[] => mergeFindings([runRules(subject)]);

/** Returns the findings of several subjects that were judged separately. */
export function mergeFindings(findingSets: readonly FindingsByRule[]): readonly LintResult[] {
  const results = lintRules.flatMap(({ code, severity }, index) =>
    limitFindings(findingSets.flatMap((item) => item[index]!)).map(
      ({ where, what, instead, existedBefore }): LintResult => ({
        code,
        severity,
        page: getPagePath(code),
        ...(existedBefore === undefined ? {} : { existedBefore }),
        where: escapeForDisplay(where),
        what: escapeForDisplay(what),
        instead: escapeForDisplay(instead),
      }),
    ),
  );
  const toKey = ({ severity, code, where, what }: LintResult): string =>
    `${SEVERITY_ORDER.indexOf(severity)} ${code} ${where} ${what}`;
  const keys = new Map(results.map((item) => [item, toKey(item)]));
  return results.sort((a, b) => (keys.get(a)! < keys.get(b)! ? -1 : 1));
}

/** The most findings of a rule that are listed. More places are counted, and a few of them are named. */
const MAX_LISTED_FINDINGS = 12;
const MAX_NAMED_PLACES = 3;

function limitFindings(ruleFindings: readonly ReviewedFinding[]): readonly ReviewedFinding[] {
  if (ruleFindings.length <= MAX_LISTED_FINDINGS) return ruleFindings;
  // New findings are named first.
  const orderedFindings = [
    ...ruleFindings.filter(({ existedBefore }) => existedBefore === false),
    ...ruleFindings.filter(({ existedBefore }) => existedBefore !== false),
  ];
  const first = orderedFindings[0]!;
  const remainingCount = orderedFindings.length - 1;
  return [
    {
      ...first,
      where: `${orderedFindings
        .slice(0, MAX_NAMED_PLACES)
        .map(({ where }) => where)
        .join('; ')} and ${orderedFindings.length - MAX_NAMED_PLACES} more`,
      what: `${first.what} The same goes for ${remainingCount} more places.`,
      ...(first.existedBefore === undefined
        ? {}
        : { existedBefore: orderedFindings.every(({ existedBefore }) => existedBefore === true) }),
    },
  ];
}
