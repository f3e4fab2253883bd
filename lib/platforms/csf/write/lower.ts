import { FAMILIES, Family, Prefix, printAddress } from '../../../net/address';
import { joinedNumbers, numbersWithout } from '../../../net/axes';
import { NumberRange } from '../../../net/device';
import { ALL_PORTS, PROTOCOL } from '../../../net/packet';
import { point } from '../../../net/range';
import { Opening, ServerPolicy } from '../../../policy/policy';
import { Problem, refuseIfAny } from '../../../problems/problem';
import { peersIn } from '../../../writing/netfilter/clauses';
import { networksOf, otherProtocols, tooManyLines } from '../../../writing/netfilter/files';
import { Grant, comingIn, merged } from '../../../writing/netfilter/grants';
import { coded, refused } from '../../../writing/refuse';
import { capabilities } from '../capabilities';
import { Line, PORT_KEYS, PortKey, Written } from './model';
import { blockedOfMany, noAddress } from './problems';

type Way = Line['way'];
type Wish = { readonly protocol: number; readonly ports: 'all' | readonly NumberRange[] };

/** Of one family. csf asks lines before it asks who is banned, and keys behind. */
interface Passing extends Grant {
  readonly family: Family;
  readonly way: Way;
  readonly protocol: Line['protocol'];
}

/** csf runs one program for each. */
const MOST_LINES = 1000;
/** A range is two. Source: XT_MULTI_PORTS in the kernel's xt_multiport.h. */
const MOST_PORTS = 15;
const ECHO_REQUEST = 8;
const PING = 'ICMP_IN';
/** From here on the kernel takes ports for what the server opens itself. Source: ip_local_port_range of Linux, 32768 to 60999. */
const GIVEN_OUT = 32_768;

/** Throws Refusal with every wish that csf can't meet. */
export function lowerServer(policy: ServerPolicy): Written {
  const { device, openings, outbound } = policy;
  const unsaid = (entries: readonly Pick<Opening, 'protocol' | 'ports'>[], name: string): readonly Problem[] =>
    coded(capabilities, otherProtocols(entries, { name, says: 'A line of csf is for TCP, UDP or ICMP', allow: 'csf.allow' }));
  refuseIfAny([
    ...refused(policy, capabilities),
    ...unsaid(openings.entries, openings.name),
    ...unsaid(outbound === 'anywhere' ? [] : outbound, 'outbound'),
  ]);
  const grants = FAMILIES.flatMap((family) => [...letIn(policy, family), ...letOut(policy, family)]);
  const toAll = grants.filter(({ peers }) => peers === 'anywhere');
  const open = (key: string): readonly NumberRange[] =>
    joinedNumbers(toAll.filter((one) => keyOf(one) === key).flatMap(({ ports }) => ports));
  const besides = grants.map((one) => (one.whole ? one : { ...one, ports: numbersWithout(one.ports, open(keyOf(one))) }));
  const lines = merged(besides, keyOf).flatMap(linesOf);
  const denied = merged(
    FAMILIES.flatMap((family) => keptOff(policy, family)),
    keyOf,
  ).flatMap(linesOf);
  const all = [...lines, ...denied];
  const ignored = all.find(({ peer }) => isPassedOver(peer));
  refuseIfAny([
    ...coded(capabilities, tooManyLines(device, all, MOST_LINES, 'csf.allow and csf.deny, and csf loads each as a rule of its own')),
    ...(denied.some(isGivenOut) ? [blockedOfMany(openings, GIVEN_OUT)] : []),
    ...(ignored ? [noAddress(device, ignored.peer)] : []),
  ]);
  return {
    ports: Object.fromEntries(PORT_KEYS.map((key) => [key, open(key)])) as Record<PortKey, readonly NumberRange[]>,
    ping: open(PING).length > 0,
    lines,
    denied,
  };
}

/** Lines of csf.allow are asked first: who is blocked is cut out of them. */
function letIn(policy: ServerPolicy, family: Family): readonly Passing[] {
  const { inside, insideConnections } = policy;
  const kept = insideConnections === 'unmanaged' && inside.length > 0 ? [PROTOCOL.tcp, PROTOCOL.udp, PROTOCOL.icmp] : [];
  return comingIn(policy, family, kept).flatMap(({ whole, peers, ...wish }) => grantsOf(wish, { family, way: 'in', whole, peers }));
}

function letOut({ outbound }: ServerPolicy, family: Family): readonly Passing[] {
  const anywhere = [PROTOCOL.tcp, PROTOCOL.udp].map((protocol) => ({ protocol, ports: 'all', destinations: 'anywhere' }) as const);
  return (outbound === 'anywhere' ? anywhere : outbound).flatMap(({ destinations, ...wish }) => {
    const peers = peersIn(family, { peers: destinations, protocol: wish.protocol });
    return peers === undefined ? [] : grantsOf(wish, { family, way: 'out', whole: false, peers });
  });
}

/** Whoever is blocked, of what is open to everybody and is no management. */
function keptOff({ openings: { entries, blocked } }: ServerPolicy, family: Family): readonly Passing[] {
  const peers = peersIn(family, { peers: blocked });
  if (peers === undefined || peers === 'anywhere' || peers.length === 0) return [];
  const ofAll = entries.filter(({ sources, protocol }) => peersIn(family, { peers: sources, protocol }) === 'anywhere');
  const grants = (management: boolean): readonly Passing[] =>
    ofAll.flatMap((entry) => (entry.management === management ? grantsOf(entry, { family, way: 'in', whole: false, peers }) : []));
  const open = grants(true);
  return grants(false).map((one) => ({
    ...one,
    ports: numbersWithout(one.ports, joinedNumbers(open.filter((other) => keyOf(other) === keyOf(one)).flatMap(({ ports }) => ports))),
  }));
}

/** ICMP passes without being asked for, but for echo requests of IPv4 that come in. */
function grantsOf({ protocol, ports }: Wish, whom: Pick<Passing, 'family' | 'way' | 'peers' | 'whole'>): readonly Passing[] {
  switch (protocol) {
    case PROTOCOL.tcp:
    case PROTOCOL.udp:
      return [{ ...whom, protocol: protocol === PROTOCOL.tcp ? 'tcp' : 'udp', ports: ports === 'all' ? [ALL_PORTS] : ports }];
    case PROTOCOL.icmp: {
      const asks = ports === 'all' || ports.some(({ first, last }) => first <= ECHO_REQUEST && ECHO_REQUEST <= last);
      return asks && whom.way === 'in' ? [{ ...whom, protocol: 'icmp', ports: [point(ECHO_REQUEST)] }] : [];
    }
    default:
      return [];
  }
}

const keyOf = ({ protocol, family, way }: Passing): string => `${protocol}${family === 'ip' ? '' : '6'}_${way}`.toUpperCase();

function linesOf({ protocol, way, ports, peers }: Passing): readonly Line[] {
  return portsApart(ports).flatMap((some) => networksOf(peers).map((peer): Line => ({ protocol, way, ports: some, peer })));
}

const isGivenOut = ({ protocol, ports }: Line): boolean => protocol !== 'icmp' && ports.some(({ last }) => last >= GIVEN_OUT);

/** As many as a line takes. */
function portsApart(ports: readonly NumberRange[]): readonly (readonly NumberRange[])[] {
  const parts: NumberRange[][] = [];
  let room = 0;
  for (const one of ports) {
    const slots = one.first === one.last ? 1 : 2;
    if (slots > room) {
      parts.push([]);
      room = MOST_PORTS;
    }
    parts.at(-1)!.push(one);
    room -= slots;
  }
  return parts;
}

/** What csf takes for the server itself: 127.0.0.1, and of IPv6 what is 1 as Perl reads its digits, `1a00::` too. Source: CheckIP.pm of csf 15.10. */
function isPassedOver({ first }: Prefix): boolean {
  const host = printAddress(first);
  return host === '127.0.0.1' || (host.includes(':') && parseFloat(host.replaceAll(':', '').replace(/^0+/, '')) === 1);
}
