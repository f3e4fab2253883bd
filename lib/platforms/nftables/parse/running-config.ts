// Inspects the running config of an nftables device, the output of `nft list ruleset`: locates a line in a table, names
// the program that maintains the chain or set, separates the tables of an owner, and returns the config expected
// without drift.

import { escapeForDisplay } from '../../../problems/problem';
import {
  RunningConfigInspector,
  ReleaseText,
  LineLocator,
  containsAddress,
  replaceLineNumbers,
} from '../../../parse/running-config';
import { FirewallProgram, findDefaultProgram, findProgram } from '../../../parse/firewall-programs';

/** A table in the output of `nft list ruleset`. */
interface RulesetTable {
  /** Family and name: `inet filter`. */
  readonly name: string;
  readonly isManaged: boolean;
  /** Number of its first line in the whole text, from 1. */
  readonly first: number;
  readonly lines: readonly string[];
}

/**
 * Parses the tables. They begin and end at the start of a line; everything inside is indented, and quoted texts hold no
 * line break.
 */
function parseTables(ruleset: string): readonly RulesetTable[] {
  const tables: RulesetTable[] = [];
  let openTable: { name: string; isManaged: boolean; first: number; lines: string[] } | undefined;
  ruleset.split('\n').forEach((line, index) => {
    const name = /^table (\S+ \S+) \{/.exec(line)?.[1];
    if (name !== undefined) openTable = { name, isManaged: OWN_TABLE.test(name), first: index + 1, lines: [] };
    openTable?.lines.push(line);
    if (openTable && line === '}') {
      tables.push(openTable);
      openTable = undefined;
    }
  });
  return tables;
}

const OWN_TABLE = /^inet cpanel_edge_/;

/** Returns the program that maintains the chain or set around a line. */
function findLineProgram({ isManaged, first, lines }: RulesetTable, line: number): FirewallProgram | undefined {
  if (isManaged) return undefined;
  for (let index = line - first; index >= 0; index -= 1) {
    const name = /^\t(?:chain|set|map) (\S+) /.exec(lines[index] ?? '')?.[1];
    if (name !== undefined) return findProgram(name);
  }
  return undefined;
}

/** Returns the program that has set the policy of a chain, if the chains that it jumps to show it. */
function findPolicyProgram({ isManaged, lines }: RulesetTable, chain: string): FirewallProgram | undefined {
  const startIndex = lines.indexOf(`\tchain ${chain} {`);
  if (isManaged || startIndex < 0) return undefined;
  const rules = lines.slice(startIndex, lines.indexOf('\t}', startIndex)).map((line) => line.replace(/"[^"]*"/g, ''));
  return findDefaultProgram(rules.flatMap((line) => /\b(?:jump|goto) (\S+)$/.exec(line)?.[1] ?? []));
}

/**
 * Returns a line's place as `nft list table inet filter` shows it. The parser counts the lines of the whole ruleset.
 */
function locateLines(text: string): LineLocator {
  const tables = parseTables(text);
  const findTable = (line: number): RulesetTable | undefined =>
    tables.find(({ first, lines }) => line >= first && line < first + lines.length);
  const describeLine = (line: number): string => {
    const table = findTable(line);
    if (!table) return `line ${line} of the ruleset`;
    const program = findLineProgram(table, line);
    return `line ${line - table.first + 1} of table ${escapeForDisplay(table.name)}${program ? ` (${program.name})` : ''}`;
  };
  const addPolicyProgram = (words: string, chain: string, name: string): string => {
    const table = tables.find((candidate) => candidate.name === name);
    const program = table && findPolicyProgram(table, chain);
    return program ? `${words} (${program.name})` : words;
  };
  return {
    at: describeLine,
    inWords: (words) =>
      replaceLineNumbers(words, describeLine).replace(
        /\bchain (\S+) of table (\S+ \S+)(?= has policy )/g,
        addPolicyProgram,
      ),
    unitAt: (line) => {
      const table = findTable(line);
      return table && { name: table.name, isManaged: table.isManaged, program: findLineProgram(table, line) };
    },
    whose: (line) => {
      const table = findTable(line);
      return table ? (table.isManaged ? 'ours' : 'others') : 'nobody';
    },
    mentions: (address) =>
      tables
        .filter(({ isManaged }) => !isManaged)
        .flatMap(({ first, lines }) =>
          lines.flatMap((line, index) => (containsAddress(line, address) ? [describeLine(first + index)] : [])),
        ),
  };
}

/** Returns the table that a release's text declares. */
const findUnitName = ({ text }: ReleaseText): string | undefined => /^table (\S+ \S+) \{/m.exec(text)?.[1];

/**
 * Returns the texts of the releases and the tables of other owners on the device. Each release begins with two lines
 * that clear its table.
 */
function createExpectedConfig(releases: readonly ReleaseText[], runningText: string): string {
  const releasedTables = new Set(releases.map(findUnitName));
  const otherTables = parseTables(runningText).filter(({ isManaged, name }) => isManaged && !releasedTables.has(name));
  return [
    ...releases.map(({ text }) => text.split('\n').slice(2).join('\n')),
    ...otherTables.map(({ lines }) => `${lines.join('\n')}\n`),
  ].join('');
}

/** Returns the names of an owner's tables, on a gateway and on a server. */
const listTableNames = (owner: string): readonly string[] =>
  ['gw', 'host'].map((role) => `inet cpanel_edge_${owner.replaceAll('-', '_')}_${role}`);

function splitByOwner(text: string, owner: string): ReturnType<RunningConfigInspector['apart']> {
  const names = listTableNames(owner);
  const lines = text.split('\n');
  for (const { name, first, lines: tableLines } of parseTables(text))
    if (names.includes(name)) lines.fill('', first - 1, first - 1 + tableLines.length);
  return { whole: text, rest: lines.join('\n') };
}

export const live: RunningConfigInspector = {
  places: locateLines,
  findUnit: findUnitName,
  isOwnedBy: (changedObject, owner) => listTableNames(owner).some((name) => changedObject === `table ${name}`),
  apart: splitByOwner,
  asDelivered: createExpectedConfig,
  beside: (text, release) => `${text}\n${release}`,
  decides: (line) => /\b(dnat|snat|redirect|masquerade|tproxy|drop|reject)\b/.test(line),
  shown: (unitName) =>
    unitName === undefined ? 'nft list ruleset' : `nft -a list table ${escapeForDisplay(unitName)}`,
};
