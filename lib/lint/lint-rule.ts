// Types of a lint rule, with its code, severity, finder and explanation, and of the findings that it returns.

import { LintSubject } from './lint-subject';

/** A review objects to an `error` unless it is acknowledged; it never objects to a `note`. */
export type Severity = 'error' | 'warning' | 'note';

/** One finding of a rule. A rule that finds the same in many places reports it once, with the places. */
export interface Finding {
  /** The owner, and the part of its policy or the public address: `gateway edge1, owner hosting, mapping web`. */
  readonly where: string;
  readonly what: string;
  readonly instead: string;
}

/** A finding without its place, which follows from its owner. */
export type FindingText = Omit<Finding, 'where'>;

export type LintFinder = (subject: LintSubject) => readonly Finding[];

/** One warning of the source documents, decided from a policy or from the exposure of a text. */
export interface LintRule {
  /** `area/short-name`; stable. The rule's page is `docs/reference/lint/area/short-name.md`. */
  readonly code: string;
  readonly severity: Severity;
  /** Set for a warning that a review objects to, as to an error, if the change under review causes it. */
  readonly objectedWhenNew?: true;
  /** One line for `explain` and the table of rules. */
  readonly title: string;
  /**
   * `intent`: needs a policy. `facts`: needs facts captured from the server. `text`: an exposure is enough.
   * unmanaged-rules.ts says which of these `exposure` asks.
   */
  readonly decidedBy: 'intent' | 'facts' | 'text';
  readonly explanation: RuleExplanation;
  readonly find: LintFinder;
}

/** The text on the rule's page and in `explain`. */
interface RuleExplanation {
  readonly why: string;
  /** When exactly the rule reports it, and when it doesn't. */
  readonly when: string;
  /** How to solve it. */
  readonly remedy: string;
  /** The document that says so. */
  readonly source: string;
}
