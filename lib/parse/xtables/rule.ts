import { Family } from '../../net/address';

/** What one `-m` asks; the first of a rule, without a name, has what needs none (`-s`, `-i`, `-p`). */
export interface XtablesMatch {
  readonly module: string;
  readonly tests: XtablesOption[];
}

export interface XtablesOption {
  readonly name: string;
  readonly values: readonly string[];
  readonly negated: boolean;
}

export interface XtablesRule {
  readonly line: number;
  readonly text: string;
  readonly matches: readonly XtablesMatch[];
  readonly target?: XtablesTarget;
  /** Written for the program of one family alone. */
  readonly only?: Family;
}

export interface XtablesTarget {
  readonly name: string;
  readonly goto: boolean;
  readonly options: XtablesOption[];
}

/** What the lines of one family share. */
export interface XtablesRuleContext {
  readonly family: Family;
  readonly line: number;
  /** The one protocol that the rule is for, where it is. */
  readonly protocol: string | undefined;
}
