import { spend } from '../../net/work';
import { Saying, shown } from '../../problems/in-text';
import { MATCHES } from './matches';
import { OF_PROTOCOL, PLAIN, TAKES_ANYTHING, TARGET_OPTIONS } from './options';
import { Match, Option, Rule, Target } from './rule';

/** `--to` of DNAT, as getopt_long takes the beginning of an option's name. */
function wholeOption(target: string, word: string): string {
  const own = Object.hasOwn(TARGET_OPTIONS, target) ? [...TARGET_OPTIONS[target]!] : [];
  const [whole, ...more] = own.filter((one) => one.startsWith(word));
  return whole === undefined || more.length > 0 || !word.startsWith('--to') || own.includes(word) ? word : whole;
}

/** Where a command puts its rule among those that are there, and the rule. Without a place: it is another command, or there is no such place. */
export function placeIn(
  there: readonly Rule[],
  [command = '', , ...words]: readonly string[],
): { readonly at?: number; readonly rest: readonly string[] } {
  if (/^(-A|--append)$/.test(command)) return { at: there.length, rest: words };
  if (!/^(-I|--insert)$/.test(command)) return { rest: words };
  // Those behind it are moved.
  spend(Math.ceil(there.length / 100));
  const [number = '', ...rest] = words;
  if (!/^\d{1,9}$/.test(number)) return { at: 0, rest: words };
  const at = Number(number) - 1;
  return at < 0 || at > there.length ? { rest } : { at, rest };
}

/** Steps of work that a word takes: to be cut out, parsed and understood. */
const PER_WORD = 2;

/** A line in words, as the programs read it: quotes may stand anywhere, and a backslash within them keeps what follows. */
export function splitWords(text: string, line: number, { refuse }: Saying): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const one = text[at]!;
    if (quoted && one === '\\' && at + 1 < text.length) word = `${word ?? ''}${text[++at]!}`;
    else if (one === '"') {
      quoted = !quoted;
      word ??= '';
    } else if (!quoted && (one === ' ' || one === '\t' || one === '\r')) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = `${word ?? ''}${one}`;
  }
  if (quoted) refuse('open-quote', line, 'a quoted text is not closed on its line.', 'the text whole.');
  if (word !== undefined) words.push(word);
  spend(1 + PER_WORD * words.length);
  return words;
}

/** What follows `-A CHAIN`. Throws Refusal for an option that nothing in the rule has. */
export const parseRule = (words: readonly string[], line: number, text: string, say: Saying): Rule =>
  new Words(words, line, say).rule(text);

class Words {
  private at = 0;
  private readonly plain: Match = { module: '', tests: [] };
  private readonly matches: Match[] = [this.plain];
  /** The one that the next option is of, unless it is another's. */
  private current: Match | undefined;
  /** What the protocol brings with it, `-m tcp` or not. */
  private implied: string | undefined;
  private target: Target | undefined;

  constructor(
    private readonly words: readonly string[],
    private readonly line: number,
    private readonly say: Saying,
  ) {}

  rule(text: string): Rule {
    while (this.at < this.words.length) this.option();
    return { line: this.line, text, matches: this.matches, ...(this.target ? { target: this.target } : {}) };
  }

  private option(): void {
    const negated = this.words[this.at] === '!';
    if (negated) this.at += 1;
    const word = this.words[this.at++] ?? '';
    if (!/^-(\w|-[a-z])/.test(word)) this.say.unexpected(this.line, word, 'an option');
    const plain = this.ownerOf(word) === undefined && Object.hasOwn(PLAIN, word) ? PLAIN[word] : undefined;
    if (!plain) return this.extension(word, negated);
    const values = this.values(word, plain.values);
    const [value = ''] = values;
    switch (plain.name) {
      case 'counters':
        return;
      case 'match':
        this.current = this.matchOf(value === 'icmpv6' ? 'icmp6' : value);
        return;
      case 'jump':
      case 'goto':
        if (this.target) this.say.unexpected(this.line, word, 'one target');
        this.target = { name: value, goto: plain.name === 'goto', options: [] };
        return;
      case 'protocol':
        if (!negated) this.implied = OF_PROTOCOL.get(value.toLowerCase());
    }
    this.plain.tests.push({ name: plain.name, values, negated });
  }

  private matchOf(module: string): Match {
    const made: Match = { module, tests: [] };
    this.matches.push(made);
    return made;
  }

  /** A match that nobody here knows may call its own what others do. */
  private ownerOf(word: string): Match | undefined {
    if (!this.current || this.target || Object.hasOwn(MATCHES, this.current.module)) return undefined;
    return word.startsWith('--') &&
      !/^--(jump|goto|match|protocol|source|destination|in-interface|out-interface)$/.test(word)
      ? this.current
      : undefined;
  }

  private extension(word: string, negated: boolean): void {
    const tests = this.testsWith(word);
    if (!tests)
      return this.say.refuse(
        'unknown-option',
        this.line,
        `nothing in the rule has an option ${shown(word)}.`,
        'the rule as iptables-save prints it.',
      );
    const name = tests.into === this.target?.options ? wholeOption(this.target.name, word) : word;
    tests.into.push({ name, values: this.values(word, tests.values), negated });
  }

  private testsWith(word: string): { readonly into: Option[]; readonly values: number | undefined } | undefined {
    const has = (module = ''): boolean => Object.hasOwn(MATCHES, module) && MATCHES[module]![word] !== undefined;
    const known =
      [this.current, ...this.matches].find((one) => has(one?.module)) ??
      (has(this.implied) ? this.matchOf(this.implied!) : undefined);
    // A match has its options wherever they stand, but for the one that a target has, too.
    if (known && !(this.target && word === '--mask'))
      return { into: known.tests, values: MATCHES[known.module]![word] };
    const owner = this.target?.options ?? this.ownerOf(word)?.tests;
    return owner && { into: owner, values: undefined };
  }

  /** `count` words, or as many as look like values. */
  private values(word: string, count: number | undefined): readonly string[] {
    const from = this.at;
    if (count !== undefined || TAKES_ANYTHING.has(word)) this.at += count ?? 1;
    else while (this.at < this.words.length && !/^(-\D|!$)/.test(this.words[this.at]!)) this.at += 1;
    if (this.at > this.words.length)
      this.say.refuse(
        'option-without-value',
        this.line,
        `${shown(word)} has no value: the rule is cut off.`,
        this.say.whole,
      );
    return this.words.slice(from, this.at);
  }
}
