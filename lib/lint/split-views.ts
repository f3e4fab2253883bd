import { Translation, Disposition, ReachabilityView } from '../reachability/reachability';
import { memoize } from '../net/intern-tables';
import { PROTOCOL } from '../net/packet';
import { PacketMap, PacketSet } from '../net/packet-map';
import { toSingleRange } from '../net/range';

export const selectAllowed = (verdicts: PacketMap<Disposition>): PacketSet =>
  verdicts.select(({ is }) => is === 'allowed');

/** What services are offered by: pings and the like are nobody's way in. */
export const TCP_UDP: PacketSet = PacketMap.createSet({ protocol: [PROTOCOL.tcp, PROTOCOL.udp].map(toSingleRange) });

interface DestinationSplit {
  readonly led: PacketSet;
  readonly kept: PacketSet;
}

const splitTranslations = memoize((translations: PacketMap<Translation>): DestinationSplit => {
  const translated = translations.select(({ destination }) => destination.is !== 'kept');
  return { led: translated, kept: translations.domain.subtract(translated) };
});

/** Of a view, the packets that are led to another destination, and those that keep theirs. Looked at by many rules, and worked out once. */
export const splitByDestination = ({ translations }: Pick<ReachabilityView, 'translations'>): DestinationSplit =>
  splitTranslations(translations);
