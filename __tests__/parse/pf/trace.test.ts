// Compares three evaluations of random pf rules: the evaluator of packet sets, the trace of single packets, and a naive
// model by plain loops.

import { checkShares, fc, times } from '../../randomly';
import { Reachability } from '../../../lib/reachability/reachability';
import { printAddress } from '../../../lib/net/address';
import { toLocationKey, listStartLocations } from '../../../lib/net/device';
import { Packet } from '../../../lib/net/packet';
import { PacketSet } from '../../../lib/net/packet-map';
import { Refusal } from '../../../lib/problems/problem';
import { LoadedPfRules } from '../../../lib/parse/pf/loaded-rules';
import { PfFilterRule } from '../../../lib/parse/pf/model';
import { leavesAs } from '../../evaluator/translated-packet';
import { naively } from './naive';
import { STRAY_FLAGS } from './naive-matches';
import { block } from './rules';
import { devices, loaded, packets, randomRules } from './random';

const shown = (packet: Packet): string =>
  `${printAddress(packet.source)}:${packet.sourcePort} > ${printAddress(packet.destination)}:${packet.port} protocol ${packet.protocol}`;

/** Few random rules are too much to evaluate: one ruleset in thousands. */
function evaluated(evaluate: () => Reachability): Reachability {
  try {
    return evaluate();
  } catch (error) {
    fc.pre(!(error instanceof Refusal && error.message.startsWith('pf/too-much-to-evaluate')));
    throw error;
  }
}

/**
 * Three evaluations that share the model alone: sets of packets, a trace from rule to rule, and plain loops that try
 * everything unknown both ways.
 */
describe('the evaluator, the trace and the loops', () => {
  it('agree about every packet', () => {
    fc.assert(
      fc.property(randomRules, devices, fc.array(packets, { minLength: 20, maxLength: 20 }), (random, device, some) => {
        const rules = new LoadedPfRules(loaded(random), device);
        const exposure = evaluated(() => rules.evaluateFirstPackets());
        for (const vantage of listStartLocations(device)) {
          const { dispositions, translations } = exposure.views.find(
            (view) => toLocationKey(view.startLocation) === toLocationKey(vantage),
          )!;
          for (const packet of some) {
            const where = `${toLocationKey(vantage)} ${shown(packet)}`;
            const verdict = dispositions.findValue(packet);
            const looped = naively(random, device, vantage, packet);
            const walked = rules.explain(vantage, packet, 'first');
            expect(`${where} ${verdict?.is ?? 'denied'}`).toBe(`${where} ${looped.verdict}`);
            // The evaluator handles all packets of a rule at once: for them it was rewritten, or it wasn't.
            expect(`${where} ${walked.disposition}`).toBe(`${where} ${looped.reached}`);
            const becomes = translations.findValue(packet);
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
            if (sourceKnown) expect(`${where} ${shown(walked.packetOut)}`).toBe(`${where} ${shown(left)}`);
          }
        }
      }),
      { numRuns: times(100) },
    );
  });

  it('agree about every packet that belongs to no connection', () => {
    fc.assert(
      fc.property(randomRules, devices, fc.array(packets, { minLength: 10, maxLength: 10 }), (random, device, some) => {
        const rules = new LoadedPfRules(loaded(random), device);
        const exposure = evaluated(() => rules.evaluateStrays());
        for (const vantage of listStartLocations(device)) {
          const { dispositions, translations } = exposure.views.find(
            (view) => toLocationKey(view.startLocation) === toLocationKey(vantage),
          )!;
          for (const packet of some) {
            const where = `${toLocationKey(vantage)} ${shown(packet)}`;
            const looped = STRAY_FLAGS.map((flags) => naively(random, device, vantage, packet, flags));
            const said = looped.map((one) => one.verdict);
            const verdict = dispositions.findValue(packet)?.is ?? 'denied';
            expect(translations.findValue(packet) === undefined).toBe(verdict === 'denied');
            const walked = rules.explain(vantage, packet, 'stray').disposition;
            if (
              walked !== 'allowed' ||
              verdict !== 'unknown' ||
              looped.every(({ reached }, at) => reached === said[at])
            )
              expect(`${where} ${walked}`).toBe(`${where} ${verdict}`);
            // A pass rule passes it, unless its destination is unknown.
            const most = said.includes('allowed') ? 'allowed' : said.includes('unknown') ? 'unknown' : 'denied';
            if (verdict !== 'unknown' || most !== 'allowed') expect(`${where} ${verdict}`).toBe(`${where} ${most}`);
          }
        }
      }),
      { numRuns: times(12) },
    );
  });

  it('give the same for start locations where first packets suffice, and where each kind of flags is evaluated', () => {
    let [tried, spared] = [0, 0];
    fc.assert(
      fc.property(randomRules, devices, (random, device) => {
        const { filter, ...rest } = loaded(random);
        const plain = filter.map(({ line, on, packets: of, uncertain, direction, action, quick }): PfFilterRule => ({
          line,
          on,
          packets: of,
          direction,
          action,
          quick,
          state: action === 'pass',
          ...(uncertain && { uncertain }),
        }));
        const rules = { ...rest, filter: [block({}), ...plain] };
        const short = new LoadedPfRules(rules, device);
        const alike = evaluated(() => short.evaluateStrays());
        tried += 1;
        if (alike === short.evaluateFirstPackets()) spared++;
        const asked = evaluated(() => new LoadedPfRules(rules, device, 'each').evaluateStrays());
        alike.views.forEach(({ startLocation, dispositions, translations }, i) => {
          const other = asked.views[i]!;
          for (const is of ['allowed', 'unknown'] as const) {
            const [one, two] = [dispositions, other.dispositions].map((each) =>
              each.select((verdict) => verdict.is === is),
            ) as [PacketSet, PacketSet];
            expect(`${toLocationKey(startLocation)} ${is} ${one.equals(two)}`).toBe(
              `${toLocationKey(startLocation)} ${is} true`,
            );
          }
          expect(translations.domain.equals(other.translations.domain)).toBe(true);
        });
      }),
      { numRuns: times(60) },
    );
    checkShares(tried, () => expect(spared).toBeGreaterThan(tried / 3));
  });
});
