// Prints the exposure of a pfSense box as its truth files have it: without the packets for which all boxes have the
// same rules.

import { Reachability } from '../../../lib/reachability/reachability';
import { limitView, printReachability } from '../../../lib/reachability/print-reachability';
import { parsePrefix, toRange } from '../../../lib/net/address';
import { Device } from '../../../lib/net/device';
import { PacketMap } from '../../../lib/net/packet-map';

/** A kernel drops what comes by a wire for a loopback address before it asks any rule. Source: FreeBSD, ip_input(9); RFC 1122. */
const LOOPBACK = PacketMap.createSet({
  destination: [toRange(parsePrefix('127.0.0.0/8')!), toRange(parsePrefix('::1/128')!)],
});

/**
 * What truths about boxes tell: what comes by their interfaces. A box lets out whatever it sends itself, and talks to itself as it
 * likes; that is no matter of what stands in its configuration. Nor do they tell what every box does alike and no router forwards:
 * it drops link-local sources and port 0, and passes CARP.
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
