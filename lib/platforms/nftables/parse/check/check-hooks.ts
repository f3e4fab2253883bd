// Finds statements of a parsed nftables table that the kernel refuses at the hook of a base chain that leads to them,
// such as snat in prerouting.

import { Problem } from '../../../../problems/problem';
import { quoteForDisplay } from '../../../../problems/line-problems';
import { createProblem } from '../parse-problems';
import { ParsedNftChain, NftStatement, ParsedNftTable, ParsedNftVerdict } from '../syntax-tree';

/** The hooks that a statement may be reached from, and whether only nat chains are allowed. */
interface HookRequirement {
  readonly what: string;
  readonly hooks: readonly string[];
  readonly nat: boolean;
}

const createRequirement = (description: string, natOnly: boolean, ...hooks: readonly string[]): HookRequirement => ({
  what: description,
  hooks,
  nat: natOnly,
});
const INCOMING_HOOKS = ['prerouting', 'input', 'forward', 'ingress'];

const TRANSLATION_REQUIREMENTS: Readonly<Record<string, HookRequirement>> = {
  dnat: createRequirement('dnat', true, 'prerouting', 'output'),
  redirect: createRequirement('redirect', true, 'prerouting', 'output'),
  snat: createRequirement('snat', true, 'postrouting', 'input'),
  masquerade: createRequirement('masquerade', true, 'postrouting'),
};
const REJECT_REQUIREMENT = createRequirement('reject', false, 'prerouting', 'input', 'forward', 'output', 'ingress');
/** Statements of which only the hooks are known. */
const OTHER_REQUIREMENTS: ReadonlyMap<string | undefined, HookRequirement> = new Map([
  ['tproxy', createRequirement('tproxy', false, 'prerouting')],
  ['synproxy', createRequirement('synproxy', false, 'input', 'forward')],
]);
const RETURN_PATH_REQUIREMENT = createRequirement('the way by which a packet came', false, ...INCOMING_HOOKS);

/**
 * Returns the requirement on the base chains that lead to a statement's chain. Source: the `validate` functions of
 * net/netfilter/nft_*.c.
 */
function findRequirement(statement: NftStatement): HookRequirement | undefined {
  if (statement.is === 'translate') return TRANSLATION_REQUIREMENTS[statement.kind];
  if (statement.is === 'verdict' && statement.rejects) return REJECT_REQUIREMENT;
  if (statement.is === 'opaque') return OTHER_REQUIREMENTS.get(statement.word);
  if (statement.is !== 'test' && statement.is !== 'choose') return undefined;
  const readsInterface = statement.fields.some(
    (field) => field.startsWith('fib ') && (/^fib .*\biif\b/.test(field) || /^fib \S+ oif(name)?$/.test(field)),
  );
  return readsInterface ? RETURN_PATH_REQUIREMENT : undefined;
}

/** Returns whether the kernel refuses the statement for packets from other hooks. */
export const needsCertainHooks = (statement: NftStatement): boolean => findRequirement(statement) !== undefined;

interface ChainRequirements {
  readonly demands: ReadonlyMap<HookRequirement, number>;
  readonly jumpTargets: ReadonlySet<string>;
}

/** Returns a problem for each statement that the kernel refuses at the hook of its base chain. */
export function checkHooks(table: ParsedNftTable): readonly Problem[] {
  const problems: Problem[] = [];
  const requirementsByChain = new Map<ParsedNftChain, ChainRequirements>();
  const getRequirements = (chain: ParsedNftChain): ChainRequirements => {
    let chainRequirements = requirementsByChain.get(chain);
    if (!chainRequirements) requirementsByChain.set(chain, (chainRequirements = collectRequirements(chain, table)));
    return chainRequirements;
  };
  const reported = new Set<string>();
  for (const baseChain of table.chains.values()) {
    const baseHeader = baseChain.base;
    if (!baseHeader) continue;
    const reachable = new Set<ParsedNftChain>([baseChain]);
    for (const chain of reachable) {
      const { demands: requirements, jumpTargets } = getRequirements(chain);
      for (const [{ what: description, hooks, nat: natOnly }, line] of requirements) {
        if (hooks.includes(baseHeader.hook) && (!natOnly || baseHeader.type === 'nat')) continue;
        const where = `${natOnly ? 'nat chains' : 'chains'} at ${hooks.join(', ')}`;
        const explanation = `${description} works in ${where} alone, and chain ${quoteForDisplay(baseChain.name)} leads here, a ${baseHeader.type} chain at ${baseHeader.hook}.`;
        if (!reported.has(`${line} ${description}`))
          problems.push(
            createProblem('wrong-hook', line, explanation, 'the rule in a chain that only such chains lead to.'),
          );
        reported.add(`${line} ${description}`);
      }
      for (const name of jumpTargets) {
        const jumpedChain = table.chains.get(name);
        if (jumpedChain) reachable.add(jumpedChain);
      }
    }
  }
  return problems;
}

function collectRequirements({ rules }: ParsedNftChain, table: ParsedNftTable): ChainRequirements {
  const requirements = new Map<HookRequirement, number>();
  const jumpTargets = new Set<string>();
  const addJump = (verdict: ParsedNftVerdict | undefined): void => {
    if (verdict?.is === 'jump' || verdict?.is === 'goto') jumpTargets.add(verdict.chain);
  };
  for (const { line, statements } of rules)
    for (const statement of statements) {
      const requirement = findRequirement(statement);
      if (requirement && !requirements.has(requirement)) requirements.set(requirement, line);
      if (statement.is === 'verdict') addJump(statement.verdict);
      if (statement.is !== 'choose') continue;
      const elements =
        'set' in statement.map ? (table.sets.get(statement.map.set)?.elements ?? []) : statement.map.elements;
      for (const { verdict } of elements) addJump(verdict);
    }
  return { demands: requirements, jumpTargets };
}
