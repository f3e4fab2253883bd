// Tests pf texts that are made to exhaust or crash the parser: each is evaluated or refused within the step budget.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parser } from '../../../lib/platforms/pfsense/parse/parser';
import { Refusal } from '../../../lib/problems/problem';
import { packet, rulesOf, says } from './texts';
import { WILD_PF } from './wild/devices';
import { farWithin } from '../../ends-within-seconds';
import { codesOf } from '../../problems';

const FOLDER = join(__dirname, 'wild');
const NAMES = Object.keys(WILD_PF);
const TEXTS = NAMES.map((name) => readFileSync(join(FOLDER, `${name}.pf`), 'utf8'));

/** An error that is not a Refusal is a bug. */
function survives(text: string): void {
  try {
    parser.read(text, WILD_PF['pfsense-27']!);
  } catch (error) {
    if (!(error instanceof Refusal)) throw new Error(`${JSON.stringify(text.slice(0, 2000))}: ${String(error)}`);
    expect(error.problems[0]!.code).toMatch(/^(pf|pfsense)\/[a-z-]+$/);
  }
}

/** The same numbers every time. */
function* numbers(seed: number): Generator<number> {
  for (let x = seed; ;) {
    x = (Math.imul(x, 1_664_525) + 1_013_904_223) >>> 0;
    yield x;
  }
}

describe('hostile texts', () => {
  const C = '198.51.100.7';
  const many = (make: (i: number) => string, count: number): string =>
    Array.from({ length: count }, (_, i) => make(i)).join(' ');

  it('cost the sum of their lists, not the product', () =>
    farWithin(60, () => {
      const hosts = (second: number): string => `{ ${many((i) => `10.${second}.${i >> 8}.${i & 255}`, 3000)} }`;
      const ports = `{ ${many((i) => `${i * 2 + 1}`, 3000)} }`;
      const [rule, ...more] = rulesOf(
        `pass proto { tcp udp } from ${hosts(1)} port ${ports} to ${hosts(2)} port ${ports}\n`,
      ).filter;
      expect([
        more.length,
        says(rule!, 'tcp 10.1.0.9#5 > 10.2.11.183#5999'),
        says(rule!, 'tcp 10.1.0.9#5 > 10.2.11.184#5999'),
      ]).toEqual([0, 'matches', 'no']);
    }));

  it.each([
    ['braces in braces', `pass to ${'{'.repeat(300_000)}10.0.0.1${'}'.repeat(300_000)}\n`, []],
    ['braces without an end', `pass to ${'{'.repeat(300_000)}\n`, ['pf/cut-off']],
    ['parentheses', `pass to ${'('.repeat(300_000)}\n`, ['pf/unexpected-text']],
    ['one word', `pass to ${'x'.repeat(3_000_000)}\n`, []],
    ['one line', `pass ${'a'.repeat(30)} ${'label "x" '.repeat(300_000)}\n`, []],
    ['one string', `pass label "${'x'.repeat(3_000_000)}"\n`, []],
    ['an open string', `pass label "${'x'.repeat(3_000_000)}\n`, ['pf/unexpected-text']],
    ['lines that go on', `${'\\\n'.repeat(20_000)}pass\n`, []],
    ['a list over lines', `pass to {\n${'10.0.0.1\n'.repeat(200_000)}}\n`, []],
    ['exclamation marks', `pass to ${'!'.repeat(200_000)} 10.0.0.1\n`, ['pf/unexpected-text']],
    ['operators', `pass proto tcp to any port ${'><'.repeat(100_000)}\n`, ['pf/unexpected-text']],
    ['anchors in anchors', `${'anchor "a" {\n'.repeat(100_000)}${'}\n'.repeat(100_000)}`, ['pf/too-much']],
    [
      'a macro of macros',
      `a0 = "${'x '.repeat(100)}"\n${Array.from({ length: 40 }, (_, i) => `a${i + 1} = $a${i} $a${i}\n`).join('')}pass\n`,
      ['pf/too-much'],
    ],
    ['endless numbers', `pass proto tcp to any port ${'9'.repeat(100_000)}\n`, []],
    ['no letters at all', `${'\u0000\u0001\ud800'.repeat(1000)}\n`, ['pf/unexpected-text']],
  ])('with %s are evaluated or refused at once', (_, text, codes) =>
    farWithin(60, () => expect(codesOf(() => rulesOf(text))).toEqual(codes)),
  );

  it('that set and test one tag everywhere are evaluated at once', () =>
    farWithin(60, () => {
      const set = Array.from(
        { length: 5000 },
        (_, i) => `rdr on em1 inet proto tcp to 203.0.113.2 port ${i + 1} tag T -> 127.0.0.1 port 19000\n`,
      );
      const rules = rulesOf(`${set.join('')}${'pass in inet tagged T\n'.repeat(5000)}`).filter;
      expect(says(rules.at(-1)!, `tcp ${C} > 127.0.0.1#19000`)).toBe('perhaps');
    }));

  it('with a table of all routed networks are evaluated at once', () =>
    farWithin(60, () => {
      const entries = Array.from(
        { length: 60_000 },
        (_, i) =>
          `   ${(i % 200) + 20}.${(i >> 8) & 255}.${i & 255}.0/24\n  !${(i % 200) + 20}.${(i >> 8) & 255}.${i & 255}.9\n`,
      );
      const text = `# pfctl -sn\nno rdr proto carp all\n# pfctl -sr\nblock in quick on em0 from <bogons> to any\npass in on em0 all\n# pfctl -t bogons -T show\n${entries.join('')}`;
      const [block] = rulesOf(text).filter;
      expect([says(block!, 'tcp 20.0.0.1 > 10.0.0.1#1'), says(block!, 'tcp 20.0.0.9 > 10.0.0.1#1')]).toEqual([
        'matches',
        'no',
      ]);
    }));

  it('cause refusals only, wherever they are cut', () => {
    for (const text of TEXTS) {
      const random = numbers(text.length);
      for (let round = 0; round < 60; round++) {
        const cut: number = random.next().value;
        const shorter = text.slice(0, cut % text.length);
        survives(shorter);
        survives(`${shorter}\n`);
      }
    }
  });

  it('cause refusals only, whatever is put between their words', () => {
    const random = numbers(7);
    const next = (most: number): number => (random.next().value as number) % most;
    const words = TEXTS.flatMap((text) => text.split(/\s+/)).filter((word) => word.length < 40);
    const strange = [
      '{',
      '}',
      '(',
      ')',
      '!',
      '<t>',
      '->',
      '"',
      "'",
      '$x',
      '\\\n',
      '\n',
      '#',
      '><',
      ':',
      '-',
      '/',
      '=',
      ',',
      '@3 ',
      '\t',
      'port',
      'from',
      'to',
      'anchor "x" {\n',
    ];
    for (let round = 0; round < 400; round++) {
      const lines = TEXTS[next(TEXTS.length)]!.split('\n');
      for (let edit = 0; edit < 3; edit++) {
        const at = next(lines.length);
        const parts = lines[at]!.split(' ');
        parts.splice(
          next(parts.length + 1),
          next(3),
          next(2) === 0 ? words[next(words.length)]! : strange[next(strange.length)]!,
        );
        lines[at] = parts.join(' ');
      }
      survives(lines.join('\n'));
    }
  });

  it('give the same outcome in the evaluator and the trace', () => {
    const random = numbers(11);
    const next = (most: number): number => (random.next().value as number) % most;
    let told = 0;
    for (let round = 0; round < 60; round++) {
      const which = next(TEXTS.length);
      const lines = TEXTS[which]!.split('\n').filter((line) => line.startsWith('#') || next(4) > 0);
      try {
        const { reachability, explain } = parser.read(lines.join('\n'), WILD_PF[NAMES[which]!]!);
        for (const { startLocation, dispositions } of reachability.views) {
          if (startLocation.kind !== 'interface') continue;
          for (const sent of SENT) {
            expect(dispositions.findValue(packet(sent))?.is ?? 'denied').toBe(
              explain(startLocation, packet(sent)).disposition,
            );
            told++;
          }
        }
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
      }
    }
    expect(told).toBeGreaterThan(400);
  });
});

const SENT = [
  'tcp 198.51.100.7 > 203.0.113.10#25',
  'tcp 198.51.100.7 > 10.0.1.60#443',
  'tcp 198.51.100.7 > 203.0.113.2#8443',

  'tcp 10.0.1.9 > 203.0.113.2#8443',
  'tcp 10.0.1.9 > 203.0.113.10#25',
  'udp 10.0.1.50 > 198.51.100.9#53',
  'tcp 10.0.1.9 > 10.0.1.1#443',
  'tcp 192.0.2.9 > 198.51.100.20#80',
  'udp 10.0.2.9 > 198.51.100.20#53',
  'icmp 198.51.100.7 > 203.0.113.2#8',
];
