import { counted } from '../../exposure/words';
import { lint, lintRules } from '../../lint/lint';
import { Subject } from '../../lint/subject';
import { Change, LintRemark, Remark } from '../review';
import { acknowledged } from '../rules/acknowledge';
import { enforce } from '../rules/enforce';
import { Edge, Sided } from './edges';
import { Known } from './known';
import { subjectAfter, subjectsBefore } from './subject';

/** What is said of how the devices will be, whatever changes: lint, and the team's own rules. */
export interface Afterwards {
  readonly lint: readonly LintRemark[];
  readonly objections: readonly Remark[];
  readonly notes: readonly Remark[];
  /** Warnings that nobody has acknowledged: those that the change brings, and those that stood before it. */
  readonly warnings: { readonly fresh: number; readonly stood: number };
}

export function afterwards(
  all: readonly Sided[],
  edges: readonly Edge[],
  change: { readonly changes: readonly Change[]; readonly devicesChanged: number },
  { rules, today, failOn = [] }: Known,
): Afterwards {
  const subject = subjectAfter(all, edges);
  const findings = lint(subject);
  const stood = standing(findings, () => subjectsBefore(all, edges));
  const found = acknowledged(
    rules?.rules ?? {},
    findings.map((finding) => (isObjected(finding) && !stood(finding) ? { ...finding, severity: 'error' } : finding)),
    today,
  );
  const counting = found.lint.filter((finding) => finding.acknowledged === undefined);
  const errors = counting.filter(({ severity }) => severity === 'error');
  const warnings = counting.filter(({ severity }) => severity === 'warning');
  const broken = rules ? enforce(rules.rules, subject, { ...change, today, before: subjectsBefore(all, edges) }) : [];
  return {
    lint: found.lint,
    objections: [
      ...broken,
      ...errors.map(remarkOf),
      ...found.objections,
      ...(failOn.includes('warning') ? unwantedWarnings(warnings) : []),
    ],
    notes: found.notes,
    warnings: { fresh: warnings.filter((one) => !stood(one)).length, stood: warnings.filter(stood).length },
  };
}

const isObjected = ({ code }: LintRemark): boolean => lintRules.some((rule) => rule.code === code && rule.objectedWhenNew === true);

/** Whether a finding was there in whatever state the devices are before the change. A device without a release of ours has none. */
function standing(found: readonly LintRemark[], before: () => readonly Subject[]): (finding: LintRemark) => boolean {
  if (found.every(({ severity }) => severity !== 'warning')) return () => true;
  const known = before().map((subject) => new Set(lint(subject).map(keyOf)));
  return (finding) => known.length > 0 && known.every((keys) => keys.has(keyOf(finding)));
}

const keyOf = ({ code, where, what }: Remark): string => JSON.stringify([code, where, what]);

const remarkOf = ({ code, where, what, instead }: LintRemark): Remark => ({ code, where, what, instead });

const unwantedWarnings = (warnings: readonly LintRemark[]): readonly Remark[] =>
  warnings.length === 0
    ? []
    : [
        {
          code: 'review/fail-on-warning',
          where: 'this change',
          what: `${counted(warnings.length, 'lint warning')} nobody has acknowledged, and this review objects to any (--fail-on warning).`,
          instead: 'what each of them asks for; or its acknowledgement in the review rules.',
        },
      ];
