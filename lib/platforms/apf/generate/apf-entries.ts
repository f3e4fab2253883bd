import { Prefix } from '../../../net/address';
import { NumberRange } from '../../../net/device';

/** Of ICMP, in order. */
export type ApfIcmpTypes = 'all' | readonly number[];

/** What an owner has in conf.apf and allow_hosts.rules. */
export interface ApfEntries {
  /** APF loads nothing without one that has a route of IPv4. */
  readonly interface: string;
  /** Open to everybody. Joined, in order. */
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
