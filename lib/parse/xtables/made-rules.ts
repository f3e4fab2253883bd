import { Family } from '../../net/address';
import { shown } from '../../problems/in-text';
import { Place } from '../printed-files';
import { Built } from './built';
import { TARGETS } from './options';
import { Rule } from './rule';
import { SayingOfTables } from './saying';
import { takenBy } from './taken';

/** What rules are made by: what people call it, the line that stands for the whole, and what it puts in the place of its own words. */
interface Maker {
  readonly called: string;
  readonly line: number;
  readonly say: SayingOfTables;
  /** Of which it makes rules. */
  readonly families: readonly Family[];
  filled(words: string): string;
}

/** A rule of a chain, before a shell has made words of it; without words: one that iptables refuses. */
export interface MadeRule {
  readonly chain: string;
  readonly words: string | undefined;
  readonly by: Place;
}

/** An option that takes the next one for its value, where a setting is empty: no port, no address. */
const WITHOUT_VALUE = /(^| )(-[sdp]|--[ds]ports?|--icmp(?:v6)?-type|--limit|--uid-owner|--mac-source|-j)[ \t\n]+(-|$)/;

/** iptables takes such a range of UDP, and no packet is in it. */
const isBackwards = (words: string): boolean =>
  [...words.matchAll(/(?:^| )-p udp .*--[ds]port (\d+):(\d+)/g)].some(
    ([, first, last]) => Number(first) > Number(last),
  );

/** Of UDP iptables 1.8.9 takes decimal numbers alone, and their last 16 bits: `65589` and `053` are 53. */
const cutPorts = (words: string): string =>
  /(^| )-p udp( |$)/.test(words) && !words.includes('multiport')
    ? words.replace(
        /(--[ds]port )(\d{0,15})(:?)(\d{0,15})(?=\s|$)/g,
        (_, option: string, first: string, colon: string, last: string) => {
          const [from, to] = [first, last].map((one) => (one === '' ? '' : `${Number(one) % 65_536}`));
          return `${option}${from}${colon}${to}`;
        },
      )
    : words;

/** Rules of table filter so far, of a program that gives them to iptables one by one and goes on without those that it refuses. */
export class MadeRules extends Built {
  constructor(private readonly maker: Maker) {
    const start = { line: maker.line, policy: 'accept', chains: true } as const;
    super(maker.say, { ip: start, ip6: start });
  }

  /** A chain of its own, and where its rules are asked from. */
  chain(name: string, ...from: readonly string[]): void {
    this.chains.add(name);
    for (const one of from) this.add(one, `-j ${name}`, { line: this.maker.line, text: name });
  }

  /** A rule at the end of a chain, as a shell makes words of it and iptables takes them. */
  add(chain: string, words: string, by: Place, families: readonly Family[] = this.maker.families): void {
    for (const family of families) {
      const rule = this.taken(words, by, family, true);
      if (rule === 'refused') this.refused(by);
      else if (rule) this.put(family, chain, rule);
    }
  }

  /** All of them or, where iptables-restore refuses one, none: that one. */
  addAtOnce(all: readonly MadeRule[], family: Family): Place | undefined {
    const taken = all.map(({ chain, words, by }) => ({
      chain,
      by,
      rule: words === undefined ? 'refused' : this.taken(words, by, family, false),
    }));
    const refused = taken.find(({ rule }) => rule === 'refused');
    for (const { chain, rule } of refused ? [] : taken) if (rule && rule !== 'refused') this.put(family, chain, rule);
    return refused?.by;
  }

  /**
   * Undefined: nobody here knows whether it is one, and that is told. `alone`: one that is refused takes no others with it, so of a name of
   * somebody, or a number that is none, it is left to the reader to say UNKNOWN.
   */
  private taken(written: string, by: Place, family: Family, alone: boolean): Rule | 'refused' | undefined {
    const words = cutPorts(this.maker.filled(written));
    if (WITHOUT_VALUE.test(words)) return 'refused';
    const given = words.split(/[ \t\n]+/).filter((one) => one !== '');
    const rule = this.ruleOf(given, by);
    if (rule) {
      const taken = isBackwards(words) ? 'refused' : takenBy(rule, family, this.chains);
      const target = rule.target?.name ?? '';
      if (taken === 'refused') return 'refused';
      if (taken === 'taken' || (alone && (TARGETS.has(target) || this.chains.has(target)))) return rule;
    }
    this.doubt(by, `whether iptables takes ${shown(by.text.trim())} is not known`);
    return undefined;
  }

  private refused(by: Place): void {
    this.skip(by, `iptables refuses what ${this.maker.called} makes of ${shown(by.text.trim())}.`);
  }

  /** Addresses that nobody told, as a set that a rule may ask for: what is missing. */
  untold(name: string, unclear: string, family: Family = 'ip'): string {
    return this.set(family === 'ip' ? name : `${name}-of-IPv6`, family, [], { unclear });
  }
}
