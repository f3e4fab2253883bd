// Types of a generated nftables table: sets, maps, chains, rules and verdicts, without text. `render.ts` prints it.

import { Address, Family, Prefix } from '../../../net/address';
import { NumberRange } from '../../../net/device';
import { Range } from '../../../net/range';

/** One table of nftables as it is loaded. It uses nft's own nouns, and its only texts are checked names. */
export interface NftTable {
  readonly name: string;
  readonly sets: readonly NftSet[];
  readonly maps: readonly NftMap[];
  readonly chains: readonly NftChain[];
}

export type NftSet = NftAddressSet | NftNumberSet;

interface NftAddressSet {
  readonly of: 'addresses';
  readonly name: string;
  readonly type: 'ipv4_addr' | 'ipv6_addr';
  readonly elements: readonly Range[];
}

export interface NftNumberSet {
  readonly of: 'numbers';
  readonly name: string;
  readonly type: 'inet_service' | 'icmp_type' | 'icmpv6_type';
  readonly elements: readonly NumberRange[];
}

export type NftMap = NftAddressMap | NftVerdictMap;

export interface NftAddressMap {
  readonly is: 'addresses';
  readonly name: string;
  readonly type: 'ipv4_addr' | 'ipv6_addr';
  readonly elements: readonly { readonly from: Address; readonly to: Address }[];
}

/** The chain that decides for each range of addresses. */
export interface NftVerdictMap {
  readonly is: 'verdicts';
  readonly name: string;
  readonly elements: readonly { readonly from: Range; readonly chain: string }[];
}

export interface NftChain {
  readonly name: string;
  readonly hook?: NftHook;
  readonly rules: readonly NftRule[];
}

export interface NftHook {
  readonly type: 'nat' | 'filter';
  readonly hook: 'prerouting' | 'input' | 'forward' | 'output' | 'postrouting';
  /** In nft's notation. The names depend on the hook, and hook output has none for nat. */
  readonly priority: 'dstnat - 10' | 'srcnat - 10' | 'filter - 10' | '-110';
  readonly policy: 'accept' | 'drop';
}

export interface NftRule {
  readonly matches: readonly NftMatch[];
  readonly verdict: NftVerdict;
  /** Only a result of `encodeComment` or a fixed text. */
  readonly comment?: string;
}

/** A value in the rule itself, or the name of a set. */
export type ValueOrSet<T> = { readonly is: 'value'; readonly value: T } | { readonly is: 'set'; readonly name: string };

export type NftMatch =
  | { readonly is: 'interface'; readonly direction: 'in' | 'out'; readonly names: readonly string[] }
  | { readonly is: 'loopback'; readonly direction: 'in' | 'out' }
  | NftAddressMatch
  | { readonly is: 'family'; readonly family: Family }
  | { readonly is: 'protocol'; readonly protocol: number }
  | {
      readonly is: 'port';
      readonly protocol: NftPortProtocol;
      readonly field: 'sport' | 'dport';
      readonly values: ValueOrSet<NumberRange>;
    }
  | { readonly is: 'type'; readonly protocol: 'icmp' | 'icmpv6'; readonly values: ValueOrSet<NumberRange> }
  /** Types by name, in braces. Used only in rules that exist once. */
  | { readonly is: 'types'; readonly protocol: 'icmp' | 'icmpv6'; readonly names: readonly string[] }
  | { readonly is: 'state'; readonly state: 'established' | 'related' }
  | { readonly is: 'reply' }
  | { readonly is: 'translated' };

interface NftAddressMatch {
  readonly is: 'address';
  readonly family: Family;
  /** `original daddr`: the destination before translation. */
  readonly field: 'saddr' | 'daddr' | 'original daddr';
  readonly values: ValueOrSet<Range>;
  readonly negated?: true;
}

export type NftPortProtocol = 'tcp' | 'udp' | 'dccp' | 'sctp' | 'udplite';

export type NftVerdict =
  | { readonly is: 'accept' }
  | { readonly is: 'drop' }
  | { readonly is: 'jump'; readonly chain: string }
  | { readonly is: 'dispatch'; readonly field: 'daddr' | 'original daddr'; readonly map: string }
  /** Translates by a map of single addresses. A packet that isn't in the map goes on to the next rule. */
  | { readonly is: 'translate'; readonly kind: 'dnat' | 'snat'; readonly family: Family; readonly map: string }
  /** The n-th address of one prefix becomes the n-th of the other. */
  | {
      readonly is: 'translate prefixes';
      readonly kind: 'dnat' | 'snat';
      readonly pairs: readonly { readonly from: Prefix; readonly to: Prefix }[];
    }
  | { readonly is: 'set source'; readonly to: Address };

export const ACCEPT: NftVerdict = { is: 'accept' };
export const DROP: NftVerdict = { is: 'drop' };
