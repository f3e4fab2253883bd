// Types of the packet fields that rules compare (addresses, ports, interfaces, marks, conntrack state and others),
// each with the conditions under which a packet has the field. Also tests whether a field is always there, and whether
// it is a source port.
import { Family } from '../net/address';

export type NumberWords = 'protocol' | 'port' | 'icmp' | 'icmpv6' | 'icmp code' | 'icmpv6 code' | 'none';

/** A field that a rule looks at, and the conditions under which a packet has it. */
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
    /** One number out of few, by what is known of a first packet. `bits`: the bits of a mark that count. */
    | { readonly is: 'fact'; readonly fact: PacketFact; readonly words: string; readonly bits?: number }
    /** `isPerInterface`: asked of the interface that the packet came by, not of the device. */
    | { readonly is: 'routed'; readonly axis: 'source' | 'destination'; readonly isPerInterface: boolean }
    | { readonly is: 'returns' }
    /** The values are not modelled. `isAlwaysPresent`: every packet of the field's family and protocols has the field. */
    | { readonly is: 'unmodelled'; readonly isAlwaysPresent: boolean };
  readonly family?: Family;
  /** Only packets of these protocols have the field. Undefined: any protocol. */
  readonly protocols?: readonly number[];
  /** Packets of other protocols have something else in its place, so the field may match them. */
  readonly mayMatchOthers?: boolean;
  /** Only packets that connection tracking knows have the field. */
  readonly tracked?: boolean;
  /**
   * The field is part of what tells sessions apart, as the side that started the session sees it (`original`) or as the
   * other side does (`reply`).
   */
  readonly session?: 'original' | 'reply' | 'either';
  /** The field as the other side sees it: answers go there. */
  readonly replyField?: PacketField;
  /** For IPv6: the field is of the first header alone, whatever stands behind it. */
  readonly first?: boolean;
  /** Only packets that came over Ethernet have the field. */
  readonly link?: boolean;
  /**
   * The field is of an extension of the IPv6 header, or an option. The sender of a packet may leave it out, or put in
   * what a rule asks for.
   */
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

/** Returns whether every packet of the field's family and protocols has the field. */
export const isAlwaysPresent = ({ looksAt }: PacketField): boolean =>
  looksAt.is !== 'unmodelled' || looksAt.isAlwaysPresent;

/** Returns whether the field is the port of the side that began, which the kernel may choose. */
export const isSourcePort = ({ looksAt }: PacketField): boolean =>
  looksAt.is === 'number' && looksAt.axis === 'sourcePort' && !looksAt.words.startsWith('icmp');
