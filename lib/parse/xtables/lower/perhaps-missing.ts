import { Family } from '../../../net/address';
import { shown } from '../../../problems/in-text';
import { IpSet } from '../../ipset/sets';
import { LoweredRule } from '../../../evaluator/model';
import { Option, Rule } from '../rule';
import { Table } from '../saved';

type Sets = ReadonlyMap<string, IpSet>;

/**
 * Why each table of a file may be missing: iptables-restore stops at a rule that it refuses, and from that table on loads nothing of the
 * file. Whether it refuses some rules, only the server knows. Tables that a program printed are loaded already, and are left out.
 */
export function findPerhapsMissing(tables: readonly Table[], sets: Sets): ReadonlyMap<Table, string> {
  const stopped = new Map<Family, string>();
  const found = new Map<Table, string>();
  for (const table of [...tables].sort((a, b) => a.line - b.line)) {
    if (table.perhapsMissing !== undefined) found.set(table, table.perhapsMissing);
    if (table.fromFile !== true) continue;
    const because = stopped.get(table.family) ?? whyRefused(table, sets);
    if (because === undefined) continue;
    stopped.set(table.family, because);
    found.set(table, because);
  }
  return found;
}

/** Asks before all rules of a chain of such a table whether the table is there. */
export const createMissingRule = ({ line }: Table, because: string): LoweredRule => ({
  line,
  text: '',
  conditions: [{ is: 'doubt', because, fields: [] }],
  end: { is: 'verdict', verdict: { is: 'accept' } },
});

function whyRefused({ chains }: Table, sets: Sets): string | undefined {
  for (const { rules } of chains.values())
    for (const rule of rules) {
      const because = refusedSet(rule, sets) ?? refusedAddress(rule);
      if (because !== undefined) return because;
    }
  return undefined;
}

const NAMES_SET = /^--(match|add|del|map)-set$/;

function refusedSet({ line, matches, target }: Rule, sets: Sets): string | undefined {
  const options = [...matches.flatMap(({ tests }) => tests), ...(target?.options ?? [])].filter(({ name }) =>
    NAMES_SET.test(name),
  );
  const missing = options.map(({ values: [name = ''] }) => name).find((name) => !sets.has(name));
  return missing === undefined
    ? undefined
    : `line ${line}: if set ${shown(missing)} is missing, nothing of this file loads`;
}

/** iptables-nft refuses `! -s 0.0.0.0/0`, and iptables-legacy takes it for what never is. Seen, 1.8.9. */
function refusedAddress({ line, matches }: Rule): string | undefined {
  const isAny = ({ name, values: [value = ''], negated }: Option): boolean =>
    negated && /^(source|destination)$/.test(name) && /\/(0+|0\.0\.0\.0|::)$/.test(value);
  const refused = matches.flatMap(({ tests }) => tests).find(isAny);
  if (!refused) return undefined;
  const option = `! ${refused.name === 'source' ? '-s' : '-d'} ${refused.values[0]!}`;
  return `line ${line}: iptables-nft refuses ${shown(option)}, and then nothing of this file loads`;
}
