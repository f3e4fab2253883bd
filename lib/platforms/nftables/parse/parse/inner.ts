import { Cursor } from '../cursor';
import { unexpected } from '../problems';
import { Chain, Rule, Table, Verdict } from '../ruleset';

/** `jump { … }`, `goto { … }`: a chain that has no name, of the rules that stand there. Source: nft 0.9.7 and later print it as it was written. */
export function parseInnerChain(cursor: Cursor, table: Table, rule: () => Rule): Verdict {
  const { line } = cursor;
  const is = cursor.next() === 'jump' ? 'jump' : 'goto';
  // No text can call it so, even where several stand in one line.
  let name = `in line ${line}\n`;
  while (table.chains.has(name)) name += '\n';
  const chain: Chain = { name, line, rules: [] };
  table.chains.set(name, chain);
  cursor.eachIn(() => {
    if (cursor.is('comment')) unexpected(cursor.line, 'comment', 'a rule');
    chain.rules.push(rule());
  });
  return { is, chain: name };
}
