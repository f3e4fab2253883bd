import { nearestCodes } from '../problems/nearest';
import { printOfOthers } from './of-others';
import { LintRule } from './rule';
import { lintRules } from './rules';

/** Where a rule is explained, from the root of the package. */
export const pageOf = (code: string): string => `docs/lint/${code}.md`;

/** The page of a rule as text; undefined where there is no such rule. */
export function explain(code: string): string | undefined {
  const rule = lintRules.find((one) => one.code === code);
  return rule && printPage(rule);
}

/** Rules that somebody may have meant. */
export const nearestRules = (code: string): readonly string[] =>
  nearestCodes(
    code,
    lintRules.map((rule) => rule.code),
  );

const DECIDED: Readonly<Record<Exclude<LintRule['decidedBy'], 'text'>, string>> = {
  intent: 'an intent; a text alone says nothing of it',
  facts: 'what was captured of the server; without that nothing is claimed',
};

/** `warning; error where a change opens it`. */
export const severityWords = ({ severity, objectedWhenNew }: LintRule): string =>
  objectedWhenNew ? `${severity}; error where a change opens it` : severity;

const printPage = (rule: LintRule): string => {
  const {
    code,
    title,
    decidedBy,
    explanation: { why, when, remedy, source },
  } = rule;
  return `# ${code}

${title}. Severity: **${severityWords(rule)}**. Decided by ${decidedBy === 'text' ? printOfOthers(code) : DECIDED[decidedBy]}.

## Why

${why}

## When

${when}

## What to do

${remedy}

Source: ${source}.
`;
};
