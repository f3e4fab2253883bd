import { Family } from '../net/address';

export type NumberWords = 'protocol' | 'port' | 'icmp' | 'icmpv6' | 'icmp code' | 'icmpv6 code' | 'none';

/** What a field of a rule looks at, and what has to hold for it to be there at all. */
export interface PacketField {
  readonly name: string;
  readonly looksAt:
    | { readonly is: 'address'; readonly axis: 'source' | 'destination' | 'originalDestination' }
    | {
        readonly is: 'number';
        readonly axis: 'protocol' | 'port' | 'sourcePort' | 'originalPort';
        readonly words: NumberWords;
      }
    | { readonly is: 'family'; readonly words: 'family' | 'ethertype' }
    | { readonly is: 'interface'; readonly side: 'in' | 'out' }
    /** One number out of few, by what is known of a first packet; of a mark these `bits`. */
    | { readonly is: 'fact'; readonly fact: PacketFact; readonly words: string; readonly bits?: number }
    /** `here`: of the interface that it came by, not of the box. */
    | { readonly is: 'routed'; readonly axis: 'source' | 'destination'; readonly here: boolean }
    | { readonly is: 'returns' }
    /** Nobody here knows its values; `always`: every packet has it that is of its family and protocols. */
    | { readonly is: 'unmodelled'; readonly always: boolean };
  readonly family?: Family;
  /** Only packets of these protocols have it. */
  readonly protocols?: readonly number[];
  /** Packets of other protocols have something else in its place, so that it may match. */
  readonly blind?: boolean;
  /** Only packets that the connection tracking knows have it. */
  readonly tracked?: boolean;
  /** Part of what tells sessions apart, as the side that started it sees it or as the other one does. */
  readonly session?: 'original' | 'reply' | 'either';
  /** What it is to the other side: answers go there. */
  readonly answers?: PacketField;
  /** Of IPv6: of the first header alone, whatever stands behind it. */
  readonly first?: boolean;
  /** Only packets that came over Ethernet have it. */
  readonly link?: boolean;
  /** Of an extension of the IPv6 header, or an option: who sends a packet leaves it out, or puts in what is asked for. */
  readonly extension?: boolean;
}

export type PacketFact =
  | 'state'
  | 'status'
  | 'direction'
  | 'mark'
  | 'ct mark'
  | 'tcp flags'
  | 'packet type'
  | 'four'
  | 'six'
  | 'part'
  | 'part of six'
  | 'room';

/** Whether packets of its family and protocols have the field at all. */
export const isAlwaysPresent = ({ looksAt }: PacketField): boolean => looksAt.is !== 'unmodelled' || looksAt.always;

/** The port of who began, which the kernel may choose. */
export const isSourcePort = ({ looksAt }: PacketField): boolean =>
  looksAt.is === 'number' && looksAt.axis === 'sourcePort' && !looksAt.words.startsWith('icmp');
