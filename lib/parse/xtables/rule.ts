import { Family } from '../../net/address';

/** What one `-m` asks; the first of a rule, without a name, has what needs none (`-s`, `-i`, `-p`). */
export interface Match {
  readonly module: string;
  readonly tests: Option[];
}

export interface Option {
  readonly name: string;
  readonly values: readonly string[];
  readonly negated: boolean;
}

export interface Rule {
  readonly line: number;
  readonly text: string;
  readonly matches: readonly Match[];
  readonly target?: Target;
  /** Written for the program of one family alone. */
  readonly only?: Family;
}

export interface Target {
  readonly name: string;
  readonly goto: boolean;
  readonly options: Option[];
}

/** What the lines of one family share. */
export interface Around {
  readonly family: Family;
  readonly line: number;
  /** The one protocol that the rule is for, where it is. */
  readonly protocol: string | undefined;
}
