// Tests that each platform does what its capabilities say, and refuses the rest.

import { PROTOCOLS_WITH_PORTS } from '../../lib/net/packet';
import { Policy } from '../../lib/policy/policy';
import { platforms } from '../../lib/registry';
import { Capability, Capabilities, hasCapability } from '../../lib/generate/capabilities';
import { checkPolicy } from '../../lib/generate/check-policy';
import { askedOf } from '../policy/adapt-to-platform';
import { PURE_NAT } from './pfsense/generate/samples';
import { address, gateway, mapping, opening, openings, ports, ranges, server, virtualIp } from '../generate/support';
import { codesOf } from '../problems';

const P = '203.0.113.10';
const I = '10.0.0.10';
const one = (parts: Parameters<typeof mapping>[2]) => gateway([mapping(P, I, parts)]);
const vip = (parts: Parameters<typeof virtualIp>[1]) => gateway([], { virtualIps: [virtualIp(P, parts)] });
const carp = { vhid: 1, advertiseSeconds: 1, skew: 0 };
const WHY_NOT = { what: 'not this one', instead: '' };
const licence = {
  protocol: 6,
  ports: ports(2089),
  sourcePorts: ports(1020),
  destinations: 'anywhere',
  origin: 'licence',
} as const;

/** A policy per capability that needs nothing else: the code of its refusal, and the capability that decides. */
const WISHES: readonly (readonly [code: string, policy: Policy, (of: Capabilities) => Capability | undefined])[] = [
  ['ip-alias', vip({ mask: 24 }), ({ gateway: has }) => has?.virtualIps['ip-alias']],
  ['carp', vip({ mask: 24, kind: 'carp', carp }), ({ gateway: has }) => has?.virtualIps.carp],
  ['proxy-arp', vip({ kind: 'proxy-arp' }), ({ gateway: has }) => has?.virtualIps['proxy-arp']],
  ['other', vip({ kind: 'other' }), ({ gateway: has }) => has?.virtualIps.other],
  ['subnets', gateway([mapping('203.0.113.16/28', '10.0.0.16/28')]), ({ gateway: has }) => has?.subnets],
  [
    'destination-restriction',
    one({ peers: ranges('192.0.2.0/24') }),
    ({ gateway: has }) => has?.destinationRestriction,
  ],
  [
    'exclusion-of-inside',
    one({ exclude: [{ internal: ranges(I), peers: 'anywhere' }] }),
    ({ gateway: has }) => has?.exclusion.internal,
  ],
  [
    'exclusion-of-peers',
    one({ exclude: [{ internal: 'all', peers: ranges('192.0.2.0/24') }] }),
    ({ gateway: has }) => has?.exclusion.peers,
  ],
  [
    'inbound-only',
    gateway([mapping(P, I), mapping('203.0.113.11', I, { name: 'second', inboundOnly: true })]),
    ({ gateway: has }) => has?.inboundOnly,
  ],
  ['pure-nat', one({ reflection: PURE_NAT }), ({ gateway: has }) => has?.reflection['pure-nat']],
  [
    'nat-proxy',
    one({ reflection: { ...PURE_NAT, mode: 'nat-proxy' } }),
    ({ gateway: has }) => has?.reflection['nat-proxy'],
  ],
  [
    'system-default',
    one({ reflection: { mode: 'system-default', from: [], globalHelper: false } }),
    ({ gateway: has }) => has?.reflection['system-default'],
  ],
  ['disabled', one({}), ({ gateway: has }) => has?.reflection.disabled],
  ['ipv6-mapping', gateway([mapping('2001:db8::1', '2001:db8::2')]), ({ gateway: has }) => has?.ipv6],
  ['ipv6-server', server({ trustedNetworks: [] }), ({ server: has }) => has?.ipv6],
  [
    'own-public',
    server({
      trustedNetworks: [],
      localAddresses: [address(I)],
      ownPublic: [{ public: address(P), local: address(I) }],
    }),
    ({ server: has }) => has?.ownPublic,
  ],
  [
    'outbound',
    server({ trustedNetworks: [], localAddresses: [address(I)], outbound: [{ ...licence, sourcePorts: 'all' }] }),
    ({ server: has }) => has?.outbound,
  ],
  [
    'source-ports',
    server({ trustedNetworks: [], outbound: [licence], localAddresses: [address(I)] }),
    // A platform without outbound rules refuses those first.
    ({ server: has }) => (has?.outbound === true ? has.sourcePorts : undefined),
  ],
  [
    'replaces',
    server({ trustedNetworks: [], replaces: ['ufw'], localAddresses: [address(I)] }),
    ({ server: has }) => has && (hasCapability(has.replaces, 'ufw') || WHY_NOT),
  ],
  ...PROTOCOLS_WITH_PORTS.map((protocol): (typeof WISHES)[number] => [
    'ports-of-protocol',
    one({ allowRules: openings('some', [opening({ protocol })]) }),
    ({ gateway: has, portProtocols }) =>
      has && (portProtocols.includes(protocol) || { what: 'not its ports', instead: '' }),
  ]),
];

describe.each(Object.entries(platforms))('%s', (id, { capabilities, generator: writer }) => {
  it('is in the registry by its id', () => expect(capabilities.id).toBe(id));

  /** An editor's default is known only if its config was captured. */
  const captured = (): string | undefined =>
    id === 'pfsense' ? writer.write(askedOf(gateway([]), id)).text.replace('<assumed/>', '<captured/>') : undefined;
  const codes = (policy: Policy): readonly string[] =>
    codesOf(() => writer.write({ ...askedOf(gateway([]), id), ...policy, ...versionOf(policy) }, captured()));
  const versionOf = (policy: Policy) => {
    const { platform, version } = askedOf(policy, id);
    return { platform, version };
  };

  it.each(WISHES)('has the stated capability %s, or refuses it', (code, policy, ableOf) => {
    const able = ableOf(capabilities);
    const role = capabilities[policy.kind] ? 'outbound' : `${policy.kind === 'gateway' ? 'server' : 'gateway'}-only`;
    const refusedAs = able === undefined ? role : code;
    expect(codes(policy)).toEqual(able === true ? [] : [`${id}/${refusedAs}`]);
  });
});

/** These are parts of the other policies too: every mapping has a reflection mode, and its allow rules have ports. */
const IN_MOST = ['ports-of-protocol', 'disabled', 'outbound'];

describe('a platform that lacks one capability', () => {
  const WHY = { what: 'It has no means for that.', instead: 'something that it has.' };
  const everything: Capabilities = {
    ...platforms.nftables.capabilities,
    id: 'toy',
    name: 'Toy',
    portProtocols: PROTOCOLS_WITH_PORTS,
    gateway: {
      interfaces: platforms.nftables.capabilities.gateway!.interfaces,
      virtualIps: { 'ip-alias': true, carp: true, 'proxy-arp': true, other: true },
      subnets: true,
      destinationRestriction: true,
      exclusion: { internal: true, peers: true },
      inboundOnly: true,
      reflection: { 'pure-nat': true, 'nat-proxy': true, 'system-default': true, disabled: true },
      ipv6: true,
      keepsSourcePorts: true,
    },
  };
  const lacking = (code: string): Capabilities => {
    const has = everything.gateway!;
    const named: Readonly<Record<string, Partial<typeof has>>> = {
      subnets: { subnets: WHY },
      'destination-restriction': { destinationRestriction: WHY },
      'exclusion-of-inside': { exclusion: { ...has.exclusion, internal: WHY } },
      'exclusion-of-peers': { exclusion: { ...has.exclusion, peers: WHY } },
      'inbound-only': { inboundOnly: WHY },
      'ipv6-mapping': { ipv6: WHY },
    };
    const found =
      named[code] ??
      (code in has.virtualIps
        ? { virtualIps: { ...has.virtualIps, [code]: WHY } }
        : { reflection: { ...has.reflection, [code]: WHY } });
    if (code === 'ports-of-protocol') return { ...everything, portProtocols: [] };
    const ofServer = {
      'ipv6-server': 'ipv6',
      'own-public': 'ownPublic',
      outbound: 'outbound',
      'source-ports': 'sourcePorts',
      replaces: 'replaces',
    }[code];
    if (ofServer) return { ...everything, server: { ...everything.server!, [ofServer]: WHY } };
    return { ...everything, gateway: { ...has, ...found } };
  };

  it.each(WISHES)('refuses %s, with its reason', (code, policy) => {
    expect(checkPolicy(policy, everything)).toEqual([]);
    const problems = checkPolicy(policy, lacking(code));
    expect(problems.map((problem) => problem.code)).toEqual([`toy/${code}`]);
    if (code === 'ports-of-protocol') expect(problems[0]!.what).toContain('Toy');
    else expect(problems[0]).toMatchObject(WHY);
    if (IN_MOST.includes(code)) return;
    for (const [other, wish] of WISHES)
      if (other !== code) expect([other, checkPolicy(wish, lacking(code))]).toEqual([other, []]);
  });
});
