import { Address, Family } from '../../../net/address';
import { NumberRange } from '../../../net/device';
import { Range } from '../../../net/range';

/** A table of one family with our chains in it: the programs' own nouns, and no text but names that were checked. */
export interface Table {
  readonly family: Family;
  readonly name: 'mangle' | 'filter' | 'nat';
  readonly chains: readonly Chain[];
}

export interface Chain {
  readonly name: string;
  /** The chain of the host that leads here. */
  readonly from: 'INPUT' | 'OUTPUT';
  readonly rules: readonly Rule[];
}

export interface Rule {
  readonly matches: readonly Match[];
  readonly target: Target;
}

/** `return`: others of the host still have their say. */
export type Target = { readonly is: 'return' | 'drop' } | { readonly is: 'translate'; readonly to: Address };

export type Match =
  | { readonly is: 'loopback'; readonly way: 'in' | 'out' }
  | { readonly is: 'address'; readonly end: 'source' | 'destination'; readonly range: Range }
  | { readonly is: 'original destination'; readonly address: Address }
  | { readonly is: 'protocol'; readonly protocol: number }
  | { readonly is: 'ports'; readonly protocol: number; readonly source: Ports; readonly destination: Ports }
  | { readonly is: 'type'; readonly family: Family; readonly type: number }
  /** `replies`: in the direction of a session's replies alone. */
  | { readonly is: 'state'; readonly state: 'ESTABLISHED' | 'RELATED'; readonly replies?: boolean };

/** Of a list no more than one rule can ask for. */
export type Ports = 'all' | readonly NumberRange[];
