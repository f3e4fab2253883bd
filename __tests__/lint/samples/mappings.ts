// Pairs of subjects for lint rules on mappings and gateways: one with a finding, one without.

import { OneToOneNatIntent, VirtualIpIntent } from '../../../lib/intent/intent';
import { LintSubject } from '../../../lib/lint/lint-subject';
import { ownersOf, readFrom, subjectOf, wished } from './lint-subjects';
import { MAPPING, PARTNER, Sample, hosting } from './profiles';

const mapped = (mapping: Partial<OneToOneNatIntent>): LintSubject => wished(hosting({ mapping }));

/** A mapping to a host that is no managed server. */
const plain = (mapping: Partial<OneToOneNatIntent>): LintSubject => {
  const { gateway } = hosting();
  return wished({
    gateway: { ...gateway!, mappings: [{ name: 'web', virtualIp: 'vip', internal: '10.0.0.20', ...mapping }] },
  });
};

/** A second virtual IP, beside the one of the mapping. */
const besides = (virtualIp: Partial<VirtualIpIntent>): LintSubject => {
  const { gateway, servers } = hosting();
  const spare = { name: 'spare', address: '203.0.113.11', ...virtualIp };
  return wished({ gateway: { ...gateway!, virtualIps: [...gateway!.virtualIps!, spare] }, servers: servers! });
};

/** A second gateway, before a host of its own. */
const twoGateways = (address: string): LintSubject => {
  const { gateway } = hosting();
  const [vip] = gateway!.virtualIps!;
  const second = {
    device: 'edge2',
    interfaces: gateway!.interfaces,
    virtualIps: [{ ...vip!, name: 'shop', address }],
    mappings: [{ name: 'shop', virtualIp: 'shop', internal: '10.0.0.30', open: https }],
  };
  return subjectOf(...ownersOf(hosting()), ...ownersOf({ gateway: second }));
};

const OTHERS = (priority: string, way = 'wan0'): string => `table ip others {
	chain post {
		type nat hook postrouting priority ${priority}; policy accept;
		oifname "${way}" masquerade
	}
}
`;

/** The gateway's whole ruleset, as listed on the device. */
const beside = (text: string): LintSubject => {
  const [gateway, ...servers] = ownersOf(hosting());
  return subjectOf(readFrom(gateway!, text), ...servers);
};

/** The mapping has allow rules of its own, and the server, which the gateway doesn't know, has its profile. */
const apart = (services: readonly string[]): LintSubject => {
  const { gateway, servers } = hosting({ profile: { services: ['https', ...services] } });
  const open = ['https', 'smtp'].map((service) => ({ service, from: 'anywhere' as const }));
  return subjectOf(
    ...ownersOf({
      gateway: { ...gateway!, mappings: [{ name: 'web', virtualIp: 'vip', internal: '10.0.0.10', open }] },
    }),
    ...ownersOf({ servers: servers! }),
  );
};

const https = [{ service: 'https', from: 'anywhere' as const }];

/** A server in a plan that was copied from another. */
function withCopy(plan: string): LintSubject {
  const [gateway, server] = wished(hosting()).owners.map((one) => ({ ...one, plan: 'edge' }));
  const copy = { ...server!, name: 'server web2, owner hosting', plan, policy: { ...server!.policy!, device: 'web2' } };
  return subjectOf(gateway!, server!, copy);
}

/** One server, and a second gateway that publishes it as well. */
export function behindTwo(address: string, masquerades = false): LintSubject {
  const wish = hosting({ mapping: { reflection: { mode: 'disabled' } } });
  const { gateway, servers } = wish;
  const interfaces = [
    { name: 'wan0', role: 'outside' as const, addresses: ['203.0.113.3/24'] },
    { name: 'lan0', role: 'inside' as const, addresses: ['10.0.0.3/24'] },
  ];
  const second = { ...gateway!, device: 'edge2', interfaces, virtualIps: [{ ...gateway!.virtualIps![0]!, address }] };
  const [other] = ownersOf({ gateway: second, servers: servers! });
  return subjectOf(...ownersOf(wish), masquerades ? readFrom(other!, OTHERS('srcnat', 'lan0')) : other!);
}

/** Rules that a policy's mappings and virtual IPs decide. */
export const MAPPING_SAMPLES: readonly Sample[] = [
  {
    code: 'cpnat/hairpin-missing',
    fires: () => mapped({ reflection: { mode: 'disabled' } }),
    where: MAPPING,
    what: "10.0.0.10 can't reach its own public address 203.0.113.10",
    twin: () => mapped({}),
  },
  {
    code: 'nat/hairpin-missing-for-neighbours',
    fires: () => mapped({ reflection: { mode: 'disabled', onServer: true } }),
    where: MAPPING,
    what: "Hosts in the network of 10.0.0.10 can't reach it by its public address 203.0.113.10",
    twin: () => mapped({ reflection: { mode: 'pure-nat', onServer: true } }),
  },
  {
    code: 'cpnat/release-differs',
    fires: () => wished(hosting({ server: { cpnat: { pairs: [{ local: '10.0.0.10', public: '203.0.113.11' }] } } })),
    where: 'server web1, owner hosting, cpnat',
    what: '10.0.0.10 is told to be 203.0.113.11 and leaves gateway edge1, owner hosting as 203.0.113.10',
    twin: () => wished(hosting({ server: { cpnat: {} } })),
  },
  {
    code: 'cpnat/snat-asymmetric',
    fires: () => mapped({ inboundOnly: true }),
    where: MAPPING,
    what: "10.0.0.10 is reached at 203.0.113.10 and doesn't leave as it",
    twin: () => mapped({}),
  },
  {
    code: 'licence/restricted-mapping',
    fires: () => mapped({ destination: [PARTNER] }),
    where: MAPPING,
    what: 'connections to the licence servers leave by another NAT',
    twin: () => mapped({}),
  },
  {
    code: 'nat/foreign-outbound-nat',
    fires: () => beside(OTHERS('srcnat - 20')),
    where: MAPPING,
    what: "10.0.0.10 doesn't leave as 203.0.113.10: another outbound NAT comes first",
    twin: () => beside(OTHERS('srcnat')),
  },
  {
    code: 'nat/private-address-twice',
    fires: () => withCopy('edge'),
    where: 'server web2, owner hosting with server web1, owner hosting',
    what: 'Both have 10.0.0.10',
    twin: () => withCopy('another site'),
  },
  {
    code: 'nat/public-address-twice',
    fires: () => twoGateways('203.0.113.10'),
    where: 'gateway edge1, owner hosting, virtual IP vip with gateway edge2, owner hosting, virtual IP shop',
    what: 'Both gateway edge1, owner hosting and gateway edge2, owner hosting answer for 203.0.113.10',
    twin: () => twoGateways('203.0.113.11'),
  },
  {
    code: 'nat/server-behind-two-gateways',
    fires: () => behindTwo('203.0.113.20'),
    where: 'server web1, owner hosting with gateway edge1, owner hosting and gateway edge2, owner hosting',
    what: 'and what comes to 203.0.113.10 by gateway edge1, owner hosting. The server has one default route: where it leads to the latter, an answer from 10.0.0.10 to a client of 203.0.113.20 goes there',
    twin: () => behindTwo('203.0.113.20', true),
  },
  {
    code: 'nat/vip-reaches-gateway',
    fires: () =>
      wished(
        hosting({
          virtualIp: { answers: [{ service: 'ssh', from: 'anywhere' }] },
          mapping: { destination: [PARTNER] },
        }),
      ),
    where: 'gateway edge1, owner hosting, virtual IP vip',
    what: 'Any source reaches the gateway itself at 203.0.113.10: tcp 22',
    twin: () =>
      wished(
        hosting({ virtualIp: { answers: [{ service: 'ssh', from: [PARTNER] }] }, mapping: { destination: [PARTNER] } }),
      ),
  },
  {
    code: 'nat/vip-unanswered',
    fires: () => wished(hosting({ virtualIp: { kind: 'other' } })),
    where: 'gateway edge1, owner hosting, virtual IP vip',
    what: '203.0.113.10 is in the gateway\'s own outside network, and the kind "other" answers no ARP request',
    twin: () => wished(hosting({ virtualIp: { kind: 'proxy-arp' } })),
  },
  {
    code: 'nat/vip-unused',
    fires: () => besides({}),
    where: 'gateway edge1, owner hosting, virtual IP spare',
    what: 'No mapping uses 203.0.113.11',
    twin: () => besides({ answers: [{ service: 'https', from: 'anywhere' }] }),
  },
  {
    code: 'nat/mapping-opens-nothing',
    fires: () => plain({}),
    where: MAPPING,
    what: 'No source reaches 203.0.113.10',
    twin: () => plain({ open: https }),
  },
  {
    code: 'nat/port-forward-would-do',
    fires: () => plain({ open: https, inboundOnly: true }),
    where: MAPPING,
    what: 'web opens 1 port and gives no outbound address',
    twin: () => plain({ open: https }),
  },
  {
    code: 'nat/host-refuses',
    fires: () => apart([]),
    where: MAPPING,
    what: '203.0.113.10 tcp 25 from anywhere',
    twin: () => apart(['smtp']),
  },
];
