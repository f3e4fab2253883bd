/**
 * The lab's small internet as plain data: its nodes (devices and clients), their links, addresses and routes. Nothing
 * in this file knows how it is built.
 *
 *   peer ── far ── internet ── wan ── edge1 ─┬─ lan ── web1, neighbour
 *                                            ├─ office ── office
 *                                            └─ mgmt ── operator, web1
 */
export type Segment = 'wan' | 'far' | 'lan' | 'office' | 'mgmt';

export interface Link {
  readonly name: string;
  readonly segment: Segment;
  /** Addresses with the prefix length of their network. */
  readonly addresses: readonly string[];
}

export interface Node {
  readonly name: string;
  /** A device is a whole Debian machine; a client is a plain network namespace. */
  readonly kind: 'device' | 'client';
  readonly links: readonly Link[];
  readonly routes: readonly { readonly to: string; readonly via: string }[];
  readonly forwards: boolean;
}

export const SEGMENTS: readonly Segment[] = ['wan', 'far', 'lan', 'office', 'mgmt'];

export const ADDRESS = {
  internet: '203.0.113.1',
  /** The internet's second address, which the server's profile blocks. */
  blocked: '203.0.113.99',
  gatewayOutside: '203.0.113.2',
  /** Further public addresses, on-link outside. No node has them until a deployment. */
  publicWeb1: '203.0.113.10',
  publicWeb1Second: '203.0.113.11',
  publicUnused: '203.0.113.250',
  /** Public addresses that the internet routes to the gateway, without ARP. */
  publicRouted: '192.0.2.0/28',
  peer: '198.51.100.7',
  gatewayLan: '10.0.0.1',
  web1: '10.0.0.10',
  neighbour: '10.0.0.20',
  gatewayOffice: '10.0.1.1',
  office: '10.0.1.20',
  gatewayManagement: '10.9.0.1',
  web1Management: '10.9.0.10',
  operator: '10.9.0.2',
  internet6: '2001:db8:0:ffff::1',
  gatewayOutside6: '2001:db8:0:ffff::2',
  gatewayLan6: '2001:db8:0:1::1',
  web16: '2001:db8:0:1::10',
  neighbour6: '2001:db8:0:1::20',
} as const;

const A = ADDRESS;
const client = { kind: 'client', forwards: false } as const;

export const NODES: readonly Node[] = [
  {
    name: 'internet',
    kind: 'client',
    forwards: true,
    links: [
      { name: 'eth0', segment: 'wan', addresses: [`${A.internet}/24`, `${A.blocked}/24`, `${A.internet6}/64`] },
      { name: 'eth1', segment: 'far', addresses: ['198.51.100.1/24'] },
    ],
    routes: [
      { to: A.publicRouted, via: A.gatewayOutside },
      // The worst case: a host outside, on the same wire or upstream, that sends packets for private addresses to the
      // gateway.
      { to: '10.0.0.0/8', via: A.gatewayOutside },
      { to: '2001:db8:0:1::/64', via: A.gatewayOutside6 },
    ],
  },
  {
    ...client,
    name: 'peer',
    links: [{ name: 'eth0', segment: 'far', addresses: [`${A.peer}/24`] }],
    routes: [{ to: 'default', via: '198.51.100.1' }],
  },
  {
    name: 'edge1',
    kind: 'device',
    forwards: true,
    links: [
      { name: 'wan0', segment: 'wan', addresses: [`${A.gatewayOutside}/24`, `${A.gatewayOutside6}/64`] },
      { name: 'lan0', segment: 'lan', addresses: [`${A.gatewayLan}/24`, `${A.gatewayLan6}/64`] },
      { name: 'lan1', segment: 'office', addresses: [`${A.gatewayOffice}/24`] },
      { name: 'mgmt0', segment: 'mgmt', addresses: [`${A.gatewayManagement}/24`] },
    ],
    routes: [
      { to: 'default', via: A.internet },
      { to: '::/0', via: A.internet6 },
    ],
  },
  {
    name: 'web1',
    kind: 'device',
    forwards: false,
    links: [
      { name: 'eth0', segment: 'lan', addresses: [`${A.web1}/24`, `${A.web16}/64`] },
      { name: 'mgmt0', segment: 'mgmt', addresses: [`${A.web1Management}/24`] },
    ],
    routes: [
      { to: 'default', via: A.gatewayLan },
      { to: '::/0', via: A.gatewayLan6 },
    ],
  },
  {
    ...client,
    name: 'neighbour',
    links: [{ name: 'eth0', segment: 'lan', addresses: [`${A.neighbour}/24`, `${A.neighbour6}/64`] }],
    routes: [
      { to: 'default', via: A.gatewayLan },
      { to: '::/0', via: A.gatewayLan6 },
    ],
  },
  {
    ...client,
    name: 'office',
    links: [{ name: 'eth0', segment: 'office', addresses: [`${A.office}/24`] }],
    routes: [{ to: 'default', via: A.gatewayOffice }],
  },
  {
    ...client,
    name: 'operator',
    links: [{ name: 'eth0', segment: 'mgmt', addresses: [`${A.operator}/24`] }],
    routes: [{ to: 'default', via: A.gatewayManagement }],
  },
];

export function nodeNamed(name: string): Node {
  const node = NODES.find((candidate) => candidate.name === name);
  if (!node) throw new Error(`The lab has no "${name}"; it has ${NODES.map((each) => each.name).join(', ')}.`);
  return node;
}

/** Address of each device's sshd for the operator. */
export const MANAGEMENT: Readonly<Record<string, string>> = { edge1: A.gatewayManagement, web1: A.web1Management };
