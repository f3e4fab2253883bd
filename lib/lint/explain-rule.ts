// Prints the explanation of a lint rule for `cpanel-edge explain` and its page of the documentation, and finds
// similar codes for a mistyped one.

import { findNearestCodes } from '../problems/find-nearest-word';
import { printUnmanagedUse } from './unmanaged-rules';
import { LintRule } from './lint-rule';
import { lintRules } from './rules';

/** Returns the path of a rule's page, from the root of the package. */
export const getPagePath = (code: string): string => `docs/reference/lint/${code}.md`;

/** Returns the page of a rule as text; undefined if there is no such rule. */
export function explainRule(code: string): string | undefined {
  const rule = lintRules.find((lintRule) => lintRule.code === code);
  return rule && printRulePage(rule);
}

/** Returns the codes of rules that the operator may have meant. */
export const findNearestRules = (code: string): readonly string[] =>
  findNearestCodes(
    code,
    lintRules.map((rule) => rule.code),
  );

const DECISION_TEXT: Readonly<Record<Exclude<LintRule['decidedBy'], 'text'>, string>> = {
  intent: 'an intent; a text alone says nothing of it',
  facts: 'what was captured of the server; without that nothing is claimed',
};

/** Returns the severity in words: `warning; error where a change opens it`. */
export const printSeverity = ({ severity, objectedWhenNew }: LintRule): string =>
  objectedWhenNew ? `${severity}; error where a change opens it` : severity;

const printRulePage = (rule: LintRule): string => {
  const {
    code,
    title,
    decidedBy,
    explanation: { why, when, remedy, source },
  } = rule;
  return `# ${code}

${title}. Severity: **${printSeverity(rule)}**. Decided by ${decidedBy === 'text' ? printUnmanagedUse(code) : DECISION_TEXT[decidedBy]}.

## Why

${why}

## When

${when}

## What to do

${remedy}

Source: ${source}.
`;
};
