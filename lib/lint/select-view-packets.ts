// Selects packets of a reachability view for lint rules: allowed ones, TCP and UDP, and those with or without
// destination translation.

import { ALLOWED, Translation, Disposition, ReachabilityView } from '../reachability/reachability';
import { memoize } from '../net/intern-tables';
import { PROTOCOL } from '../net/packet';
import { PacketMap, PacketSet } from '../net/packet-map';
import { toSingleRange } from '../net/range';

/** Returns the packets that every client gets through: no limit and no list may keep some out. */
export const selectAllowedForAll = (verdicts: PacketMap<Disposition>): PacketSet =>
  verdicts.select((disposition) => disposition === ALLOWED);

export const selectAllowed = (verdicts: PacketMap<Disposition>): PacketSet =>
  verdicts.select(({ is }) => is === 'allowed');

/** Packets of services. Pings and the like are no way in. */
export const TCP_UDP: PacketSet = PacketMap.createSet({ protocol: [PROTOCOL.tcp, PROTOCOL.udp].map(toSingleRange) });

interface DestinationSplit {
  readonly translated: PacketSet;
  readonly untranslated: PacketSet;
}

const splitTranslations = memoize((translations: PacketMap<Translation>): DestinationSplit => {
  const translated = translations.select(({ destination }) => destination.is !== 'kept');
  return { translated, untranslated: translations.domain.subtract(translated) };
});

/**
 * Returns the packets of a view that are translated to another destination, and those that keep theirs. Memoized,
 * because many rules ask for it.
 */
export const splitByDestination = ({ translations }: Pick<ReachabilityView, 'translations'>): DestinationSplit =>
  splitTranslations(translations);
