import { Problem } from '../../../../problems/problem';
import { checkHooks } from './check-hooks';
import { checkRules } from './check-rules';
import { checkSets } from './check-sets';
import { ParsedNftRuleset } from '../syntax-tree';

/** Why nft wouldn't load a text that can be read: then the device goes on with what it has. */
export const checkRuleset = ({ tables }: ParsedNftRuleset): readonly Problem[] =>
  tables.flatMap((table) => [...checkSets(table), ...checkRules(table), ...checkHooks(table)]);
