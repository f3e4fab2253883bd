// Prints contributing/mutants.md: the surviving mutants with their reasons.

import { Outcome } from './judge';
import { Kind } from './mutants';
import { reasonOf } from './reasons';

export const PAGE = 'contributing/mutants.md';

/** A mutant and its outcome. */
export interface Tried {
  readonly kind: Kind;
  readonly of: string;
  readonly name: string;
  readonly outcome: Outcome;
}

type Survivor = Tried & { readonly outcome: Extract<Outcome, { readonly is: 'survives' }> };

const survives = (one: Tried): one is Survivor => one.outcome.is === 'survives';

/** Survivors without a reason, in the order of their kinds. */
export const unexplained = (tried: readonly Tried[]): readonly Survivor[] =>
  tried.filter(survives).filter((one) => reasonOf(one.kind, one.of, one.name, one.outcome.effect) === undefined);

const KINDS: Readonly<Record<Kind, string>> = {
  named: 'named mistakes',
  writer: 'writers',
  meaning: 'meaning',
  text: 'texts',
};

/** The text for a terminal: counts, then survivors without a reason. `open`: the number of those. */
export function summary(tried: readonly Tried[]): { readonly text: string; readonly open: number } {
  const open = unexplained(tried);
  const counts = Object.entries(KINDS).map(([kind, words]) => {
    const of = tried.filter((one) => one.kind === kind);
    const survivors = of.filter(survives).length;
    const seen = of.filter(({ outcome }) => outcome.is === 'seen').length;
    return `${words.padEnd(15)} ${`${of.length}`.padStart(5)} tried, ${seen} seen, ${of.length - seen - survivors} without effect, ${survivors} survive\n`;
  });
  const shown = open.map(
    ({ of, name, outcome }) =>
      `SURVIVES (${outcome.effect}) ${named({ of, name })}\n  ${outcome.where}\n${outcome.lines.map((line) => `  ${line}\n`).join('')}`,
  );
  return { text: [...counts, ...shown].join(''), open: open.length };
}

/** The page of survivors and reasons: a line for each change of a source, and one for each kind of change of texts. */
export function page(tried: readonly Tried[]): string {
  const byReason = new Map<string, Set<string>>();
  for (const one of tried.filter(survives)) {
    const reason = reasonOf(one.kind, one.of, one.name, one.outcome.effect) ?? 'Without a reason: a mistake';
    const lines = byReason.get(reason) ?? new Set<string>();
    byReason.set(reason, lines.add(lineOf(one)));
  }
  const rows = Object.entries(KINDS).map(([kind, words]) => {
    const of = tried.filter((one) => one.kind === kind);
    const count = (is: Outcome['is']): number => of.filter(({ outcome }) => outcome.is === is).length;
    return `| ${words} | ${of.length} | ${count('seen')} | ${count('no effect')} | ${count('survives')} |`;
  });
  return [
    ...HEAD,
    '| changed | mutants | seen | without effect | survive |',
    '| --- | ---: | ---: | ---: | ---: |',
    ...rows,
    '',
    ...[...byReason]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([reason, lines]) => [`## ${reason}`, '', ...[...lines].sort(), '']),
  ].join('\n');
}

/** A survivor's line on the page. */
const lineOf = (one: Pick<Tried, 'of' | 'name'>): string => `- \`${named(one).replaceAll('`', "'")}\``;

/** A named mutant shows its file in its name. */
const named = ({ of, name }: Pick<Tried, 'of' | 'name'>): string => (of === '' ? name : `${of}: ${name}`);

const HEAD: readonly string[] = [
  '# What the proof lets through',
  '',
  'Made by `npm run mutants -- --write`; do not edit. Writers, meaning and texts are changed in one place at a time, and the proof alone is',
  'asked, goldens aside. What it does not see stands here with the reason why it may pass: nothing here opens a port, leads elsewhere or shows',
  'another identity. A mutant without effect writes the same for every policy.',
  '',
];
