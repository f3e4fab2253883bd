import { Problem } from '../../problems/problem';
import { Family } from '../../net/address';
import { IpSet } from '../ipset/sets';
import { Rule } from './rule';
import { SayingOfTables } from './saying';

/** What the programs print, as it is written: names lead nowhere yet, values are texts. */

export interface Saved {
  readonly tables: readonly Table[];
  /** Whose family nothing but the name of their file tells. */
  readonly byName?: readonly FileNamed[];
  readonly sets: ReadonlyMap<string, IpSet>;
  /** What the text says itself that is there and not in it. */
  readonly hidden: readonly Hidden[];
  /** A program of the newer back end printed it, which says on its standard error, and only there, that the older one has rules, too. */
  readonly warnsElsewhere: boolean;
}

/** The tables of a file, which ends in that line. */
export interface FileNamed {
  readonly family: Family;
  readonly line: number;
  readonly from: number;
  readonly until: number;
}

export interface Hidden {
  readonly family: Family;
  readonly line: number;
  readonly what: string;
}

export interface Table {
  readonly family: Family;
  readonly name: TableName;
  /** Of the same table in both back ends: which it is in the text. */
  readonly second: boolean;
  readonly line: number;
  readonly chains: ReadonlyMap<string, Chain>;
}

/** A table before it is known of which family it is. */
export interface Section extends Omit<Table, 'family' | 'second'> {
  /** What the remark above it says. */
  readonly told: Family | undefined;
  /** By the program of the older back end. */
  readonly legacy: boolean;
}

export interface Chain {
  readonly name: string;
  readonly line: number;
  /** Of chains that a hook begins with. */
  readonly policy?: 'accept' | 'drop';
  /** Of a chain that no text has: why its policy decides. */
  readonly because?: string;
  readonly rules: Rule[];
}

/** Which chain of a table stands in which hook. Source: the kernel's iptable_*.c. */
export const TABLES = {
  raw: { priority: 'raw', hooks: ['PREROUTING', 'OUTPUT'] },
  mangle: { priority: 'mangle', hooks: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'] },
  nat: { priority: 'nat', hooks: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'] },
  filter: { priority: 'filter', hooks: ['INPUT', 'FORWARD', 'OUTPUT'] },
  security: { priority: 'security', hooks: ['INPUT', 'FORWARD', 'OUTPUT'] },
} as const;

export type TableName = keyof typeof TABLES;

export const isBuiltIn = (table: TableName, chain: string): boolean => (TABLES[table].hooks as readonly string[]).includes(chain);

/** To load a text leaves the policies that it doesn't name, or not: that depends on the back end. */
export const noPolicy = (table: Section, name: string, line: number, { problem }: SayingOfTables): Problem =>
  problem(
    'no-policy',
    line,
    `table ${table.name} has no line for its chain ${name}, so that nobody knows its policy.`,
    `:${name} ACCEPT [0:0] or DROP, as iptables-save prints it.`,
  );
