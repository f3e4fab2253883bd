import { Family } from '../../net/address';

/** What `ipset save` prints, as it is written. */

export interface IpSet {
  readonly name: string;
  /** `hash`, `bitmap` or `list`, and what its elements are made of: `ip`, `net`, `port`, … */
  readonly method: string;
  readonly parts: readonly string[];
  readonly family: Family;
  /** Elements go by themselves that don't say otherwise. */
  readonly fleeting?: boolean;
  /** Elements stand for the network of that length around them. */
  readonly netmask?: number;
  /** What its header says that changes how it is asked, and isn't understood. */
  readonly unclear?: string;
  readonly elements: IpSetElement[];
}

export interface IpSetElement {
  readonly text: string;
  readonly fleeting: boolean;
  /** An exception from a wider element. */
  readonly nomatch: boolean;
  /** `eth+`, written with the word `wildcard`. */
  readonly wildcard: boolean;
}
