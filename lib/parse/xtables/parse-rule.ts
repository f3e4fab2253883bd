// Parses the words of an iptables rule (`-p tcp --dport 22 -j ACCEPT`) into its matches and its target, and splits a
// line into words.
import { spendSteps } from '../../net/step-budget';
import { ParserRefusals, quoteForDisplay } from '../../problems/line-problems';
import { MATCH_OPTIONS } from './match-options';
import { IMPLIED_MATCHES, BASIC_OPTIONS, FREE_TEXT_OPTIONS, TARGET_OPTIONS } from './option-tables';
import { XtablesMatch, XtablesOption, XtablesRule, XtablesTarget } from './rule';

/** Expands `--to` of DNAT, as getopt_long takes the beginning of an option's name. */
function expandOptionName(target: string, word: string): string {
  const options = Object.hasOwn(TARGET_OPTIONS, target) ? [...TARGET_OPTIONS[target]!] : [];
  const [fullName, ...otherNames] = options.filter((option) => option.startsWith(word));
  return fullName === undefined || otherNames.length > 0 || !word.startsWith('--to') || options.includes(word)
    ? word
    : fullName;
}

/**
 * Returns the place that a command gives its rule among the existing ones, and the rule. Without a place: it is another
 * command, or the place doesn't exist.
 */
export function findRuleIndex(
  rules: readonly XtablesRule[],
  [command = '', , ...words]: readonly string[],
): { readonly at?: number; readonly rest: readonly string[] } {
  if (/^(-A|--append)$/.test(command)) return { at: rules.length, rest: words };
  if (!/^(-I|--insert)$/.test(command)) return { rest: words };
  // The rules behind it are moved, or counted.
  spendSteps(Math.ceil(rules.length / 100));
  const [number = '', ...ruleWords] = words;
  if (!/^\d{1,9}$/.test(number)) return { at: 0, rest: words };
  // Its number among the rules that the program makes.
  let remaining = Number(number) - 1;
  if (remaining < 0) return { rest: ruleWords };
  for (const [at, rule] of rules.entries()) {
    if (remaining === 0) return { at, rest: ruleWords };
    remaining -= getRuleCount(rule);
    if (remaining < 0) return { rest: ruleWords };
  }
  return remaining === 0 ? { at: rules.length, rest: ruleWords } : { rest: ruleWords };
}

/** Returns the number of rules that iptables makes of one: `-s 10.0.0.1,10.0.0.2` is two. */
export const getRuleCount = ({ matches }: XtablesRule): number =>
  matches[0]!.tests.reduce(
    (count, { name, values }) =>
      name === 'source' || name === 'destination' ? count * values[0]!.split(',').length : count,
    1,
  );

/** Steps that a word takes: to be cut out, parsed and lowered. */
const STEPS_PER_WORD = 2;

/**
 * Splits a line into words as the programs do: quotes may stand anywhere, and a backslash within them keeps the next
 * character.
 */
export function splitWords(text: string, line: number, { refuse }: ParserRefusals): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let isQuoted = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (isQuoted && character === '\\' && at + 1 < text.length) word = `${word ?? ''}${text[++at]!}`;
    else if (character === '"') {
      isQuoted = !isQuoted;
      word ??= '';
    } else if (!isQuoted && (character === ' ' || character === '\t' || character === '\r')) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = `${word ?? ''}${character}`;
  }
  if (isQuoted) refuse('open-quote', line, 'a quoted text is not closed on its line.', 'the text whole.');
  if (word !== undefined) words.push(word);
  spendSteps(1 + STEPS_PER_WORD * words.length);
  return words;
}

/**
 * Parses the words behind `-A CHAIN`.
 * @throws Refusal for an option that nothing in the rule has.
 */
export const parseRule = (words: readonly string[], line: number, text: string, say: ParserRefusals): XtablesRule =>
  new RuleParser(words, line, say).parse(text);

class RuleParser {
  private at = 0;
  private readonly basicMatch: XtablesMatch = { module: '', tests: [] };
  private readonly matches: XtablesMatch[] = [this.basicMatch];
  /** The match that owns the next option, unless another one does. */
  private current: XtablesMatch | undefined;
  /** The match that the protocol implies, with `-m tcp` or without. */
  private impliedMatch: string | undefined;
  private target: XtablesTarget | undefined;

  constructor(
    private words: readonly string[],
    private readonly line: number,
    private readonly refusals: ParserRefusals,
  ) {}

  parse(text: string): XtablesRule {
    while (this.at < this.words.length) this.parseOption();
    return { line: this.line, text, matches: this.matches, ...(this.target ? { target: this.target } : {}) };
  }

  private parseOption(): void {
    const negated = this.words[this.at] === '!';
    if (negated) this.at += 1;
    const word = this.takeOptionName();
    if (!/^-(\w|-[a-z])/.test(word)) this.refusals.unexpected(this.line, word, 'an option');
    const plain =
      this.findOwner(word) === undefined && Object.hasOwn(BASIC_OPTIONS, word) ? BASIC_OPTIONS[word] : undefined;
    if (!plain) return this.parseExtension(word, negated);
    const isCounterPair = plain.name === 'counters' && /^[^,]+,[^,]+$/.test(this.words[this.at] ?? '');
    const values = this.takeValues(word, isCounterPair ? 1 : plain.values);
    const [value = ''] = values;
    switch (plain.name) {
      case 'counters':
        return;
      case 'match':
        this.current = this.addMatch(value === 'icmpv6' ? 'icmp6' : value);
        return;
      case 'jump':
      case 'goto':
        if (this.target) this.refusals.unexpected(this.line, word, 'one target');
        this.target = { name: value, goto: plain.name === 'goto', options: [] };
        return;
      case 'protocol':
        if (!negated) this.impliedMatch = IMPLIED_MATCHES.get(value.toLowerCase());
    }
    this.basicMatch.tests.push({ name: plain.name, values, negated });
  }

  /** Takes the name of an option. `--dport=22` is `--dport 22`; the program reads -p, -s, -d, -i, -o and -j otherwise. */
  private takeOptionName(): string {
    const word = this.words[this.at++] ?? '';
    const [, name, value] = /^(--[a-z][\w-]*)=(.*)$/s.exec(word) ?? [];
    if (name === undefined || /^(protocol|source|destination|in|out|jump)$/.test(BASIC_OPTIONS[name]?.name ?? ''))
      return word;
    this.words = [...this.words.slice(0, this.at - 1), name, value!, ...this.words.slice(this.at)];
    return name;
  }

  private addMatch(module: string): XtablesMatch {
    const match: XtablesMatch = { module, tests: [] };
    this.matches.push(match);
    return match;
  }

  /** Returns the unknown match that owns an option: it may use a name that known matches have, too. */
  private findOwner(word: string): XtablesMatch | undefined {
    if (!this.current || this.target || Object.hasOwn(MATCH_OPTIONS, this.current.module)) return undefined;
    return word.startsWith('--') &&
      !/^--(jump|goto|match|protocol|source|destination|in-interface|out-interface)$/.test(word)
      ? this.current
      : undefined;
  }

  private parseExtension(word: string, negated: boolean): void {
    const tests = this.findTests(word);
    if (!tests)
      return this.refusals.refuse(
        'unknown-option',
        this.line,
        `nothing in the rule has an option ${quoteForDisplay(word)}.`,
        'the rule as iptables-save prints it.',
      );
    const name = tests.into === this.target?.options ? expandOptionName(this.target.name, word) : word;
    tests.into.push({ name, values: this.takeValues(word, tests.values), negated });
  }

  private findTests(word: string): { readonly into: XtablesOption[]; readonly values: number | undefined } | undefined {
    const hasOption = (module = ''): boolean =>
      Object.hasOwn(MATCH_OPTIONS, module) && MATCH_OPTIONS[module]![word] !== undefined;
    const match =
      [this.current, ...this.matches].find((candidate) => hasOption(candidate?.module)) ??
      (hasOption(this.impliedMatch) ? this.addMatch(this.impliedMatch!) : undefined);
    // A match takes its options at any place, except for one that a target has, too.
    if (match && !(this.target && word === '--mask'))
      return { into: match.tests, values: MATCH_OPTIONS[match.module]![word] };
    const owner = this.target?.options ?? this.findOwner(word)?.tests;
    return owner && { into: owner, values: undefined };
  }

  /** Takes `count` words, or as many as look like values. */
  private takeValues(word: string, count: number | undefined): readonly string[] {
    const from = this.at;
    if (count !== undefined || FREE_TEXT_OPTIONS.has(word)) this.at += count ?? 1;
    else while (this.at < this.words.length && !/^(-\D|!$)/.test(this.words[this.at]!)) this.at += 1;
    if (this.at > this.words.length)
      this.refusals.refuse(
        'option-without-value',
        this.line,
        `${quoteForDisplay(word)} has no value: the rule is cut off.`,
        this.refusals.whole,
      );
    return this.words.slice(from, this.at);
  }
}
