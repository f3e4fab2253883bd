import { Reader } from '../../../reading/reader';
import { Lowered, readerOf } from '../../../reading/stages/reading';
import { parseRuleset } from './parse';
import { lower } from './lower';

/** Reads whole rulesets: what `nft list ruleset` prints, and files that define everything they use. */
export const reader: Reader = readerOf('nftables', lowered);

export function lowered(text: string): Lowered {
  const parsed = parseRuleset(text);
  return { ruleset: lower(parsed), touches: [...parsed.touches].sort(), addsTo: [...parsed.addsTo].sort() };
}
