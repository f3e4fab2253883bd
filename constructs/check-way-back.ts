// Finds a release that closes the SSH connection by which it is delivered to the device itself: at an address of the
// server, or at a virtual IP of the gateway. check-ssh-paths.ts checks connections by way of other devices, with the
// functions of this file.

import { PROTOCOL } from '../lib/net/packet';
import { ALL_ADDRESSES, parseAddress, toRange, printPrefix } from '../lib/net/address';
import { containsNumber } from '../lib/net/device';
import { Range, contains, intersectRanges } from '../lib/net/range';
import { Connection } from '../lib/agent-protocol/release';
import { GatewayPolicy, Mapping, AllowRule, AllowRules, Policy, ServerPolicy, VirtualIp } from '../lib/policy/policy';
import { Problem } from '../lib/problems/problem';

/**
 * Finds releases that close the SSH connection that delivers them. The device would lock the driver out and roll back
 * after some minutes. A host name isn't checked, and neither is an address that ~/.ssh/config may redirect.
 */
export function checkWayBack(
  location: string,
  policy: Policy,
  { host, port, userConfiguration }: Connection,
): readonly Problem[] {
  const address = userConfiguration ? undefined : parseAddress(host);
  if (address === undefined) return [];
  // The port must be open to at least one source: the runner's own address isn't known.
  if (policy.kind === 'server')
    return policy.localAddresses.includes(address) && !allowsConnection(policy, port, ALL_ADDRESSES)
      ? [createClosedProblem(location, port)]
      : [];
  const mapping = findPublishingMapping(policy, address);
  if (mapping) return [createPublishedProblem(location, host, mapping)];
  const vip = findVirtualIpByAddress(policy, address);
  return vip && !isAnswered(vip, port) ? [createDroppedProblem(location, host, port, vip)] : [];
}

/** Returns whether at least one of these sources may connect to the port, by the trusted networks and allow rules. */
export function allowsConnection(
  { allowRules, trustedNetworks, trustedConnections }: ServerPolicy,
  port: number,
  ranges: readonly Range[],
): boolean {
  const overlapsSome = (sources: readonly Range[]): boolean =>
    sources.some((source) => ranges.some((range) => intersectRanges(source, range) !== undefined));
  if (trustedConnections === 'unmanaged' && overlapsSome(trustedNetworks)) return true;
  return findAllowRules(allowRules, port).some(({ sources }) => sources === 'anywhere' || overlapsSome(sources));
}

/** Returns the allow rules for a TCP port, whatever their sources. */
export const findAllowRules = ({ entries }: AllowRules, port: number): readonly AllowRule[] =>
  entries.filter(
    ({ protocol, ports }) => protocol === PROTOCOL.tcp && (ports === 'all' || containsNumber(ports, port)),
  );

export const findVirtualIpByAddress = ({ virtualIps }: GatewayPolicy, address: bigint): VirtualIp | undefined =>
  virtualIps.find(({ external }) => contains(toRange(external), address));

/** Returns whether the gateway itself answers a TCP port on the virtual IP. */
export const isAnswered = ({ answers }: VirtualIp, port: number): boolean => findAllowRules(answers, port).length > 0;

/** Returns the mapping that translates the address for all peers. */
const findPublishingMapping = ({ mappings }: GatewayPolicy, address: bigint): Mapping | undefined =>
  mappings.find(
    ({ enabled, peers, exclude, external }) =>
      enabled && peers === 'anywhere' && exclude.length === 0 && contains(toRange(external), address),
  );

const createClosedProblem = (where: string, port: number): Problem => ({
  code: 'constructs/ssh-closed',
  where,
  what: `SSH goes to port ${port} of the server itself, and its profile opens that port to no source: the delivery would lock itself out, and be rolled back.`,
  instead: `management: { from: [...], port: ${port} } in the profile; or the port that sshd listens on, in the connection.`,
});

const createPublishedProblem = (where: string, host: string, { name, internal }: Mapping): Problem => ({
  code: 'constructs/host-published',
  where,
  what: `SSH goes to ${host}, and mapping ${name} translates what comes there to ${printPrefix(internal)}: the next connection would end at that host, and the delivery be rolled back.`,
  instead: "host: an address of the gateway's own interfaces.",
});

const createDroppedProblem = (where: string, host: string, port: number, { name }: VirtualIp): Problem => ({
  code: 'constructs/host-virtual-ip',
  where,
  what: `SSH goes to ${host}, the virtual IP ${name}, where the gateway answers port ${port} to no source: the next connection would be dropped, and the delivery be rolled back.`,
  instead: `host: an address of the gateway's own interfaces; or, on an ip-alias, answers: [{ service: "${port}/tcp", from: [...] }].`,
});
