import { Translation, Verdict, View } from '../reachability/exposure';
import { remembered } from '../net/interned';
import { PROTOCOL } from '../net/packet';
import { PacketMap, PacketSet } from '../net/packet-map';
import { point } from '../net/range';

export const allowedAt = (verdicts: PacketMap<Verdict>): PacketSet => verdicts.where(({ is }) => is === 'allowed');

/** What services are offered by: pings and the like are nobody's way in. */
export const TCP_UDP: PacketSet = PacketMap.set({ protocol: [PROTOCOL.tcp, PROTOCOL.udp].map(point) });

interface Split {
  readonly led: PacketSet;
  readonly kept: PacketSet;
}

const split = remembered((translations: PacketMap<Translation>): Split => {
  const led = translations.where(({ destination }) => destination.is !== 'kept');
  return { led, kept: translations.domain.apartFrom(led) };
});

/** Of a view, the packets that are led to another destination, and those that keep theirs. Looked at by many rules, and worked out once. */
export const splitByDestination = ({ translations }: Pick<View, 'translations'>): Split => split(translations);
