// Types of one parsed iptables rule: its matches with their options, and its target.

import { Family } from '../../net/address';

/**
 * The tests of one `-m`. The first match of a rule has no name, and holds the tests that need none (`-s`, `-i`, `-p`).
 */
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
  /** The rule is limited to the program of one family. */
  readonly only?: Family;
}

export interface XtablesTarget {
  readonly name: string;
  readonly goto: boolean;
  readonly options: XtablesOption[];
}

/** The facts that all tests of a line share. */
export interface XtablesRuleContext {
  readonly family: Family;
  readonly line: number;
  /** The one protocol that the rule is for, if there is one. */
  readonly protocol: string | undefined;
}
