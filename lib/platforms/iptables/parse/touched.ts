import { Rule } from '../../../parse/xtables/rule';
import { Chain, Saved, Table, isBuiltIn } from '../../../parse/xtables/saved';

/**
 * What a text is on a host: the chains that it makes, those of the host that it says more of than that they lead there, the jumps that do,
 * and sets. `jump ip filter INPUT x` is a rule that asks nothing. A chain that accepts keeps others' rules from what it lets in.
 */
export const touchedBy = ({ tables, sets }: Saved): readonly string[] =>
  [...new Set([...tables.flatMap(ofTable), ...[...sets.keys()].map((name) => `set ${name}`)])].sort();

const ofTable = (table: Table): readonly string[] =>
  [...table.chains.values()].flatMap((chain) => {
    const within = `${table.family} ${table.name}`;
    if (!isBuiltIn(table.name, chain.name)) {
      const accepts = chain.rules.some(({ target }) => target?.name === 'ACCEPT');
      return [`chain ${within} ${chain.name}`, ...(accepts ? [`what comes behind chain ${within} ${chain.name}`] : [])];
    }
    const led = chain.rules.map((rule) => leadsTo(rule, table));
    const jumps = led.flatMap((to) => (to === undefined ? [] : [`jump ${within} ${chain.name} ${to}`]));
    return [...(isPlain(chain) && jumps.length === led.length ? [] : [`chain ${within} ${chain.name}`]), ...jumps];
  });

const isPlain = ({ policy }: Chain): boolean => policy === 'accept';

/** The chain that a rule without any condition jumps to. */
function leadsTo({ matches, target }: Rule, { chains }: Table): string | undefined {
  if (!target || target.goto || target.options.length > 0 || !chains.has(target.name)) return undefined;
  return matches.every(({ module, tests }) => module === '' && tests.length === 0) ? target.name : undefined;
}
