import { Reader } from '../../../reading/reader';
import { Lowered, explainingOf, readingOf } from '../../../reading/stages/reading';
import { parseRuleset } from './parse';
import { lower } from './lower';

/** Reads whole rulesets: what `nft list ruleset` prints, and files that define everything they use. */
export const reader: Reader = {
  read: (text, device) => readingOf('nftables', () => lowered(text), device),
  explaining: (text, device) => explainingOf(lowered(text).ruleset, device),
};

export function lowered(text: string): Lowered {
  const parsed = parseRuleset(text);
  return { ruleset: lower(parsed), touches: [...parsed.touches].sort(), addsTo: [...parsed.addsTo].sort() };
}
