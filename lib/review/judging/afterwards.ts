import { lint } from '../../lint/lint';
import { Change, LintRemark, Remark } from '../review';
import { acknowledged } from '../rules/acknowledge';
import { enforce } from '../rules/enforce';
import { Edge, Sided } from './edges';
import { Known } from './known';
import { subjectAfter, subjectsBefore } from './subject';
import { counted } from './words';

/** What is said of how the devices will be, whatever changes: lint, and the team's own rules. */
export interface Afterwards {
  readonly lint: readonly LintRemark[];
  readonly objections: readonly Remark[];
  readonly notes: readonly Remark[];
}

export function afterwards(
  all: readonly Sided[],
  edges: readonly Edge[],
  change: { readonly changes: readonly Change[]; readonly devicesChanged: number },
  { rules, today, failOn = [] }: Known,
): Afterwards {
  const subject = subjectAfter(all, edges);
  const found = acknowledged(rules?.rules ?? {}, lint(subject), today);
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
  };
}

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
