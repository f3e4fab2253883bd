// Creates huge nftables texts that could exhaust the parser or the evaluator.

import { Random } from './random';

const many = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => line(index)).join('');
const table = (body: string): string => `table inet x {\n${body}}\n`;
const base = (rules: string, hook = 'forward'): string =>
  `chain c {\ntype filter hook ${hook} priority 0; policy drop;\n${rules}}\n`;
const v4 = (random: Random): string =>
  `${random.below(224)}.${random.below(256)}.${random.below(256)}.${random.below(256)}`;
const v4Range = (random: Random): string => {
  const [first, last] = [random.below(0xe000_0000), random.below(0xe000_0000)].sort((a, b) => a - b) as [
    number,
    number,
  ];
  const text = (word: number): string => [24, 16, 8, 0].map((shift) => (word >>> shift) & 255).join('.');
  return `${text(first)}-${text(last)}`;
};
const portRange = (random: Random): string =>
  [random.below(65_536), random.below(65_536)].sort((a, b) => a - b).join('-');
const verdict = (random: Random): string => random.oneOf(['accept', 'drop']);
/** A rule that splits every dimension: many such rules have too many parts to count. */
const anyBox = (random: Random): string =>
  `ip saddr ${v4Range(random)} ip daddr ${v4Range(random)} tcp sport ${portRange(random)} tcp dport ${portRange(random)}`;

/** Texts that are made to be too much, by size: a small one has to be evaluated, the large one may be refused. */
export const GIANTS: Readonly<Record<string, (random: Random, size: number) => string>> = {
  'rules that cut all axes': (random, size) => table(base(many(size, () => `${anyBox(random)} ${verdict(random)}\n`))),
  'rules that may match and cut all axes': (random, size) =>
    table(base(many(size, () => `${anyBox(random)} limit rate 5/second ${verdict(random)}\n`))),
  'rules that are not known and cut all axes': (random, size) =>
    table(base(many(size, () => `${anyBox(random)} frobnicate\n`))),
  'many base chains that cut all axes': (random, size) =>
    table(many(size, (i) => `chain c${i} {\ntype filter hook forward priority ${i};\n${anyBox(random)} drop\n}\n`)),
  'a set that cuts all axes': (random, size) =>
    table(
      `set s {\ntype ipv4_addr . ipv4_addr . inet_service\nflags interval\nelements = { ${many(size, () => `${v4Range(random)} . ${v4Range(random)} . ${portRange(random)},\n`)} }\n}\n${base('ip saddr . ip daddr . tcp dport @s accept\n')}`,
    ),
  'a set of many addresses': (random, size) =>
    table(
      `set s {\ntype ipv4_addr\nelements = { ${many(size * 30, () => `${v4(random)},\n`)} }\n}\n${base('ip saddr @s accept\n')}`,
    ),
  'many different jumps': (random, size) =>
    table(
      many(
        size,
        (i) => `chain j${i} {\nip daddr ${v4Range(random)} tcp dport ${portRange(random)} ${verdict(random)}\n}\n`,
      ) + base(many(size, (i) => `ip saddr ${v4(random)} jump j${i}\n`)),
    ),
  'jumps that branch at every depth': (random, size) =>
    table(
      many(15, (depth) =>
        many(Math.ceil(size / 15), (i) => {
          const to = (): string => `j${14 - depth + 1}_${random.below(Math.ceil(size / 15))}`;
          const leads = depth === 0 ? verdict(random) : `jump ${to()}`;
          return `chain j${14 - depth}_${i} {\n${many(4, () => `ip saddr ${v4Range(random)} ${depth === 0 ? leads : `jump ${to()}`}\n`)}}\n`;
        }),
      ) + base('jump j0_0\n'),
    ),
  'chains that lead in circles': (random, size) =>
    table(many(size, (i) => `chain j${i} {\n${many(3, () => `jump j${random.below(size)}\n`)}}\n`) + base('jump j0\n')),
  'verdict maps within verdict maps': (random, size) =>
    table(
      many(14, (i) => {
        const to = i === 0 ? 'accept' : `jump j${13 - i + 1}`;
        return `chain j${13 - i} {\nip saddr . ip daddr . tcp dport vmap { ${many(Math.ceil(size / 14), () => `${v4Range(random)} . ${v4Range(random)} . ${portRange(random)} : ${random.once(2) ? 'drop' : to},\n`)} }\n}\n`;
      }).replaceAll('jump j14', 'accept') + base('jump j0\n'),
    ),
  'many translations': (random, size) =>
    table(
      `chain n {\ntype nat hook prerouting priority -100;\n${many(size, () => `ip daddr ${v4Range(random)} tcp dport ${portRange(random)} dnat ip to ${v4(random)}:${1 + random.below(65_535)}\n`)}}\n` +
        base(many(Math.ceil(size / 4), () => `${anyBox(random)} ${verdict(random)}\n`)),
    ),
  'many translations of sources': (random, size) =>
    table(
      `chain n {\ntype nat hook postrouting priority 100;\n${many(size, () => `ip saddr ${v4Range(random)} ip daddr ${v4Range(random)} snat ip to ${v4(random)}\n`)}}\n` +
        base(many(Math.ceil(size / 4), () => `${anyBox(random)} accept\n`)),
    ),
  'IPv6 that cuts all axes': (random, size) => {
    const range = (): string => {
      const [first, last] = [random.below(0xffff_ffff), random.below(0xffff_ffff)].sort((a, b) => a - b) as [
        number,
        number,
      ];
      const text = (word: number): string =>
        `2${(word >>> 20).toString(16).padStart(3, '0')}:${(word & 0xffff).toString(16)}::${random.below(65_536).toString(16)}`;
      return `${text(first)}-${text(last)}`;
    };
    return table(
      base(
        many(
          size,
          () => `ip6 saddr ${range()} ip6 daddr ${range()} tcp dport ${portRange(random)} ${verdict(random)}\n`,
        ),
      ),
    );
  },
  'braces in braces': (_, size) =>
    table(base(`tcp dport ${'{ '.repeat(size * 100)}22${' }'.repeat(size * 100)} accept\n`)),
  'blocks in blocks': (_, size) => `table inet x ${'{ chain a '.repeat(size * 100)}`,
  'brackets in brackets': (_, size) =>
    table(base(`tcp flags ${'( '.repeat(size * 100)}syn${' )'.repeat(size * 100)} accept\n`)),
  'one long rule': (_, size) => table(base(`${'meta l4proto tcp '.repeat(size * 50)} accept\n`)),
  'one long tuple': (_, size) =>
    table(
      base(
        `${Array(size * 50)
          .fill('ip saddr')
          .join(' . ')} @s accept\n`,
      ),
    ),
  'one long name': (_, size) =>
    table(`chain ${'a'.repeat(size * 5000)} {\n}\n${base(`jump ${'b'.repeat(size * 5000)}\n`)}`),
  'one long remark': (_, size) => `# ${'x'.repeat(size * 5000)}\n${table(base('accept\n'))}`,
  'one long unknown rule': (_, size) => table(base(`frobnicate ${'x '.repeat(size * 5000)}\n`)),
  blanks: (_, size) => `${' '.repeat(size * 5000)}\n${'\n'.repeat(size * 2000)}${'\\\n'.repeat(size * 100)}`,
  'back slashes and blanks': (_, size) => `${`\\${' '.repeat(size)}`.repeat(size)}x\n`,
  'open quotes': (_, size) => `"${'\n'.repeat(size * 100)}${'" '.repeat(size * 1000)}`,
  'names that lead nowhere': (_, size) => table(base(many(size * 20, (i) => `jump n${i}\n`))),
  'definitions that double': (_, size) =>
    `define a0 = { 1, 2 }\n${many(Math.min(size, 60), (i) => `define a${i + 1} = { $a${i}, $a${i} }\n`)}${table(base(`tcp dport $a${Math.min(size, 60)} accept\n`))}`,
  'a list on every rule': (random, size) =>
    table(
      base(
        many(
          size,
          () =>
            `tcp dport { ${many(200, () => `${random.below(65_536)}, `)} } ip saddr { ${many(50, () => `${v4(random)}, `)} } ${verdict(random)}\n`,
        ),
      ),
    ),
  'many tables': (_, size) => many(size * 5, (i) => `table inet t${i} {\n${base('tcp dport 22 drop\n')}}\n`),
  'many interfaces': (_, size) =>
    table(base(many(size * 5, (i) => `iifname "eth${i}" tcp dport ${i % 65_536} jump j\n`)) + 'chain j {\naccept\n}\n'),
};
