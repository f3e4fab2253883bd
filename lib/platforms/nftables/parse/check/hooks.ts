import { Problem } from '../../../../problems/problem';
import { shown } from '../../../../problems/in-text';
import { problem } from '../problems';
import { Chain, Statement, Table, Verdict } from '../ruleset';

/** Hooks that a statement may be reached from, and whether in nat chains alone. */
interface Demand {
  readonly what: string;
  readonly hooks: readonly string[];
  readonly nat: boolean;
}

const demand = (what: string, nat: boolean, ...hooks: readonly string[]): Demand => ({ what, hooks, nat });
const BEFORE = ['prerouting', 'input', 'forward', 'ingress'];

const TRANSLATIONS: Readonly<Record<string, Demand>> = {
  dnat: demand('dnat', true, 'prerouting', 'output'),
  redirect: demand('redirect', true, 'prerouting', 'output'),
  snat: demand('snat', true, 'postrouting', 'input'),
  masquerade: demand('masquerade', true, 'postrouting'),
};
const REJECT = demand('reject', false, 'prerouting', 'input', 'forward', 'output', 'ingress');
/** Of these no more is known. */
const OTHERS: ReadonlyMap<string | undefined, Demand> = new Map([
  ['tproxy', demand('tproxy', false, 'prerouting')],
  ['synproxy', demand('synproxy', false, 'input', 'forward')],
]);
const BACK = demand('the way by which a packet came', false, ...BEFORE);

/** What is asked of the base chains that lead to a chain. Source: the `validate` functions of net/netfilter/nft_*.c. */
function demandOf(statement: Statement): Demand | undefined {
  if (statement.is === 'translate') return TRANSLATIONS[statement.kind];
  if (statement.is === 'verdict' && statement.rejects) return REJECT;
  if (statement.is === 'opaque') return OTHERS.get(statement.word);
  if (statement.is !== 'test' && statement.is !== 'choose') return undefined;
  const asks = statement.fields.some(
    (field) => field.startsWith('fib ') && (/^fib .*\biif\b/.test(field) || /^fib \S+ oif(name)?$/.test(field)),
  );
  return asks ? BACK : undefined;
}

/** Whether the kernel refuses the statement where packets come from other hooks. */
export const isBoundToHooks = (statement: Statement): boolean => demandOf(statement) !== undefined;

interface Needs {
  readonly demands: ReadonlyMap<Demand, number>;
  readonly leadsTo: ReadonlySet<string>;
}

/** Statements that the kernel refuses where their packets come from. */
export function checkHooks(table: Table): readonly Problem[] {
  const problems: Problem[] = [];
  const needs = new Map<Chain, Needs>();
  const needsOf = (chain: Chain): Needs => {
    let found = needs.get(chain);
    if (!found) needs.set(chain, (found = readNeeds(chain, table)));
    return found;
  };
  const said = new Set<string>();
  for (const base of table.chains.values()) {
    const at = base.base;
    if (!at) continue;
    const seen = new Set<Chain>([base]);
    for (const chain of seen) {
      const { demands, leadsTo } = needsOf(chain);
      for (const [{ what, hooks, nat }, line] of demands) {
        if (hooks.includes(at.hook) && (!nat || at.type === 'nat')) continue;
        const where = `${nat ? 'nat chains' : 'chains'} at ${hooks.join(', ')}`;
        const why = `${what} works in ${where} alone, and chain ${shown(base.name)} leads here, a ${at.type} chain at ${at.hook}.`;
        if (!said.has(`${line} ${what}`))
          problems.push(problem('wrong-hook', line, why, 'the rule in a chain that only such chains lead to.'));
        said.add(`${line} ${what}`);
      }
      for (const name of leadsTo) {
        const next = table.chains.get(name);
        if (next) seen.add(next);
      }
    }
  }
  return problems;
}

function readNeeds({ rules }: Chain, table: Table): Needs {
  const demands = new Map<Demand, number>();
  const leadsTo = new Set<string>();
  const leads = (verdict: Verdict | undefined): void => {
    if (verdict?.is === 'jump' || verdict?.is === 'goto') leadsTo.add(verdict.chain);
  };
  for (const { line, statements } of rules)
    for (const statement of statements) {
      const one = demandOf(statement);
      if (one && !demands.has(one)) demands.set(one, line);
      if (statement.is === 'verdict') leads(statement.verdict);
      if (statement.is !== 'choose') continue;
      const elements =
        'set' in statement.map ? (table.sets.get(statement.map.set)?.elements ?? []) : statement.map.elements;
      for (const { verdict } of elements) leads(verdict);
    }
  return { demands, leadsTo };
}
