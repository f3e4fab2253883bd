// The config format of nftables, for commands that evaluate unmanaged config: recognises `nft list ruleset` output and
// nft scripts, resolves includes, and parses them into rules for the evaluator.

import { quoteForDisplay } from '../../../problems/line-problems';
import { ConfigFormat } from '../../../parse/config-format';
import { createUnmanagedRules } from '../../../evaluator/evaluate-config';
import { resolveIncludes } from './resolve-includes';
import { parseRuleset } from './parse-ruleset';
import { refuse } from './parse-problems';
import { lowerParsed } from './parser';
import { findMissingElements } from './find-missing-elements';

const platformName = 'nftables';
const limits = [
  'rules that nft does not show (iptables-legacy, eBPF, docker’s userland proxy) are not judged',
  'routing by marks or sources (ip rule) is not asked: where a packet goes, the addresses and routes of the interfaces say',
];

/** Parses configs of devices that this package doesn't manage. */
export const configFormat: ConfigFormat = {
  label: platformName,
  printCommand: 'nft list ruleset',
  inputLabel: 'what `nft list ruleset` prints (whole, or one table), an nft script',
  unsupportedFormats: [
    {
      pattern: /^[ \t]*\{\s*"nftables"\s*:/m,
      label: 'what `nft -j list ruleset` prints',
      instead: 'the same without -j: nft list ruleset.',
    },
  ],
  terminalOutput: { programs: 'nft', typedCommand: /^(sudo\s+)?(\/usr)?\/?(sbin\/)?nft (-\S+ )*list / },
  emptyOutputHint:
    'on Linux nft list ruleset. Where it prints nothing, and iptables-legacy-save and ip6tables-legacy-save don’t either, nothing filters.',
  limits,
  recognises: isNftText,
  including: resolveIncludes,
  parsed: (text) => {
    refuseTwoListings(text);
    const ruleset = parseRuleset(text);
    const missingElements = findMissingElements(ruleset);
    return {
      label: platformName,
      assumptions: [],
      omissions: missingElements.omissions,
      ...createUnmanagedRules('nftables', lowerParsed(ruleset), [...limits, ...missingElements.limits]),
    };
  },
};

/**
 * The part of a text that is inspected to recognise it: longer than a long comment, and shorter than a whole ruleset.
 */
const MAX_INSPECTED_CHARS = 200_000;

const TABLE_STATEMENT = /^table\s+((ip|ip6|inet|arp|bridge|netdev)\s+)?("[^"\n]*"|[A-Za-z_][\w./\\-]*)\s*(\{|;|$)/;
const COMMAND_STATEMENT =
  /^(add|create|insert|delete|destroy|flush|reset)\s+(table|chain|rule|set|map|element|ruleset|counter|quota|limit|flowtable|ct|ip|ip6|inet|arp|bridge|netdev)\b/;
const SCRIPT_STATEMENT = /^((re)?define\s+[A-Za-z_]\w*\s*=|include\s+")/;

/** Returns whether the first statement of a text is nft's: a table, a command or a definition. */
export function isNftText(text: string): boolean {
  const head = text.slice(0, MAX_INSPECTED_CHARS);
  if (/^#!\S*\bnft\b/.test(head.trimStart())) return true;
  const firstStatement = head
    .split('\n')
    .map((line) => line.trim())
    .find((line) => line !== '' && !line.startsWith('#'));
  return (
    firstStatement !== undefined &&
    (TABLE_STATEMENT.test(firstStatement) ||
      COMMAND_STATEMENT.test(firstStatement) ||
      SCRIPT_STATEMENT.test(firstStatement))
  );
}

const TABLE_START = /^table (?:\w+ )?\S+ \{/;
const CHAIN_START = /^\s+chain (\S+) \{/;
const HOOK_LINE = /^\s+type \w+ hook \w+ .*priority /;

/**
 * Refuses two listings in one text. A listing has each base chain once. Two of them, from two hosts or two moments,
 * would be parsed as a script whose second half adds its rules to the first. A text with commands, definitions or `#!`
 * is a script, which may open a chain again.
 * @throws Refusal for two listings
 */
function refuseTwoListings(text: string): void {
  const hookLines = new Map<string, number>();
  let [table, chain] = ['', ''];
  let repeated: { readonly name: string; readonly line: number; readonly before: number } | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    if (TABLE_START.test(line)) table = line.replace(/ \{.*/, '');
    else if (/^[^\s#}]|^#!/.test(line)) return;
    chain = CHAIN_START.exec(line)?.[1] ?? chain;
    if (!HOOK_LINE.test(line)) continue;
    const earlierLine = hookLines.get(`${table} ${chain}`);
    if (earlierLine === undefined) hookLines.set(`${table} ${chain}`, index + 1);
    else repeated ??= { name: chain, line: index + 1, before: earlierLine };
  }
  if (!repeated) return;
  refuse(
    'two-listings',
    repeated.line,
    `chain ${quoteForDisplay(repeated.name)} is there as in line ${repeated.before}: two listings are in the text.`,
    'the rules of one host, once; before a script that opens chains twice, its `#!/usr/sbin/nft -f`.',
  );
}
