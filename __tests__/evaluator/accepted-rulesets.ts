// Generates random nftables rulesets, those of rulesets.ts and marked-rulesets.ts, without the rules that nft refuses.

import { fc } from '../randomly';
import { parser } from '../../lib/platforms/nftables/parse/parser';
import { Refusal } from '../../lib/problems/problem';
import { GATEWAY } from './packets';
import { markedRulesets } from './marked-rulesets';
import { rulesets } from './rulesets';

/** A random ruleset without the rules that nft wouldn't accept: random parts often test two protocols at once. */
function readable(text: string): string {
  let lines = text.split('\n');
  for (;;) {
    try {
      parser.read(lines.join('\n'), GATEWAY);
      return lines.join('\n');
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const refused = new Set(error.problems.map(({ where }) => Number(where.replace('line ', ''))));
      const kept = lines.filter((_, i) => !refused.has(i + 1));
      if (kept.length === lines.length) throw error;
      lines = kept;
    }
  }
}

export const readableRulesets: fc.Arbitrary<string> = rulesets.map(readable);
export const readableMarked: fc.Arbitrary<string> = markedRulesets.map(readable);
