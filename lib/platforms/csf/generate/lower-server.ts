// Lowers a server's policy to csf's entries: open ports for csf.conf, lines for csf.allow and csf.deny, and rules with
// source ports for csfpost.sh. Refuses a policy that csf can't express.

import { FAMILIES, FAMILY_RANGE, Family, Prefix, toPrefixes, printAddress, printPrefix } from '../../../net/address';
import { NumberRange } from '../../../net/device';
import { PROTOCOL } from '../../../net/packet';
import { toSingleRange } from '../../../net/range';
import { AllowRule, OutboundRule, ServerPolicy, AllowRules } from '../../../policy/policy';
import { Problem, refuseIfAny } from '../../../problems/problem';
import { selectPeers } from '../../../generate/netfilter/clauses';
import { toPeerPrefixes, checkProtocols, checkLineCount } from '../../../generate/netfilter/config-files';
import {
  PortGrant,
  splitPublicPorts,
  listInboundGrants,
  mergeGrants,
  toPortEntry,
  createPortSubtraction,
} from '../../../generate/netfilter/port-grants';
import { splitMultiport } from '../../../generate/netfilter/split-multiport';
import { addPlatformCode, checkPolicy } from '../../../generate/check-policy';
import { capabilities } from '../capabilities';
import { CsfSourcePortRule, CsfLine, CsfEntries } from './csf-entry-types';

// Problems of csf alone; `lib/generate/policy-problems.ts` has those of every platform.

/**
 * csf evaluates lines of csf.deny before it accepts sessions. A line for ports that the kernel assigns also drops
 * answers to the server.
 */
const createBlockedOfMany = ({ name }: AllowRules, from: number): Problem => ({
  code: 'csf/blocked',
  where: `openings ${name}`,
  what: `A source is blocked from ports from ${from} on that are open to all others: csf says that by lines of csf.deny, and they would drop the answers to what the server opens from such ports itself.`,
  instead: `these ports for listed sources that leave them out (or passive FTP below ${from}); or no "blocked".`,
});

const createNoAddress = (device: string, peer: Prefix): Problem => ({
  code: 'csf/address',
  where: `device ${device}`,
  what: `csf passes over lines with ${printPrefix(peer)}, which it takes for its own.`,
  instead: 'networks that leave it out, or a wider one.',
});

type CsfDirection = CsfLine['direction'];
type ServicePorts = { readonly protocol: number; readonly ports: 'all' | readonly NumberRange[] };

/** A grant of one family. csf evaluates lines before bans, and keys after them. */
interface CsfGrant extends PortGrant {
  readonly family: Family;
  readonly direction: CsfDirection;
  readonly protocol: CsfLine['protocol'];
}

/** csf runs one program for each line. */
const MAX_LINES = 1000;
const LINE_FILES = 'csf.allow, csf.deny and csfpost.sh, and each is loaded as a rule of its own';
const ECHO_REQUEST = 8;
const PING_KEY = 'ICMP_IN';
/**
 * The kernel assigns ports from here on to connections that the server opens. Source: ip_local_port_range of Linux,
 * 32768 to 60999.
 */
const FIRST_EPHEMERAL_PORT = 32_768;

/**
 * Returns the entries of a server's policy.
 *
 * @throws Refusal with every part of the policy that csf can't express.
 */
export function lowerServer(policy: ServerPolicy): CsfEntries {
  const { device, allowRules, outbound } = policy;
  const unsaid = (entries: readonly Pick<AllowRule, 'protocol' | 'ports'>[], name: string): readonly Problem[] =>
    addPlatformCode(
      capabilities,
      checkProtocols(entries, { name, says: 'A line of csf is for TCP, UDP or ICMP', allow: 'csf.allow' }),
    );
  refuseIfAny([
    ...checkPolicy(policy, capabilities),
    ...unsaid(allowRules.entries, allowRules.name),
    ...unsaid(outbound === 'anywhere' ? [] : outbound, 'outbound'),
  ]);
  const grants = FAMILIES.flatMap((family) => [...collectInbound(policy, family), ...collectOutbound(policy, family)]);
  const blockedGrants = FAMILIES.flatMap((family) => collectBlocked(policy, family));
  const { open, listed } = splitPublicPorts(grants, getSettingKey);
  const lines = listed.flatMap(toLines);
  const denied = mergeGrants(blockedGrants, getSettingKey).flatMap(toLines);
  const hooked = FAMILIES.flatMap((family) => lowerSourcePorts(policy, family));
  const allLines = [...lines, ...denied];
  const ignored = allLines.find(({ peer }) => isIgnored(peer));
  refuseIfAny([
    ...addPlatformCode(capabilities, checkLineCount(device, [...allLines, ...hooked], MAX_LINES, LINE_FILES)),
    ...(denied.some(isEphemeral) ? [createBlockedOfMany(allowRules, FIRST_EPHEMERAL_PORT)] : []),
    ...(ignored ? [createNoAddress(device, ignored.peer)] : []),
  ]);
  return { ports: open, ping: open(PING_KEY).length > 0, lines, denied, hooked };
}

/** Returns the inbound grants without blocked peers, because csf evaluates lines of csf.allow first. */
function collectInbound(policy: ServerPolicy, family: Family): readonly CsfGrant[] {
  const { trustedNetworks, trustedConnections } = policy;
  const leftProtocols =
    trustedConnections === 'unmanaged' && trustedNetworks.length > 0 ? [PROTOCOL.tcp, PROTOCOL.udp, PROTOCOL.icmp] : [];
  return listInboundGrants(policy, family, leftProtocols).flatMap(({ whole, peers, ...service }) =>
    createGrants(service, { family, direction: 'in', whole, peers }),
  );
}

function collectOutbound({ outbound }: ServerPolicy, family: Family): readonly CsfGrant[] {
  const anywhere = [PROTOCOL.tcp, PROTOCOL.udp].map(
    (protocol) => ({ protocol, ports: 'all', destinations: 'anywhere' }) as const,
  );
  return (outbound === 'anywhere' ? anywhere : outbound.filter(isFromAnyPort)).flatMap(
    ({ destinations, ...service }) => {
      const peers = selectPeers(family, { peers: destinations, protocol: service.protocol });
      return peers === undefined ? [] : createGrants(service, { family, direction: 'out', whole: false, peers });
    },
  );
}

const isFromAnyPort = ({ sourcePorts }: OutboundRule): boolean => sourcePorts === 'all';

/** Returns the rules with fixed source ports, one for each network of the list. */
function lowerSourcePorts({ outbound }: ServerPolicy, family: Family): readonly CsfSourcePortRule[] {
  return (outbound === 'anywhere' ? [] : outbound).flatMap(({ destinations, sourcePorts, ...service }) => {
    const peers = selectPeers(family, { peers: destinations });
    const portService = toPortEntry(service);
    if (sourcePorts === 'all' || !portService || peers === undefined) return [];
    const { protocol } = portService;
    return splitMultiport(sourcePorts).flatMap((from) =>
      splitMultiport(portService.ports).flatMap((ports) =>
        (peers === 'anywhere' ? toPrefixes(FAMILY_RANGE[family]) : toPeerPrefixes(peers)).map(
          (peer): CsfSourcePortRule => ({
            family,
            protocol,
            sourcePorts: from,
            ports,
            peer,
          }),
        ),
      ),
    );
  });
}

/** Returns the blocked peers of everything that is open to every peer and isn't management. */
function collectBlocked({ allowRules: { entries, blocked } }: ServerPolicy, family: Family): readonly CsfGrant[] {
  const peers = selectPeers(family, { peers: blocked });
  if (peers === undefined || peers === 'anywhere' || peers.length === 0) return [];
  const ofAll = entries.filter(
    ({ sources, protocol }) => selectPeers(family, { peers: sources, protocol }) === 'anywhere',
  );
  const [managed, otherGrants] = [true, false].map((management) =>
    ofAll
      .filter((entry) => entry.management === management)
      .flatMap((entry) => createGrants(entry, { family, direction: 'in', whole: false, peers })),
  );
  return otherGrants!.map(createPortSubtraction(managed!, getSettingKey));
}

/** Returns the grants of a service. csf passes all ICMP without a grant, except incoming echo requests of IPv4. */
function createGrants(
  service: ServicePorts,
  grant: Pick<CsfGrant, 'family' | 'direction' | 'peers' | 'whole'>,
): readonly CsfGrant[] {
  const portService = toPortEntry(service);
  if (portService) return [{ ...grant, ...portService }];
  const { protocol, ports } = service;
  const asks = ports === 'all' || ports.some(({ first, last }) => first <= ECHO_REQUEST && ECHO_REQUEST <= last);
  return protocol === PROTOCOL.icmp && asks && grant.direction === 'in'
    ? [{ ...grant, protocol: 'icmp', ports: [toSingleRange(ECHO_REQUEST)] }]
    : [];
}

const getSettingKey = ({ protocol, family, direction }: CsfGrant): string =>
  `${protocol}${family === 'ip' ? '' : '6'}_${direction}`.toUpperCase();

function toLines({ protocol, direction, ports, peers }: CsfGrant): readonly CsfLine[] {
  return splitMultiport(ports).flatMap((portSlot) =>
    toPeerPrefixes(peers).map((peer): CsfLine => ({ protocol, direction, ports: portSlot, peer })),
  );
}

const isEphemeral = ({ protocol, ports }: CsfLine): boolean =>
  protocol !== 'icmp' && ports.some(({ last }) => last >= FIRST_EPHEMERAL_PORT);

/**
 * Returns whether csf takes an address for the server itself: 127.0.0.1, and each IPv6 address whose digits Perl reads
 * as 1, including `1a00::`. Source: CheckIP.pm of csf 15.10.
 */
function isIgnored({ first }: Prefix): boolean {
  const host = printAddress(first);
  return host === '127.0.0.1' || (host.includes(':') && parseFloat(host.replaceAll(':', '').replace(/^0+/, '')) === 1);
}
