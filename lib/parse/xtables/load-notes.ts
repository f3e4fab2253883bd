import { FAMILIES } from '../../net/address';
import { XtablesChain, HiddenRules, ParsedXtables, TABLES, XtablesTable, XtablesTableName } from './parsed-xtables';

/** Tables that nobody printed: what a program would load. */

/** A line, and what it is with it. */
export interface LineNote {
  readonly line: number;
  readonly what: string;
}

/** One makes everything UNKNOWN; each more costs time. */
const MAX_UNKNOWN_LINES = 24;

/** What rules that are made of files leave open, a line once each. */
export class LoadNotes {
  readonly unknowns: HiddenRules[] = [];
  /** Rules that iptables refuses, and the program goes on without. */
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

/** Of both families. */
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
  second: false,
  chains: new Map(chains.map((chain) => [chain.name, chain])),
});

const createEmptyTable = (
  family: XtablesTable['family'],
  line: number,
  because: Pick<XtablesChain, 'because'>,
): XtablesTable =>
  createTable(
    family,
    'filter',
    line,
    TABLES.filter.hooks.map((name): XtablesChain => ({ name, line, policy: 'accept', ...because, rules: [] })),
  );

/** No rule at all: everything is open, because of that line, and of what it does where that is told. */
export const createOpenRuleset = ({ line, what }: Pick<LineNote, 'line'> & Partial<LineNote>): ParsedXtables => ({
  tables: FAMILIES.map((family) =>
    createEmptyTable(family, line, what === undefined ? {} : { because: what.replace(/\.$/, '') }),
  ),
  sets: new Map(),
  hidden: [],
  warnsElsewhere: false,
});
