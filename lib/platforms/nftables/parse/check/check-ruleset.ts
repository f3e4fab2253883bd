import { Problem } from '../../../../problems/problem';
import { checkHooks } from './check-hooks';
import { checkRules } from './check-rules';
import { checkSets } from './check-sets';
import { ParsedNftRuleset } from '../syntax-tree';

/** Returns the reasons why nft wouldn't load a parsed text. A device would keep its running rules. */
export const checkRuleset = ({ tables }: ParsedNftRuleset): readonly Problem[] =>
  tables.flatMap((table) => [...checkSets(table), ...checkRules(table), ...checkHooks(table)]);
