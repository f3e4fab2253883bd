// Sends packets to rulesets whose outcome depends on earlier packets or on lists: limits, ban lists, port knocking,
// elements that expire. Where the evaluator says that a new client gets in, its first packet must arrive.

import { parser as iptables } from '../../../lib/platforms/iptables/parse/parser';
import { parser as nftables } from '../../../lib/platforms/nftables/parse/parser';
import { ConfigParser } from '../../../lib/parse/config-parser';
import { BACK_ENDS, withIptables } from '../../platforms/iptables/kernel';
import { getDisposition } from '../get-disposition';
import { probe } from '../cases/cases';
import { withGateway } from './kernel-tests';
import { Probe, Seen } from './namespaces';
import { isOf } from './probes';

const CLIENT = '198.51.100.7';
const OTHER_CLIENT = '192.0.2.5';
const REACHED = (client: string): string => `gw: ${client} > 198.51.100.2:443`;

/** A packet to the gateway, and whether it arrives there if the packets before it in the list were sent, too. */
type Step = readonly [client: string, port: number, arrives: boolean];

interface ClientCase {
  readonly name: string;
  /** The rules of the input chain. */
  readonly rules: readonly string[];
  readonly policy: 'accept' | 'drop';
  readonly steps: readonly Step[];
  /** The evaluator's disposition of the first packet. `but`: allowed with an exception. */
  readonly says: 'but' | 'unknown';
  /** Sets and chains of an nft table; sets of ipset that the text doesn't tell. */
  readonly before?: string;
  /** Default: TCP. */
  readonly protocol?: number;
}

let sourcePort = 24_000;
const toProbe = ([client, port]: Step, { protocol = 6 }: ClientCase): Probe =>
  probe('out', client, '198.51.100.2', port, { sourcePort: ++sourcePort, protocol });

const arrivesAt = (seen: readonly Seen[], sent: Probe): boolean =>
  seen.some((arrival) => arrival.place === 'gw' && isOf(sent, arrival));

async function checkSteps(
  clientCase: ClientCase,
  ask: (probes: readonly Probe[]) => Promise<readonly Seen[]>,
): Promise<void> {
  const { steps } = clientCase;
  const arrivals: boolean[] = [];
  for (const step of steps) {
    const sent = toProbe(step, clientCase);
    arrivals.push(arrivesAt(await ask([sent]), sent));
  }
  expect(arrivals).toEqual(steps.map(([, , arrives]) => arrives));
}

function checkEvaluation(parser: ConfigParser, text: string, clientCase: ClientCase): void {
  const [first] = clientCase.steps;
  expect(getDisposition(parser, text, toProbe(first!, clientCase))).toBe(
    clientCase.says === 'but' ? `${REACHED(first![0])}, but` : 'unknown',
  );
}

const NFT_CASES: readonly ClientCase[] = [
  {
    name: 'a limit that accepts lets the first packet in, and not the next of any client',
    rules: ['tcp dport 443 limit rate 1/hour burst 1 packets accept'],
    policy: 'drop',
    steps: [
      [CLIENT, 443, true],
      [OTHER_CLIENT, 443, false],
    ],
    says: 'but',
  },
  {
    name: 'a limit that drops what is over it lets the first packet in',
    rules: ['tcp dport 443 limit rate over 1/hour burst 1 packets drop'],
    policy: 'accept',
    steps: [
      [CLIENT, 443, true],
      [CLIENT, 443, false],
    ],
    says: 'but',
  },
  {
    name: 'a chain that returns below a limit and drops above it lets the first packet in',
    before: 'chain flood {\n limit rate 1/hour burst 1 packets return\n drop\n}',
    rules: ['tcp flags syn / fin,syn,rst,ack jump flood', 'tcp dport 443 accept'],
    policy: 'drop',
    steps: [
      [CLIENT, 443, true],
      [CLIENT, 443, false],
    ],
    says: 'but',
  },
  {
    name: 'a limit of connections counts the first one as one',
    // The gateway resets a TCP connection at once, and a datagram's session stays.
    rules: ['udp dport 443 ct count over 1 drop'],
    policy: 'accept',
    protocol: 17,
    steps: [
      [CLIENT, 443, true],
      [OTHER_CLIENT, 443, false],
    ],
    says: 'but',
  },
  {
    name: 'a limit of each client lets the first packet of another client in',
    before: 'set rates {\n type ipv4_addr\n flags dynamic\n size 100\n}',
    rules: ['tcp dport 443 add @rates { ip saddr limit rate over 1/hour burst 1 packets } drop'],
    policy: 'accept',
    steps: [
      [CLIENT, 443, true],
      [CLIENT, 443, false],
      [OTHER_CLIENT, 443, true],
    ],
    says: 'but',
  },
  {
    name: 'a ban list that rules fill lets in who is not on it',
    before: 'set banned {\n type ipv4_addr\n flags dynamic,timeout\n timeout 1h\n}',
    rules: ['ip saddr @banned drop', 'tcp dport 25 add @banned { ip saddr } drop'],
    policy: 'accept',
    steps: [
      [CLIENT, 443, true],
      [CLIENT, 25, false],
      [CLIENT, 443, false],
      [OTHER_CLIENT, 443, true],
    ],
    says: 'but',
  },
  {
    name: 'an element of a ban list that expires keeps its client out until then',
    before: `set banned {\n type ipv4_addr\n flags timeout\n elements = { ${CLIENT} timeout 1h }\n}`,
    rules: ['ip saddr @banned drop'],
    policy: 'accept',
    steps: [
      [CLIENT, 443, false],
      [OTHER_CLIENT, 443, true],
    ],
    says: 'but',
  },
  {
    name: 'an element of an allow list that expires lets its client in until then',
    before: `set allowed {\n type ipv4_addr\n flags timeout\n elements = { ${CLIENT} timeout 1h }\n}`,
    rules: ['ip saddr @allowed accept'],
    policy: 'drop',
    steps: [
      [CLIENT, 443, true],
      [OTHER_CLIENT, 443, false],
    ],
    says: 'but',
  },
  {
    name: 'port knocking keeps out who has not knocked',
    before: 'set knocked {\n type ipv4_addr\n flags dynamic,timeout\n timeout 1h\n}',
    rules: ['tcp dport 1000 add @knocked { ip saddr } drop', 'tcp dport 443 ip saddr @knocked accept'],
    policy: 'drop',
    steps: [
      [CLIENT, 443, false],
      [CLIENT, 1000, false],
      [CLIENT, 443, true],
      [OTHER_CLIENT, 443, false],
    ],
    says: 'unknown',
  },
  {
    name: 'a list to which a rule adds the packet itself, before another rule looks it up, is not known',
    before: 'set seen {\n type ipv4_addr\n flags dynamic\n size 100\n}',
    rules: ['tcp dport 443 add @seen { ip saddr }', 'ip saddr @seen drop'],
    policy: 'accept',
    steps: [
      [CLIENT, 443, false],
      [OTHER_CLIENT, 22, true],
    ],
    says: 'unknown',
  },
  ...['limit rate over 1/hour burst 5 packets drop', 'meta mark 7 drop', 'counter'].map((rest): ClientCase => ({
    name: `a rule that adds the packet and lets it go on, by "${rest}", makes the list unknown`,
    before: 'set seen {\n type ipv4_addr\n flags dynamic\n size 100\n}',
    rules: [`tcp dport 443 add @seen { ip saddr } ${rest}`, 'ip saddr @seen drop'],
    policy: 'accept',
    steps: [
      [CLIENT, 443, false],
      [OTHER_CLIENT, 22, true],
    ],
    says: 'unknown',
  })),
  {
    name: 'a rule that adds only beyond a limit leaves the list without a new client',
    before: 'set seen {\n type ipv4_addr\n flags dynamic\n size 100\n}',
    rules: ['tcp dport 443 limit rate over 1/hour burst 1 packets add @seen { ip saddr }', 'ip saddr @seen drop'],
    policy: 'accept',
    steps: [
      [CLIENT, 443, true],
      [CLIENT, 443, false],
      [OTHER_CLIENT, 22, true],
    ],
    says: 'but',
  },
];

const nftText = ({ before, policy, rules }: ClientCase): string =>
  `table inet t {\n${before === undefined ? '' : `${before}\n`}chain input {\ntype filter hook input priority 0; policy ${policy};\n${rules.join('\n')}\n}\n}\n`;

describe('a packet whose outcome depends on earlier ones is allowed with an exception, or unknown', () => {
  it.each(NFT_CASES.map((clientCase) => [clientCase.name, clientCase] as const))('in nft: %s', (_, clientCase) =>
    checkEvaluation(nftables, nftText(clientCase), clientCase),
  );
});

withGateway('a kernel with nft', (namespaces) => {
  it.each(NFT_CASES.map((clientCase) => [clientCase.name, clientCase] as const))('%s', async (_, clientCase) => {
    const text = nftText(clientCase);
    expect(namespaces().load(text)).toBe(text);
    await checkSteps(clientCase, (probes) => namespaces().ask(probes));
  });
});

const IPTABLES_CASES: readonly ClientCase[] = [
  {
    name: 'a limit that accepts lets the first packet in',
    rules: ['-p tcp -m tcp --dport 443 -m limit --limit 1/hour --limit-burst 1 -j ACCEPT'],
    policy: 'drop',
    steps: [
      [CLIENT, 443, true],
      [OTHER_CLIENT, 443, false],
    ],
    says: 'but',
  },
  {
    name: 'a limit of each client that drops what is above it lets the first packet in',
    rules: [
      '-p tcp -m tcp --dport 443 -m hashlimit --hashlimit-above 1/hour --hashlimit-burst 1 --hashlimit-mode srcip --hashlimit-name web -j DROP',
    ],
    policy: 'accept',
    steps: [
      [CLIENT, 443, true],
      [CLIENT, 443, false],
      [OTHER_CLIENT, 443, true],
    ],
    says: 'but',
  },
  {
    name: 'a limit of connections counts the first one as one',
    rules: ['-p udp -m udp --dport 443 -m connlimit --connlimit-above 1 --connlimit-mask 32 --connlimit-saddr -j DROP'],
    policy: 'accept',
    protocol: 17,
    steps: [
      [CLIENT, 443, true],
      [CLIENT, 443, false],
      [OTHER_CLIENT, 443, true],
    ],
    says: 'but',
  },
  {
    name: 'a count of earlier packets above one is not reached by the first',
    rules: [
      '-p tcp -m tcp --dport 443 -m recent --set --name web --mask 255.255.255.255 --rsource',
      '-p tcp -m tcp --dport 443 -m recent --update --seconds 3600 --hitcount 2 --name web --mask 255.255.255.255 --rsource -j DROP',
    ],
    policy: 'accept',
    steps: [
      [CLIENT, 443, true],
      [CLIENT, 443, false],
      [OTHER_CLIENT, 443, true],
    ],
    says: 'but',
  },
  {
    name: 'port knocking keeps out who has not knocked',
    rules: [
      '-p tcp -m tcp --dport 1000 -m recent --set --name knock --mask 255.255.255.255 --rsource -j DROP',
      '-p tcp -m tcp --dport 443 -m recent --rcheck --seconds 3600 --name knock --mask 255.255.255.255 --rsource -j ACCEPT',
    ],
    policy: 'drop',
    steps: [
      [CLIENT, 443, false],
      [CLIENT, 1000, false],
      [CLIENT, 443, true],
    ],
    says: 'unknown',
  },
  {
    name: 'a ban list whose members are not told lets in who is not on it',
    before: `create banned hash:ip\nadd banned ${OTHER_CLIENT}\n`,
    rules: ['-m set --match-set banned src -j DROP'],
    policy: 'accept',
    steps: [
      [CLIENT, 443, true],
      [OTHER_CLIENT, 443, false],
    ],
    says: 'but',
  },
  {
    name: 'an allow list whose members are not told keeps out who is not on it',
    before: `create allowed hash:ip\nadd allowed ${OTHER_CLIENT}\n`,
    rules: ['-p tcp -m tcp --dport 443 -m set --match-set allowed src -j ACCEPT'],
    policy: 'drop',
    steps: [
      [CLIENT, 443, false],
      [OTHER_CLIENT, 443, true],
    ],
    says: 'unknown',
  },
];

const iptablesText = ({ policy, rules }: ClientCase): string =>
  `# Generated by iptables-save v1.8.9\n*filter\n:INPUT ${policy.toUpperCase()} [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n${rules.map((rule) => `-A INPUT ${rule}\n`).join('')}COMMIT\n`;

describe('a packet whose outcome depends on earlier ones is allowed with an exception, or unknown', () => {
  it.each(IPTABLES_CASES.map((clientCase) => [clientCase.name, clientCase] as const))(
    'in iptables: %s',
    (_, clientCase) => checkEvaluation(iptables, iptablesText(clientCase), clientCase),
  );
});

withIptables('a kernel with iptables', (host) => {
  it.each(
    IPTABLES_CASES.flatMap((clientCase) => BACK_ENDS.map((backEnd) => [backEnd, clientCase.name, clientCase] as const)),
  )('of the back end %s: %s', async (backEnd, _, clientCase) => {
    const { before } = clientCase;
    host().load({ ip: iptablesText(clientCase), ...(before !== undefined && { sets: before }) }, backEnd);
    await checkSteps(clientCase, (probes) => host().ask(probes));
  });
});
