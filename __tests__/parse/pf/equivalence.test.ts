// Tests on random pf rules that evaluating one host of each equivalence class gives the same as evaluating every host.

import { checkShares, fc, times } from '../../randomly';
import { toLocationKey } from '../../../lib/net/device';
import { SYN } from '../../../lib/parse/pf/lower/tcp-flags';
import { createLowering } from '../../../lib/parse/pf/lower/ruleset';
import { PfRules } from '../../../lib/parse/pf/model';
import { findHostClasses } from '../../../lib/evaluator/equivalence/host-classes';
import { Evaluation } from '../../../lib/evaluator/evaluation';
import { BOX, binat, block, pass, rdr, rulesOf } from './rules';
import { at } from '../../devices';

// Hosts that no pf rule distinguishes are evaluated once. The result must be that of evaluating each of them.

/** Some are adjacent, so that hosts in one list are neighbours, and some stand alone. */
const HOSTS = [20, 21, 22, 23, 24, 25, 26, 27, 30, 32, 34, 36, 38, 40, 42, 44, 46, 48];
const outside = (n: number): string => `203.0.113.${n}/32`;
const inside = (n: number): string => `10.0.0.${n}/32`;

const of = fc.constantFrom<(n: number, i: number) => boolean>(
  () => true,
  (_, i) => i % 2 === 0,
  (n) => n > 29,
  (n) => n !== 34,
);
/** The internal address of a public one: at one distance, in another order, or two to one. */
const paired = fc.constantFrom<(i: number) => number>(
  (i) => HOSTS[i]!,
  (i) => HOSTS[(i * 5) % HOSTS.length]!,
  (i) => HOSTS[i - (i % 2)]!,
);
const hosts = (side: typeof inside, held: (n: number, i: number) => boolean) => HOSTS.filter(held).map(side);

const filterRule = fc
  .record({
    held: of,
    way: fc.constantFrom('in', 'out', 'both'),
    side: fc.constantFrom('to', 'from'),
    public: fc.boolean(),
    port: fc.constantFrom(undefined, 80, 443),
    quick: fc.boolean(),
    state: fc.constantFrom(true, true, false),
    sourcePort: fc.constantFrom(undefined, undefined, [{ first: 1, last: 1023 }]),
    blocks: fc.boolean(),
    doubt: fc.constantFrom(undefined, undefined, undefined, 'nobody knows'),
  } as const)
  .map(({ held, side, public: isPublic, port, blocks, doubt, sourcePort, ...words }) =>
    (blocks ? block : pass)({
      ...words,
      on: words.way === 'both' ? 'any' : words.way === 'in' ? 'em0' : 'em1',
      [side]: hosts(isPublic ? outside : inside, held),
      ...(port === undefined ? {} : { port, protocol: [6] }),
      ...(sourcePort ? { sourcePort: [...sourcePort], protocol: [6] } : {}),
      ...(doubt === undefined ? {} : { doubt }),
    }),
  );

const rules = fc
  .record({
    held: of,
    paired,
    odd: fc.integer({ min: 0, max: HOSTS.length }),
    filter: fc.array(filterRule, { minLength: 1, maxLength: 5 }),
    redirect: fc.boolean(),
    closed: fc.boolean(),
  })
  .map(({ held, paired: pair, odd, filter, redirect, closed }): PfRules =>
    rulesOf({
      rdr: redirect ? [rdr({ on: 'em0', to: outside(22), protocol: [6], port: 80, target: '10.0.0.34' })] : [],
      binat: HOSTS.flatMap((n, i) =>
        held(n, i)
          ? [
              binat({
                on: 'em0',
                outside: outside(n),
                inside: inside(pair(i)),
                ...(i === odd ? { to: '198.51.100.7/32' } : {}),
              }),
            ]
          : [],
      ),
      filter: [...(closed ? [block({})] : []), ...filter],
    }),
  );

const DEVICE = { ...BOX, localAddresses: HOSTS.map((n) => at(`203.0.113.${n}`)) };

it('gives hosts that no rule distinguishes the result of each', () => {
  let [tried, spared] = [0, 0];
  fc.assert(
    fc.property(rules, fc.constantFrom(BOX, DEVICE), (some, device) => {
      const understood = createLowering(some, device)(SYN);
      const [short, whole] = [new Evaluation(understood, device), new Evaluation(understood, device, 'each')];
      const { views } = short.getExposure('first');
      const differ = whole
        .getExposure('first')
        .views.filter(
          ({ dispositions, translations }, i) =>
            !views[i]!.dispositions.equals(dispositions) || !views[i]!.translations.equals(translations),
        )
        .map(({ startLocation }) => toLocationKey(startLocation));
      expect(differ).toEqual([]);
      tried += 1;
      spared += findHostClasses(understood, device).reduce((sum, { hosts: alike }) => sum + alike.length - 1, 0);
    }),
    { numRuns: times(40) },
  );
  checkShares(tried, () => expect(spared).toBeGreaterThan(tried * 2.5));
});
