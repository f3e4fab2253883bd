// Types of a generated iptables table: chains, rules, matches and targets, without text. `print-tables.ts` prints it.

import { Address, Family, Prefix } from '../../../net/address';
import { NumberRange } from '../../../net/device';
import { Range } from '../../../net/range';

/** A table of one family with the owner's chains. It uses iptables' own nouns, and its only texts are checked names. */
export interface IptablesTable {
  readonly family: Family;
  readonly name: 'mangle' | 'filter' | 'nat';
  readonly chains: readonly IptablesChain[];
}

export interface IptablesChain {
  readonly name: string;
  /** The built-in chain that jumps here. Undefined: only other chains of the owner do. */
  readonly from?: 'PREROUTING' | 'INPUT' | 'FORWARD' | 'OUTPUT' | 'POSTROUTING';
  readonly rules: readonly IptablesRule[];
}

export interface IptablesRule {
  readonly matches: readonly IptablesMatch[];
  readonly target: IptablesTarget;
}

export type IptablesTarget =
  /** `return`: unmanaged rules still decide. */
  | { readonly is: 'return' | 'drop' }
  /** When a chain that was reached by `go to` ends or returns, evaluation goes on behind the last jump. */
  | { readonly is: 'jump' | 'go to'; readonly chain: string }
  | { readonly is: 'new destination' | 'new source'; readonly address: Address }
  /**
   * The n-th address of one prefix becomes the n-th of the other: the destination before routing, the source after it.
   */
  | { readonly is: 'same place in'; readonly prefix: Prefix };

export type IptablesMatch =
  | { readonly is: 'interface'; readonly direction: 'in' | 'out'; readonly name: string }
  | { readonly is: 'address'; readonly end: 'source' | 'destination'; readonly range: Range }
  | { readonly is: 'original destination'; readonly prefix: Prefix }
  | { readonly is: 'protocol'; readonly protocol: number }
  | {
      readonly is: 'ports';
      readonly protocol: number;
      readonly source: IptablesPorts;
      readonly destination: IptablesPorts;
    }
  | { readonly is: 'type'; readonly family: Family; readonly type: number }
  /** `replies`: matches only the reply direction of a session. */
  | { readonly is: 'state'; readonly state: 'ESTABLISHED' | 'RELATED' | 'DNAT'; readonly replies?: boolean };

/** No more ports than one rule can match. */
export type IptablesPorts = 'all' | readonly NumberRange[];

export const RETURN: IptablesTarget = { is: 'return' };
export const DROP: IptablesTarget = { is: 'drop' };
