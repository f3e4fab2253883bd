import { Address, Family, Prefix } from '../../../net/address';
import { NumberRange } from '../../../net/device';
import { Range } from '../../../net/range';

/** A table of one family with our chains in it: the programs' own nouns, and no text but names that were checked. */
export interface IptablesTable {
  readonly family: Family;
  readonly name: 'mangle' | 'filter' | 'nat';
  readonly chains: readonly IptablesChain[];
}

export interface IptablesChain {
  readonly name: string;
  /** The chain of the host that leads here; of a chain within others none does. */
  readonly from?: 'PREROUTING' | 'INPUT' | 'FORWARD' | 'OUTPUT' | 'POSTROUTING';
  readonly rules: readonly IptablesRule[];
}

export interface IptablesRule {
  readonly matches: readonly IptablesMatch[];
  readonly target: IptablesTarget;
}

export type IptablesTarget =
  /** `return`: others of the host still have their say. */
  | { readonly is: 'return' | 'drop' }
  /** Where a chain that was gone to ends or returns, the one that led to us goes on, and not the one that went there. */
  | { readonly is: 'jump' | 'go to'; readonly chain: string }
  | { readonly is: 'new destination' | 'new source'; readonly address: Address }
  /** The n-th address of one prefix becomes the n-th of the other: the destination before routing, the source behind it. */
  | { readonly is: 'same place in'; readonly prefix: Prefix };

export type IptablesMatch =
  | { readonly is: 'interface'; readonly way: 'in' | 'out'; readonly name: string }
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
  /** `replies`: in the direction of a session's replies alone. */
  | { readonly is: 'state'; readonly state: 'ESTABLISHED' | 'RELATED' | 'DNAT'; readonly replies?: boolean };

/** Of a list no more than one rule can ask for. */
export type IptablesPorts = 'all' | readonly NumberRange[];

export const RETURN: IptablesTarget = { is: 'return' };
export const DROP: IptablesTarget = { is: 'drop' };
