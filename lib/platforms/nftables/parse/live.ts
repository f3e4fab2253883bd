import { printable } from '../../../problems/problem';
import { Live, OwnText, Places, namesAddress, withPlaces } from '../../../parse/live';
import { Program, defaultOf, programOf } from '../../../parse/programs';

/** A table in a ruleset as `nft list ruleset` prints it. */
interface RulesetTable {
  /** Family and name, `inet filter`. */
  readonly name: string;
  readonly ours: boolean;
  /** Number of its first line in the whole, from 1. */
  readonly first: number;
  readonly lines: readonly string[];
}

/** Tables begin and end at the start of a line; everything inside is indented, quoted texts hold no line break. */
function tablesOf(ruleset: string): readonly RulesetTable[] {
  const found: RulesetTable[] = [];
  let open: { name: string; ours: boolean; first: number; lines: string[] } | undefined;
  ruleset.split('\n').forEach((line, at) => {
    const name = /^table (\S+ \S+) \{/.exec(line)?.[1];
    if (name !== undefined) open = { name, ours: OURS.test(name), first: at + 1, lines: [] };
    open?.lines.push(line);
    if (open && line === '}') {
      found.push(open);
      open = undefined;
    }
  });
  return found;
}

const OURS = /^inet cpanel_edge_/;

/** The program that keeps the chain or the set around a line. */
function madeBy({ ours, first, lines }: RulesetTable, line: number): Program | undefined {
  if (ours) return undefined;
  for (let at = line - first; at >= 0; at -= 1) {
    const name = /^\t(?:chain|set|map) (\S+) /.exec(lines[at] ?? '')?.[1];
    if (name !== undefined) return programOf(name);
  }
  return undefined;
}

/** Who has set the policy of a chain, where the chains that it leads to tell it. */
function policyBy({ ours, lines }: RulesetTable, chain: string): Program | undefined {
  const begins = lines.indexOf(`\tchain ${chain} {`);
  if (ours || begins < 0) return undefined;
  const rules = lines.slice(begins, lines.indexOf('\t}', begins)).map((line) => line.replace(/"[^"]*"/g, ''));
  return defaultOf(rules.flatMap((line) => /\b(?:jump|goto) (\S+)$/.exec(line)?.[1] ?? []));
}

/** As somebody finds it in `nft list table inet filter`; the reader counts the lines of the whole ruleset. */
function places(text: string): Places {
  const tables = tablesOf(text);
  const tableAt = (line: number): RulesetTable | undefined =>
    tables.find(({ first, lines }) => line >= first && line < first + lines.length);
  const at = (line: number): string => {
    const table = tableAt(line);
    if (!table) return `line ${line} of the ruleset`;
    const by = madeBy(table, line);
    return `line ${line - table.first + 1} of table ${printable(table.name)}${by ? ` (${by.name})` : ''}`;
  };
  const named = (words: string, chain: string, name: string): string => {
    const table = tables.find((one) => one.name === name);
    const by = table && policyBy(table, chain);
    return by ? `${words} (${by.name})` : words;
  };
  return {
    at,
    inWords: (words) => withPlaces(words, at).replace(/\bchain (\S+) of table (\S+ \S+)(?= has policy )/g, named),
    unitAt: (line) => {
      const table = tableAt(line);
      return table && { name: table.name, ours: table.ours, madeBy: madeBy(table, line) };
    },
    whose: (line) => {
      const table = tableAt(line);
      return table ? (table.ours ? 'ours' : 'others') : 'nobody';
    },
    mentions: (address) =>
      tables
        .filter(({ ours }) => !ours)
        .flatMap(({ first, lines }) =>
          lines.flatMap((line, index) => (namesAddress(line, address) ? [at(first + index)] : [])),
        ),
  };
}

/** The table that a release's text declares. */
const unitOf = ({ text }: OwnText): string | undefined => /^table (\S+ \S+) \{/m.exec(text)?.[1];

/** The texts of the releases, and what other owners have on the device. Each begins with two lines that clear its table. */
function asDelivered(releases: readonly OwnText[], live: string): string {
  const known = new Set(releases.map(unitOf));
  const theirs = tablesOf(live).filter(({ ours, name }) => ours && !known.has(name));
  return [
    ...releases.map(({ text }) => text.split('\n').slice(2).join('\n')),
    ...theirs.map(({ lines }) => `${lines.join('\n')}\n`),
  ].join('');
}

/** An owner's table on a gateway, and on a server. */
const namesOf = (owner: string): readonly string[] =>
  ['gw', 'host'].map((role) => `inet cpanel_edge_${owner.replaceAll('-', '_')}_${role}`);

function apart(text: string, owner: string): ReturnType<Live['apart']> {
  const names = namesOf(owner);
  const lines = text.split('\n');
  for (const { name, first, lines: own } of tablesOf(text))
    if (names.includes(name)) lines.fill('', first - 1, first - 1 + own.length);
  return { whole: text, rest: lines.join('\n') };
}

export const live: Live = {
  places,
  unitOf,
  isOf: (touched, owner) => namesOf(owner).some((name) => touched === `table ${name}`),
  apart,
  asDelivered,
  beside: (text, release) => `${text}\n${release}`,
  decides: (line) => /\b(dnat|snat|redirect|masquerade|tproxy|drop|reject)\b/.test(line),
  shown: (unit) => (unit === undefined ? 'nft list ruleset' : `nft -a list table ${printable(unit)}`),
};
