import { NftCursor } from '../cursor';
import { refuseUnexpected } from '../parse-problems';
import { ParsedNftChain, ParsedNftRule, ParsedNftTable, ParsedNftVerdict } from '../syntax-tree';

/**
 * Parses `jump { … }` and `goto { … }`: a chain without a name, made of the rules between the braces. Source: nft 0.9.7
 * and later print it as it was written.
 */
export function parseInnerChain(
  cursor: NftCursor,
  table: ParsedNftTable,
  parseRule: () => ParsedNftRule,
): ParsedNftVerdict {
  const { line } = cursor;
  const kind = cursor.next() === 'jump' ? 'jump' : 'goto';
  // No text can use this name, not even if several such chains stand in one line.
  let name = `in line ${line}\n`;
  while (table.chains.has(name)) name += '\n';
  const chain: ParsedNftChain = { name, line, rules: [] };
  table.chains.set(name, chain);
  cursor.parseBlock(() => {
    if (cursor.is('comment')) refuseUnexpected(cursor.line, 'comment', 'a rule');
    chain.rules.push(parseRule());
  });
  return { is: kind, chain: name };
}
