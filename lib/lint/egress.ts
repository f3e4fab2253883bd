// Computes which outbound connections a server's rules allow, and creates finders for lint rules on the outbound
// connections of cPanel servers.

import { FAMILY_RANGE } from '../net/address';
import { memoize } from '../net/intern-tables';
import { PROTOCOL } from '../net/packet';
import { PacketMap, PacketSet } from '../net/packet-map';
import { contains, toSingleRange, subtractRanges } from '../net/range';
import { getDestinations, isInternetWide } from './addresses';
import { listServers } from './owners';
import { printOwner } from './owner-findings';
import { LintFinder, FindingText } from './lint-rule';
import { LintSubject, SubjectOwner } from './lint-subject';
import { isLikelyCpanel, getTargets } from './lint-targets';
import { getLocalAddresses } from '../net/device';

interface OutboundConnection {
  readonly protocol: number;
  readonly port: number;
  readonly sourcePort?: number;
}

export const toPackets = ({ protocol, port, sourcePort }: OutboundConnection): PacketSet =>
  PacketMap.createSet({
    protocol: [toSingleRange(protocol)],
    port: [toSingleRange(port)],
    ...(sourcePort === undefined ? {} : { sourcePort: [toSingleRange(sourcePort)] }),
  });

/**
 * Returns where a host may connect to over IPv4, from its own addresses. `unknown` counts as allowed: a block is
 * reported only if it is certain.
 */
export function computeReach(owner: SubjectOwner, connection: OutboundConnection): 'anywhere' | 'listed' | 'nowhere' {
  const destinations = getDestinations(getLeavingPackets(owner).intersect(toPackets(connection)), 'ip');
  return isInternetWide(destinations, 'ip') ? 'anywhere' : destinations.length > 0 ? 'listed' : 'nowhere';
}

/** Returns whether only some connections may leave the host. */
function isEgressRestricted(owner: SubjectOwner): boolean {
  const connections = PacketMap.createSet({
    source: getIpv4Addresses(owner).map(toSingleRange),
    protocol: [toSingleRange(PROTOCOL.tcp)],
  });
  const closedDestinations = getDestinations(connections.subtract(getLeavingPackets(owner)), 'ip');
  return !isInternetWide(subtractRanges([FAMILY_RANGE.ip], closedDestinations), 'ip');
}

/**
 * Returns the packets that may leave the host for other hosts, without those that its own rules translate back to it.
 */
const getLeavingPackets = memoize((owner: SubjectOwner): PacketSet => {
  const views = owner.reachability.views.filter(({ startLocation }) => startLocation.kind === 'self');
  const fromOwnAddresses = PacketMap.createSet({ family: 'ip', source: getIpv4Addresses(owner).map(toSingleRange) });
  const toOwnAddresses = PacketMap.createSet({ destination: getIpv4Addresses(owner).map(toSingleRange) });
  const sets = views.map(
    ({ dispositions, translations }) =>
      dispositions.intersect(translations.select(({ destination }) => destination.is === 'kept')).domain,
  );
  return PacketMap.mergeFirst(sets).intersect(fromOwnAddresses).subtract(toOwnAddresses);
});

const getIpv4Addresses = ({ device }: SubjectOwner): readonly bigint[] =>
  getLocalAddresses(device).filter((address) => contains(FAMILY_RANGE.ip, address));

/** Creates a finder with one finding for each cPanel server on which `describe` returns a text. */
export const createCpanelServerFinder =
  (describe: (owner: SubjectOwner) => FindingText | false): LintFinder =>
  (subject) =>
    listCpanelServers(subject).flatMap((owner) => {
      const text = describe(owner);
      return text ? { where: printOwner(owner), ...text } : [];
    });

/** Creates a finder for servers with restricted connections that may still connect to a rarely used port. */
export const createAllowedPortFinder = (
  port: number,
  text: FindingText,
  applies: (owner: SubjectOwner) => boolean = () => true,
): LintFinder =>
  createCpanelServerFinder(
    (owner) =>
      applies(owner) &&
      computeReach(owner, { protocol: PROTOCOL.tcp, port }) === 'anywhere' &&
      isEgressRestricted(owner) &&
      text,
  );

/**
 * Returns the hosts with IPv4 that are managed as cPanel servers, or that offer its panel. Licences, MYIP and AutoSSL
 * need IPv4.
 */
function listCpanelServers(subject: LintSubject): readonly SubjectOwner[] {
  const cpanelOwners = new Set(
    getTargets(subject).flatMap((target) => (target.isHost && isLikelyCpanel(target) ? target.owner : [])),
  );
  return listServers(subject).filter(
    (owner) => getIpv4Addresses(owner).length > 0 && (owner.policy?.kind === 'server' || cpanelOwners.has(owner)),
  );
}
