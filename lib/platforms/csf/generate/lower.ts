import { FAMILIES, FAMILY_RANGE, Family, Prefix, prefixesOf, printAddress } from '../../../net/address';
import { NumberRange } from '../../../net/device';
import { PROTOCOL } from '../../../net/packet';
import { point } from '../../../net/range';
import { Opening, Outbound, ServerPolicy } from '../../../policy/policy';
import { Problem, refuseIfAny } from '../../../problems/problem';
import { peersIn } from '../../../generate/netfilter/clauses';
import { networksOf, otherProtocols, tooManyLines } from '../../../generate/netfilter/files';
import { Grant, apartFromAll, comingIn, merged, ofPorts, withoutPorts } from '../../../generate/netfilter/grants';
import { slotsApart } from '../../../generate/netfilter/slots';
import { coded, refused } from '../../../generate/refuse';
import { capabilities } from '../capabilities';
import { Hooked, Line, Written } from './model';
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
const LOADED = 'csf.allow, csf.deny and csfpost.sh, and each is loaded as a rule of its own';
const ECHO_REQUEST = 8;
const PING = 'ICMP_IN';
/** From here on the kernel takes ports for what the server opens itself. Source: ip_local_port_range of Linux, 32768 to 60999. */
const GIVEN_OUT = 32_768;

/** Throws Refusal with every wish that csf can't meet. */
export function lowerServer(policy: ServerPolicy): Written {
  const { device, openings, outbound } = policy;
  const unsaid = (entries: readonly Pick<Opening, 'protocol' | 'ports'>[], name: string): readonly Problem[] =>
    coded(
      capabilities,
      otherProtocols(entries, { name, says: 'A line of csf is for TCP, UDP or ICMP', allow: 'csf.allow' }),
    );
  refuseIfAny([
    ...refused(policy, capabilities),
    ...unsaid(openings.entries, openings.name),
    ...unsaid(outbound === 'anywhere' ? [] : outbound, 'outbound'),
  ]);
  const grants = FAMILIES.flatMap((family) => [...letIn(policy, family), ...letOut(policy, family)]);
  const kept = FAMILIES.flatMap((family) => keptOff(policy, family));
  const { open, listed } = apartFromAll(grants, keyOf);
  const lines = listed.flatMap(linesOf);
  const denied = merged(kept, keyOf).flatMap(linesOf);
  const hooked = FAMILIES.flatMap((family) => fromOwnPorts(policy, family));
  const all = [...lines, ...denied];
  const ignored = all.find(({ peer }) => isPassedOver(peer));
  refuseIfAny([
    ...coded(capabilities, tooManyLines(device, [...all, ...hooked], MOST_LINES, LOADED)),
    ...(denied.some(isGivenOut) ? [blockedOfMany(openings, GIVEN_OUT)] : []),
    ...(ignored ? [noAddress(device, ignored.peer)] : []),
  ]);
  return { ports: open, ping: open(PING).length > 0, lines, denied, hooked };
}

/** Lines of csf.allow are asked first: who is blocked is cut out of them. */
function letIn(policy: ServerPolicy, family: Family): readonly Passing[] {
  const { inside, insideConnections } = policy;
  const kept =
    insideConnections === 'unmanaged' && inside.length > 0 ? [PROTOCOL.tcp, PROTOCOL.udp, PROTOCOL.icmp] : [];
  return comingIn(policy, family, kept).flatMap(({ whole, peers, ...wish }) =>
    grantsOf(wish, { family, way: 'in', whole, peers }),
  );
}

function letOut({ outbound }: ServerPolicy, family: Family): readonly Passing[] {
  const anywhere = [PROTOCOL.tcp, PROTOCOL.udp].map(
    (protocol) => ({ protocol, ports: 'all', destinations: 'anywhere' }) as const,
  );
  return (outbound === 'anywhere' ? anywhere : outbound.filter(isFromAnyPort)).flatMap(({ destinations, ...wish }) => {
    const peers = peersIn(family, { peers: destinations, protocol: wish.protocol });
    return peers === undefined ? [] : grantsOf(wish, { family, way: 'out', whole: false, peers });
  });
}

const isFromAnyPort = ({ sourcePorts }: Outbound): boolean => sourcePorts === 'all';

/** What has ports of its own to come from, a list of networks for each rule. */
function fromOwnPorts({ outbound }: ServerPolicy, family: Family): readonly Hooked[] {
  return (outbound === 'anywhere' ? [] : outbound).flatMap(({ destinations, sourcePorts, ...wish }) => {
    const peers = peersIn(family, { peers: destinations });
    const asked = ofPorts(wish);
    if (sourcePorts === 'all' || !asked || peers === undefined) return [];
    const { protocol } = asked;
    return slotsApart(sourcePorts).flatMap((from) =>
      slotsApart(asked.ports).flatMap((ports) =>
        (peers === 'anywhere' ? prefixesOf(FAMILY_RANGE[family]) : networksOf(peers)).map((peer): Hooked => ({
          family,
          protocol,
          sourcePorts: from,
          ports,
          peer,
        })),
      ),
    );
  });
}

/** Whoever is blocked, of what is open to everybody and is no management. */
function keptOff({ openings: { entries, blocked } }: ServerPolicy, family: Family): readonly Passing[] {
  const peers = peersIn(family, { peers: blocked });
  if (peers === undefined || peers === 'anywhere' || peers.length === 0) return [];
  const ofAll = entries.filter(({ sources, protocol }) => peersIn(family, { peers: sources, protocol }) === 'anywhere');
  const [managed, others] = [true, false].map((management) =>
    ofAll
      .filter((entry) => entry.management === management)
      .flatMap((entry) => grantsOf(entry, { family, way: 'in', whole: false, peers })),
  );
  return others!.map(withoutPorts(managed!, keyOf));
}

/** ICMP passes without being asked for, but for echo requests of IPv4 that come in. */
function grantsOf(wish: Wish, whom: Pick<Passing, 'family' | 'way' | 'peers' | 'whole'>): readonly Passing[] {
  const asked = ofPorts(wish);
  if (asked) return [{ ...whom, ...asked }];
  const { protocol, ports } = wish;
  const asks = ports === 'all' || ports.some(({ first, last }) => first <= ECHO_REQUEST && ECHO_REQUEST <= last);
  return protocol === PROTOCOL.icmp && asks && whom.way === 'in'
    ? [{ ...whom, protocol: 'icmp', ports: [point(ECHO_REQUEST)] }]
    : [];
}

const keyOf = ({ protocol, family, way }: Passing): string =>
  `${protocol}${family === 'ip' ? '' : '6'}_${way}`.toUpperCase();

function linesOf({ protocol, way, ports, peers }: Passing): readonly Line[] {
  return slotsApart(ports).flatMap((some) =>
    networksOf(peers).map((peer): Line => ({ protocol, way, ports: some, peer })),
  );
}

const isGivenOut = ({ protocol, ports }: Line): boolean =>
  protocol !== 'icmp' && ports.some(({ last }) => last >= GIVEN_OUT);

/** What csf takes for the server itself: 127.0.0.1, and of IPv6 what is 1 as Perl reads its digits, `1a00::` too. Source: CheckIP.pm of csf 15.10. */
function isPassedOver({ first }: Prefix): boolean {
  const host = printAddress(first);
  return host === '127.0.0.1' || (host.includes(':') && parseFloat(host.replaceAll(':', '').replace(/^0+/, '')) === 1);
}
