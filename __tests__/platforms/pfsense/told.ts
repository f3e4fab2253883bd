import { Exposure } from '../../../lib/reachability/exposure';
import { cutTo, printExposure } from '../../../lib/reachability/print';
import { parsePrefix, prefixRange } from '../../../lib/net/address';
import { Device } from '../../../lib/net/device';
import { PacketMap } from '../../../lib/net/packet-map';

/** A kernel drops what comes by a wire for a loopback address before it asks any rule. Source: FreeBSD, ip_input(9); RFC 1122. */
const LOOPBACK = PacketMap.set({
  destination: [prefixRange(parsePrefix('127.0.0.0/8')!), prefixRange(parsePrefix('::1/128')!)],
});

/**
 * What truths about boxes tell: what comes by their interfaces. A box lets out whatever it sends itself, and talks to itself as it
 * likes; that is no matter of what stands in its configuration. Nor do they tell what every box does alike and no router forwards:
 * it drops link-local sources and port 0, and passes CARP.
 */
export const told = ({ views }: Exposure, device: Device): string =>
  printExposure(
    {
      views: views
        .filter(({ vantage }) => vantage.kind === 'interface')
        .map((view) => {
          const untranslated = view.translations.where(({ destination }) => destination.is === 'kept');
          return cutTo(view, PacketMap.ALL.apartFrom(LOOPBACK.within(untranslated)));
        }),
    },
    device,
  );
