import { Vantage } from '../net/device';
import { PacketMap, PacketSet } from '../net/packet-map';
import { Range } from '../net/range';
import { Exposure } from './exposure';
import { cutTo } from './print';

/** A question about an exposure: everything that is named has to hold. */
export interface Ask {
  readonly to?: readonly Range[];
  readonly from?: readonly Range[];
  /** Protocols and ports, to and from whomever: any of these. */
  readonly services?: readonly PacketSet[];
  readonly vantage?: (vantage: Vantage) => boolean;
}

/** The packets that are asked about. */
export function askedPackets({ to, from, services }: Ask): PacketSet {
  const addresses = PacketMap.set({ ...(to ? { destination: to } : {}), ...(from ? { source: from } : {}) });
  return services ? addresses.within(PacketMap.first(services)) : addresses;
}

/** What of an exposure is asked about. */
export function answering(exposure: Exposure, ask: Ask): Exposure {
  const packets = askedPackets(ask);
  return {
    views: exposure.views.filter(({ vantage }) => ask.vantage?.(vantage) ?? true).map((view) => cutTo(view, packets)),
  };
}
