import { shown } from '../../../problems/in-text';
import { refuse } from './problems';

const TABLE = /^table (?:\w+ )?\S+ \{/;
const CHAIN = /^\s+chain (\S+) \{/;
const HOOK = /^\s+type \w+ hook \w+ .*priority /;

/**
 * A listing has each chain with a hook once. Two of them in one text, of two hosts or of two moments, would be read as a script whose second half
 * adds its rules to the first. Commands, definitions and `#!` are a script's, which may open a chain again. Throws Refusal for two listings.
 */
export function oneListing(text: string): void {
  const hooks = new Map<string, number>();
  let [table, chain] = ['', ''];
  let again: { readonly name: string; readonly line: number; readonly before: number } | undefined;
  for (const [at, line] of text.split('\n').entries()) {
    if (TABLE.test(line)) table = line.replace(/ \{.*/, '');
    else if (/^[^\s#}]|^#!/.test(line)) return;
    chain = CHAIN.exec(line)?.[1] ?? chain;
    if (!HOOK.test(line)) continue;
    const before = hooks.get(`${table} ${chain}`);
    if (before === undefined) hooks.set(`${table} ${chain}`, at + 1);
    else again ??= { name: chain, line: at + 1, before };
  }
  if (!again) return;
  refuse(
    'two-listings',
    again.line,
    `chain ${shown(again.name)} is there as in line ${again.before}: two listings are in the text.`,
    'the rules of one host, once; before a script that opens chains twice, its `#!/usr/sbin/nft -f`.',
  );
}
