import { shown } from '../../../../problems/in-text';
import { createUnreadSet } from '../parse/set';
import { Chain, Statement, Table } from '../ruleset';
import { checkHooks, isBoundToHooks } from './hooks';
import { RuleCheck } from './rules';

/** The table with doubts in place of sets and statements that nft or the kernel would refuse. A kernel runs them, so that they are read wrong. */
export function doubtRefused(table: Table): Table {
  const check = new RuleCheck(table);
  const sets = new Map(
    [...table.sets].map(([name, set]) => [
      name,
      check.set(set) ? set : createUnreadSet(name, set.line, set.head.isMap),
    ]),
  );
  const wrongHooks = new Set(checkHooks(table).map(({ where }) => where));
  const chains = new Map<string, Chain>();
  for (const [name, chain] of table.chains)
    chains.set(name, {
      ...chain,
      rules: chain.rules.map((rule) => {
        const isWrong = check.rule(rule);
        const isAtWrongHook = wrongHooks.has(`line ${rule.line}`);
        const doubted = rule.statements.map(
          (one, at) => isWrong.includes(at) || (isAtWrongHook && isBoundToHooks(one)),
        );
        const first = doubted.indexOf(true);
        if (first < 0) return rule;
        const isImplied = (one: Statement): boolean => one.is === 'test' && one.implied !== undefined;
        return {
          ...rule,
          statements: rule.statements.map((one, at) =>
            doubted[at] || (at > first && isImplied(one)) ? doubtOf(one) : one,
          ),
        };
      }),
    });
  return { ...table, sets, chains };
}

/** A condition may hold or not; all else may do anything. */
function doubtOf(statement: Statement): Statement {
  switch (statement.is) {
    case 'test':
    case 'has':
      return { is: 'perhaps', what: shown(statement.fields.join(' . ')) };
    case 'choose':
      return { is: 'opaque', what: shown(`${statement.fields.join(' . ')} vmap`) };
    case 'translate':
      return { is: 'opaque', what: shown(statement.kind) };
    case 'verdict':
      return { is: 'opaque', what: shown(statement.rejects ? 'reject' : statement.verdict.is) };
    default:
      return statement;
  }
}
