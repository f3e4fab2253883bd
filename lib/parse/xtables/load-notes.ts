// Collects notes while the parsers of csf and APF follow how the program loads its rules: lines that iptables refuses,
// and lines of unknown effect. Also creates tables of rules, and the ruleset without rules of a program that loads
// nothing.
import { FAMILIES } from '../../net/address';
import { XtablesChain, HiddenRules, ParsedXtables, TABLES, XtablesTable, XtablesTableName } from './parsed-xtables';

/** A line, and a remark on it. */
export interface LineNote {
  readonly line: number;
  readonly what: string;
}

/** One makes everything unknown; each more costs time. */
const MAX_UNKNOWN_LINES = 24;

/** Notes on rules that are made of files: each line once. */
export class LoadNotes {
  readonly unknowns: HiddenRules[] = [];
  /** Rules that iptables refuses, and without which the program goes on. */
  readonly skipped: LineNote[] = [];
  private readonly notedKeys = new Set<string>();

  noteUnknown({ line }: Pick<LineNote, 'line'>, what: string): void {
    if (this.unknowns.length < MAX_UNKNOWN_LINES && this.isNew('doubt', line))
      this.unknowns.push(...createHiddenRules(line, what));
  }

  noteSkipped({ line }: Pick<LineNote, 'line'>, what: string): void {
    if (this.isNew('skip', line)) this.skipped.push({ line, what });
  }

  protected isNew(kind: string, line: number): boolean {
    const key = `${kind} ${line}`;
    const isNew = !this.notedKeys.has(key);
    this.notedKeys.add(key);
    return isNew;
  }
}

/** Creates hidden rules of both families. */
export const createHiddenRules = (line: number, what: string): readonly HiddenRules[] =>
  FAMILIES.map((family) => ({ family, line, what }));

export const createTable = (
  family: XtablesTable['family'],
  name: XtablesTableName,
  line: number,
  chains: readonly XtablesChain[],
): XtablesTable => ({
  family,
  name,
  line,
  isSecond: false,
  chains: new Map(chains.map((chain) => [chain.name, chain])),
});

const createEmptyTable = (
  family: XtablesTable['family'],
  line: number,
  because: Pick<XtablesChain, 'reason'>,
): XtablesTable =>
  createTable(
    family,
    'filter',
    line,
    TABLES.filter.hooks.map((name): XtablesChain => ({ name, line, policy: 'accept', ...because, rules: [] })),
  );

/**
 * Returns a ruleset without any rule. Everything is open because of that line, and because of its effect if that is
 * given.
 */
export const createOpenRuleset = ({ line, what }: Pick<LineNote, 'line'> & Partial<LineNote>): ParsedXtables => ({
  tables: FAMILIES.map((family) =>
    createEmptyTable(family, line, what === undefined ? {} : { reason: what.replace(/\.$/, '') }),
  ),
  sets: new Map(),
  hidden: [],
  warnsElsewhere: false,
});
