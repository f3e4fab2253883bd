import { Family, Prefix } from '../../../net/address';
import { NumberRange } from '../../../net/device';

/** What an owner has in csf.conf, csf.allow, csf.deny and csfpost.sh. */
export interface CsfEntries {
  /** Of a setting: open to everybody of a family, or reached wherever it is. Joined, in order. */
  ports(key: string): readonly NumberRange[];
  /** Whether everybody's echo requests of IPv4 are answered. */
  readonly ping: boolean;
  readonly lines: readonly CsfLine[];
  /** Who is kept off ports that are open to everybody: asked behind `lines`. */
  readonly denied: readonly CsfLine[];
  /** What no line says: it has one port. */
  readonly hooked: readonly CsfSourcePortRule[];
}

/** A line of csf.allow or csf.deny: of ICMP the ports are types. */
export interface CsfLine {
  readonly protocol: 'tcp' | 'udp' | 'icmp';
  readonly way: 'in' | 'out';
  /** As many as one rule takes. */
  readonly ports: readonly NumberRange[];
  readonly peer: Prefix;
}

/** Connections that the server opens from ports of its own: a rule among those of csf.allow. */
export interface CsfSourcePortRule {
  readonly family: Family;
  readonly protocol: 'tcp' | 'udp';
  /** Of either as many as a rule takes. */
  readonly sourcePorts: readonly NumberRange[];
  readonly ports: readonly NumberRange[];
  readonly peer: Prefix;
}
