// Compares the parser on random files of firewalld with the rules that a real firewalld of each version loads from
// them. Files that firewalld can't load are refused.

import { fc, seeded, times } from '../../randomly';
import { FAMILY_RANGE } from '../../../lib/net/address';
import { Reachability } from '../../../lib/reachability/reachability';
import { LATER_PHASES } from '../../../lib/reachability/session-phase';
import { Device, toLocationKey } from '../../../lib/net/device';
import { PacketCell, PROTOCOL, Packet } from '../../../lib/net/packet';
import { PacketMap } from '../../../lib/net/packet-map';
import { parser } from '../../../lib/platforms/firewalld/parse/parser';
import { parser as nftables } from '../../../lib/platforms/nftables/parse/parser';
import { EvaluatedConfig } from '../../../lib/parse/config-parser';
import { port, router } from '../../devices';
import { problemsOf } from '../../problems';
import { leavesAs } from '../../evaluator/translated-packet';
import { temporaryFolder } from '../../temporary-folder';
import { BROKEN } from './broken';
import {
  EARLIER,
  LATER,
  PROGRAMS,
  Tree,
  describeFirewalld,
  describeWith,
  loadedFrom,
  printedWithStock,
  startedFrom,
} from './daemon';
import { laterTrees, trees } from './random';

// Compares the evaluated files with the rules that the program has loaded from them, as nft lists them.

const folder = temporaryFolder();
const device: Device = router([
  port('eth0', 'outside', ['198.51.100.50/24', '2001:db8:0:1::50/64']),
  port('eth1', 'inside', ['10.0.0.50/24', '2001:db8:3::50/64']),
]);

/** ICMP of one family in packets of the other, which don't occur: nft lists rules for it without their family. */
const NONSENSE = PacketMap.mergeFirst([
  PacketMap.createSet({ source: [FAMILY_RANGE.ip6], protocol: [{ first: PROTOCOL.icmp, last: PROTOCOL.icmp }] }),
  PacketMap.createSet({ source: [FAMILY_RANGE.ip], protocol: [{ first: PROTOCOL.icmpv6, last: PROTOCOL.icmpv6 }] }),
]);

/**
 * A type of ICMP without its family, and the quotes at the beginning of 1.1's log prefixes, which nft doesn't parse
 * again either.
 */
const UNTOLD = /without the family|""" is not known/;

const plain = (_: string, part: unknown): unknown => (typeof part === 'bigint' ? `${part}n` : part);

/** For a single address, a set address and a moved one are the same; the ends of a range tell them apart. */
const corners = ({ source, destination, protocol, port: ports, sourcePort }: PacketCell<unknown>): readonly Packet[] =>
  [source.first, source.last].flatMap((from) =>
    [destination.first, destination.last].map((to) => ({
      source: from as Packet['source'],
      destination: to as Packet['destination'],
      protocol: protocol.first,
      port: ports.first,
      sourcePort: sourcePort.first,
    })),
  );

/** The differences between both, without those that a listing can't show. */
function differing(phase: string, files: Reachability, listed: Reachability): readonly string[] {
  return files.views.flatMap(({ startLocation, dispositions, translations }, i) => {
    const other = listed.views[i]!;
    const told = PacketMap.ALL.subtract(NONSENSE).subtract(
      other.dispositions.select((one) => one.is === 'unknown' && UNTOLD.test(one.reason)),
    );
    const verdict = dispositions.intersect(told).merge(other.dispositions.intersect(told), (a, b) => {
      const words = `${a?.is ?? 'denied'}, and listed it is ${b?.is ?? 'denied'}`;
      return a?.is === b?.is ? undefined : words;
    });
    const led = translations
      .intersect(told)
      .merge(other.translations.intersect(told), (a, b) =>
        JSON.stringify(a, plain) === JSON.stringify(b, plain) ? undefined : (true as const),
      );
    const elsewhere = [...led.listCells()].flatMap(corners).flatMap((packet) => {
      const [one, two] = [translations, other.translations].map((map) => leavesAs(packet, map.findValue(packet)!));
      return JSON.stringify(one, plain) === JSON.stringify(two, plain)
        ? []
        : [`led to ${JSON.stringify(one, plain)}, and listed to ${JSON.stringify(two, plain)}`];
    });
    return [...verdict.values, ...elsewhere].map((words) => `${phase} ${toLocationKey(startLocation)}: ${words}`);
  });
}

/** Compares the evaluation of random files with the rules that the program loads. */
function expectRead(some: fc.Arbitrary<Tree>, programs: string, numRuns: number): void {
  let [loads, tried] = [0, 0];
  fc.assert(
    fc.property(some, (etc) => {
      const { state, ruleset } = loadedFrom(etc, folder, programs);
      tried += 1;
      let files: EvaluatedConfig | undefined;
      const problems = problemsOf(() => (files = parser.read(printedWithStock(etc, programs), device)));
      const codes = [...new Set(problems.map(({ code }) => code))];
      // The order of such policies is unknown, whatever the program loads.
      if (codes.includes('firewalld/equal-priorities')) return;
      // 1.1 ignores a file that it can't parse and loads the others; the parser refuses that.
      if (programs === EARLIER && codes.includes('firewalld/broken')) return;
      expect({ state, codes }).toEqual(
        files ? { state: 'running', codes: [] } : { state: 'failed', codes: ['firewalld/broken'] },
      );
      if (!files) return;
      loads += 1;
      const listed = nftables.read(ruleset, device);
      expect(differing('first', files.reachability, listed.reachability)).toEqual([]);
      for (const phase of LATER_PHASES) expect(differing(phase, files.later(phase)!, listed.later(phase)!)).toEqual([]);
    }),
    { numRuns, seed: seeded(1) },
  );
  expect(loads).toBeGreaterThan(tried / 3);
  expect(loads).toBeLessThan(tried);
}

/** Python orders sets of strings differently each time, and firewalld creates chains in that order. */
const ORDERED = { PYTHONHASHSEED: '1' };

/** All other tests here use the program's own code without its start. */
const alike = (some: fc.Arbitrary<Tree>, programs: string): void =>
  it('are loaded by its own code as by its start on a bus', () => {
    const etcs = [...fc.sample(some, { numRuns: 3, seed: seeded(1) }), { 'zones/public.xml': '<zone' }, {}];
    for (const etc of etcs)
      expect(loadedFrom(etc, folder, programs, ORDERED)).toEqual(startedFrom(etc, folder, programs, ORDERED));
  });

describe.each(['2.3', '2.5'] as const)('firewalld %s', (version) => {
  describeWith(LATER[version])('and its files', () => {
    it('are evaluated as it loads them, and refused if it falls back to its own', () => {
      expectRead(laterTrees(version === '2.5'), LATER[version], times(20));
    });

    alike(laterTrees(version === '2.5'), LATER[version]);
  });
});

describeWith(EARLIER)('the files of firewalld 1.1', () => {
  it('are evaluated as it loads them, unless they are refused', () => {
    expectRead(trees, EARLIER, times(20));
  });

  alike(trees, EARLIER);
});

describeFirewalld('the files of firewalld', () => {
  it('are evaluated as it loads them, and refused if it falls back to its own', () => {
    expectRead(trees, PROGRAMS, times(40));
  });

  alike(trees, PROGRAMS);

  it.each(Object.entries(BROKEN))('that firewalld doesn’t load are refused: %s', (_, { etc, code }) => {
    expect(loadedFrom(etc, folder).state).toBe('failed');
    expect(problemsOf(() => parser.read(printedWithStock(etc), device)).map((one) => one.code)).toEqual([code]);
  });
});
