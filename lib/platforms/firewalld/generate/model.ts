import { Family } from '../../../net/address';
import { NumberRange } from '../../../net/device';
import { Range } from '../../../net/range';

/** A policy of firewalld: from one side to the other, whatever zones say of them. */
export interface Policy {
  readonly name: string;
  readonly from: 'ANY' | 'HOST';
  readonly to: 'ANY' | 'HOST';
  /** What becomes of the rest. CONTINUE: what zones say. */
  readonly target: 'DROP' | 'CONTINUE';
  readonly rules: readonly Rule[];
}

/** One that has something to ask of more than a packet's family and addresses asks one thing: firewalld ignores a rule with two. */
export interface Rule {
  readonly family?: Family;
  readonly source?: Ends;
  readonly destination?: Ends;
  readonly asks?: Asked;
  readonly does: 'accept' | 'drop';
}

/** Addresses of the rule's family. */
export interface Ends {
  readonly ranges: readonly Range[];
  /** All but these. */
  readonly inverted?: boolean;
}

export type Asked =
  | { readonly is: 'port'; readonly protocol: number; readonly ports: NumberRange }
  | { readonly is: 'protocol'; readonly protocol: number }
  | { readonly is: 'icmp-type'; readonly name: string };
