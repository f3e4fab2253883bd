import { shown } from '../../../problems/in-text';
import { Foreign } from '../../../parse/foreign';
import { rulesOf } from '../../../evaluator/reading';
import { including } from './includes';
import { parseRuleset } from './parse';
import { refuse } from './problems';
import { loweredFrom } from './reader';
import { withoutElements } from './without-elements';

const called = 'nftables';
const limits = [
  'rules that nft does not show (iptables-legacy, eBPF, docker’s userland proxy) are not judged',
  'routing by marks or sources (ip rule) is not asked: where a packet goes, the addresses and routes of the interfaces say',
];

/** Texts of devices that this package doesn't manage. */
export const foreign: Foreign = {
  called,
  printedBy: 'nft list ruleset',
  reads: 'what `nft list ruleset` prints (whole, or one table), an nft script',
  unread: [
    { looks: /^\s*\{\s*"nftables"\s*:/m, called: 'nft -j (JSON)', instead: 'the same without -j: nft list ruleset.' },
    {
      looks: /^[\w-]+ \((default|active|default, active)\)\s*$/m,
      called: 'firewall-cmd --list-all',
      instead: 'as root: nft list ruleset.',
    },
  ],
  shell: { programs: 'nft', typed: /^(sudo\s+)?(\/usr)?\/?(sbin\/)?nft (-\S+ )*list / },
  whenEmpty:
    'on Linux nft list ruleset. Where it prints nothing, and iptables-legacy-save and ip6tables-legacy-save don’t either, nothing filters.',
  limits,
  recognises,
  including,
  parsed: (text) => {
    oneListing(text);
    const ruleset = parseRuleset(text);
    const without = withoutElements(ruleset);
    return {
      called,
      assumed: [],
      untold: without.untold,
      ...rulesOf('nftables', loweredFrom(ruleset), [...limits, ...without.limits]),
    };
  },
};

/** Where a text tells what it is: past a long remark of somebody's, and short of a whole ruleset. */
const MOST_LOOKED_AT = 200_000;

const TABLE = /^table\s+((ip|ip6|inet|arp|bridge|netdev)\s+)?("[^"\n]*"|[A-Za-z_][\w./\\-]*)\s*(\{|;|$)/;
const COMMAND =
  /^(add|create|insert|delete|destroy|flush|reset)\s+(table|chain|rule|set|map|element|ruleset|counter|quota|limit|flowtable|ct|ip|ip6|inet|arp|bridge|netdev)\b/;
const SCRIPT = /^((re)?define\s+[A-Za-z_]\w*\s*=|include\s+")/;

/** Whether the first statement of a text is one of nft's: a table, a command, a definition. */
export function recognises(text: string): boolean {
  const head = text.slice(0, MOST_LOOKED_AT);
  if (/^#!\S*\bnft\b/.test(head.trimStart())) return true;
  const first = head
    .split('\n')
    .map((line) => line.trim())
    .find((line) => line !== '' && !line.startsWith('#'));
  return first !== undefined && (TABLE.test(first) || COMMAND.test(first) || SCRIPT.test(first));
}

const LISTED = /^table (?:\w+ )?\S+ \{/;
const CHAIN = /^\s+chain (\S+) \{/;
const HOOK = /^\s+type \w+ hook \w+ .*priority /;

/**
 * A listing has each chain with a hook once. Two of them in one text, of two hosts or of two moments, would be read as a script whose second half
 * adds its rules to the first. Commands, definitions and `#!` are a script's, which may open a chain again. Throws Refusal for two listings.
 */
function oneListing(text: string): void {
  const hooks = new Map<string, number>();
  let [table, chain] = ['', ''];
  let again: { readonly name: string; readonly line: number; readonly before: number } | undefined;
  for (const [at, line] of text.split('\n').entries()) {
    if (LISTED.test(line)) table = line.replace(/ \{.*/, '');
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
