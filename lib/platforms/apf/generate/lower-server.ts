// Lowers a server's policy to APF's settings and lines: ports that are open to every peer become keys of conf.apf
// (IG_TCP_CPORTS), ports for some peers become lines of allow_hosts.rules. render.ts prints them.

import { Family, getFamily } from '../../../net/address';
import { mergeNumbers, subtractNumbers } from '../../../net/axis-nodes';
import { NumberRange, countNumbers } from '../../../net/device';
import { PROTOCOL } from '../../../net/packet';
import { toSingleRange } from '../../../net/range';
import { AllowRules, ServerPolicy } from '../../../policy/policy';
import { Problem, refuseIfAny } from '../../../problems/problem';
import { selectPeers } from '../../../generate/netfilter/clauses';
import { toPeerPrefixes, checkProtocols, checkLineCount } from '../../../generate/netfilter/config-files';
import { PortGrant, splitPublicPorts, listInboundGrants, toPortEntry } from '../../../generate/netfilter/port-grants';
import { createInterfaceNameProblem } from '../../../generate/policy-problems';
import { addPlatformCode, checkPolicy } from '../../../generate/check-policy';
import { ApfFormat } from './apf-format';
import { ApfLine, ApfIcmpTypes, ApfEntries } from './apf-entries';
import {
  createAnyType,
  createBlockedOfAll,
  createInsidePing,
  createOneFamily,
  createTypeForSome,
} from './apf-problems';

/** Incoming ports and their peers. APF evaluates lines before bans, and keys after them. */
interface ApfGrant extends PortGrant {
  readonly protocol: ApfLine['protocol'];
}

/** APF runs a dozen programs for each line. */
const MAX_LINES = 250;
/**
 * ICMP of each family. `always`: answers to the server's pings, errors, and in IPv6 multicast listeners; APF tracks no
 * sessions of ICMP.
 */
const ICMP_BY_FAMILY: Readonly<
  Record<Family, { readonly protocol: number; readonly ping: number; readonly always: readonly number[] }>
> = {
  ip: { protocol: PROTOCOL.icmp, ping: 8, always: [0, 3, 11, 12] },
  ip6: { protocol: PROTOCOL.icmpv6, ping: 128, always: [1, 2, 3, 4, 129, 130] },
};
/** The name stands in a shell script. */
const INTERFACE_NAME = { form: /^[A-Za-z0-9][A-Za-z0-9_.-]{0,14}$/, are: 'at most 15 letters, numbers and . _ -' };

/**
 * Returns the entries of a server's policy. `isWhole` is false for a config that only stands in for the policy.
 *
 * @throws Refusal with every part of the policy that APF can't express.
 */
export function lowerServer(policy: ServerPolicy, { capabilities, families }: ApfFormat, isWhole: boolean): ApfEntries {
  const { device, allowRules } = policy;
  const name = pickInterface(policy);
  const icmp = families.map((family) => ({ family, ...collectIcmpTypes(allowRules, family) }));
  const lacksPings = icmp.some(
    ({ family, types }) =>
      types !== 'all' && !types.includes(ICMP_BY_FAMILY[family].ping) && leavesInsideUnmanaged(policy, family),
  );
  const refusals = [
    ...checkPolicy(policy, capabilities),
    ...addPlatformCode(
      capabilities,
      checkProtocols(allowRules.entries, {
        name: allowRules.name,
        says: 'APF opens TCP, UDP and ICMP',
        allow: 'allow_hosts.rules',
      }),
    ),
    ...icmp.flatMap(({ problems }) => problems),
    ...createBlockedOfAll(allowRules),
    ...(isWhole && lacksPings ? [createInsidePing(allowRules)] : []),
    ...(INTERFACE_NAME.form.test(name)
      ? []
      : addPlatformCode(capabilities, [createInterfaceNameProblem(device, capabilities, name, INTERFACE_NAME.are)])),
  ];
  refuseIfAny(refusals);
  const grantsByFamily = families.map((family) => ({
    family,
    ...splitPublicPorts(collectInbound(policy, family), getProtocolKey),
  }));
  // Keys apply to all families.
  const listOpenPorts = (protocol: ApfLine['protocol']): readonly NumberRange[] =>
    grantsByFamily
      .map((familyRules) => familyRules.open(protocol))
      .reduce((openPorts, familyRules) => subtractNumbers(openPorts, subtractNumbers(openPorts, familyRules)));
  const isOneFamily = PORT_PROTOCOLS.some((protocol) =>
    grantsByFamily.some(
      (familyRules) => countNumbers(subtractNumbers(familyRules.open(protocol), listOpenPorts(protocol))) > 0,
    ),
  );
  const lines = grantsByFamily.flatMap(({ listed }) => listed.flatMap(toLines));
  const takes = 'allow_hosts.rules, one for each network and range of ports, and APF loads them one by one';
  refuseIfAny([
    ...addPlatformCode(capabilities, checkLineCount(device, lines, MAX_LINES, takes)),
    ...(isOneFamily ? [createOneFamily(allowRules)] : []),
  ]);
  const [types, types6 = []] = icmp.map((familyRules) => familyRules.types) as [ApfIcmpTypes, ApfIcmpTypes?];
  return { interface: name, tcp: listOpenPorts('tcp'), udp: listOpenPorts('udp'), types, types6, lines };
}

const PORT_PROTOCOLS = ['tcp', 'udp'] as const;
const getProtocolKey = ({ protocol }: ApfGrant): string => protocol;

function pickInterface({ interfaces }: ServerPolicy): string {
  const [first] = interfaces;
  const ofIpv4 = interfaces.find(({ addresses }) => addresses.some(({ address }) => getFamily(address) === 'ip'));
  return (ofIpv4 ?? first)?.name ?? '';
}

const leavesInsideUnmanaged = ({ trustedConnections, trustedNetworks }: ServerPolicy, family: Family): boolean =>
  trustedConnections === 'unmanaged' && selectPeers(family, { peers: trustedNetworks }) !== undefined;

/** Returns the types of ICMP that are open to every peer. No line can express types for some peers. */
function collectIcmpTypes(
  openings: AllowRules,
  family: Family,
): { readonly types: ApfIcmpTypes; readonly problems: readonly Problem[] } {
  const { protocol: icmp, always } = ICMP_BY_FAMILY[family];
  const requested = openings.entries.flatMap(({ protocol, ports, sources }) => {
    const peers = protocol === icmp ? selectPeers(family, { peers: sources, protocol }) : undefined;
    return peers === undefined ? [] : [{ ports, peers }];
  });
  const forEverybody = requested.filter(({ peers }) => peers === 'anywhere');
  if (forEverybody.some(({ ports }) => ports === 'all')) return { types: 'all', problems: [] };
  const types = [...always.map(toSingleRange), ...forEverybody.flatMap(({ ports }) => (ports === 'all' ? [] : ports))];
  const opened = mergeNumbers(types);
  const unsupported = requested.find(
    ({ ports }) => ports === 'all' || countNumbers(subtractNumbers(ports, opened)) > 0,
  );
  return {
    types: opened.flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, at) => first + at)),
    problems: [
      ...(unsupported ? [createTypeForSome(openings, unsupported.ports)] : []),
      ...(family === 'ip' && opened.some(({ last }) => last >= 255) ? [createAnyType(openings)] : []),
    ],
  };
}

/**
 * Returns the inbound grants without blocked peers: APF has no rule that subtracts from allowed peers, and keeps no
 * sessions.
 */
function collectInbound(policy: ServerPolicy, family: Family): readonly ApfGrant[] {
  const leftProtocols = leavesInsideUnmanaged(policy, family) ? [PROTOCOL.tcp, PROTOCOL.udp] : [];
  return listInboundGrants(policy, family, leftProtocols).flatMap(
    ({ protocol, ports, ...grant }): readonly ApfGrant[] => {
      const portService = toPortEntry({ protocol, ports });
      return portService ? [{ ...grant, ...portService }] : [];
    },
  );
}

function toLines({ protocol, ports, peers }: ApfGrant): readonly ApfLine[] {
  return ports.flatMap((range) => toPeerPrefixes(peers).map((peer): ApfLine => ({ protocol, ports: range, peer })));
}
