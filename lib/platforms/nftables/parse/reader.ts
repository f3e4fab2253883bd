import { ConfigParser } from '../../../parse/reader';
import { LoweredConfig, createParser } from '../../../evaluator/reading';
import { parseRuleset } from './parse';
import { lowerRuleset } from './lower';
import { ParsedNftRuleset } from './ruleset';

export const lowerText = (text: string): LoweredConfig => lowerParsed(parseRuleset(text));

export function lowerParsed(parsed: ParsedNftRuleset): LoweredConfig {
  return { ruleset: lowerRuleset(parsed), touches: [...parsed.touches].sort(), addsTo: [...parsed.addsTo].sort() };
}

/** Reads whole rulesets: what `nft list ruleset` prints, and files that define everything they use. */
export const parser: ConfigParser = createParser('nftables', lowerText);
