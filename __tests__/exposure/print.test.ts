// Tests a reachability printed as text for people: hosts of one profile share lines, and, on random packet maps, the
// rows cover exactly the packets of the map.

import { fc } from '../randomly';
import {
  ALLOWED,
  Reachability,
  UNTRANSLATED,
  createMove,
  createTranslation,
  createUnknown,
} from '../../lib/reachability/reachability';
import { printReachability } from '../../lib/reachability/print-reachability';
import { toRows } from '../../lib/reachability/reachability-rows';
import { Address } from '../../lib/net/address';
import { Device } from '../../lib/net/device';
import { PacketBlock } from '../../lib/net/packet';
import { PacketMap } from '../../lib/net/packet-map';
import { Range, contains, toSingleRange } from '../../lib/net/range';
import { at, net, port, router } from '../devices';

const device: Device = router([port('wan0', 'outside', ['203.0.113.2/24'])]);
const tcp = (...ports: readonly (readonly [number, number])[]): PacketBlock => ({
  protocol: [{ first: 6, last: 6 }],
  port: ports.map(([first, last]) => ({ first, last })),
});

const exposure = (
  dispositions: Reachability['views'][number]['dispositions'],
  translations = PacketMap.createConstant(UNTRANSLATED),
): Reachability => ({
  views: [{ startLocation: { kind: 'interface', name: 'wan0' }, dispositions, translations }],
});

it('hosts of one profile share rows, and sources that are allowed everything stand apart', () => {
  const hosts = ['203.0.113.10', '203.0.113.12'].map((text) => toSingleRange(at(text)));
  const verdicts = PacketMap.mergeFirst([
    PacketMap.create(ALLOWED, { destination: hosts, source: [net('198.51.100.0/24')] }),
    PacketMap.create(ALLOWED, { destination: hosts, ...tcp([25, 25], [993, 995]) }),
    PacketMap.create(ALLOWED, { destination: hosts, source: [net('192.0.2.0/24')], ...tcp([22, 22]) }),
    PacketMap.create(createUnknown('line 7: limit rate 3/second'), {
      destination: [hosts[0]!],
      protocol: [{ first: 1, last: 1 }],
      port: [{ first: 8, last: 8 }],
    }),
  ]);
  expect(printReachability(exposure(verdicts), device)).toBe(
    'from the internet by wan0\n' +
      '  203.0.113.10 all protocols from 198.51.100.0/24\n' +
      '  UNKNOWN 203.0.113.10 icmp echo-request from anywhere but 198.51.100.0/24: line 7: limit rate 3/second\n' +
      '  203.0.113.10 tcp 22 from 192.0.2.0/24, 198.51.100.0/24\n' +
      '  203.0.113.10 tcp 25,993-995 from anywhere\n' +
      '  203.0.113.12 all protocols from 198.51.100.0/24\n' +
      '  203.0.113.12 tcp 22 from 192.0.2.0/24, 198.51.100.0/24\n' +
      '  203.0.113.12 tcp 25,993-995 from anywhere\n',
  );
});

it('names the translation of a packet once, however many ports it has', () => {
  const by = at('10.0.0.10') - at('203.0.113.10');
  const verdicts = PacketMap.create(ALLOWED, { destination: [net('203.0.113.8/30')], ...tcp([80, 80], [443, 443]) });
  const table = printReachability(
    exposure(verdicts, PacketMap.createConstant(createTranslation({ destination: createMove(by) }))),
    device,
  );
  expect(table).toBe(
    'from the internet by wan0\n  203.0.113.8/30 tcp 80,443 from anywhere\n  203.0.113.8/30 is 10.0.0.8/30\n',
  );
});

it('prints nothing for an empty reachability', () =>
  expect(printReachability(exposure(PacketMap.createEmpty()), device)).toBe('nothing\n'));

it('the rows cover exactly the packets of the map', () => {
  const host = fc.integer({ min: 0, max: 3 });
  const ranges = fc.array(
    fc.tuple(host, host).map(([a, b]) => ({
      first: at('192.0.2.0') + BigInt(Math.min(a, b)),
      last: at('192.0.2.0') + BigInt(Math.max(a, b)),
    })),
    { minLength: 1, maxLength: 2 },
  );
  const numbers = fc.array(
    fc
      .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 0, max: 2 }))
      .map(([first, more]) => ({ first, last: first + more })),
    { minLength: 1, maxLength: 2 },
  );
  const blocks = fc.array(
    fc.record(
      { destination: ranges, source: ranges, protocol: numbers, port: numbers },
      { requiredKeys: ['destination'] },
    ),
    { maxLength: 4 },
  );
  fc.assert(
    fc.property(blocks, (list) => {
      const map = PacketMap.mergeFirst(list.map((block, i) => PacketMap.create(i % 2 === 0 ? 'even' : 'odd', block)));
      const rows = toRows(map);
      for (let d = 0; d < 4; d++)
        for (let s = 0; s < 5; s++)
          for (let protocol = 0; protocol < 9; protocol++)
            for (let port = 0; port < 9; port++) {
              const packet = {
                destination: (at('192.0.2.0') + BigInt(d)) as Address,
                source: (at('192.0.2.0') + BigInt(s)) as Address,
                protocol,
                port,
                sourcePort: 1,
              };
              const among = (wanted: readonly Range[], value: bigint) => wanted.some((range) => contains(range, value));
              const within = (wanted: readonly { first: number; last: number }[], value: number) =>
                wanted.some(({ first, last }) => first <= value && value <= last);
              const said = new Set(
                rows
                  .filter(
                    (row) =>
                      among(row.destinations, packet.destination) &&
                      among(row.sources, packet.source) &&
                      within(row.protocols, protocol) &&
                      within(row.ports, port),
                  )
                  .map(({ value }) => value),
              );
              expect([...said]).toEqual(map.findValue(packet) === undefined ? [] : [map.findValue(packet)]);
            }
    }),
    { numRuns: 60 },
  );
});
