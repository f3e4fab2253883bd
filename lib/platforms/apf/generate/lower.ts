import { Family, familyOf } from '../../../net/address';
import { joinedNumbers, numbersWithout } from '../../../net/axes';
import { NumberRange, countOf } from '../../../net/device';
import { PROTOCOL } from '../../../net/packet';
import { point } from '../../../net/range';
import { Openings, ServerPolicy } from '../../../policy/policy';
import { Problem, refuseIfAny } from '../../../problems/problem';
import { peersIn } from '../../../generate/netfilter/clauses';
import { networksOf, otherProtocols, tooManyLines } from '../../../generate/netfilter/files';
import { Grant, apartFromAll, comingIn, ofPorts } from '../../../generate/netfilter/grants';
import { interfaceName } from '../../../generate/problems';
import { coded, refused } from '../../../generate/refuse';
import { Format } from './format';
import { Line, Types, Written } from './model';
import { anyType, blockedOfAll, insidePing, oneFamily, typeForSome } from './problems';

/** What may come in from whom. APF asks lines before it asks who is banned, and keys behind. */
interface Incoming extends Grant {
  readonly protocol: Line['protocol'];
}

/** APF runs a dozen programs for each. */
const MOST_LINES = 250;
/** How each family has ICMP. `always`: what answers a ping of the server, and errors, and of IPv6 who listens: APF knows no sessions of ICMP. */
const ICMP: Readonly<
  Record<Family, { readonly protocol: number; readonly ping: number; readonly always: readonly number[] }>
> = {
  ip: { protocol: PROTOCOL.icmp, ping: 8, always: [0, 3, 11, 12] },
  ip6: { protocol: PROTOCOL.icmpv6, ping: 128, always: [1, 2, 3, 4, 129, 130] },
};
/** A name in a shell's script. */
const INTERFACE = { form: /^[A-Za-z0-9][A-Za-z0-9_.-]{0,14}$/, are: 'at most 15 letters, numbers and . _ -' };

/** Throws Refusal with every wish that APF can't meet. `whole`: not what stands in for it alone. */
export function lowerServer(policy: ServerPolicy, { can, families }: Format, whole: boolean): Written {
  const { device, openings } = policy;
  const name = interfaceOf(policy);
  const icmp = families.map((family) => ({ family, ...typesOf(openings, family) }));
  const lacksPings = icmp.some(
    ({ family, types }) => types !== 'all' && !types.includes(ICMP[family].ping) && leavesInside(policy, family),
  );
  const found = [
    ...refused(policy, can),
    ...coded(
      can,
      otherProtocols(openings.entries, {
        name: openings.name,
        says: 'APF opens TCP, UDP and ICMP',
        allow: 'allow_hosts.rules',
      }),
    ),
    ...icmp.flatMap(({ problems }) => problems),
    ...blockedOfAll(openings),
    ...(whole && lacksPings ? [insidePing(openings)] : []),
    ...(INTERFACE.form.test(name) ? [] : coded(can, [interfaceName(device, can, name, INTERFACE.are)])),
  ];
  refuseIfAny(found);
  const apart = families.map((family) => ({ family, ...apartFromAll(letIn(policy, family), keyOf) }));
  // Keys are for all families.
  const open = (protocol: Line['protocol']): readonly NumberRange[] =>
    apart.map((its) => its.open(protocol)).reduce((all, its) => numbersWithout(all, numbersWithout(all, its)));
  const isOfOne = PROTOCOLS.some((protocol) =>
    apart.some((its) => countOf(numbersWithout(its.open(protocol), open(protocol))) > 0),
  );
  const lines = apart.flatMap(({ listed }) => listed.flatMap(linesOf));
  const takes = 'allow_hosts.rules, one for each network and range of ports, and APF loads them one by one';
  refuseIfAny([
    ...coded(can, tooManyLines(device, lines, MOST_LINES, takes)),
    ...(isOfOne ? [oneFamily(openings)] : []),
  ]);
  const [types, types6 = []] = icmp.map((its) => its.types) as [Types, Types?];
  return { interface: name, tcp: open('tcp'), udp: open('udp'), types, types6, lines };
}

const PROTOCOLS = ['tcp', 'udp'] as const;
const keyOf = ({ protocol }: Incoming): string => protocol;

function interfaceOf({ interfaces }: ServerPolicy): string {
  const [first] = interfaces;
  const ofIpv4 = interfaces.find(({ addresses }) => addresses.some(({ address }) => familyOf(address) === 'ip'));
  return (ofIpv4 ?? first)?.name ?? '';
}

const leavesInside = ({ insideConnections, inside }: ServerPolicy, family: Family): boolean =>
  insideConnections === 'unmanaged' && peersIn(family, { peers: inside }) !== undefined;

/** Of ICMP everybody's; what is for some no line can say. */
function typesOf(openings: Openings, family: Family): { readonly types: Types; readonly problems: readonly Problem[] } {
  const { protocol: icmp, always } = ICMP[family];
  const asked = openings.entries.flatMap(({ protocol, ports, sources }) => {
    const peers = protocol === icmp ? peersIn(family, { peers: sources, protocol }) : undefined;
    return peers === undefined ? [] : [{ ports, peers }];
  });
  const everybodys = asked.filter(({ peers }) => peers === 'anywhere');
  if (everybodys.some(({ ports }) => ports === 'all')) return { types: 'all', problems: [] };
  const types = [...always.map(point), ...everybodys.flatMap(({ ports }) => (ports === 'all' ? [] : ports))];
  const opened = joinedNumbers(types);
  const some = asked.find(({ ports }) => ports === 'all' || countOf(numbersWithout(ports, opened)) > 0);
  return {
    types: opened.flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, at) => first + at)),
    problems: [
      ...(some ? [typeForSome(openings, some.ports)] : []),
      ...(family === 'ip' && opened.some(({ last }) => last >= 255) ? [anyType(openings)] : []),
    ],
  };
}

/** APF knows nothing that takes away from who is let in, and keeps no session: who is blocked is cut out. */
function letIn(policy: ServerPolicy, family: Family): readonly Incoming[] {
  const kept = leavesInside(policy, family) ? [PROTOCOL.tcp, PROTOCOL.udp] : [];
  return comingIn(policy, family, kept).flatMap(({ protocol, ports, ...whom }): readonly Incoming[] => {
    const asked = ofPorts({ protocol, ports });
    return asked ? [{ ...whom, ...asked }] : [];
  });
}

function linesOf({ protocol, ports, peers }: Incoming): readonly Line[] {
  return ports.flatMap((some) => networksOf(peers).map((peer): Line => ({ protocol, ports: some, peer })));
}
