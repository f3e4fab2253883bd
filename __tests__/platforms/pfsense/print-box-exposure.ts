// Prints the exposure of a pfSense box as its truth files have it: without the packets for which all boxes have the
// same rules.

import { Reachability } from '../../../lib/reachability/reachability';
import { limitView, printReachability } from '../../../lib/reachability/print-reachability';
import { parsePrefix, toRange } from '../../../lib/net/address';
import { Device } from '../../../lib/net/device';
import { PacketMap } from '../../../lib/net/packet-map';

/**
 * A kernel drops packets from a wire to a loopback address before it evaluates any rule. Source: FreeBSD, ip_input(9);
 * RFC 1122.
 */
const LOOPBACK = PacketMap.createSet({
  destination: [toRange(parsePrefix('127.0.0.0/8')!), toRange(parsePrefix('::1/128')!)],
});

/**
 * Truth files of boxes list packets that come by interfaces. They omit packets that the box sends itself or to itself,
 * which don't depend on the configuration, and outcomes that all boxes share: link-local sources and port 0 are
 * dropped, and CARP passes.
 */
export const told = ({ views }: Reachability, device: Device): string =>
  printReachability(
    {
      views: views
        .filter(({ startLocation }) => startLocation.kind === 'interface')
        .map((view) => {
          const untranslated = view.translations.select(({ destination }) => destination.is === 'kept');
          return limitView(view, PacketMap.ALL.subtract(LOOPBACK.intersect(untranslated)));
        }),
    },
    device,
  );
