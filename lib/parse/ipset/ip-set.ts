// Types of the syntax tree of `ipset save` output: sets and their elements.

import { Family } from '../../net/address';

/** Syntax tree of the text that `ipset save` prints. */

export interface IpSet {
  readonly name: string;
  /** `hash`, `bitmap` or `list`; `parts` has the types of its elements: `ip`, `net`, `port`, … */
  readonly method: string;
  readonly parts: readonly string[];
  readonly family: Family;
  /** Elements expire unless they say otherwise. */
  readonly expires?: boolean;
  /** Each element stands for the network of that length around it. */
  readonly netmask?: number;
  /** An option of the header that changes how the set is looked up and isn't understood. */
  readonly unknownOption?: string;
  readonly elements: IpSetElement[];
}

export interface IpSetElement {
  readonly text: string;
  readonly expires: boolean;
  /** An exception from a wider element. */
  readonly nomatch: boolean;
  /** `eth+`, written with the word `wildcard`. */
  readonly wildcard: boolean;
}
