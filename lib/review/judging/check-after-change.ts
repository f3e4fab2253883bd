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

/** What lint and the team's own rules find of how some of the devices will be, whatever changes. */
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
  const isUnchanged = owners.every(({ judged: { before: getSubjectsBefore, after } }) =>
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

/** What is said of how the devices will be. */
export interface AfterChange {
  readonly lint: readonly LintRemark[];
  readonly objections: readonly Objection[];
  readonly notes: readonly Remark[];
  /** Warnings that nobody has acknowledged: those that the change brings, and those that stood before it. */
  readonly warnings: { readonly fresh: number; readonly stood: number };
}

/** `beside`: all other objections, of which the rules may acknowledge some. */
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
      ...(isObjectedWhenNew(finding) && finding.stood === false ? { severity: 'error' } : {}),
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
      fresh: warnings.filter((warning) => !warning.stood).length,
      stood: warnings.filter((warning) => warning.stood).length,
    },
  };
}

/** `ports/x at gateway edge, ports/y at server web1`, and how many more. */
function listDistinct(warnings: readonly LintRemark[]): string {
  const descriptions = [...new Set(warnings.map(({ code, where }) => `${code} at ${where}`))];
  const moreWords =
    descriptions.length > MAX_NAMED_WARNINGS ? `, and ${descriptions.length - MAX_NAMED_WARNINGS} more` : '';
  return `${descriptions.slice(0, MAX_NAMED_WARNINGS).join('; ')}${moreWords}`;
}
const MAX_NAMED_WARNINGS = 5;

const isObjectedWhenNew = ({ code }: LintRemark): boolean =>
  lintRules.some((rule) => rule.code === code && rule.objectedWhenNew === true);

const toObjection = ({ code, where, what, instead, stood }: LintRemark): Objection => ({
  code,
  where,
  what,
  instead,
  ...(stood === undefined ? {} : { stood }),
});

function objectToWarnings(
  warnings: readonly LintRemark[],
  failOn: NonNullable<ReviewInputs['failOn']>,
): readonly Remark[] {
  const objectsToAny = failOn.includes('warning');
  const unwanted =
    objectsToAny || failOn.includes('new-warning') ? warnings.filter(({ stood }) => objectsToAny || !stood) : [];
  if (unwanted.length === 0) return [];
  const [objectedWords, option] = objectsToAny ? ['any', 'warning'] : ['new ones', 'new-warning'];
  return [
    {
      code: 'review/fail-on-warning',
      where: 'this change',
      what: `${printCount(unwanted.length, objectsToAny ? 'lint warning' : 'new lint warning')} nobody has acknowledged, and this review objects to ${objectedWords} (--fail-on ${option}): ${listDistinct(unwanted)}.`,
      instead: 'what each of them asks for; or its acknowledgement in the review rules.',
    },
  ];
}
