// Types of one owner's entries in csf's files. `lower-server.ts` creates them, `render.ts` prints them.
import { Family, Prefix } from '../../../net/address';
import { NumberRange } from '../../../net/device';

/** The entries of an owner in csf.conf, csf.allow, csf.deny and csfpost.sh. */
export interface CsfEntries {
  /**
   * Returns the ports of a setting, merged and in order: open to every peer of a family, or reached at every
   * destination.
   */
  ports(key: string): readonly NumberRange[];
  /** Whether the server answers echo requests of IPv4 from every peer. */
  readonly ping: boolean;
  readonly lines: readonly CsfLine[];
  /** Peers that are kept off ports open to all others; csf evaluates these lines after `lines`. */
  readonly denied: readonly CsfLine[];
  /** Rules that no line can express: a line has one port. */
  readonly hooked: readonly CsfSourcePortRule[];
}

/** A line of csf.allow or csf.deny. For ICMP the ports are types. */
export interface CsfLine {
  readonly protocol: 'tcp' | 'udp' | 'icmp';
  readonly direction: 'in' | 'out';
  /** At most as many as one rule takes. */
  readonly ports: readonly NumberRange[];
  readonly peer: Prefix;
}

/** Connections that the server opens from fixed source ports: a rule among those of csf.allow. */
export interface CsfSourcePortRule {
  readonly family: Family;
  readonly protocol: 'tcp' | 'udp';
  /** At most as many as one rule takes, like `ports`. */
  readonly sourcePorts: readonly NumberRange[];
  readonly ports: readonly NumberRange[];
  readonly peer: Prefix;
}
