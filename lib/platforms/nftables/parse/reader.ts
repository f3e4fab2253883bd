import { Reader } from '../../../parse/reader';
import { Lowered, readerOf } from '../../../evaluator/reading';
import { parseRuleset } from './parse';
import { lower } from './lower';
import { Ruleset } from './ruleset';

export const lowered = (text: string): Lowered => loweredFrom(parseRuleset(text));

export function loweredFrom(parsed: Ruleset): Lowered {
  return { ruleset: lower(parsed), touches: [...parsed.touches].sort(), addsTo: [...parsed.addsTo].sort() };
}

/** Reads whole rulesets: what `nft list ruleset` prints, and files that define everything they use. */
export const reader: Reader = readerOf('nftables', lowered);
