// Parser of nftables: a text comes in, a ruleset goes out. This folder may not import generators, policies or other
// platforms.

import { ConfigParser } from '../../../parse/config-parser';
import { LoweredConfig, createParser } from '../../../evaluator/evaluate-config';
import { parseRuleset } from './parse-ruleset';
import { lowerRuleset } from './lower-ruleset';
import { ParsedNftRuleset } from './syntax-tree';

export const lowerText = (text: string): LoweredConfig => lowerParsed(parseRuleset(text));

export function lowerParsed(parsed: ParsedNftRuleset): LoweredConfig {
  return {
    ruleset: lowerRuleset(parsed),
    changedObjects: [...parsed.changedObjects].sort(),
    extendedObjects: [...parsed.extendedObjects].sort(),
  };
}

/** Parses whole rulesets: the output of `nft list ruleset`, and files that define everything they use. */
export const parser: ConfigParser = createParser('nftables', lowerText);
