import { Subject } from './subject';

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
export type Said = Omit<Finding, 'where'>;

export type Find = (subject: Subject) => readonly Finding[];

/** One warning of the source documents, decided from a policy or from what a text exposes. */
export interface LintRule {
  /** `area/short-name`; stable. Its page is `docs/lint/area/short-name.md`. */
  readonly code: string;
  readonly severity: Severity;
  /** A warning that a review objects to, as to an error, where the change under review brings it. */
  readonly objectedWhenNew?: true;
  /** One line for `explain` and the table of rules. */
  readonly title: string;
  /** `intent`: needs a policy. `facts`: needs what was captured of the server. `text`: an exposure is enough; which of these `exposure` asks, of-others.ts says. */
  readonly decidedBy: 'intent' | 'facts' | 'text';
  readonly explanation: Explanation;
  readonly find: Find;
}

/** What its page and `explain` say. */
interface Explanation {
  readonly why: string;
  /** When it is found, and when it isn't, exactly. */
  readonly when: string;
  /** What to do about it. */
  readonly remedy: string;
  /** Which document says so. */
  readonly source: string;
}
