// Compares the evaluator with a kernel: loads random nftables rulesets, sends packets, and each must arrive where the
// evaluator says. What nft lists of the ruleset must be evaluated alike.

import { checkShares, fc, inTime, seeded, times } from '../../randomly';
import { getFamily } from '../../../lib/net/address';
import { toLocationKey } from '../../../lib/net/device';
import { parser } from '../../../lib/platforms/nftables/parse/parser';
import { withGateway } from './kernel-tests';
import { Place, Probe } from './namespaces';
import { FROM, TO, probes } from './random';
import { isOf, isOnItsWay, leavesFor, packetOf, phaseOf, shownAs, vantageOf } from './probes';
import { leavesAs } from '../translated-packet';
import { getCertainDisposition } from '../get-disposition';
import { GATEWAY } from '../packets';
import { markedRulesets } from '../marked-rulesets';
import { rulesets } from '../rulesets';

const RUNS = times(40);
const SEED = seeded(20);

/** A packet that starts no connection: conntrack calls it INVALID. */
const strays = fc
  .array(
    fc.tuple(
      fc.constantFrom<Place>('out', 'out', 'in', 'gw'),
      fc.nat(),
      fc.nat(),
      fc.constantFrom('fin', 'rst', 'syn,fin', 0, 3, 4, 5, 11, 12),
      fc.constantFrom(22, 80, 443),
    ),
    { minLength: 6, maxLength: 6 },
  )
  .map((wishes) =>
    wishes.map(([place, from, to, what, port], i): Probe => {
      const [sources, destinations] = [FROM[place], TO[place]].map((all) => all.filter((one) => !one.includes(':')));
      return {
        place,
        from: sources![from % sources!.length]!,
        to: destinations![to % destinations!.length]!,
        ...(typeof what === 'number' ? { protocol: 1, port: what } : { protocol: 6, port, flags: what }),
        sourcePort: 21_000 + i,
        size: 200 + i,
      };
    }),
  );

withGateway('the kernel', (namespaces) => {
  it.each([
    ['', rulesets, RUNS],
    [' that ask for marks', markedRulesets, RUNS],
  ] as const)(
    `treats real packets as the evaluator says, for ${RUNS} rulesets%s`,
    async (_, texts, runs) => {
      const samples = fc.sample(fc.tuple(texts, probes, strays), { numRuns: runs, seed: SEED });
      const answers = { allowed: 0, denied: 0, unknown: 0 };
      let tried = 0;
      for (const [ruleset, firsts, others] of inTime(samples)) {
        tried += 1;
        const some = [...firsts, ...others];
        const loaded = namespaces().load(ruleset);
        const listed = namespaces().listed() ?? loaded;
        const { reachability, later, explain } = parser.read(loaded, GATEWAY);
        const stray = later('stray')!;
        // nft's listing is evaluated like the loaded ruleset, except that it leaves out `ether type ip` if a rule tests
        // more of IP.
        const leavesOut = loaded.includes('ether type ip ');
        const printed = parser.read(listed, GATEWAY).reachability;
        reachability.views.forEach(({ startLocation, dispositions }, i) => {
          const same = dispositions
            .select(({ is }) => is === 'allowed')
            .equals(printed.views[i]!.dispositions.select(({ is }) => is === 'allowed'));
          if (!same && !leavesOut) expect({ vantage: startLocation, loaded, listed }).toEqual('the same');
        });
        const arrivals = await namespaces().ask(some);
        for (const probe of some) {
          const vantage = vantageOf(probe);
          const packet = packetOf(probe);
          const phase = phaseOf(probe);
          const view = (phase === 'stray' ? stray : reachability).views.find(
            (one) => toLocationKey(one.startLocation) === toLocationKey(vantage),
          )!;
          const verdict = getCertainDisposition(view.dispositions.findValue(packet));
          answers[verdict] += 1;
          if (verdict === 'unknown') continue;
          const arrived = arrivals.filter((one) => isOf(probe, one) && !isOnItsWay(probe, one));
          const becomes = verdict === 'allowed' ? view.translations.findValue(packet)! : undefined;
          const leaves = becomes && leavesAs(packet, becomes);
          if (becomes && (!leaves || becomes.sourcePort === 'free')) continue;
          const wanted = leaves ? [leavesFor(leaves)] : [];
          const got = arrived.map(shownAs);
          if (JSON.stringify(got) !== JSON.stringify(wanted)) {
            const { reason, lines } = explain(vantage, packet, phase);
            expect({ probe, family: getFamily(packet.source), because: reason, lines, loaded, arrived: got }).toEqual({
              phase,
              wanted,
            });
          }
        }
      }
      // A test in which everything is denied would prove nothing.
      checkShares(tried, () => expect(Math.min(answers.allowed, answers.denied)).toBeGreaterThan(tried * 3));
    },
    RUNS * 5_000,
  );
});
