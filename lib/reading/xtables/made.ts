import { Chain, Hidden, Saved, TABLES, Table, TableName } from './saved';

/** Tables that nobody printed: what a program would load. */

export const FAMILIES = ['ip', 'ip6'] as const;

/** Of both families. */
export const hiddenIn = (line: number, what: string): readonly Hidden[] => FAMILIES.map((family) => ({ family, line, what }));

export const tableOf = (family: Table['family'], name: TableName, line: number, chains: readonly Chain[]): Table => ({
  ...{ family, name, line, second: false },
  chains: new Map(chains.map((one) => [one.name, one])),
});

const emptyTable = (family: Table['family'], line: number): Table =>
  tableOf(
    family,
    'filter',
    line,
    TABLES.filter.hooks.map((name): Chain => ({ name, line, policy: 'accept', rules: [] })),
  );

/** No rule at all: everything is open, because of that line. */
export const withoutRules = (line: number): Saved => ({
  tables: FAMILIES.map((family) => emptyTable(family, line)),
  ...{ sets: new Map(), hidden: [], warnsElsewhere: false },
});
