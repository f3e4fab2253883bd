// Adapts random policies to the capabilities of a platform, and returns what is generated of one, or the codes of its
// refusal.

import { FAMILIES, Family, getFamily } from '../../lib/net/address';
import { PROTOCOL } from '../../lib/net/packet';
import { Mapping, Policy, ServerPolicy } from '../../lib/policy/policy';
import { Refusal } from '../../lib/problems/problem';
import { VERSIONS } from '../support';

/**
 * Adapts a random policy to what the platform supports: pfSense reflects from all inside interfaces at once, and its
 * helper needs consent; firewalld matches no source ports, and neither it nor csf translates anything; csf and APF
 * block no source of a service that is open to any source. APF lists no outgoing connections, allows pings from all
 * sources or none, and has no IPv6 in version 9.7.
 */
export function askedOf<P extends Policy>(policy: P, platform: string, version = VERSIONS[platform]!): P {
  const asked = { ...policy, platform, version };
  if (policy.kind === 'server') {
    if (platform === 'csf') return { ...asked, ownPublic: [], allowRules: { ...policy.allowRules, blocked: [] } };
    if (platform === 'apf') return { ...asked, ...sayableToApf(policy, version === '9.7' ? ['ip'] : FAMILIES) };
    return platform === 'firewalld' ? { ...asked, ...sayable(policy) } : asked;
  }
  if (platform !== 'pfsense') return asked;
  const from = policy.interfaces.filter(({ role }) => role !== 'outside').map(({ name }) => name);
  const mappings = policy.mappings.map((mapping): Mapping =>
    mapping.reflection.mode === 'disabled'
      ? mapping
      : { ...mapping, reflection: { mode: 'pure-nat', from, globalHelper: true } },
  );
  return { ...asked, mappings };
}

const sayable = ({ outbound }: ServerPolicy): Pick<ServerPolicy, 'ownPublic' | 'outbound'> => ({
  ownPublic: [],
  outbound: outbound === 'anywhere' ? outbound : outbound.map((one) => ({ ...one, sourcePorts: 'all' })),
});

const PINGS = { ip: { protocol: PROTOCOL.icmp, type: 8 }, ip6: { protocol: PROTOCOL.icmpv6, type: 128 } } as const;

const sayableToApf = (policy: ServerPolicy, families: readonly Family[]): Partial<ServerPolicy> => {
  const addresses = policy.localAddresses.filter((address) => families.includes(getFamily(address)));
  const isIcmp = ({ protocol }: { readonly protocol: number }): boolean =>
    families.some((family) => PINGS[family].protocol === protocol);
  const entries = policy.allowRules.entries.map((entry) =>
    isIcmp(entry) ? { ...entry, sources: 'anywhere' as const } : entry,
  );
  const pings = families.every((family) =>
    entries.some(
      ({ protocol, ports }) =>
        protocol === PINGS[family].protocol &&
        (ports === 'all' || ports.some(({ first, last }) => first <= PINGS[family].type && PINGS[family].type <= last)),
    ),
  );
  return {
    ownPublic: [],
    outbound: 'anywhere',
    localAddresses: addresses,
    trustedConnections: pings ? policy.trustedConnections : 'listed',
    interfaces: policy.interfaces.map((one) => ({
      ...one,
      addresses: one.addresses.filter(({ address }) => addresses.includes(address)),
    })),
    allowRules: { ...policy.allowRules, entries, blocked: [] },
  };
};

/** Returns the generated text of a policy, or the codes of its refusal. */
export function madeOf<T>(make: () => T): { readonly made?: T; readonly refused: readonly string[] } {
  try {
    return { made: make(), refused: [] };
  } catch (error) {
    if (error instanceof Refusal) return { refused: error.problems.map(({ code }) => code) };
    throw error;
  }
}
