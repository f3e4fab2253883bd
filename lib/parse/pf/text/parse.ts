import { PfLine } from '../model';
import { anchorAt, decidingAtOnce, isLoaded } from './anchors';
import { Cursor } from './cursor';
import { antispoofed, filterRule } from './filter';
import { isDoubtedBinat, misfit } from './fitting';
import { Section, Statement, carriageReturn, sectionsOf, statementsOf } from './lines';
import { Read, draftOf } from './match';
import { Order } from './order';
import { shown } from '../../../problems/in-text';
import { cutOff, includes, tooMuch, unexpected } from './problems';
import { shownTable, tableAt } from './tables';
import {
  AnchorText,
  FilterText,
  MatchText,
  PfText,
  Rule,
  SkipText,
  SteppedInto,
  TableText,
  TranslationText,
} from './text';
import { Tokens } from './tokens';
import { translationRule } from './translation';

/**
 * The text of FreeBSD's pf: what pfctl prints, under headings or without, and files that it loads. `first` is the number of its first
 * line. Throws Refusal for text that is cut off, another dialect, or none of pf's.
 */
export function parsePf(text: string, first = 1): PfText {
  const reading = new Reading();
  for (const section of sectionsOf(text, first)) {
    if (typeof section.of === 'object') {
      reading.shown(section.of.table, shownTable(section));
      continue;
    }
    if (section.of === 'interfaces') {
      reading.skipped(section);
      continue;
    }
    if (section.of === 'text') reading.returned ??= carriageReturn(section);
    else reading.sections.add(section.of);
    for (const statement of statementsOf(section, reading.tokens)) reading.read(statement);
    reading.finishSection();
  }
  return reading.all();
}

/** Statements that say nothing of who is let through: shaping, reassembly. */
const SHAPING = new Set(['scrub', 'altq', 'queue']);
/** Options that change nothing of it either. */
const OPTIONS = new Set([
  'timeout',
  'limit',
  'optimization',
  'ruleset-optimization',
  'loginterface',
  'block-policy',
  'fail-policy',
  'state-policy',
  'hostid',
  'require-order',
  'fingerprints',
  'debug',
  'state-defaults',
  'keepcounters',
  'reassemble',
  'syncookies',
  'allow-related',
]);
/** Deeper than anybody writes. */
const MOST_LEVELS = 64;
const KINDS: Readonly<Record<string, AnchorText['kind']>> = {
  anchor: 'filter',
  'nat-anchor': 'nat',
  'rdr-anchor': 'rdr',
  'binat-anchor': 'binat',
};

class Reading {
  readonly tokens = new Tokens();
  readonly sections = new Set<'nat' | 'rules'>();
  returned: PfLine | undefined;
  private readonly rules: Rule[] = [];
  private readonly tables = new Map<string, TableText>();
  private readonly anchored = new Map<string, TableText>();
  private readonly skips: SkipText[] = [];
  private readonly tags = new Map<string, (FilterText | TranslationText)[]>();
  private readonly loaded = new Set<string>();
  private readonly order = new Order();
  private unloadable: PfText['unloadable'];
  private written = false;
  /** Anchors whose braces are open. */
  private within: readonly MatchText[] = [];
  /** The way that each of them asks for, where its rules begin, and whether it ends the reading of what they decide. */
  private readonly opened: { readonly way: FilterText['way']; readonly from: number; readonly quick: boolean }[] = [];
  private openLine = 0;
  /** Anchors with braces, and how many rules of the text stood before each. */
  private readonly steps: (SteppedInto & { readonly after: number })[] = [];
  /** At which place of the text a rule stands. */
  private readonly places = new Map<PfLine, number>();

  read({ words, line }: Statement): void {
    this.order.next(words, line);
    const missing = this.tokens.takeMissing();
    const cursor = new Cursor(words, line);
    const word = words[0]!;
    if (missing !== undefined) {
      this.unload(line, `the macro ${missing} has no value, so pf refuses the whole text`);
      if (Object.hasOwn(KINDS, word) && words.at(-1) === '{') this.enter(draftOf(cursor, this.within), 'both', false);
      return;
    }
    switch (word) {
      case 'pass':
      case 'block':
      case 'match':
        return this.add(filterRule(cursor, this.within));
      case 'nat':
      case 'rdr':
      case 'binat':
        return this.translation(cursor);
      case 'no':
        if (words[1] !== 'scrub') this.translation(cursor);
        return;
      case 'antispoof':
        this.written = true;
        this.rules.push(...antispoofed(cursor, this.within).map((rule) => this.narrowed(rule)));
        return;
      case 'table': {
        this.written = true;
        const { name, table } = tableAt(cursor);
        // Inside an anchor it is another table than the one of that name outside.
        if (this.within.length > 0) this.anchored.set(name, table);
        else if (!this.tables.has(name)) this.tables.set(name, table);
        return;
      }
      case 'set':
        return this.option(cursor);
      case 'include':
        return includes(line.number);
      case 'load':
        cursor.skip();
        cursor.expect('anchor');
        this.loaded.add(cursor.word('the name of an anchor'));
        return;
      case '}':
        if (this.within.length === 0) unexpected(line.number, '}', 'a rule');
        return this.leave(line);
      default:
        if (Object.hasOwn(KINDS, word)) return this.anchor(cursor, KINDS[word]!);
        if (SHAPING.has(word)) return;
        if (word === 'ether') return this.ether(cursor);
        if (words[1] === '=' && /^[A-Za-z_]\w*$/.test(word)) {
          this.written = true;
          return this.tokens.define(word, words.slice(2), line.number);
        }
        unexpected(line.number, word, 'a rule of pf');
    }
  }

  shown(name: string, table: TableText): void {
    this.tables.set(name, table);
  }

  /** `lo0 (skip)`, as -v prints it. Source: FreeBSD, pfctl_table.c, print_iface; pf_if.c, pfi_set_flags. */
  skipped({ lines, from }: Section): void {
    lines.forEach((text, at) => {
      const name = /^(\S+) \(skip\)$/.exec(text.trimEnd())?.[1];
      if (name !== undefined) this.skips.push({ line: { number: from + at, text }, name, listed: true });
    });
  }

  finishSection(): void {
    if (this.within.length > 0) cutOff(this.openLine);
  }

  all(): PfText {
    const { rules, tables, skips, tags, sections, written, loaded } = this;
    for (const [name, { line }] of this.anchored)
      tables.set(name, {
        line,
        entries: [],
        because: `which of the tables called ${name} is meant, of an anchor or of all, is not followed`,
      });
    // What a kernel printed it has.
    const doubted = written ? rules.find(isDoubtedBinat) : undefined;
    if (doubted)
      this.unload(doubted.match.line, 'not every release of pf takes a binat of any source, or of all but one');
    if (written && this.order.late)
      this.refused(this.order.late, 'pf takes options first, then translations, and rules that filter last');
    if (written && this.returned)
      this.refused(this.returned, 'its lines end with a carriage return, which pf does not take');
    const filled = rules.map((rule) =>
      rule.is === 'anchor' && isLoaded(rule.name, loaded) ? { ...rule, loaded: true } : rule,
    );
    return {
      rules: filled,
      tables,
      skips,
      tags,
      sections,
      written,
      ...(this.unloadable && { unloadable: this.unloadable }),
    };
  }

  private add({ rule: read, tag, impossible }: Read<FilterText | TranslationText>): void {
    const rule = read.is === 'filter' ? this.narrowed(read) : read;
    this.places.set(rule.match.line, this.places.size + 1);
    this.rules.push(rule);
    if (tag !== undefined) {
      const setters = this.tags.get(tag);
      if (setters) setters.push(rule);
      else this.tags.set(tag, [rule]);
    }
    const because = impossible ?? misfit(rule);
    if (because !== undefined) this.refused(rule.match.line, because);
  }

  private enter(match: MatchText, way: FilterText['way'], quick: boolean): void {
    if (this.within.length >= MOST_LEVELS) tooMuch(match.line.number, 'anchors stand in anchors over and over');
    this.within = [...this.within, match];
    this.opened.push({ way, from: this.rules.length, quick });
    this.steps.push({ match, way, after: this.places.size });
  }

  private leave(line: PfLine): void {
    this.within = this.within.slice(0, -1);
    const { from, quick } = this.opened.pop()!;
    if (!quick) return;
    const inside = this.rules.splice(from);
    this.rules.push(...decidingAtOnce(inside, (rule) => this.steppedBehind(rule)));
    if (inside.some(({ is }) => is === 'anchor'))
      this.unload(line, 'what an anchor decides at once by rules that are not shown is not told');
  }

  private steppedBehind({ match }: Rule): readonly SteppedInto[] {
    const place = this.places.get(match.line);
    const outer = this.opened.length;
    return place === undefined
      ? []
      : this.steps.filter(({ after, match: { within } }) => after >= place && within.length > outer);
  }

  /** What goes another way than the anchors around it reaches nothing. */
  private narrowed<R extends FilterText | AnchorText>(rule: R): R {
    const ways = new Set([rule.way, ...this.opened.map(({ way }) => way)].filter((way) => way !== 'both'));
    const [way = 'both'] = ways;
    return { ...rule, way, ...(ways.size > 1 && { match: { ...rule.match, never: true } }) };
  }

  private refused(line: PfLine, because: string): void {
    this.unload(line, `${because}, so it refuses the whole text`);
  }

  private unload(line: PfLine, because: string): void {
    this.unloadable ??= { line, because };
  }

  private translation(cursor: Cursor): void {
    if (cursor.next === 'no' && !['nat', 'rdr', 'binat'].includes(cursor.after ?? ''))
      unexpected(cursor.line.number, cursor.after, 'a kind of translation');
    this.add(translationRule(cursor, this.within));
  }

  private option(cursor: Cursor): void {
    this.written = true;
    cursor.skip();
    if (cursor.take('skip')) {
      cursor.expect('on');
      for (const name of cursor.list((at) => at.word('the name of an interface')))
        this.skips.push({ line: cursor.line, name });
      return;
    }
    const name = cursor.word('an option');
    if (!OPTIONS.has(name)) this.unload(cursor.line, `what the option ${shown(name)} changes is not known`);
  }

  /** Rules about frames: what they block doesn't arrive. */
  private ether(cursor: Cursor): void {
    if (cursor.after === 'pass' || cursor.after === 'anchor') return;
    const match = { ...draftOf(cursor, this.within), doubts: ['rules about frames are not read'] };
    this.rules.push({ is: 'filter', match, way: 'in', action: 'block', quick: true, state: false, routes: [] });
  }

  private anchor(cursor: Cursor, kind: AnchorText['kind']): void {
    const { name, way, quick, match, opens, impossible } = anchorAt(cursor, kind, this.within);
    if (impossible !== undefined) this.refused(cursor.line, impossible);
    if (opens) this.openLine = cursor.line.number;
    // Of `name/*` what is in the anchors below isn't printed in its braces.
    if (!opens || name.endsWith('/*'))
      this.rules.push(this.narrowed({ is: 'anchor', kind, name, match, way, loaded: false }));
    if (opens) this.enter(match, way, quick);
  }
}
