// Builds the rules of a program that calls iptables once for each rule (APF): a rule that iptables refuses is left out
// and noted, and the others stay.
import { Family } from '../../net/address';
import { quoteForDisplay } from '../../problems/line-problems';
import { SourceLocation } from '../printed-files';
import { XtablesBuilder } from './ruleset-builder';
import { TARGETS } from './option-tables';
import { XtablesRule } from './rule';
import { XtablesProblems } from './xtables-problems';
import { checkAcceptance } from './check-acceptance';

/**
 * A program that makes rules: the name that people use, the line that stands for the whole, and its replacement of its
 * own words.
 */
interface CommandProgram {
  readonly label: string;
  readonly line: number;
  readonly messages: XtablesProblems;
  /** The families of which it makes rules. */
  readonly families: readonly Family[];
  filled(words: string): string;
}

/** A rule of a chain, before a shell splits it into words. Without words: iptables refuses it. */
export interface CommandRule {
  readonly chain: string;
  readonly words: string | undefined;
  readonly location: SourceLocation;
}

/** Matches an option that takes the next option for its value because a setting is empty: no port, no address. */
const OPTION_WITHOUT_VALUE =
  /(^| )(-[sdp]|--[ds]ports?|--icmp(?:v6)?-type|--limit|--uid-owner|--mac-source|-j)[ \t\n]+(-|$)/;

/** Returns whether a UDP range runs backwards. iptables takes it, and no packet is in it. */
const hasReversedPorts = (words: string): boolean =>
  [...words.matchAll(/(?:^| )-p udp .*--[ds]port (\d+):(\d+)/g)].some(
    ([, first, last]) => Number(first) > Number(last),
  );

/**
 * Returns the words with UDP ports cut to 16 bits. For UDP iptables 1.8.9 takes decimal numbers alone, and their last
 * 16 bits: `65589` and `053` are 53.
 */
const truncatePorts = (words: string): string =>
  /(^| )-p udp( |$)/.test(words) && !words.includes('multiport')
    ? words.replace(
        /(--[ds]port )(\d{0,15})(:?)(\d{0,15})(?=\s|$)/g,
        (_, option: string, first: string, colon: string, last: string) => {
          const [from, to] = [first, last].map((port) => (port === '' ? '' : `${Number(port) % 65_536}`));
          return `${option}${from}${colon}${to}`;
        },
      )
    : words;

/**
 * Builds the rules of table filter for a program that gives them to iptables one by one and goes on without refused
 * ones.
 */
export class CommandRulesBuilder extends XtablesBuilder {
  constructor(private readonly program: CommandProgram) {
    const start = { line: program.line, policy: 'accept', chains: true } as const;
    super(program.messages, { ip: start, ip6: start });
  }

  /** Adds a chain of the program, and jumps to it from these chains. */
  addChain(name: string, ...callers: readonly string[]): void {
    this.chains.add(name);
    for (const caller of callers) this.addRule(caller, `-j ${name}`, { line: this.program.line, text: name });
  }

  /** Adds a rule at the end of a chain, as a shell splits it into words and iptables takes it. */
  addRule(
    chain: string,
    words: string,
    source: SourceLocation,
    families: readonly Family[] = this.program.families,
  ): void {
    for (const family of families) {
      const rule = this.checkRule(words, source, family, true);
      if (rule === 'refused') this.noteRefused(source);
      else if (rule) this.insertRule(family, chain, rule);
    }
  }

  /** Adds all of the rules or, if iptables-restore refuses one, none. Returns the place of the refused rule. */
  addRulesAtOnce(commandRules: readonly CommandRule[], family: Family): SourceLocation | undefined {
    const checkedRules = commandRules.map(({ chain, words, location: source }) => ({
      chain,
      location: source,
      rule: words === undefined ? 'refused' : this.checkRule(words, source, family, false),
    }));
    const refusedRule = checkedRules.find(({ rule }) => rule === 'refused');
    for (const { chain, rule } of refusedRule ? [] : checkedRules)
      if (rule && rule !== 'refused') this.insertRule(family, chain, rule);
    return refusedRule?.location;
  }

  /**
   * Returns the parsed rule. Undefined: whether iptables takes it isn't known, and that is noted. `isSingle`: a refusal
   * affects no other rule, so a rule with an unknown name or number is kept and the evaluator makes it unknown.
   */
  private checkRule(
    template: string,
    source: SourceLocation,
    family: Family,
    isSingle: boolean,
  ): XtablesRule | 'refused' | undefined {
    const words = truncatePorts(this.program.filled(template));
    if (OPTION_WITHOUT_VALUE.test(words)) return 'refused';
    const tokens = words.split(/[ \t\n]+/).filter((token) => token !== '');
    const rule = this.parseWords(tokens, source);
    if (rule) {
      const acceptance = hasReversedPorts(words) ? 'refused' : checkAcceptance(rule, family, this.chains);
      const target = rule.target?.name ?? '';
      if (acceptance === 'refused') return 'refused';
      if (acceptance === 'taken' || (isSingle && (TARGETS.has(target) || this.chains.has(target)))) return rule;
    }
    this.noteUnknown(source, `whether iptables takes ${quoteForDisplay(source.text.trim())} is not known`);
    return undefined;
  }

  private noteRefused(source: SourceLocation): void {
    this.noteSkipped(
      source,
      `iptables refuses what ${this.program.label} makes of ${quoteForDisplay(source.text.trim())}.`,
    );
  }

  /** Adds a set with unknown addresses. Returns the match for it. `unknownOption` is the part that is missing. */
  addUnknownSet(name: string, unknownOption: string, family: Family = 'ip'): string {
    return this.addSet(family === 'ip' ? name : `${name}-of-IPv6`, family, [], { unknownOption });
  }
}
