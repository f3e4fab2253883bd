import { LintSubject } from './lint-subject';

/** `error` is objected to unless it is acknowledged; a `note` never is. */
export type Severity = 'error' | 'warning' | 'note';

/** What a rule found. A rule that finds the same in many places says it once, with the places. */
export interface Finding {
  /** The owner, and the part of its policy or the public address: `gateway edge1, owner hosting, mapping web`. */
  readonly where: string;
  readonly what: string;
  readonly instead: string;
}

/** The same, whose place follows from whose it is. */
export type FindingText = Omit<Finding, 'where'>;

export type LintFinder = (subject: LintSubject) => readonly Finding[];

/** One warning of the source documents, decided from a policy or from what a text exposes. */
export interface LintRule {
  /** `area/short-name`; stable. Its page is `docs/lint/area/short-name.md`. */
  readonly code: string;
  readonly severity: Severity;
  /** A warning that a review objects to, as to an error, where the change under review brings it. */
  readonly objectedWhenNew?: true;
  /** One line for `explain` and the table of rules. */
  readonly title: string;
  /** `intent`: needs a policy. `facts`: needs what was captured of the server. `text`: an exposure is enough; which of these `exposure` asks, unmanaged-rules.ts says. */
  readonly decidedBy: 'intent' | 'facts' | 'text';
  readonly explanation: RuleExplanation;
  readonly find: LintFinder;
}

/** What its page and `explain` say. */
interface RuleExplanation {
  readonly why: string;
  /** When it is found, and when it isn't, exactly. */
  readonly when: string;
  /** What to do about it. */
  readonly remedy: string;
  /** Which document says so. */
  readonly source: string;
}
