// Replaces sets and statements of a running nftables table that nft would refuse by unknown ones: the kernel runs
// them, so the parser has misread them.

import { quoteForDisplay } from '../../../../problems/line-problems';
import { createUnparsedSet } from '../parse/parse-set';
import { ParsedNftChain, NftStatement, ParsedNftTable } from '../syntax-tree';
import { checkHooks, needsCertainHooks } from './check-hooks';
import { RuleChecker } from './check-rules';

/**
 * Returns the table with unknowns in place of refused sets and statements. A kernel runs these, so they have been
 * misread.
 */
export function replaceRefused(table: ParsedNftTable): ParsedNftTable {
  const checker = new RuleChecker(table);
  const sets = new Map(
    [...table.sets].map(([name, set]) => [
      name,
      checker.isSetValid(set) ? set : createUnparsedSet(name, set.line, set.head.isMap),
    ]),
  );
  const wrongHookLines = new Set(checkHooks(table).map(({ where }) => where));
  const chains = new Map<string, ParsedNftChain>();
  for (const [name, chain] of table.chains)
    chains.set(name, {
      ...chain,
      rules: chain.rules.map((rule) => {
        const refusedStatements = checker.checkRule(rule);
        const isAtWrongHook = wrongHookLines.has(`line ${rule.line}`);
        const isReplaced = rule.statements.map(
          (statement, index) => refusedStatements.includes(index) || (isAtWrongHook && needsCertainHooks(statement)),
        );
        const firstReplaced = isReplaced.indexOf(true);
        if (firstReplaced < 0) return rule;
        const isImplied = (statement: NftStatement): boolean =>
          statement.is === 'test' && statement.implied !== undefined;
        return {
          ...rule,
          statements: rule.statements.map((statement, index) =>
            isReplaced[index] || (index > firstReplaced && isImplied(statement)) ? createUnknown(statement) : statement,
          ),
        };
      }),
    });
  return { ...table, sets, chains };
}

/** Returns the unknown for a statement. A condition may match or not; any other statement may do anything. */
function createUnknown(statement: NftStatement): NftStatement {
  switch (statement.is) {
    case 'test':
    case 'has':
      return { is: 'perhaps', what: quoteForDisplay(statement.fields.join(' . ')) };
    case 'choose':
      return { is: 'opaque', what: quoteForDisplay(`${statement.fields.join(' . ')} vmap`) };
    case 'translate':
      return { is: 'opaque', what: quoteForDisplay(statement.kind) };
    case 'verdict':
      return { is: 'opaque', what: quoteForDisplay(statement.rejects ? 'reject' : statement.verdict.is) };
    default:
      return statement;
  }
}
