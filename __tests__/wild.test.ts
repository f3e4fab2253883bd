import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { cutTo, printExposure } from '../lib/exposure/print';
import { parsePrefix, prefixRange } from '../lib/net/address';
import { PacketMap } from '../lib/net/packet-map';
import { reader } from '../lib/platforms/nftables/read/reader';
import { WILD_DEVICES } from './wild/devices';

const FOLDER = join(__dirname, 'wild');
/**
 * What comes from outside for a loopback address a kernel drops when it routes it (route_localnet is 0), unless it was
 * translated before: a neighbour on the wire reaches a container that is published on 127.0.0.1.
 */
const LOOPBACK = PacketMap.set({ destination: [prefixRange(parsePrefix('127.0.0.0/8')!), prefixRange(parsePrefix('::1/128')!)] });

/** What no text says. The list is in docs/exposure.md, with the reasons. */
const UNDECIDABLE = [
  /a limit may match or not/,
  /an element may expire/,
  /"meta hour" may match or not/,
  /"ether saddr" may match or not/,
  /the iptables extension "(set|recent)" may match or not/,
  /the address of its interface is not known/,
];

describe('rulesets as machines have them', () => {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith('.nft'));
  const said = (name: string): string => readFileSync(join(FOLDER, name.replace('.nft', '.exposure.txt')), 'utf8');

  it('leave unknown what a text does not say, and nothing else', () => {
    const unknown = names.flatMap((name) => said(name).split('\n')).filter((line) => line.includes('UNKNOWN'));
    expect(unknown.filter((line) => !UNDECIDABLE.some((one) => one.test(line)))).toEqual([]);
  });

  it('are several', () => expect(names.length).toBeGreaterThanOrEqual(6));

  it.each(names)('%s exposes what is written by hand', (name) => {
    const device = WILD_DEVICES[name.replace('.nft', '')]!;
    const { exposure } = reader.read(readFileSync(join(FOLDER, name), 'utf8'), device);
    const outside = {
      views: exposure.views.map((view) => {
        const untranslated = view.translations.where(({ destination }) => destination.is === 'kept');
        return view.vantage.kind === 'localhost' ? view : cutTo(view, PacketMap.ALL.apartFrom(LOOPBACK.within(untranslated)));
      }),
    };
    expect(printExposure(outside, device)).toBe(said(name));
  });
});
