import { printable } from '../lib/problems/problem';

/** A table in a ruleset as `nft list ruleset` prints it. */
export interface RulesetTable {
  /** Family and name, `inet filter`. */
  readonly name: string;
  /** Number of its first line in the whole, from 1. */
  readonly first: number;
  readonly lines: readonly string[];
}

/** Tables begin and end at the start of a line; everything inside is indented, quoted texts hold no line break. */
export function tablesOf(ruleset: string): readonly RulesetTable[] {
  const found: RulesetTable[] = [];
  let open: { name: string; first: number; lines: string[] } | undefined;
  ruleset.split('\n').forEach((line, at) => {
    const name = /^table (\S+ \S+) \{/.exec(line)?.[1];
    if (name !== undefined) open = { name, first: at + 1, lines: [] };
    open?.lines.push(line);
    if (open && line === '}') {
      found.push(open);
      open = undefined;
    }
  });
  return found;
}

/** `line 12 of table inet filter`: as somebody finds it in `nft list table inet filter`. */
export function placeOf(tables: readonly RulesetTable[], line: number): string {
  const table = tableAt(tables, line);
  return table ? `line ${line - table.first + 1} of table ${printable(table.name)}` : `line ${line} of the ruleset`;
}

/** The reader counts the lines of the whole ruleset. */
export const placed = (words: string, tables: readonly RulesetTable[]): string =>
  words.replace(/\bline (\d+)\b/g, (_, number: string) => placeOf(tables, Number(number)));

/** Lines of others that name this text: a ban list's elements, or a rule. */
export const mentionsOf = (tables: readonly RulesetTable[], text: string): readonly string[] =>
  tables
    .filter((table) => !isOurs(table))
    .flatMap(({ first, lines }) =>
      lines.flatMap((line, at) => (line.split(/[^0-9A-Fa-f.:]+/).includes(text) ? [placeOf(tables, first + at)] : [])),
    );

export const tableAt = (tables: readonly RulesetTable[], line: number): RulesetTable | undefined =>
  tables.find(({ first, lines }) => line >= first && line < first + lines.length);

/** The table that a release's text declares. */
export const tableOf = (text: string): string | undefined => /^table (\S+ \S+) \{/m.exec(text)?.[1];

const OURS = /^inet cpanel_edge_/;
export const isOurs = ({ name }: Pick<RulesetTable, 'name'>): boolean => OURS.test(name);
