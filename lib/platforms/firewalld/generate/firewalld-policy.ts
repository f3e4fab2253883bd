import { Family } from '../../../net/address';
import { NumberRange } from '../../../net/device';
import { Range } from '../../../net/range';

/** A policy of firewalld: from one side to the other, whatever zones say of them. */
export interface FirewalldPolicy {
  readonly name: string;
  readonly from: 'ANY' | 'HOST';
  readonly to: 'ANY' | 'HOST';
  /** What becomes of the rest. CONTINUE: what zones say. */
  readonly target: 'DROP' | 'CONTINUE';
  readonly rules: readonly FirewalldRule[];
}

/** One that has something to ask of more than a packet's family and addresses asks one thing: firewalld ignores a rule with two. */
export interface FirewalldRule {
  readonly family?: Family;
  readonly source?: FirewalldAddresses;
  readonly destination?: FirewalldAddresses;
  readonly asks?: FirewalldMatch;
  readonly does: 'accept' | 'drop';
}

/** Addresses of the rule's family. */
export interface FirewalldAddresses {
  readonly ranges: readonly Range[];
  /** All but these. */
  readonly inverted?: boolean;
}

export type FirewalldMatch =
  | { readonly is: 'port'; readonly protocol: number; readonly ports: NumberRange }
  | { readonly is: 'protocol'; readonly protocol: number }
  | { readonly is: 'icmp-type'; readonly name: string };
