// Compares the evaluator and the trace with a naive model on random ruleset models.

import { checkShares, fc, times } from '../randomly';
import { parseAddress, printAddress } from '../../lib/net/address';
import { Packet } from '../../lib/net/packet';
import { PacketMap } from '../../lib/net/packet-map';
import { Evaluation } from '../../lib/evaluator/evaluation';
import { ClientEvaluation, createClientTracer } from '../../lib/evaluator/new-clients';
import { PacketField } from '../../lib/evaluator/packet-fields';
import {
  BaseChain,
  Condition,
  RuleAction,
  LoweredChain,
  LoweredRule,
  LoweredRuleset,
  NETFILTER,
  FieldValue,
} from '../../lib/evaluator/ruleset-model';
import { createTracer } from '../../lib/evaluator/trace/trace';
import { leavesAs } from './translated-packet';
import { BOX } from '../parse/pf/rules';
import { naively } from './naive-evaluator';
import { at, net } from '../devices';

// Boxes of the model by three evaluations that share nothing else: sets of packets, the trace, and plain loops that try
// both results of everything unknown.

const ADDRESSES = [
  '198.51.100.7',
  '10.0.0.11',
  '10.0.0.12',
  '10.0.1.20',
  '203.0.113.10',
  '203.0.113.12',
  '203.0.113.2',
];
const TARGETS = ['10.0.0.11', '10.0.0.12', '10.0.1.20', '203.0.113.2'];
const PORTS = [1, 2, 3];

const SOURCE: PacketField = { name: 'source', looksAt: { is: 'address', axis: 'source' }, family: 'ip' };
const DESTINATION: PacketField = { ...SOURCE, name: 'destination', looksAt: { is: 'address', axis: 'destination' } };
const PORT: PacketField = { name: 'port', looksAt: { is: 'number', axis: 'port', words: 'port' }, protocols: [6] };
const IN: PacketField = { name: 'in', looksAt: { is: 'interface', side: 'in' } };

const pick = <T>(values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
const range = pick([...ADDRESSES.map((one) => `${one}/32`), '10.0.0.0/24', '203.0.113.0/24', '198.51.100.0/24']).map(
  net,
);
const member = (field: PacketField, values: fc.Arbitrary<FieldValue>): fc.Arbitrary<Condition> =>
  fc
    .tuple(fc.array(values, { minLength: 1, maxLength: 2 }), pick([false, false, true]))
    .map(([tuples, negated]): Condition => ({
      is: 'member',
      fields: [field],
      negated,
      members: { tuples: tuples.map((value) => ({ values: [value], expires: false })), dynamic: false },
    }));
const addresses = range.map((one): FieldValue => ({ is: 'addresses', range: one }));
const packetSet = fc
  .record({
    source: fc.array(range, { maxLength: 1 }),
    destination: fc.array(range, { maxLength: 2 }),
    port: fc.option(pick(PORTS)),
  })
  .map(({ source, destination, port }) =>
    PacketMap.createSet({
      family: 'ip',
      ...(source.length > 0 ? { source } : {}),
      ...(destination.length > 0 ? { destination } : {}),
      ...(port === null ? {} : { protocol: [{ first: 6, last: 6 }], port: [{ first: port, last: port }] }),
    }),
  );
const condition: fc.Arbitrary<Condition> = fc.oneof(
  { weight: 3, arbitrary: member(DESTINATION, addresses) },
  { weight: 2, arbitrary: member(SOURCE, addresses) },
  {
    weight: 2,
    arbitrary: member(
      PORT,
      pick(PORTS).map((one) => ({ is: 'numbers', range: { first: one, last: one } })),
    ),
  },
  {
    weight: 1,
    arbitrary: member(
      IN,
      pick(['em0', 'em1']).map((name) => ({ is: 'name', name, isPrefix: false })),
    ),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(packetSet, fc.option(packetSet, { freq: 3 }), pick([undefined, 'must', 'may'] as const))
      .map(([must, besides, newClient]): Condition => {
        const may = besides ? must.unite(besides) : must;
        const sets = { must, may };
        return { is: 'packets', ...sets, reason: 'nobody knows', ...(newClient && { newClient: sets[newClient] }) };
      }),
  },
  {
    weight: 1,
    arbitrary: pick([{}, { newClient: true }, { newClient: false }]).map((newClient): Condition => ({
      is: 'doubt',
      reason: 'nobody knows',
      fields: [],
      ...newClient,
    })),
  },
);

let line = 0;
const rulesOf = (end: fc.Arbitrary<RuleAction>, most: number): fc.Arbitrary<LoweredRule[]> =>
  fc.array(
    fc
      .tuple(fc.array(condition, { maxLength: 2 }), end)
      .map(([conditions, does]): LoweredRule => ({ line: ++line, text: 'a rule', conditions, action: does })),
    { maxLength: most },
  );

const verdict = pick<RuleAction>([
  { is: 'verdict', verdict: { is: 'accept' } },
  { is: 'verdict', verdict: { is: 'accept' } },
  { is: 'verdict', verdict: { is: 'drop' } },
  { is: 'verdict', verdict: { is: 'return' } },
]);
const OPAQUE: RuleAction = { is: 'opaque', reason: 'nobody knows this' };
const chain = (rules: LoweredRule[]): LoweredChain => ({ label: 'a chain', rules });
const deeper = rulesOf(verdict, 2).chain((rules) =>
  pick(['jump', 'goto'] as const).map((is): RuleAction => ({ is: 'verdict', verdict: { is, chain: chain(rules) } })),
);
const filterEnd = fc.oneof(
  { weight: 4, arbitrary: verdict },
  { weight: 1, arbitrary: deeper },
  { weight: 1, arbitrary: fc.constant(OPAQUE) },
);
/** The interfaces by which packets come in and go out. */
const passing = fc.oneof(
  { weight: 4, arbitrary: filterEnd },
  { weight: 1, arbitrary: fc.constant<RuleAction>({ is: 'verdict', verdict: { is: 'pass', state: false } }) },
);

const one = (text: string) => ({ first: at(text), last: at(text) });
const natEnd = (kind: 'dnat' | 'snat'): fc.Arbitrary<RuleAction> =>
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc
        .record({
          to: pick(kind === 'dnat' ? TARGETS : ['203.0.113.2', '10.0.0.1']),
          port: fc.option(pick(PORTS)),
          skips: pick([false, false, true]),
        })
        .map(({ to, port, skips }): RuleAction => ({
          is: 'translate',
          kind,
          random: false,
          to: {
            addresses: one(to),
            family: 'ip',
            prefix: false,
            ...(port === null || kind === 'snat' ? {} : { ports: { first: port, last: port } }),
          },
          ...(skips ? { skipsFilter: true } : {}),
        })),
    },
    {
      weight: 2,
      arbitrary: fc.uniqueArray(pick(ADDRESSES), { minLength: 1, maxLength: 3 }).map((keys): RuleAction => ({
        is: 'look up',
        kind,
        random: false,
        dynamic: false,
        fields: [kind === 'dnat' ? DESTINATION : SOURCE],
        entries: keys.map((key, i) => ({
          values: [{ is: 'addresses', range: one(key) } as const],
          expires: false,
          to: { addresses: one(TARGETS[i]!), family: 'ip', prefix: false },
        })),
      })),
    },
    { weight: 1, arbitrary: fc.constant<RuleAction>({ is: 'verdict', verdict: { is: 'accept' } }) },
    { weight: 1, arbitrary: fc.constant(OPAQUE) },
  );

const base = (
  type: 'nat' | 'filter',
  hook: string,
  priority: number,
  rules: LoweredRule[],
  more: Partial<BaseChain> = {},
): BaseChain => ({
  type,
  hook,
  priority,
  devices: [],
  policy: 'accept',
  line: 1,
  family: 'inet',
  chain: chain(rules),
  ...more,
});
/** If connection tracking translates, the filter is always evaluated. */
const asked = (rules: LoweredRule[], all: boolean): LoweredRule[] =>
  all
    ? rules
    : rules.map(
        (rule) =>
          (rule.action?.is === 'translate'
            ? { ...rule, action: { ...rule.action, skipsFilter: undefined } }
            : rule) as LoweredRule,
      );
const policy = pick(['accept', 'accept', 'drop'] as const);
const rulesets = fc
  .record({
    dnat: fc.tuple(rulesOf(natEnd('dnat'), 2), rulesOf(natEnd('dnat'), 2)),
    snat: rulesOf(natEnd('snat'), 2),
    filters: fc.tuple(
      ...['prerouting', 'forward', 'input', 'postrouting'].map((hook) =>
        fc.tuple(
          fc.constant(hook),
          rulesOf(hook.endsWith('routing') ? passing : filterEnd, 3),
          policy,
          pick([[], [], ['em0']]),
        ),
      ),
    ),
    all: fc.boolean(),
  })
  .map(({ dnat: [first, second], snat, filters, all }): LoweredRuleset => ({
    baseChains: [
      base('nat', 'prerouting', -100, asked(first, all)),
      base('nat', 'prerouting', -99, asked(second, all)),
      base('nat', 'postrouting', 100, asked(snat, all)),
      ...filters.map(([hook, rules, is, devices]) =>
        base('filter', hook, hook === 'postrouting' ? 150 : 0, rules, {
          policy: is,
          devices: hook === 'prerouting' || hook === 'postrouting' ? devices : [],
        }),
      ),
    ],
    facts: {
      hasConnectionMarks: false,
      hasHelpers: false,
      trackedFamilies: new Set(['ip', 'ip6']),
      dynamicSets: new Set(),
    },
    kernel: { ...NETFILTER, translates: all ? 'all' : 'tracked' },
  }));

const packets = fc
  .record({ source: pick(ADDRESSES.slice(0, 4)), destination: pick(ADDRESSES), port: pick(PORTS) })
  .map(({ source, destination, port }): Packet => ({
    source: parseAddress(source)!,
    destination: parseAddress(destination)!,
    protocol: 6,
    port,
    sourcePort: 4000,
  }));

it('the evaluator, the trace and the naive model agree about every packet', () => {
  let tried = 0;
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(
      rulesets,
      pick(['em0', 'em1']),
      fc.array(packets, { minLength: 20, maxLength: 20 }),
      (ruleset, iif, some) => {
        tried += 1;
        const vantage = { kind: 'interface', name: iif } as const;
        const { dispositions, translations } = new Evaluation(ruleset, BOX)
          .getExposure('first')
          .views.find((view) => view.startLocation.kind === 'interface' && view.startLocation.name === iif)!;
        for (const packet of some) {
          const { fates: all, doubted } = naively(ruleset, BOX, iif, packet);
          const fates = [...all];
          const looped = getDisposition(all);
          const where = `${iif} ${printAddress(packet.source)} > ${printAddress(packet.destination)}:${packet.port}`;
          const [said, walked] = [
            dispositions.findValue(packet)?.is ?? 'denied',
            createTracer(ruleset, BOX)(vantage, packet, 'first').disposition,
          ];
          seen.set(looped, 1 + (seen.get(looped) ?? 0));
          // If two translations give this packet the same destination, and other packets different ones, the evaluator
          // doesn't distinguish that.
          if (doubted && looped === 'allowed' && said === 'unknown') continue;
          expect(`${where} ${said}`).toBe(`${where} ${looped}`);
          if (!doubted || walked !== 'unknown') expect(`${where} ${walked}`).toBe(`${where} ${looped}`);
          if (looped !== 'allowed' || fates.length > 1) continue;
          const { destination, port, source } = leavesAs(packet, translations.findValue(packet)!)!;
          expect(`${where} ${destination}:${port} from ${source}`).toBe(`${where} ${fates[0]}`);
        }
      },
    ),
    { numRuns: times(150) },
  );
  checkShares(tried, () => {
    for (const verdict of ['allowed', 'denied', 'unknown']) expect(seen.get(verdict)).toBeGreaterThan((tried * 2) / 3);
  });
});

it('agree about packets that a new client gets through', () => {
  const counts = new Map<string, number>();
  let runs = 0;
  fc.assert(
    fc.property(
      rulesets,
      pick(['em0', 'em1']),
      fc.array(packets, { minLength: 20, maxLength: 20 }),
      (ruleset, iif, somePackets) => {
        runs += 1;
        const startLocation = { kind: 'interface', name: iif } as const;
        const { dispositions, translations } = new ClientEvaluation(ruleset, BOX)
          .getExposure('first')
          .views.find((view) => view.startLocation.kind === 'interface' && view.startLocation.name === iif)!;
        const trace = createClientTracer(ruleset, BOX);
        for (const packet of somePackets) {
          const { fates, newClientFates, newClientDoubted } = naively(ruleset, BOX, iif, packet);
          if (getDisposition(fates) !== 'unknown') continue;
          const expected = getDisposition(newClientFates) === 'allowed' ? 'allowed, but' : 'unknown';
          const where = `${iif} ${printAddress(packet.source)} > ${printAddress(packet.destination)}:${packet.port}`;
          const disposition = dispositions.findValue(packet)!;
          const evaluated = disposition.is === 'allowed' ? 'allowed, but' : disposition.is;
          const explanation = trace(startLocation, packet, 'first');
          const traced = explanation.except === undefined ? explanation.disposition : 'allowed, but';
          counts.set(expected, 1 + (counts.get(expected) ?? 0));
          // Of several doubts that lead to one place it isn't always known.
          if (newClientDoubted && expected === 'allowed, but' && evaluated === 'unknown') continue;
          expect(`${where} ${evaluated}`).toBe(`${where} ${expected}`);
          if (!newClientDoubted || traced !== 'unknown') expect(`${where} ${traced}`).toBe(`${where} ${expected}`);
          const [fate, ...otherFates] = newClientFates;
          if (expected === 'unknown' || otherFates.length > 0) continue;
          const { destination, port, source } = leavesAs(packet, translations.findValue(packet)!)!;
          expect(`${where} ${destination}:${port} from ${source}`).toBe(`${where} ${fate}`);
        }
      },
    ),
    { numRuns: times(150) },
  );
  checkShares(runs, () => {
    for (const kind of ['allowed, but', 'unknown']) expect(counts.get(kind)).toBeGreaterThan(runs / 4);
  });
});

/** Returns the disposition of a packet that may have any of these fates. */
function getDisposition(fates: ReadonlySet<string>): 'allowed' | 'denied' | 'unknown' {
  const ends = new Set([...fates].map((fate) => fate.split(' ')[0]!));
  return ends.size > 1 || ends.has('unknown') ? 'unknown' : ends.has('denied') ? 'denied' : 'allowed';
}
