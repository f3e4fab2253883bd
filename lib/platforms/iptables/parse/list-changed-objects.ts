// Lists the chains, jumps and sets that an iptables text defines or changes on a host: the verifier finds by it a
// generated text that changes objects of other programs.

import { XtablesRule } from '../../../parse/xtables/rule';
import { XtablesChain, ParsedXtables, XtablesTable, isBuiltInChain } from '../../../parse/xtables/parsed-xtables';

/**
 * Returns the objects that a text defines on a host: its chains, the built-in chains that hold more than jumps to them,
 * those jumps, and sets. `jump ip filter INPUT x` is a rule without a match. A chain that accepts keeps unmanaged rules
 * from deciding about those packets.
 */
export const listChangedObjects = ({ tables, sets }: ParsedXtables): readonly string[] =>
  [...new Set([...tables.flatMap(listTableObjects), ...[...sets.keys()].map((name) => `set ${name}`)])].sort();

const listTableObjects = (table: XtablesTable): readonly string[] =>
  [...table.chains.values()].flatMap((chain) => {
    const tableName = `${table.family} ${table.name}`;
    if (!isBuiltInChain(table.name, chain.name)) {
      const accepts = chain.rules.some(({ target }) => target?.name === 'ACCEPT');
      return [
        `chain ${tableName} ${chain.name}`,
        ...(accepts ? [`what comes behind chain ${tableName} ${chain.name}`] : []),
      ];
    }
    const jumpTargets = chain.rules.map((rule) => findPlainJump(rule, table));
    const jumps = jumpTargets.flatMap((jumpTarget) =>
      jumpTarget === undefined ? [] : [`jump ${tableName} ${chain.name} ${jumpTarget}`],
    );
    return [
      ...(hasAcceptPolicy(chain) && jumps.length === jumpTargets.length ? [] : [`chain ${tableName} ${chain.name}`]),
      ...jumps,
    ];
  });

const hasAcceptPolicy = ({ policy }: XtablesChain): boolean => policy === 'accept';

/** Returns the chain that a rule without any match jumps to. */
function findPlainJump({ matches, target }: XtablesRule, { chains }: XtablesTable): string | undefined {
  if (!target || target.goto || target.options.length > 0 || !chains.has(target.name)) return undefined;
  return matches.every(({ module, tests }) => module === '' && tests.length === 0) ? target.name : undefined;
}
