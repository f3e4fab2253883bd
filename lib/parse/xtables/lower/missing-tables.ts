import { Family } from '../../../net/address';
import { quoteForDisplay } from '../../../problems/line-problems';
import { IpSet } from '../../ipset/ip-set';
import { LoweredRule } from '../../../evaluator/ruleset-model';
import { XtablesOption, XtablesRule } from '../rule';
import { XtablesTable } from '../parsed-xtables';

type IpSetsByName = ReadonlyMap<string, IpSet>;

/**
 * Why each table of a file may be missing: iptables-restore stops at a rule that it refuses, and from that table on loads nothing of the
 * file. Whether it refuses some rules, only the server knows. Tables that a program printed are loaded already, and are left out.
 */
export function findMissingTables(
  tables: readonly XtablesTable[],
  sets: IpSetsByName,
): ReadonlyMap<XtablesTable, string> {
  const reasonByFamily = new Map<Family, string>();
  const reasonByTable = new Map<XtablesTable, string>();
  for (const table of [...tables].sort((a, b) => a.line - b.line)) {
    if (table.perhapsMissing !== undefined) reasonByTable.set(table, table.perhapsMissing);
    if (table.fromFile !== true) continue;
    const reason = reasonByFamily.get(table.family) ?? explainRefusedTable(table, sets);
    if (reason === undefined) continue;
    reasonByFamily.set(table.family, reason);
    reasonByTable.set(table, reason);
  }
  return reasonByTable;
}

/** Asks before all rules of a chain of such a table whether the table is there. */
export const createMissingRule = ({ line }: XtablesTable, reason: string): LoweredRule => ({
  line,
  text: '',
  conditions: [{ is: 'doubt', because: reason, fields: [] }],
  end: { is: 'verdict', verdict: { is: 'accept' } },
});

function explainRefusedTable({ chains }: XtablesTable, sets: IpSetsByName): string | undefined {
  for (const { rules } of chains.values())
    for (const rule of rules) {
      const reason = explainMissingSet(rule, sets) ?? explainRefusedAddress(rule);
      if (reason !== undefined) return reason;
    }
  return undefined;
}

const SET_OPTION = /^--(match|add|del|map)-set$/;

function explainMissingSet({ line, matches, target }: XtablesRule, sets: IpSetsByName): string | undefined {
  const options = [...matches.flatMap(({ tests }) => tests), ...(target?.options ?? [])].filter(({ name }) =>
    SET_OPTION.test(name),
  );
  const missing = options.map(({ values: [name = ''] }) => name).find((name) => !sets.has(name));
  return missing === undefined
    ? undefined
    : `line ${line}: if set ${quoteForDisplay(missing)} is missing, nothing of this file loads`;
}

/** iptables-nft refuses `! -s 0.0.0.0/0`, and iptables-legacy takes it for what never is. Seen, 1.8.9. */
function explainRefusedAddress({ line, matches }: XtablesRule): string | undefined {
  const isAny = ({ name, values: [value = ''], negated }: XtablesOption): boolean =>
    negated && /^(source|destination)$/.test(name) && /\/(0+|0\.0\.0\.0|::)$/.test(value);
  const refusedTest = matches.flatMap(({ tests }) => tests).find(isAny);
  if (!refusedTest) return undefined;
  const option = `! ${refusedTest.name === 'source' ? '-s' : '-d'} ${refusedTest.values[0]!}`;
  return `line ${line}: iptables-nft refuses ${quoteForDisplay(option)}, and then nothing of this file loads`;
}
