// Types of a generated firewalld policy object with its rich rules. `lower-server.ts` creates them, `render.ts`
// prints them.

import { Family } from '../../../net/address';
import { NumberRange } from '../../../net/device';
import { Range } from '../../../net/range';

/** A policy of firewalld: it holds for packets from one side to the other, whatever their zones say. */
export interface FirewalldPolicy {
  readonly name: string;
  readonly from: 'ANY' | 'HOST';
  readonly to: 'ANY' | 'HOST';
  /** The verdict on packets that no rule decides. CONTINUE leaves them to the zones. */
  readonly target: 'DROP' | 'CONTINUE';
  readonly rules: readonly FirewalldRule[];
}

/** A rule has at most one match besides family and addresses: firewalld ignores a rule with two. */
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
  /** True if the rule matches all addresses but these. */
  readonly inverted?: boolean;
}

export type FirewalldMatch =
  | { readonly is: 'port'; readonly protocol: number; readonly ports: NumberRange }
  | { readonly is: 'protocol'; readonly protocol: number }
  | { readonly is: 'icmp-type'; readonly name: string };
