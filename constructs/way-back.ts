import { PROTOCOL } from '../lib/net/packet';
import { parseAddress, prefixRange, printPrefix } from '../lib/net/address';
import { holdsNumber } from '../lib/net/device';
import { contains } from '../lib/net/range';
import { Connection } from '../lib/delivering/release';
import { GatewayPolicy, Mapping, Policy, ServerPolicy } from '../lib/policy/policy';
import { Problem } from '../lib/problems/problem';

/**
 * What a release does to the very connection that delivers it, as far as intents tell: it would lock out, and be undone after some minutes of that.
 * Of a name nothing is known, nor of what ~/.ssh/config makes of an address.
 */
export function wayBackProblems(where: string, policy: Policy, { host, port, userConfiguration }: Connection): readonly Problem[] {
  const address = userConfiguration ? undefined : parseAddress(host);
  if (address === undefined) return [];
  if (policy.kind === 'server') return policy.localAddresses.includes(address) && !opens(policy, port) ? [closed(where, port)] : [];
  const mapping = publishing(policy, address);
  return mapping ? [published(where, host, mapping)] : [];
}

/** To anybody at all: from where operators come isn't known. */
function opens({ openings, inside, insideConnections }: ServerPolicy, port: number): boolean {
  if (insideConnections === 'unmanaged' && inside.length > 0) return true;
  return openings.entries.some(({ protocol, ports }) => protocol === PROTOCOL.tcp && (ports === 'all' || holdsNumber(ports, port)));
}

/** A mapping that takes whatever comes to the address, from anybody. */
const publishing = ({ mappings }: GatewayPolicy, address: bigint): Mapping | undefined =>
  mappings.find(
    ({ enabled, peers, exclude, outside }) =>
      enabled && peers === 'anywhere' && exclude.length === 0 && contains(prefixRange(outside), address),
  );

const closed = (where: string, port: number): Problem => ({
  code: 'constructs/ssh-closed',
  where,
  what: `SSH goes to port ${port} of the server itself, and its profile opens that port to nobody: the delivery would lock itself out, and be undone.`,
  instead: `management: { from: [...], port: ${port} } in the profile; or the port that sshd listens on, in the connection.`,
});

const published = (where: string, host: string, { name, inside }: Mapping): Problem => ({
  code: 'constructs/host-published',
  where,
  what: `SSH goes to ${host}, and mapping ${name} leads whatever comes there to ${printPrefix(inside)}: the next connection would end at that host, and the delivery be undone.`,
  instead: "host: an address of the gateway's own interfaces.",
});
