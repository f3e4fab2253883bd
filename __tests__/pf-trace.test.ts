import * as fc from 'fast-check';
import { printAddress } from '../lib/net/address';
import { vantageKey, vantagesOf } from '../lib/net/device';
import { Packet } from '../lib/net/packet';
import { evaluatePf } from '../lib/reading/pf/evaluate';
import { tracePf } from '../lib/reading/pf/trace';
import { leavesAs } from './leaves';
import { naively } from './pf-naive';
import { devices, loaded, packets, randomRules } from './pf-random';

const shown = (packet: Packet): string =>
  `${printAddress(packet.source)}:${packet.sourcePort} > ${printAddress(packet.destination)}:${packet.port} protocol ${packet.protocol}`;

/** Three that share the model alone: sets of packets, a walk from rule to rule, and plain loops that try every doubt. */
describe('the sets, the walk and the loops', () => {
  it('say the same of every packet', () => {
    fc.assert(
      fc.property(randomRules, devices, fc.array(packets, { minLength: 20, maxLength: 20 }), (random, device, some) => {
        const rules = loaded(random);
        const exposure = evaluatePf(rules, device);
        for (const vantage of vantagesOf(device)) {
          const { verdicts, translations } = exposure.views.find((view) => vantageKey(view.vantage) === vantageKey(vantage))!;
          for (const packet of some) {
            const where = `${vantageKey(vantage)} ${shown(packet)}`;
            const verdict = verdicts.at(packet);
            const looped = naively(random, device, vantage, packet);
            const walked = tracePf(rules, device, vantage, packet);
            expect(`${where} ${verdict?.is ?? 'denied'}`).toBe(`${where} ${looped.verdict}`);
            expect(`${where} ${walked.verdict}`).toBe(`${where} ${looped.verdict}`);
            const becomes = translations.at(packet);
            expect(becomes === undefined).toBe(verdict === undefined);
            if (!becomes || looped.verdict !== 'allowed') continue;
            const sourceKnown = looped.sources.size === 1 && !looped.sources.has('unclear');
            expect(`${where} ${becomes.source.is !== 'unclear'}`).toBe(`${where} ${sourceKnown}`);
            expect(`${where} ${becomes.sourcePort}`).toBe(`${where} ${looped.freePort ? 'free' : 'kept'}`);
            const [source] = looped.sources.values();
            const { destination, port } = looped;
            const left = { ...packet, source: sourceKnown ? source! : packet.source, destination, port };
            const kept = sourceKnown ? becomes : { ...becomes, source: { is: 'kept' as const } };
            expect(`${where} ${shown(leavesAs(packet, kept)!)}`).toBe(`${where} ${shown(left)}`);
            if (sourceKnown) expect(`${where} ${shown(walked.leaves)}`).toBe(`${where} ${shown(left)}`);
          }
        }
      }),
      { numRuns: Number(process.env['READER_RUNS'] ?? 100) },
    );
  });
});
