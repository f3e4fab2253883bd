// Runs the commands other than -A and -I that a file for iptables-restore may hold inside a table (-F, -X, -Z, -D, -R,
// -C, -E, -L, -S), as both back ends do. Where they differ, the chain or the table becomes unsure. Seen, 1.8.9 in both.

import { quoteForDisplay } from '../../problems/line-problems';
import { NUMBERS_BY_NAME } from '../netfilter/named-numbers';
import { parseAddressRange, parseNumberRange, parsePorts } from '../netfilter/parse-values';
import { findRuleIndex, getRuleCount, parseRule } from './parse-rule';
import { TableSection, XtablesChain, isBuiltInChain } from './parsed-xtables';
import { XtablesOption, XtablesRule } from './rule';
import { XtablesProblems } from './xtables-problems';

/** A table that is being parsed. */
export interface OpenTable extends TableSection {
  readonly chains: Map<string, XtablesChain>;
  /** The table holds commands that no program prints. */
  isForRestore?: true;
  maybeMissingReason?: string;
}

const COMMANDS: Readonly<Record<string, string>> = Object.fromEntries(
  [
    ['-F', '--flush'],
    ['-X', '--delete-chain'],
    ['-Z', '--zero'],
    ['-D', '--delete'],
    ['-R', '--replace'],
    ['-C', '--check'],
    ['-E', '--rename-chain'],
    ['-L', '--list'],
    ['-S', '--list-rules'],
  ].flatMap(([short, long]) => [
    [short!, short!],
    [long!, short!],
  ]),
);

/**
 * Runs one command. Returns false if its word is none of these, or if it has words that the program doesn't take.
 * @throws Refusal for a command that both back ends refuse, and for one with which they load different rules.
 */
export function runRestoreCommand(
  table: OpenTable,
  words: readonly string[],
  line: number,
  text: string,
  messages: XtablesProblems,
): boolean {
  const [word = '', ...parameters] = words;
  const command = Object.hasOwn(COMMANDS, word) ? COMMANDS[word] : undefined;
  if (command === undefined) return false;
  if (/^-[FXZ]$/.test(command) && parameters.length > (command === '-Z' ? 2 : 1)) return false;
  if (/^-[LS]$/.test(command) && parameters.some((parameter) => Object.hasOwn(COMMANDS, parameter))) return false;
  table.isForRestore = true;
  new CommandRunner(table, line, messages).run(command, parameters, text);
  return true;
}

class CommandRunner {
  constructor(
    private readonly table: OpenTable,
    private readonly line: number,
    private readonly messages: XtablesProblems,
  ) {}

  run(command: string, parameters: readonly string[], text: string): void {
    const [name, ...rest] = parameters;
    const hasChain = name !== undefined && !name.startsWith('-');
    const chain = hasChain ? this.findChain(name) : undefined;
    switch (command) {
      case '-F':
        return this.flush(chain, hasChain);
      case '-X':
        return hasChain ? this.removeChain(name, chain) : this.removeChains();
      case '-Z':
        return this.resetCounters(chain, hasChain, rest[0]);
      case '-E':
        return this.renameChain(chain, rest);
      case '-L':
      case '-S':
        return;
      case '-C':
        return void this.findRule(chain, rest, text);
      case '-D': {
        const [number = ''] = rest;
        const isNumber = rest.length === 1 && /^\d+$/.test(number);
        const at = isNumber ? this.findNumber(chain, number) : this.findRule(chain, rest, text);
        return void chain!.rules.splice(at, 1);
      }
      case '-R':
        return this.replaceRule(chain, rest, text);
    }
  }

  /** Returns a chain. A built-in one may be undeclared. */
  private findChain(name: string): XtablesChain | undefined {
    const chain = this.table.chains.get(name);
    if (!chain && !isBuiltInChain(this.table.name, name))
      this.messages.refuse(
        'no-such-chain',
        this.line,
        `the command is for chain ${quoteForDisplay(name)}, which is not declared above it.`,
        this.messages.whole,
      );
    return chain;
  }

  private flush(chain: XtablesChain | undefined, hasChain: boolean): void {
    if (hasChain) return void chain?.rules.splice(0);
    if ([...this.table.chains.values()].some(({ rules }) => rules.length > 0))
      this.messages.refuse(
        'unexpected-text',
        this.line,
        '"-F" stands below rules of its table: iptables-nft keeps them, and iptables-legacy removes them.',
        '"-F" above all rules of its table, or with the name of a chain.',
      );
  }

  private removeChains(): void {
    const { name: table, chains } = this.table;
    for (const name of [...chains.keys()]) if (!isBuiltInChain(table, name)) this.removeChain(name, chains.get(name));
    for (const chain of chains.values()) this.makePolicyUnsure(chain, '-X');
  }

  private removeChain(name: string, chain: XtablesChain | undefined): void {
    const { name: table, chains } = this.table;
    if (isBuiltInChain(table, name)) {
      this.makeTableUnsure(`iptables-legacy refuses "-X ${name}"`);
      if (chain) this.makePolicyUnsure(chain, `-X ${name}`);
      return;
    }
    const isUsed = [...chains.values()].some(({ rules }) => rules.some(({ target }) => target?.name === name));
    if (isUsed || (chain?.rules.length ?? 0) > 0)
      this.messages.refuse(
        'not-loaded',
        this.line,
        `chain ${quoteForDisplay(name)} has rules, or a rule leads to it, and can't be removed.`,
        'a file that iptables-restore takes: with a command that it refuses it loads nothing of the table.',
      );
    chains.delete(name);
  }

  private resetCounters(chain: XtablesChain | undefined, hasChain: boolean, number: string | undefined): void {
    if (number !== undefined) {
      this.findNumber(chain, number);
      return this.makeTableUnsure('iptables-nft fails at "-Z" with the number of a rule');
    }
    for (const resetChain of hasChain ? (chain ? [chain] : []) : [...this.table.chains.values()])
      this.makePolicyUnsure(resetChain, '-Z');
  }

  private renameChain(chain: XtablesChain | undefined, [newName = '']: readonly string[]): void {
    const { name: table, chains } = this.table;
    if (!chain || isBuiltInChain(table, chain.name) || chains.has(newName) || !/^[^-!:]/.test(newName))
      return this.messages.unexpected(this.line, `-E ${newName}`, 'a new name for a chain that rules made');
    const renamedRules = (rules: readonly XtablesRule[]): XtablesRule[] =>
      rules.map((rule) =>
        rule.target?.name === chain.name ? { ...rule, target: { ...rule.target, name: newName } } : rule,
      );
    chains.delete(chain.name);
    chains.set(newName, { ...chain, name: newName });
    for (const [name, oldChain] of chains) chains.set(name, { ...oldChain, rules: renamedRules(oldChain.rules) });
    this.makeTableUnsure('iptables-nft refuses "-E" for a chain of the same file');
  }

  private replaceRule(chain: XtablesChain | undefined, [number = '', ...words]: readonly string[], text: string): void {
    const at = this.findNumber(chain, number);
    chain!.rules.splice(at, 1, parseRule(words, this.line, text, this.messages));
    this.makeTableUnsure('iptables-nft 1.8.9 fails at "-R" for a rule of the same file');
  }

  /** Returns the index of the rule with that number. A rule for several addresses counts as several. */
  private findNumber(chain: XtablesChain | undefined, number: string): number {
    const { at } = findRuleIndex(chain?.rules ?? [], ['-I', '', number]);
    const rule = at === undefined ? undefined : chain?.rules[at];
    if (rule === undefined || getRuleCount(rule) > 1)
      this.messages.unexpected(this.line, number, `the number of a rule of the chain`);
    return at!;
  }

  private findRule(chain: XtablesChain | undefined, words: readonly string[], text: string): number {
    const wanted = toComparableText(parseRule(words, this.line, text, this.messages));
    const at = (chain?.rules ?? []).findIndex((rule) => toComparableText(rule) === wanted);
    if (at < 0)
      this.messages.refuse(
        'unexpected-text',
        this.line,
        'no rule above it in the chain is written as this one.',
        'the rule as it stands above, or its number.',
      );
    return at;
  }

  /** iptables-nft gives a chain that these commands reset policy ACCEPT; iptables-legacy keeps its policy. */
  private makePolicyUnsure(chain: XtablesChain, command: string): void {
    if (chain.policy !== 'drop') return;
    const { line } = this;
    const reason = `line ${line}: after "${command}" chain ${chain.name} has policy ACCEPT by iptables-nft, and DROP by iptables-legacy`;
    this.table.chains.set(chain.name, { ...chain, policyDoubt: { line, reason } });
  }

  private makeTableUnsure(reason: string): void {
    this.table.maybeMissingReason ??= `line ${this.line}: ${reason}, and then nothing of this file loads`;
  }
}

const SHORT_NAMES: Readonly<Record<string, string>> = {
  '--source-port': '--sport',
  '--destination-port': '--dport',
  '--source-ports': '--sports',
  '--destination-ports': '--dports',
};

/** Returns a text that two rules share if iptables finds one of them by the other. */
const toComparableText = ({ matches, target }: XtablesRule): string =>
  JSON.stringify([
    matches.map(({ module, tests }) => [module, tests.map(toComparableOption).sort()]),
    target && [target.name, target.goto, target.options.map(toComparableOption).sort()],
  ]);

const toComparableOption = ({ name, values, negated }: XtablesOption): string => {
  const shortName = SHORT_NAMES[name] ?? name;
  return `${negated ? '! ' : ''}${shortName} ${values.map((value) => toComparableValue(shortName, value)).join(' ')}`;
};

function toComparableValue(name: string, value: string): string {
  const printRange = (
    range: { readonly first: bigint | number; readonly last: bigint | number } | undefined,
  ): string => (range ? `${range.first}-${range.last}` : value);
  switch (name) {
    case 'protocol':
      return printRange(parseNumberRange(value.toLowerCase(), NUMBERS_BY_NAME.protocol));
    case 'source':
    case 'destination':
      return printRange(parseAddressRange(value));
    case '--sport':
    case '--dport': {
      const ports = parsePorts(value);
      return printRange(ports?.is === 'numbers' ? ports.range : undefined);
    }
    case '--state':
    case '--ctstate':
      return value.toUpperCase().split(',').sort().join();
    default:
      return value;
  }
}
