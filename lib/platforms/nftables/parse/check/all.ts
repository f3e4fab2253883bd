import { Problem } from '../../../../problems/problem';
import { checkHooks } from './hooks';
import { checkRules } from './rules';
import { checkSets } from './sets';
import { ParsedNftRuleset } from '../ruleset';

/** Why nft wouldn't load a text that can be read: then the device goes on with what it has. */
export const checkRuleset = ({ tables }: ParsedNftRuleset): readonly Problem[] =>
  tables.flatMap((table) => [...checkSets(table), ...checkRules(table), ...checkHooks(table)]);
