import { Translation, Verdict, View } from '../exposure/exposure';
import { PROTOCOL } from '../net/packet';
import { PacketMap, PacketSet } from '../net/packet-map';

export const allowedAt = (verdicts: PacketMap<Verdict>): PacketSet => verdicts.where(({ is }) => is === 'allowed');

/** What services are offered by: pings and the like are nobody's way in. */
export const TCP_UDP: PacketSet = PacketMap.set({ protocol: [PROTOCOL.tcp, PROTOCOL.udp].map((one) => ({ first: one, last: one })) });

const byDestination = new WeakMap<PacketMap<Translation>, { readonly led: PacketSet; readonly kept: PacketSet }>();

/** Of a view, the packets that are led to another destination, and those that keep theirs. Looked at by many rules, and worked out once. */
export function splitByDestination({ translations }: Pick<View, 'translations'>): { readonly led: PacketSet; readonly kept: PacketSet } {
  let found = byDestination.get(translations);
  if (!found) {
    const led = translations.where(({ destination }) => destination.is !== 'kept');
    byDestination.set(translations, (found = { led, kept: translations.domain.apartFrom(led) }));
  }
  return found;
}
