import { FAMILIES } from '../../net/address';
import { Chain, Hidden, Saved, TABLES, Table, TableName } from './saved';

/** Tables that nobody printed: what a program would load. */

/** A line, and what it is with it. */
export interface AtLine {
  readonly line: number;
  readonly what: string;
}

/** One makes everything UNKNOWN; each more costs time. */
const MOST_DOUBTS = 24;

/** What rules that are made of files leave open, a line once each. */
export class Told {
  readonly doubts: Hidden[] = [];
  /** Rules that iptables refuses, and the program goes on without. */
  readonly skipped: AtLine[] = [];
  private readonly told = new Set<string>();

  doubt({ line }: Pick<AtLine, 'line'>, what: string): void {
    if (this.doubts.length < MOST_DOUBTS && this.isNew('doubt', line)) this.doubts.push(...hiddenIn(line, what));
  }

  skip({ line }: Pick<AtLine, 'line'>, what: string): void {
    if (this.isNew('skip', line)) this.skipped.push({ line, what });
  }

  protected isNew(kind: string, line: number): boolean {
    const key = `${kind} ${line}`;
    const isNew = !this.told.has(key);
    this.told.add(key);
    return isNew;
  }
}

/** Of both families. */
export const hiddenIn = (line: number, what: string): readonly Hidden[] =>
  FAMILIES.map((family) => ({ family, line, what }));

export const tableOf = (family: Table['family'], name: TableName, line: number, chains: readonly Chain[]): Table => ({
  family,
  name,
  line,
  second: false,
  chains: new Map(chains.map((one) => [one.name, one])),
});

const emptyTable = (family: Table['family'], line: number, because: Pick<Chain, 'because'>): Table =>
  tableOf(
    family,
    'filter',
    line,
    TABLES.filter.hooks.map((name): Chain => ({ name, line, policy: 'accept', ...because, rules: [] })),
  );

/** No rule at all: everything is open, because of that line, and of what it does where that is told. */
export const withoutRules = ({ line, what }: Pick<AtLine, 'line'> & Partial<AtLine>): Saved => ({
  tables: FAMILIES.map((family) =>
    emptyTable(family, line, what === undefined ? {} : { because: what.replace(/\.$/, '') }),
  ),
  sets: new Map(),
  hidden: [],
  warnsElsewhere: false,
});
