// The largest inputs of up to 64 MiB for each decoder and parser: each has to end by its step budget.

import { LATER_PHASES } from '../../lib/reachability/session-phase';
import { Device } from '../../lib/net/device';
import { Fuzz } from './random';
import { Refusal } from '../../lib/problems/problem';
import { parser as nftables } from '../../lib/platforms/nftables/parse/parser';
import { parser as pfsense } from '../../lib/platforms/pfsense/parse/parser';
import { port, router } from '../devices';
import { IS_QUICK } from '../tier';

// The worst inputs of up to 64 MiB, which is the limit for a device's answer or a file: each has to end by its step
// budget.

const many = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => line(index)).join('');
const v4 = (i: number): string => `10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`;
const inTable = (body: string): string => `table inet x {\n${body}}\n`;
const chain = (rules: string): string => `chain c {\ntype filter hook forward priority 0; policy drop;\n${rules}}\n`;
const map = (data: string, entry: (i: number) => string): string =>
  `map m {\ntype ipv4_addr : ${data}\nelements = { ${many(20_000, entry)} }\n}\n`;

const NFTABLES: Readonly<Record<string, () => string>> = {
  '900,000 rules': () =>
    inTable(chain(many(900_000, (i) => `ip daddr ${v4(i)} tcp dport ${1 + (i % 60_000)} accept\n`))),
  'rules that each tell a host and a port apart': () =>
    inTable(chain(many(60_000, (i) => `ip daddr ${v4(i)} tcp dport ${1 + (i % 60_000)} accept\n`))),
  'elements that each tell a host and a port apart': () =>
    inTable(
      `set s {\ntype ipv4_addr . inet_service\nelements = { ${many(300_000, (i) => `${v4(i * 3)} . ${1 + (i % 60_000)},`)} }\n}\n${chain('ip daddr . tcp dport @s accept\n')}`,
    ),
  'three million elements': () =>
    inTable(
      `set s {\ntype ipv4_addr\nelements = { ${many(3_000_000, (i) => `${v4(i * 3)},`)} }\n}\n${chain('ip saddr @s accept\n')}`,
    ),
  'lists within rules': () =>
    inTable(
      chain(
        many(
          3000,
          (i) =>
            `tcp dport { ${many(100, (k) => `${(k * i) % 65_536}, `)}} ip saddr { ${many(50, (k) => `${v4(k * i)}, `)}} accept\n`,
        ),
      ),
    ),
  'one map in many rules': () =>
    inTable(`${map('verdict', (i) => `${v4(i * 3)} : accept,\n`)}${chain('ip daddr vmap @m\n'.repeat(1000))}`),
  'many sets of hosts': () =>
    inTable(
      `${many(3000, (j) => `set s${j} {\ntype ipv4_addr\nelements = { ${many(100, (i) => `${v4(i * 3 + j * 1000)},\n`)} }\n}\n`)}${chain(many(3000, (i) => `ip saddr @s${i} ip daddr @s${2999 - i} accept\n`))}`,
    ),
  'many base chains': () =>
    inTable(many(60_000, (i) => `chain a${i} {\ntype filter hook forward priority ${i}; tcp dport ${i} accept\n}\n`)),
  'rules each put before all others': () =>
    `table inet x {\nchain c {\n}\n}\n${'insert rule inet x c accept\n'.repeat(400_000)}`,
  'elements taken out one by one': () =>
    `add table inet x\nadd set inet x s { type ipv4_addr; elements = { ${many(50_000, (i) => `${v4(i)},`)} } }\n${many(50_000, (i) => `delete element inet x s { ${v4(i)} }\n`)}`,
  semicolons: () => ';'.repeat(60_000_000),
  'line breaks': () => '\n'.repeat(60_000_000),
  braces: () => inTable(chain(`tcp dport ${'{'.repeat(60_000_000)}`)),
};

const rule = (i: number): string =>
  `<rule><type>pass</type><interface>wan</interface><ipprotocol>inet</ipprotocol><protocol>tcp</protocol><source><any/></source><destination><address>${v4(i)}</address><port>${1 + (i % 60_000)}</port></destination></rule>`;
const forward = (i: number): string =>
  `<rule><interface>wan</interface><protocol>tcp</protocol><source><any/></source><destination><address>203.0.113.2</address><port>${1 + i}</port></destination><target>${v4(i)}</target><local-port>${1 + i}</local-port></rule>`;
const configuration = (sections: string): string =>
  `<?xml version="1.0"?>\n<pfsense><version>23.3</version><interfaces><wan><enable/><if>em0</if><ipaddr>203.0.113.2</ipaddr><subnet>24</subnet></wan><lan><enable/><if>em1</if><ipaddr>10.0.0.1</ipaddr><subnet>8</subnet></lan></interfaces>${sections}</pfsense>\n`;
const loaded = (rules: string, translations = 'no rdr proto carp all\n'): string =>
  `# pfctl -sn\n${translations}# pfctl -sr\n${rules}`;

const PFSENSE: Readonly<Record<string, () => string>> = {
  '15 million elements': () => configuration('<a/>'.repeat(15_000_000)),
  'an attribute without end': () => configuration(`<a b="${'x'.repeat(30_000_000)}"/>`),
  'a remark without end': () => configuration(`<!--${'x'.repeat(30_000_000)}-->`),
  '80,000 rules': () => configuration(`<filter>${many(80_000, rule)}</filter>`),
  '50,000 port forwards': () => configuration(`<nat>${many(50_000, forward)}</nat>`),
  '500,000 loaded rules': () =>
    loaded(
      many(500_000, (i) => `pass in quick on em0 inet proto tcp from any to ${v4(i)} port = ${1 + (i % 60_000)}\n`),
    ),
  'one table in many rules': () =>
    `${loaded(`${many(3000, (i) => `block in on em0 proto tcp from <t> to any port = ${i + 1}\n`)}pass in on em0 all\n`)}# pfctl -t t -T show\n${many(100_000, (i) => `   ${v4(i * 2)}\n`)}`,
  words: () => `pass ${'x '.repeat(20_000_000)}\n`,
  'macros of macros': () => `a0 = "${'x '.repeat(100)}"\n${many(40, (i) => `a${i + 1} = $a${i} $a${i}\n`)}pass\n`,
};

const device = (outside: string, inside: string): Device =>
  router([port(outside, 'outside'), port(inside, 'inside', [], ['10.0.0.0/8'])]);

/** The limits by which they are refused: the step budget, or the number of elements. */
const CODES = new Set(['nftables/too-much-to-evaluate', 'pf/too-much-to-evaluate', 'pf/too-much', 'pfsense/not-xml']);

const GIANT_TEXTS = [
  ...Object.entries(NFTABLES).map(([name, text]) => ({
    name: `nftables: ${name}`,
    text,
    reader: nftables,
    on: device('eth0', 'eth1'),
  })),
  ...Object.entries(PFSENSE).map(([name, text]) => ({
    name: `pfsense: ${name}`,
    text,
    reader: pfsense,
    on: device('wan', 'lan'),
  })),
];

/** Inputs that end soon and take little memory: all in one process. */
const SMALL = new Set([
  'many base chains',
  'rules each put before all others',
  'elements taken out one by one',
  'semicolons',
  'line breaks',
  'braces',
  'lists within rules',
  'an attribute without end',
  'a remark without end',
  'words',
  'macros of macros',
  '15 million elements',
]);
const isSmall = ({ name }: { readonly name: string }): boolean => SMALL.has(name.replace(/^\w+: /, ''));

/** Names and texts that one process parses one after another. The quick tier parses one text, drawn from all. */
export const GROUPS = [
  ...(IS_QUICK ? [] : [{ name: 'small ones', giants: GIANT_TEXTS.filter(isSmall) }]),
  ...GIANT_TEXTS.filter((one) => IS_QUICK || !isSmall(one)).map((one) => ({ name: one.name, giants: [one] })),
];

/** The group of that number. */
export function bounds(at: number): Fuzz {
  return () => {
    const wrong = GROUPS[at]!.giants.flatMap((one) => endsOtherwise(one) ?? []);
    return { input: GROUPS[at]!.name, wrong: wrong.length === 0 ? undefined : wrong.join('\n') };
  };
}

function endsOtherwise({ name, text, reader, on }: (typeof GIANT_TEXTS)[number]): string | undefined {
  try {
    const { later } = reader.read(text(), on);
    LATER_PHASES.forEach((phase) => later(phase));
    return `${name} was read`;
  } catch (error) {
    const code = error instanceof Refusal ? error.problems[0]!.code : String(error);
    return CODES.has(code) ? undefined : `${name}: ${code}`;
  }
}
