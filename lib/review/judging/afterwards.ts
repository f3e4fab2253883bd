import { counted } from '../../reachability/words';
import { Findings, findings, lintRules, together } from '../../lint/lint';
import { Subject } from '../../lint/subject';
import { LintRemark, Objection, Remark } from '../review';
import { acknowledged } from '../rules/acknowledge';
import { opened, tooMany } from '../rules/enforce';
import { Edge, Sided } from './edges';
import { Known } from './known';
import { sameState } from './state';
import { withBaseline } from './baseline';
import { subjectAfter, subjectsBefore } from './subject';

/** What lint and the team's own rules find of how some of the devices will be, whatever changes. */
export interface Found {
  readonly lint: Findings;
  readonly broken: readonly Objection[];
}

export function foundAfter(all: readonly Sided[], edges: readonly Edge[], { rules, today }: Known): Found {
  const subject = subjectAfter(all, edges);
  const lint = findings(subject);
  const asBefore = all.every(({ judged: { before, after } }) => before.every((state) => sameState(state, after)));
  let subjects: readonly Subject[] | undefined;
  const before = (): readonly Subject[] => (subjects ??= asBefore ? [subject] : subjectsBefore(all, edges));
  return {
    lint: withBaseline(lint, subject, () => before().map((one) => [one, one === subject ? lint : findings(one)])),
    broken: rules ? opened(rules.rules, subject, { changes: [], today, before: before() }) : [],
  };
}

/** What is said of how the devices will be. */
export interface Afterwards {
  readonly lint: readonly LintRemark[];
  readonly objections: readonly Objection[];
  readonly notes: readonly Remark[];
  /** Warnings that nobody has acknowledged: those that the change brings, and those that stood before it. */
  readonly warnings: { readonly fresh: number; readonly stood: number };
}

/** `beside`: all other objections, of which the rules may acknowledge some. */
export function afterwards(
  apart: readonly Found[],
  devicesChanged: number,
  beside: readonly Objection[],
  { rules, today, failOn = [] }: Known,
): Afterwards {
  const all = together(apart.map(({ lint }) => lint));
  const found = acknowledged(
    rules?.rules ?? {},
    all.map((finding): LintRemark => ({
      ...finding,
      ...(isObjected(finding) && finding.stood === false ? { severity: 'error' } : {}),
    })),
    today,
    beside,
  );
  const counting = found.lint.filter((finding) => finding.acknowledged === undefined);
  const errors = counting.filter(({ severity }) => severity === 'error');
  const warnings = counting.filter(({ severity }) => severity === 'warning');
  return {
    lint: found.lint,
    objections: [
      ...apart.flatMap(({ broken }) => broken),
      ...(rules ? tooMany(rules.rules, devicesChanged) : []),
      ...errors.map(objectionOf),
      ...found.objections,
      ...unwantedWarnings(warnings, failOn),
    ],
    notes: found.notes,
    warnings: { fresh: warnings.filter((one) => !one.stood).length, stood: warnings.filter((one) => one.stood).length },
  };
}

/** `ports/x at gateway edge, ports/y at server web1`, and how many more. */
function namedOnce(warnings: readonly LintRemark[]): string {
  const all = [...new Set(warnings.map(({ code, where }) => `${code} at ${where}`))];
  const more = all.length > MOST_NAMED ? `, and ${all.length - MOST_NAMED} more` : '';
  return `${all.slice(0, MOST_NAMED).join('; ')}${more}`;
}
const MOST_NAMED = 5;

const isObjected = ({ code }: LintRemark): boolean =>
  lintRules.some((rule) => rule.code === code && rule.objectedWhenNew === true);

const objectionOf = ({ code, where, what, instead, stood }: LintRemark): Objection => ({
  code,
  where,
  what,
  instead,
  ...(stood === undefined ? {} : { stood }),
});

function unwantedWarnings(warnings: readonly LintRemark[], failOn: NonNullable<Known['failOn']>): readonly Remark[] {
  const any = failOn.includes('warning');
  const unwanted = any || failOn.includes('new-warning') ? warnings.filter(({ stood }) => any || !stood) : [];
  if (unwanted.length === 0) return [];
  const [which, option] = any ? ['any', 'warning'] : ['new ones', 'new-warning'];
  return [
    {
      code: 'review/fail-on-warning',
      where: 'this change',
      what: `${counted(unwanted.length, any ? 'lint warning' : 'new lint warning')} nobody has acknowledged, and this review objects to ${which} (--fail-on ${option}): ${namedOnce(unwanted)}.`,
      instead: 'what each of them asks for; or its acknowledgement in the review rules.',
    },
  ];
}
