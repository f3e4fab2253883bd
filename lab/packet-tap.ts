// Records the packets that reach and leave each node of the lab, in sets of an nft bridge table on the wire between the
// nodes, and returns them to the probes.
import { must } from './command';
import { inNamespace, namespaceOf, portOf } from './namespace';
import { NODES, nodeNamed } from './topology';

/** One first packet as it reached a node, after all translations on its way. */
interface Seen {
  readonly from: string;
  readonly to: string;
  /** Protocol number of the IP header: 6 is TCP. */
  readonly protocol: number;
  /** Destination port; 0 if the protocol has none. */
  readonly port: number;
}

const FAMILIES = [
  { family: 'ip', type: 'ipv4_addr' },
  { family: 'ip6', type: 'ipv6_addr' },
] as const;

const familyOf = (address: string): string => (address.includes(':') ? 'ip6' : 'ip');

/**
 * The sets of packets at a node: packets other than TCP that reached it, first TCP packets that it sent itself, and its
 * answers to such, accepting or refusing. First TCP packets that reached it are only counted: listing 65,535 of them
 * takes seconds.
 */
const SIDES = ['in', 'sent', 'accepted', 'refused'] as const;
type Side = (typeof SIDES)[number];

/**
 * A tap on the wire between the nodes. The kernel records each packet that reaches a node, whether the node answers or
 * not. So a probe need not guess from silence, and a firewall's reset doesn't count as the host's.
 */
export class Wire {
  constructor(private readonly lab: string) {}

  async tap(): Promise<void> {
    await this.nft(
      ['-f', '-'],
      [
        'table bridge tap',
        'delete table bridge tap',
        'table bridge tap {',
        ...NODES.flatMap(({ name }) =>
          FAMILIES.flatMap(({ family, type }) => [
            ...SIDES.map((side) => setOf(`${name}_${family}_${side}`, `${type} . ${type} . inet_proto . inet_service`)),
            setOf(`${name}_${family}_asked`, `${type} . ${type}`),
          ]),
        ),
        ...NODES.flatMap(({ name }) =>
          FAMILIES.flatMap(({ family }) => [...intoOf(name, family), ...outOf(name, family)]),
        ),
        'chain out {',
        'type filter hook forward priority 0; policy accept;',
        // A map finds the node's rules at once. Without it, every packet would pass a hundred rules.
        `oifname . ether type vmap { ${jumps('into')} }`,
        `iifname . ether type vmap { ${jumps('out')} }`,
        '}',
        '}',
      ].join('\n'),
    );
  }

  /**
   * Returns the packets other than TCP that reached the node after the last `forget`. `like` is an address of the
   * wanted family.
   */
  arrivedAt(node: string, like: string): Promise<readonly Seen[]> {
    return this.seen(node, 'in', like);
  }

  /** Returns the first packets that the node's TCP accepted. `port` is the node's, and `to` the asker's address. */
  acceptedBy(node: string, like: string): Promise<readonly Seen[]> {
    return this.seen(node, 'accepted', like);
  }

  /** Returns the first packets that the node's TCP refused, by a reset. */
  refusedBy(node: string, like: string): Promise<readonly Seen[]> {
    return this.seen(node, 'refused', like);
  }

  /** Returns the first TCP packets that left the node. */
  sentBy(node: string, like: string): Promise<readonly Seen[]> {
    return this.seen(node, 'sent', like);
  }

  /** Returns the number of first TCP packets that reached the node. */
  async asked(node: string, from: string, to: string): Promise<number> {
    const text = await this.nft(['-n', 'list', 'set', 'bridge', 'tap', `${node}_${familyOf(to)}_asked`]);
    const counts = [...text.matchAll(/([0-9a-f.:]+) \. ([0-9a-f.:]+) counter packets (\d+)/g)];
    return Number(counts.find(([, source, destination]) => source === from && destination === to)?.[3] ?? 0);
  }

  private async seen(node: string, side: Side, like: string): Promise<readonly Seen[]> {
    const text = await this.nft(['-n', 'list', 'set', 'bridge', 'tap', `${node}_${familyOf(like)}_${side}`]);
    return [...text.matchAll(/([0-9a-f.:]+) \. ([0-9a-f.:]+) \. (\d+) \. (\d+)/g)].map(
      ([, from = '', to = '', protocol, port]) => ({
        from,
        to,
        protocol: Number(protocol),
        port: Number(port),
      }),
    );
  }

  async forget(): Promise<void> {
    await this.nft(
      ['-f', '-'],
      NODES.flatMap(({ name }) =>
        FAMILIES.flatMap(({ family }) =>
          [...SIDES, 'asked'].map((side) => `flush set bridge tap ${name}_${family}_${side}`),
        ),
      ).join('\n'),
    );
  }

  private nft(argv: readonly string[], input = ''): Promise<string> {
    // As long as a scan may take: on a very busy machine a list of 65,000 takes more than a minute.
    return must(inNamespace(namespaceOf(this.lab, 'wire'), ['nft', ...argv]), { input: `${input}\n`, seconds: 240 });
  }
}

const setOf = (name: string, type: string): string => `set ${name} {\ntype ${type}\nflags dynamic\nsize 1048576\n}`;

/** Most packets that a router sends are forwarded. */
const speaksForItself = (node: string): boolean => !nodeNamed(node).forwards;

type Way = 'into' | 'out';

const chainOf = (node: string, family: string, way: Way): string => `${node}_${family}_${way}`;

const jumps = (way: Way): string =>
  NODES.flatMap(({ name, links }) =>
    links.flatMap((link) =>
      FAMILIES.map(({ family }) => `"${portOf(name, link.name)}" . ${family} : jump ${chainOf(name, family, way)}`),
    ),
  ).join(', ');

/** `meta l4proto` with `th dport`, because nft 1.0.6 lists `tcp dport` of this family with its bytes swapped. */
const packet = (node: string, family: string, side: Side, port: string): string =>
  `add @${node}_${family}_${side} { ${family} saddr . ${family} daddr . meta l4proto . ${port} }`;

const intoOf = (node: string, family: string): readonly string[] => [
  `chain ${chainOf(node, family, 'into')} {`,
  `meta l4proto tcp tcp flags & (syn | ack) == syn add @${node}_${family}_asked { ${family} saddr . ${family} daddr counter } return`,
  `meta l4proto udp ${packet(node, family, 'in', 'th dport')}`,
  `meta l4proto != { tcp, udp, ipv6-icmp } ${packet(node, family, 'in', '0')}`,
  ...(family === 'ip6' ? [`icmpv6 type echo-request ${packet(node, family, 'in', '0')}`] : []),
  '}',
];

const outOf = (node: string, family: string): readonly string[] => [
  `chain ${chainOf(node, family, 'out')} {`,
  ...(speaksForItself(node)
    ? [`meta l4proto tcp tcp flags & (syn | ack) == syn ${packet(node, family, 'sent', 'th dport')} return`]
    : []),
  `meta l4proto tcp tcp flags & (syn | ack) == (syn | ack) ${packet(node, family, 'accepted', 'th sport')}`,
  // A reset that answers a first packet acknowledges it; one that only ends a connection rarely does.
  `meta l4proto tcp tcp flags & (rst | ack) == (rst | ack) ${packet(node, family, 'refused', 'th sport')}`,
  '}',
];
