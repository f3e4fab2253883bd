import { remembered } from '../net/interned';
import { PROTOCOL } from '../net/packet';
import { PacketMap, PacketSet } from '../net/packet-map';
import { point } from '../net/range';
import { Opening, Openings } from '../policy/policy';

/**
 * The packets that a profile opens, to whatever destination: management first, then nothing for blocked sources, then
 * the rest. Once per distinct profile.
 */
export const openedBy = remembered((openings: Openings): PacketSet => {
  const others = openings.entries.filter(({ management }) => !management);
  return managedBy(openings).or(packetsOf(others).apartFrom(blockedBy(openings)));
});

/** Of what a profile opens, the ways back in. */
export const managedBy = ({ entries }: Openings): PacketSet =>
  packetsOf(entries.filter(({ management }) => management));

/** What comes from who is blocked to what is open to others. */
export const keptOffBy = (openings: Openings): PacketSet =>
  packetsOf(openings.entries.filter(({ management }) => !management))
    .within(blockedBy(openings))
    .apartFrom(managedBy(openings));

export const blockedBy = ({ blocked }: Openings): PacketSet =>
  blocked.length === 0 ? PacketMap.NONE : PacketMap.set({ source: blocked });

const packetsOf = (entries: readonly Opening[]): PacketSet =>
  PacketMap.first(
    entries.map(({ protocol, ports, sources }) =>
      PacketMap.set({
        ...familyOfProtocol(protocol),
        protocol: [point(protocol)],
        ...(ports === 'all' ? {} : { port: ports }),
        ...(sources === 'anywhere' ? {} : { source: sources }),
      }),
    ),
  );

/** ICMP exists in IPv4 alone, ICMPv6 in IPv6: a wish for one asks for nothing of the other family. */
export const familyOfProtocol = (protocol: number): { readonly family?: 'ip' | 'ip6' } =>
  protocol === PROTOCOL.icmp ? { family: 'ip' } : protocol === PROTOCOL.icmpv6 ? { family: 'ip6' } : {};
