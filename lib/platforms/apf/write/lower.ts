import { familyOf } from '../../../net/address';
import { joinedNumbers, numbersWithout } from '../../../net/axes';
import { countOf } from '../../../net/device';
import { PROTOCOL } from '../../../net/packet';
import { point } from '../../../net/range';
import { Openings, ServerPolicy } from '../../../policy/policy';
import { Problem, refuseIfAny } from '../../../problems/problem';
import { peersIn } from '../../../writing/netfilter/clauses';
import { networksOf, otherProtocols, tooManyLines } from '../../../writing/netfilter/files';
import { Grant, apartFromAll, comingIn, ofPorts } from '../../../writing/netfilter/grants';
import { interfaceName } from '../../../writing/problems';
import { coded, refused } from '../../../writing/refuse';
import { capabilities } from '../capabilities';
import { Line, Written } from './model';
import { anyType, blockedOfAll, insidePing, typeForSome } from './problems';

/** What may come in from whom. APF asks lines before it asks who is banned, and keys behind. */
interface Incoming extends Grant {
  readonly protocol: Line['protocol'];
}

/** APF runs a dozen programs for each. */
const MOST_LINES = 250;
const ECHO_REQUEST = 8;
/** What answers a ping of the server, and errors: APF knows no sessions of ICMP, so it comes in in any case. */
const ALWAYS: readonly number[] = [0, 3, 11, 12];
/** A name in a shell's script. */
const INTERFACE = { form: /^[A-Za-z0-9][A-Za-z0-9_.-]{0,14}$/, are: 'at most 15 letters, numbers and . _ -' };

/** Throws Refusal with every wish that APF can't meet. `whole`: not what stands in for it alone. */
export function lowerServer(policy: ServerPolicy, whole: boolean): Written {
  const { device, openings } = policy;
  const name = interfaceOf(policy);
  const { types, problems } = typesOf(openings);
  const pings = types === 'all' || types.includes(ECHO_REQUEST);
  const found = [
    ...refused(policy, capabilities),
    ...coded(
      capabilities,
      otherProtocols(openings.entries, { name: openings.name, says: 'APF opens TCP, UDP and ICMP', allow: 'allow_hosts.rules' }),
    ),
    ...problems,
    ...blockedOfAll(openings),
    ...(whole && !pings && leavesInside(policy) ? [insidePing(openings)] : []),
    ...(INTERFACE.form.test(name) ? [] : coded(capabilities, [interfaceName(device, capabilities, name, INTERFACE.are)])),
  ];
  refuseIfAny(found);
  const { open, listed } = apartFromAll(letIn(policy), ({ protocol }) => protocol);
  const lines = listed.flatMap(linesOf);
  const takes = 'allow_hosts.rules, one for each network and range of ports, and APF loads them one by one';
  refuseIfAny(coded(capabilities, tooManyLines(device, lines, MOST_LINES, takes)));
  return { interface: name, tcp: open('tcp'), udp: open('udp'), types, lines };
}

function interfaceOf({ interfaces }: ServerPolicy): string {
  const [first] = interfaces;
  const ofIpv4 = interfaces.find(({ addresses }) => addresses.some(({ address }) => familyOf(address) === 'ip'));
  return (ofIpv4 ?? first)?.name ?? '';
}

const leavesInside = ({ insideConnections, inside }: ServerPolicy): boolean =>
  insideConnections === 'unmanaged' && peersIn('ip', { peers: inside }) !== undefined;

/** Of ICMP everybody's; what is for some no line can say. */
function typesOf(openings: Openings): { readonly types: Written['types']; readonly problems: readonly Problem[] } {
  const asked = openings.entries.flatMap(({ protocol, ports, sources }) => {
    const peers = protocol === PROTOCOL.icmp ? peersIn('ip', { peers: sources, protocol }) : undefined;
    return peers === undefined ? [] : [{ ports, peers }];
  });
  const everybodys = asked.filter(({ peers }) => peers === 'anywhere');
  if (everybodys.some(({ ports }) => ports === 'all')) return { types: 'all', problems: [] };
  const types = [...ALWAYS.map(point), ...everybodys.flatMap(({ ports }) => (ports === 'all' ? [] : ports))];
  const opened = joinedNumbers(types);
  const some = asked.find(({ ports }) => ports === 'all' || countOf(numbersWithout(ports, opened)) > 0);
  return {
    types: opened.flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, at) => first + at)),
    problems: [
      ...(some ? [typeForSome(openings, some.ports)] : []),
      ...(opened.some(({ last }) => last >= 255) ? [anyType(openings)] : []),
    ],
  };
}

/** APF knows nothing that takes away from who is let in, and keeps no session: who is blocked is cut out. */
function letIn(policy: ServerPolicy): readonly Incoming[] {
  const kept = leavesInside(policy) ? [PROTOCOL.tcp, PROTOCOL.udp] : [];
  return comingIn(policy, 'ip', kept).flatMap(({ protocol, ports, ...whom }): readonly Incoming[] => {
    const asked = ofPorts({ protocol, ports });
    return asked ? [{ ...whom, ...asked }] : [];
  });
}

function linesOf({ protocol, ports, peers }: Incoming): readonly Line[] {
  return ports.flatMap((some) => networksOf(peers).map((peer): Line => ({ protocol, ports: some, peer })));
}
