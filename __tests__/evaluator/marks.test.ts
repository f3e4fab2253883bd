// Tests how the evaluator follows the marks that rules set: which bits are known, which unknown, and up to how many
// rules.

import { parseAddress } from '../../lib/net/address';
import { toLocationKey } from '../../lib/net/device';
import { configFormat } from '../../lib/platforms/nftables/parse/config-format';
import { parser } from '../../lib/platforms/nftables/parse/parser';
import { GATEWAY } from './packets';

const packet = {
  source: parseAddress('192.0.2.7')!,
  destination: parseAddress('198.51.100.2')!,
  protocol: 6,
  sourcePort: 40_000,
};
const vantage = { kind: 'interface', name: 'wan0' } as const;

const readings = new Map<string, ReturnType<typeof parser.read>>();
function readOnce(text: string): ReturnType<typeof parser.read> {
  const reading = readings.get(text) ?? parser.read(text, GATEWAY);
  readings.set(text, reading);
  return reading;
}

/** The disposition by the evaluator and by the trace, which have to agree. */
function verdict(text: string, port: number): string {
  const { reachability, explain } = readOnce(text);
  const view = reachability.views.find((one) => toLocationKey(one.startLocation) === toLocationKey(vantage))!;
  const disposition = view.dispositions.findValue({ ...packet, port })?.is ?? 'denied';
  expect(explain(vantage, { ...packet, port }).disposition).toBe(disposition);
  return disposition;
}

const table = (sets: readonly string[], asks: string): string => `table inet x {
  chain before { type filter hook prerouting priority mangle; policy accept;
${sets.map((one) => `    ${one}\n`).join('')}  }
  chain in { type filter hook input priority filter; policy drop;
    ${asks} accept
  }
}
`;
const many = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, i) => `tcp dport ${i + 1} meta mark set ${i + 1}`);

test('follows each of ninety rules that set a mark', () => {
  const text = table(many(90), 'meta mark 50-60');
  expect([49, 50, 60, 61, 91].map((port) => verdict(text, port))).toEqual([
    'denied',
    'allowed',
    'allowed',
    'denied',
    'denied',
  ]);
});

test('with too many rules leaves unclear only the bits that one of them sets', () => {
  const text = (asks: string): string => table(many(300), asks);
  expect([
    verdict(text('meta mark 150'), 150),
    verdict(text('meta mark & 0x1000 == 0'), 150),
    verdict(text('meta mark & 0xf000 == 0x1000'), 150),
  ]).toEqual(['unknown', 'allowed', 'denied']);
});

test('counts rules in a row that set the same mark as one place', () => {
  const row = (of: string): readonly string[] => Array.from({ length: 1_000 }, (_, i) => `tcp dport ${i + 1} ${of}`);
  const sets = [...row('meta mark set meta mark | 0x2'), ...row('ct mark set 0x1')];
  expect([1, 1_000, 1_001].map((port) => verdict(table(sets, 'meta mark 0x2 ct mark 0x1'), port))).toEqual([
    'allowed',
    'allowed',
    'denied',
  ]);
  const turned = table(
    [...row('meta mark set meta mark ^ 0x1'), 'tcp dport 7 meta mark set meta mark ^ 0x1'].slice(990),
    'meta mark 0x1',
  );
  expect([995, 7].map((port) => verdict(turned, port))).toEqual(['allowed', 'allowed']);
});

test('ignores marks that no rule tests', () => {
  const text = table(many(2_000), 'tcp dport 150');
  expect([verdict(text, 150), verdict(text, 151)]).toEqual(['allowed', 'denied']);
});

test('knows the outcome of a mark that may have been set if both values give the same', () => {
  const sets = ['quota until 5 mbytes meta mark set 1'];
  expect([verdict(table(sets, 'meta mark { 0, 1 }'), 22), verdict(table(sets, 'meta mark 1'), 22)]).toEqual([
    'allowed',
    'unknown',
  ]);
});

test('does not count a rule that only sets a mark as one that decides', () => {
  const text = (rule: string): string =>
    `table ip x {\n chain f { type filter hook forward priority mangle; policy accept; ${rule}; meta mark 1 counter; }\n}\n`;
  const parsed = (rule: string): boolean => {
    const found = configFormat.parsed(text(rule));
    return found.is === 'rules' && found.getReferences().needsForwarding;
  };
  expect([parsed('tcp dport 25 meta mark set 1'), parsed('tcp dport 25 meta mark set 1 drop')]).toEqual([false, true]);
});

test('keeps the mark of a session’s first packet apart from that of a later one', () => {
  const text = `table ip x {
  chain m { type filter hook prerouting priority mangle; policy accept; ct state new meta mark set 1; }
  chain n { type nat hook prerouting priority dstnat; meta mark 1 dnat to 10.0.0.10; }
}
`;
  const reading = parser.read(text, GATEWAY);
  const first = reading.reachability.views.find((one) => toLocationKey(one.startLocation) === toLocationKey(vantage))!;
  expect(first.translations.findValue({ ...packet, port: 22 })!.destination).toEqual({
    is: 'set',
    to: parseAddress('10.0.0.10'),
  });
  const later = reading
    .later('going on')!
    .views.find((one) => toLocationKey(one.startLocation) === toLocationKey(vantage))!;
  expect(later.dispositions.findValue({ ...packet, port: 22 })?.is).toBe('unknown');
  expect(reading.explain(vantage, { ...packet, port: 22 }, 'going on').disposition).toBe('unknown');
});
