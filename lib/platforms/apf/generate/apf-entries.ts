// Types of one owner's entries in APF's files: settings of conf.apf and lines of allow_hosts.rules. `lower-server.ts`
// creates them, `render.ts` prints them.

import { Prefix } from '../../../net/address';
import { NumberRange } from '../../../net/device';

/** Types of ICMP, in order. */
export type ApfIcmpTypes = 'all' | readonly number[];

/** The entries of an owner in conf.apf and allow_hosts.rules. */
export interface ApfEntries {
  /** APF loads nothing without an interface that has an IPv4 route. */
  readonly interface: string;
  /** Ports open to every peer, merged and in order, like `udp`. */
  readonly tcp: readonly NumberRange[];
  readonly udp: readonly NumberRange[];
  readonly types: ApfIcmpTypes;
  readonly types6: ApfIcmpTypes;
  readonly lines: readonly ApfLine[];
}

/** A line of allow_hosts.rules. */
export interface ApfLine {
  readonly protocol: 'tcp' | 'udp';
  readonly ports: NumberRange;
  readonly peer: Prefix;
}
