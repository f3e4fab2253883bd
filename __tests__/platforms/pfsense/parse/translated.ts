// Helpers for the tests of pfSense's NAT: return what the rules of a config.xml make of one packet (port forward,
// outbound NAT) and its 1:1 entries, and the parts of sample configurations.

import { printAddress, printRange } from '../../../../lib/net/address';
import { Packet } from '../../../../lib/net/packet';
import { PfMatch, PfNat, PfRedirect, PfRules } from '../../../../lib/parse/pf/model';
import { ANYWHERE, DMZ, LAN, Parts, WAN, at, matches, packet, rulesOf } from './boxes';

/** The first of a list that matches one packet, as in pf. */
const firstOf = <R extends PfMatch>(list: readonly R[], name: string, one: Packet): R | undefined =>
  list.find((each) => matches(each, name, one) !== 'no');

export function redirected(rules: PfRules, name: string, one: Packet): string {
  const found: PfRedirect | undefined = firstOf(rules.rdr, name, one);
  if (!found) return 'as it is';
  if (found.no || !found.to) return 'no rdr';
  const port =
    found.to.port &&
    (found.to.port.is === 'one'
      ? `:${found.to.port.port}`
      : `:${found.to.port.to.first + one.port - found.to.port.from}`);
  const to =
    found.to.is === 'address'
      ? printAddress(found.to.address)
      : found.to.is === 'bitmask'
        ? `bits of ${printRange(found.to.network)}`
        : 'unclear';
  return `${found.pass ? 'pass ' : ''}${to}${port ?? ''}`;
}

export function leaves(rules: PfRules, name: string, one: Packet): string {
  const found: PfNat | undefined = firstOf(rules.nat, name, one);
  if (!found) return 'as it is';
  if (found.no || !found.to) return 'no nat';
  if (found.to.is === 'unclear') return 'unclear';
  return `${found.to.is === 'address' ? printAddress(found.to.address) : `bits of ${printRange(found.to.network)}`} ${found.to.ports}`;
}

export const HOST = (fields = '', source = at('10.0.1.50'), destination = ANYWHERE): string =>
  `<onetoone><external>203.0.113.10</external><interface>wan</interface>${fields}<source>${source}</source><destination>${destination}</destination></onetoone>`;
export const ENABLED = '<natreflection>enable</natreflection>';
export const THREE = WAN + LAN + DMZ;
export const PUBLIC = packet('10.0.1.7', '203.0.113.10');

/** The 1:1 entries, in the order in which they are evaluated. */
export const mapped = (parts: Parts): readonly string[] =>
  rulesOf(parts).binat.map(
    (each) =>
      `${each.no ? 'no ' : ''}${printRange(each.internal)} to ${each.peers.must.map((range) => printRange(range)).join(',')} -> ${each.external ? printRange(each.external) : 'none'}`,
  );
