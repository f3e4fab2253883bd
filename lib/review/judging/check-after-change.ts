// Runs lint and the team's review rules on the devices as they are after a change, and summarizes the findings of all
// groups.

import { printCount } from '../../reachability/print-packets';
import { FindingsByRule, runRules, lintRules, mergeFindings } from '../../lint/lint';
import { LintSubject } from '../../lint/lint-subject';
import { LintRemark, Objection, Remark } from '../review';
import { applyAcknowledgements } from '../rules/apply-acknowledgements';
import { findBrokenRules, checkDeviceCount } from '../rules/find-broken-rules';
import { Edge, ScopedOwner } from './gateway-edges';
import { ReviewInputs } from './review-inputs';
import { isSameState } from './review-state';
import { markBaseline } from './baseline';
import { createSubjectAfter, createSubjectsBefore } from './lint-subjects';

/** The findings of lint and of the team's own rules on the devices after the change. */
export interface AfterFindings {
  readonly lint: FindingsByRule;
  readonly broken: readonly Objection[];
}

export function checkAfterChange(
  owners: readonly ScopedOwner[],
  edges: readonly Edge[],
  { rules, today }: ReviewInputs,
): AfterFindings {
  const subject = createSubjectAfter(owners, edges);
  const lint = runRules(subject);
  const isUnchanged = owners.every(({ judgedOwner: { before: getSubjectsBefore, after } }) =>
    getSubjectsBefore.every((state) => isSameState(state, after)),
  );
  let subjects: readonly LintSubject[] | undefined;
  const getSubjectsBefore = (): readonly LintSubject[] =>
    (subjects ??= isUnchanged ? [subject] : createSubjectsBefore(owners, edges));
  return {
    lint: markBaseline(lint, subject, () =>
      getSubjectsBefore().map((subjectBefore) => [
        subjectBefore,
        subjectBefore === subject ? lint : runRules(subjectBefore),
      ]),
    ),
    broken: rules ? findBrokenRules(rules.rules, subject, { changes: [], today, before: getSubjectsBefore() }) : [],
  };
}

/** The summary of all groups' findings after the change. */
export interface AfterChange {
  readonly lint: readonly LintRemark[];
  readonly objections: readonly Objection[];
  readonly notes: readonly Remark[];
  /**
   * Counts of warnings without an acknowledgement: `fresh` ones come with the change, `stood` ones were there before
   * it.
   */
  readonly warnings: { readonly fresh: number; readonly stood: number };
}

/**
 * Returns the summary of all groups. `otherObjections`: all other objections; the rules may acknowledge some of them.
 */
export function summarizeAfterChange(
  groupFindings: readonly AfterFindings[],
  devicesChanged: number,
  otherObjections: readonly Objection[],
  { rules, today, failOn = [] }: ReviewInputs,
): AfterChange {
  const findings = mergeFindings(groupFindings.map(({ lint }) => lint));
  const acknowledgedFindings = applyAcknowledgements(
    rules?.rules ?? {},
    findings.map((finding): LintRemark => ({
      ...finding,
      ...(isObjectedWhenNew(finding) && finding.existedBefore === false ? { severity: 'error' } : {}),
    })),
    today,
    otherObjections,
  );
  const countedFindings = acknowledgedFindings.lint.filter((finding) => finding.acknowledged === undefined);
  const errors = countedFindings.filter(({ severity }) => severity === 'error');
  const warnings = countedFindings.filter(({ severity }) => severity === 'warning');
  return {
    lint: acknowledgedFindings.lint,
    objections: [
      ...groupFindings.flatMap(({ broken: brokenRules }) => brokenRules),
      ...(rules ? checkDeviceCount(rules.rules, devicesChanged) : []),
      ...errors.map(toObjection),
      ...acknowledgedFindings.objections,
      ...objectToWarnings(warnings, failOn),
    ],
    notes: acknowledgedFindings.notes,
    warnings: {
      fresh: warnings.filter((warning) => !warning.existedBefore).length,
      stood: warnings.filter((warning) => warning.existedBefore).length,
    },
  };
}

/** Returns `ports/x at gateway edge; ports/y at server web1`, and how many more there are. */
function listDistinct(warnings: readonly LintRemark[]): string {
  const descriptions = [...new Set(warnings.map(({ code, where }) => `${code} at ${where}`))];
  const moreWords =
    descriptions.length > MAX_NAMED_WARNINGS ? `, and ${descriptions.length - MAX_NAMED_WARNINGS} more` : '';
  return `${descriptions.slice(0, MAX_NAMED_WARNINGS).join('; ')}${moreWords}`;
}
const MAX_NAMED_WARNINGS = 5;

const isObjectedWhenNew = ({ code }: LintRemark): boolean =>
  lintRules.some((rule) => rule.code === code && rule.objectedWhenNew === true);

const toObjection = ({ code, where, what, instead, existedBefore }: LintRemark): Objection => ({
  code,
  where,
  what,
  instead,
  ...(existedBefore === undefined ? {} : { existedBefore }),
});

function objectToWarnings(
  warnings: readonly LintRemark[],
  failOn: NonNullable<ReviewInputs['failOn']>,
): readonly Remark[] {
  const objectsToAny = failOn.includes('warning');
  const objectedWarnings =
    objectsToAny || failOn.includes('new-warning')
      ? warnings.filter(({ existedBefore }) => objectsToAny || !existedBefore)
      : [];
  if (objectedWarnings.length === 0) return [];
  const [objectedWords, option] = objectsToAny ? ['any', 'warning'] : ['new ones', 'new-warning'];
  return [
    {
      code: 'review/fail-on-warning',
      where: 'this change',
      what: `${printCount(objectedWarnings.length, objectsToAny ? 'lint warning' : 'new lint warning')} without an acknowledgement, and this review objects to ${objectedWords} (--fail-on ${option}): ${listDistinct(objectedWarnings)}.`,
      instead: 'what each of them asks for; or its acknowledgement in the review rules.',
    },
  ];
}
