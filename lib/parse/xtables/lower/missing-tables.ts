// Finds the tables of an iptables-restore file that may be missing on the server, because iptables-restore may refuse
// a rule: then it loads neither the rule's table nor the tables after it. Also creates the rule that stands for such a
// table.

import { Family } from '../../../net/address';
import { quoteForDisplay } from '../../../problems/line-problems';
import { IpSet } from '../../ipset/ip-set';
import { LoweredRule } from '../../../evaluator/ruleset-model';
import { XtablesOption, XtablesRule } from '../rule';
import { XtablesTable } from '../parsed-xtables';

type IpSetsByName = ReadonlyMap<string, IpSet>;

/**
 * Returns why each table of a file may be missing. iptables-restore stops at a rule that it refuses, and loads nothing
 * of the file from that table on. Only the server knows whether it refuses some rules. Tables that a program printed
 * are loaded already, and are left out.
 */
export function findMissingTables(
  tables: readonly XtablesTable[],
  sets: IpSetsByName,
): ReadonlyMap<XtablesTable, string> {
  const reasonByFamily = new Map<Family, string>();
  const reasonByTable = new Map<XtablesTable, string>();
  for (const table of [...tables].sort((a, b) => a.line - b.line)) {
    const reason =
      table.maybeMissingReason ??
      (table.fromFile ? (reasonByFamily.get(table.family) ?? explainRefusedTable(table, sets)) : undefined);
    if (reason === undefined) continue;
    reasonByFamily.set(table.family, reason);
    reasonByTable.set(table, reason);
  }
  return reasonByTable;
}

/**
 * Creates a rule that may accept everything. It stands before all rules of a chain whose table may be missing, and behind
 * those of a chain whose policy may be ACCEPT.
 */
export const createDoubtfulAccept = (line: number, reason: string): LoweredRule => ({
  line,
  text: '',
  conditions: [{ is: 'doubt', reason, fields: [] }],
  action: { is: 'verdict', verdict: { is: 'accept' } },
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

/**
 * Returns why the address of a rule may be refused. iptables-nft refuses `! -s 0.0.0.0/0`; iptables-legacy never
 * matches it. Seen, 1.8.9.
 */
function explainRefusedAddress({ line, matches }: XtablesRule): string | undefined {
  const isAny = ({ name, values: [value = ''], negated }: XtablesOption): boolean =>
    negated && /^(source|destination)$/.test(name) && /\/(0+|0\.0\.0\.0|::)$/.test(value);
  const refusedTest = matches.flatMap(({ tests }) => tests).find(isAny);
  if (!refusedTest) return undefined;
  const option = `! ${refusedTest.name === 'source' ? '-s' : '-d'} ${refusedTest.values[0]!}`;
  return `line ${line}: iptables-nft refuses ${quoteForDisplay(option)}, and then nothing of this file loads`;
}
