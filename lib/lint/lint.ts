import { printable } from '../problems/problem';
import { pageOf } from './explain';
import { Finding as OfRule, Severity } from './rule';
import { lintRules } from './rules';
import { Subject } from './subject';

export { isAskedOfOthers, isAskedWithFiles } from './of-others';
export { lintRules };
export type { Filter, Keeper, SubjectOwner } from './subject';

interface Finding extends OfRule {
  /** Whether it was there before the change under review, where that is asked. */
  readonly stood?: boolean;
}

/** A finding with the rule that made it. */
interface Found extends Finding {
  readonly code: string;
  readonly severity: Severity;
  /** Where the rule is explained. */
  readonly page: string;
}

const ORDER: readonly Severity[] = ['error', 'warning', 'note'];

/** What each of the rules finds, in their order. */
export type Findings = readonly (readonly Finding[])[];

export const findings = (subject: Subject): Findings => lintRules.map(({ find }) => find(subject));

/** Everything that the rules find: errors first, then by code and place. Names of files and devices come out as they may be shown. */
export const lint = (subject: Subject): readonly Found[] => together([findings(subject)]);

/** The same of several subjects, each of which was judged for itself. */
export function together(apart: readonly Findings[]): readonly Found[] {
  const found = lintRules.flatMap(({ code, severity }, at) =>
    counted(apart.flatMap((one) => one[at]!)).map(({ where, what, instead, stood }): Found => ({
      code,
      severity,
      page: pageOf(code),
      ...(stood === undefined ? {} : { stood }),
      where: printable(where),
      what: printable(what),
      instead: printable(instead),
    })),
  );
  const key = ({ severity, code, where, what }: Found): string => `${ORDER.indexOf(severity)} ${code} ${where} ${what}`;
  const keys = new Map(found.map((one) => [one, key(one)]));
  return found.sort((a, b) => (keys.get(a)! < keys.get(b)! ? -1 : 1));
}

/** More places than this are counted, and a few of them named. */
const MOST = 12;
const NAMED = 3;

function counted(all: readonly Finding[]): readonly Finding[] {
  if (all.length <= MOST) return all;
  // Of those that are named the new ones come first.
  const findings = [...all.filter(({ stood }) => stood === false), ...all.filter(({ stood }) => stood !== false)];
  const first = findings[0]!;
  const rest = findings.length - 1;
  return [
    {
      ...first,
      where: `${findings
        .slice(0, NAMED)
        .map(({ where }) => where)
        .join('; ')} and ${findings.length - NAMED} more`,
      what: `${first.what} The same goes for ${rest} more places.`,
      ...(first.stood === undefined ? {} : { stood: findings.every(({ stood }) => stood === true) }),
    },
  ];
}
