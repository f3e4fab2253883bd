// A naive model of a policy, the second spec: decides by plain loops for one packet whether it is required, permitted
// or neither. Tests compare lib/spec with it.

import { Address, getNetwork, parsePrefix, toRange } from '../../lib/net/address';
import { NetworkInterface, StartLocation } from '../../lib/net/device';
import { Packet } from '../../lib/net/packet';
import { Range, contains } from '../../lib/net/range';
import { Excess, NO_EXCESS } from '../../lib/policy/platform-excess';
import { GatewayPolicy, Mapping, AllowRules, Policy, ServerPolicy } from '../../lib/policy/policy';

/** A policy's decision about one packet, in the plainest form: no sets, one packet at a time. */
interface Answer {
  readonly bound: 'must' | 'may' | 'no';
  /** The packet as it must leave; undefined if the policy doesn't say. */
  readonly leaves?: { readonly source: Address; readonly destination: Address };
}

const among = (list: 'anywhere' | 'all' | readonly Range[], value: bigint): boolean =>
  typeof list === 'string' || list.some((range) => contains(range, value));

/** ICMP is IPv4's, ICMPv6 is IPv6's. */
const familyFits = (protocol: number, packet: Packet): boolean =>
  protocol === 1 ? packet.destination < 1n << 32n : protocol === 58 ? packet.destination >= 1n << 32n : true;

function isOpen({ entries, blocked }: AllowRules, packet: Packet): boolean {
  return entries.some(
    (entry) =>
      (entry.management || !blocked.some((range) => contains(range, packet.source))) &&
      entry.protocol === packet.protocol &&
      familyFits(entry.protocol, packet) &&
      (entry.ports === 'all' || entry.ports.some(({ first, last }) => first <= packet.port && packet.port <= last)) &&
      among(entry.sources, packet.source),
  );
}

/** Whether a mapping translates between that internal host and that peer. */
const takes = (mapping: Mapping, inside: bigint, peer: bigint): boolean =>
  mapping.enabled &&
  among(mapping.peers, peer) &&
  !mapping.exclude.some((exclusion) => among(exclusion.internal, inside) && among(exclusion.peers, peer));

const sharesWith = ({ addresses }: NetworkInterface, host: bigint, { source }: Packet): boolean =>
  addresses.some(({ address, length }) => {
    const subnet = toRange(getNetwork(address, length));
    return contains(subnet, host) && contains(subnet, source);
  });

function gateway(policy: GatewayPolicy, vantage: StartLocation, packet: Packet, excess: Excess): Answer {
  if (vantage.kind !== 'interface') return { bound: 'may' };
  const entry = policy.interfaces.find(({ name }) => name === vantage.name)!;
  const outside = entry.role === 'outside';
  const ordered = [...policy.mappings].sort((a, b) => Number(a.peers === 'anywhere') - Number(b.peers === 'anywhere'));
  for (const mapping of ordered) {
    if (!contains(toRange(mapping.external), packet.destination)) continue;
    if (
      outside
        ? mapping.interface !== entry.name
        : mapping.reflection.mode === 'disabled' || !mapping.reflection.from.includes(entry.name)
    )
      continue;
    const host = (packet.destination - mapping.external.first + mapping.internal.first) as Address;
    if (!takes(mapping, host, packet.source)) continue;
    const open = isOpen(mapping.allowRules, packet);
    if (!open && (outside || !excess.reflectsAllPorts)) return { bound: 'no' };
    const elsewhere = policy.interfaces.some(
      (one) =>
        one !== entry &&
        mapping.reflection.mode !== 'disabled' &&
        mapping.reflection.from.includes(one.name) &&
        sharesWith(one, host, packet),
    );
    const bound = open ? 'must' : 'may';
    if (excess.reflectsBySource && elsewhere) return { bound };
    const shared = outside
      ? undefined
      : entry.addresses.find(({ address, length }) => {
          const subnet = toRange(getNetwork(address, length));
          return contains(subnet, host) && contains(subnet, packet.source);
        });
    return { bound, leaves: { source: shared?.address ?? packet.source, destination: host } };
  }
  for (const vip of policy.virtualIps) {
    const local = vip.kind === 'ip-alias' || vip.kind === 'carp';
    if (local && contains(toRange(vip.external), packet.destination))
      return isOpen(vip.answers, packet) ? { bound: 'must', leaves: packet } : { bound: 'no' };
  }
  if ([...policy.virtualIps, ...policy.mappings].some((one) => contains(toRange(one.external), packet.destination)))
    return { bound: 'no' };
  const past = (mapping: Mapping): boolean =>
    mapping.interface === entry.name &&
    contains(toRange(mapping.internal), packet.destination) &&
    takes(mapping, packet.destination, packet.source) &&
    isOpen(mapping.allowRules, packet);
  if (outside && excess.directToInside && policy.mappings.some(past)) return { bound: 'may' };
  if (outside)
    return {
      bound: policy.mappings.some((mapping) => contains(toRange(mapping.internal), packet.destination)) ? 'no' : 'may',
    };
  const way = vantage.uplink ?? policy.interfaces.find(({ role }) => role === 'outside')?.name;
  const near = policy.interfaces.some(
    ({ name, role, addresses, routes }) =>
      addresses.some(
        ({ address, length }) =>
          address === packet.destination ||
          ((role !== 'outside' || name !== way) && contains(toRange(getNetwork(address, length)), packet.destination)),
      ) ||
      ((role !== 'outside' || name !== way) && routes.some((route) => contains(toRange(route), packet.destination))),
  );
  if (near || ['127.0.0.0/8', '224.0.0.0/3'].some((text) => contains(toRange(parsePrefix(text)!), packet.destination)))
    return { bound: 'may' };
  for (const mapping of [...ordered].sort(
    (a, b) =>
      Number(a.peers === 'anywhere' && a.exclude.length === 0) -
      Number(b.peers === 'anywhere' && b.exclude.length === 0),
  )) {
    if (mapping.interface !== way || mapping.inboundOnly || !contains(toRange(mapping.internal), packet.source))
      continue;
    if (!takes(mapping, packet.source, packet.destination)) continue;
    return {
      bound: 'must',
      leaves: {
        source: (packet.source - mapping.internal.first + mapping.external.first) as Address,
        destination: packet.destination,
      },
    };
  }
  return { bound: 'may' };
}

function server(
  policy: ServerPolicy,
  vantage: StartLocation,
  packet: Packet,
  { icmpPasses, ipv6Passes, replyProtocols, outboundProtocols }: Excess,
): Answer {
  const given = (address: Address): boolean => policy.localAddresses.includes(address);
  const local = (address: Address): boolean => given(address) || contains(toRange(parsePrefix('fe80::/10')!), address);
  const v6 = packet.destination >= 1n << 32n;
  const icmp = packet.protocol === (v6 ? 58 : 1);
  if (vantage.kind === 'localhost') {
    const itself = (address: Address): boolean =>
      given(address) || ['127.0.0.0/8', '::1'].some((text) => contains(toRange(parsePrefix(text)!), address));
    return { bound: itself(packet.source) && itself(packet.destination) ? 'must' : 'may' };
  }
  if (vantage.kind === 'interface') {
    if (!local(packet.destination)) return { bound: 'may' };
    if (isOpen(policy.allowRules, packet)) return { bound: 'must', leaves: packet };
    if (v6 && icmp && packet.port >= 134 && packet.port <= 136) return { bound: 'must', leaves: packet };
    const upkeep = v6
      ? packet.port <= 4
        ? packet.port >= 1
        : (packet.port >= 130 && packet.port <= 136) || packet.port === 143
      : [3, 11, 12].includes(packet.port);
    const answersPing = !v6 && packet.port === 0 && replyProtocols !== 'all';
    if ((v6 && ipv6Passes) || (icmp && (upkeep || answersPing || (icmpPasses && (v6 || packet.port !== 8)))))
      return { bound: 'may', leaves: packet };
    if (policy.allowRules.blocked.some((range) => contains(range, packet.source))) return { bound: 'no' };
    const inside =
      policy.trustedConnections === 'unmanaged' &&
      policy.trustedNetworks.some((range) => contains(range, packet.source));
    return inside ? { bound: 'may', leaves: packet } : { bound: 'no' };
  }
  if (
    !local(packet.source) ||
    given(packet.destination) ||
    contains(toRange(parsePrefix('127.0.0.0/8')!), packet.destination) ||
    packet.destination === parsePrefix('::1')!.first
  )
    return { bound: 'may' };
  const own = policy.ownPublic.find((pair) => pair.public === packet.destination);
  if (own) return { bound: 'must', leaves: { source: packet.source, destination: own.local } };
  const wanted =
    policy.outbound === 'anywhere'
      ? outboundProtocols === 'all' ||
        (outboundProtocols.includes(packet.protocol) && familyFits(packet.protocol, packet))
      : policy.outbound.some(
          (entry) =>
            entry.protocol === packet.protocol &&
            (entry.ports === 'all' ||
              entry.ports.some(({ first, last }) => first <= packet.port && packet.port <= last)) &&
            (entry.sourcePorts === 'all' ||
              entry.sourcePorts.some(({ first, last }) => first <= packet.sourcePort && packet.sourcePort <= last)) &&
            among(entry.destinations, packet.destination),
        );
  const neighbours = v6 && icmp && (packet.port === 135 || packet.port === 136);
  const redirect = packet.port === (v6 ? 137 : 5);
  const perhaps = policy.outbound === 'anywhere' || (v6 && ipv6Passes) || (icmp && (icmpPasses || !redirect));
  return { bound: wanted || neighbours ? 'must' : perhaps ? 'may' : 'no', leaves: packet };
}

export const naively = (policy: Policy, vantage: StartLocation, packet: Packet, excess: Excess = NO_EXCESS): Answer =>
  policy.kind === 'gateway' ? gateway(policy, vantage, packet, excess) : server(policy, vantage, packet, excess);
