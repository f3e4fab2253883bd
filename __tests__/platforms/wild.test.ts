// Compares the exposure of sample nftables and iptables rulesets with the one written by hand.

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { limitView, printReachability } from '../../lib/reachability/print-reachability';
import { parsePrefix, toRange } from '../../lib/net/address';
import { PacketMap } from '../../lib/net/packet-map';
import { Device } from '../../lib/net/device';
import { parser as iptables } from '../../lib/platforms/iptables/parse/parser';
import { parser as nftables } from '../../lib/platforms/nftables/parse/parser';
import { ConfigParser } from '../../lib/parse/config-parser';
import { WILD_DEVICES } from './nftables/wild/devices';
import { IPTABLES_DEVICES } from './iptables/wild/devices';

/**
 * A kernel drops packets from outside to a loopback address when it routes them (route_localnet is 0), unless they were
 * translated before: a neighbour on the wire reaches a container that is published on 127.0.0.1.
 */
const LOOPBACK = PacketMap.createSet({
  destination: [toRange(parsePrefix('127.0.0.0/8')!), toRange(parsePrefix('::1/128')!)],
});

/** Facts that no text contains. The list is in docs/explanation/what-is-proven.md, with the reasons. */
const UNDECIDABLE = [
  /"meta hour" may match or not/,
  /"ether saddr" may match or not/,
  /the iptables extension "(set|recent)" may match or not/,
  /the address of its interface is not known/,
];

interface Kind {
  readonly reader: ConfigParser;
  readonly devices: Readonly<Record<string, Device>>;
  /** Facts that no text of the kind contains. The list is in docs/explanation/what-is-proven.md, with the reasons. */
  readonly undecidable: readonly RegExp[];
  readonly texts: readonly string[];
}

const folder = (platform: string): string => join(__dirname, platform, 'wild');
const texts = (platform: string, ending: string): readonly string[] =>
  readdirSync(folder(platform))
    .filter((file) => file.endsWith(ending))
    .map((file) => join(folder(platform), file));

const KINDS: Readonly<Record<string, Kind>> = {
  nft: { reader: nftables, devices: WILD_DEVICES, undecidable: UNDECIDABLE, texts: texts('nftables', '.nft') },
  iptables: {
    reader: iptables,
    devices: IPTABLES_DEVICES,
    texts: texts('iptables', '.rules'),
    undecidable: [
      /"-m (recent|time|hl)" may match or not/,
      /meta mark may match or not/,
      /a rule may ask for its source, which is not known/,
      /the text holds no rules of IPv6/,
      /shows tables that are not in the text/,
      /the address of its interface is not known/,
    ],
  },
};

/** A device's exposure is written once, whichever program printed its rules. */
function said(path: string): string {
  const own = path.replace(/\.\w+$/, '.exposure.txt');
  return readFileSync(existsSync(own) ? own : join(folder('nftables'), basename(own)), 'utf8');
}

describe.each(Object.entries(KINDS))(
  '%s: rulesets of sample machines',
  (_, { reader, devices, undecidable, texts: all }) => {
    it('leave unknown only what a text does not contain', () => {
      const unknown = all.flatMap((path) => said(path).split('\n')).filter((line) => line.includes('UNKNOWN'));
      expect(unknown.filter((line) => !undecidable.some((one) => one.test(line)))).toEqual([]);
    });

    it('are several', () => expect(all.length).toBeGreaterThanOrEqual(6));

    it.each(all.map((path) => [basename(path), path] as const))('%s has the exposure written by hand', (name, path) => {
      const device = devices[name.replace(/\.\w+$/, '')]!;
      const { reachability } = reader.read(readFileSync(path, 'utf8'), device);
      const outside = {
        views: reachability.views.map((view) => {
          const untranslated = view.translations.select(({ destination }) => destination.is === 'kept');
          return view.startLocation.kind === 'localhost'
            ? view
            : limitView(view, PacketMap.ALL.subtract(LOOPBACK.intersect(untranslated)));
        }),
      };
      expect(printReachability(outside, device)).toBe(said(path));
    });
  },
);
