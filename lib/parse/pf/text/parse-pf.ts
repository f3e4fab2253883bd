/**
 * Parses the text of FreeBSD's pf into a syntax tree. Its files know no device; resolve/ resolves the tree's names for
 * one.
 */

import { PfLine } from '../model';
import { parseAnchor, orderQuickAnchor, isLoadedAnchor } from './anchors';
import { PfCursor } from './cursor';
import { parseAntispoof, parseFilterRule } from './filter-rules';
import { isNewerBinat, explainRefusedRule } from './check-rule';
import { PfSection, PfStatement, findCarriageReturn, splitSections, splitStatements } from './statements';
import { ParsedRuleResult, createDraft } from './match';
import { StatementOrder } from './statement-order';
import { quoteForDisplay } from '../../../problems/line-problems';
import { refuseCutOff, refuseInclude, refuseTooMuch, refuseUnexpected } from './pf-problems';
import { parseShownTable, parseTable } from './tables';
import {
  ParsedPfAnchor,
  ParsedPfFilterRule,
  ParsedPfMatch,
  ParsedPf,
  ParsedPfRule,
  ParsedPfSkip,
  EnteredAnchor,
  ParsedPfTable,
  ParsedPfTranslation,
} from './syntax-tree';
import { PfTokenizer } from './tokenizer';
import { parseTranslation } from './translation-rules';

/**
 * Parses the text of FreeBSD's pf: output of pfctl, under headings or without, and files that it loads. `firstLine` is
 * the number of the text's first line.
 * @throws Refusal for text that is cut off, of another dialect, or not of pf.
 */
export function parsePf(text: string, firstLine = 1): ParsedPf {
  const parser = new PfParser();
  for (const section of splitSections(text, firstLine)) {
    if (typeof section.kind === 'object') {
      parser.setTable(section.kind.table, parseShownTable(section));
      continue;
    }
    if (section.kind === 'interfaces') {
      parser.addSkips(section);
      continue;
    }
    if (section.kind === 'text') parser.carriageReturnLine ??= findCarriageReturn(section);
    else parser.sections.add(section.kind);
    for (const statement of splitStatements(section, parser.tokens)) parser.parseStatement(statement);
    parser.finishSection();
  }
  return parser.finish();
}

/** Statements that don't affect which packets pass: shaping, reassembly. */
const SHAPING_STATEMENTS = new Set(['scrub', 'altq', 'queue']);
/** Options that don't affect which packets pass either. */
const HARMLESS_OPTIONS = new Set([
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
/** Deeper than real rulesets nest anchors. */
const MAX_ANCHOR_DEPTH = 64;
const ANCHOR_KINDS: Readonly<Record<string, ParsedPfAnchor['kind']>> = {
  anchor: 'filter',
  'nat-anchor': 'nat',
  'rdr-anchor': 'rdr',
  'binat-anchor': 'binat',
};

class PfParser {
  readonly tokens = new PfTokenizer();
  readonly sections = new Set<'nat' | 'rules'>();
  carriageReturnLine: PfLine | undefined;
  private readonly rules: ParsedPfRule[] = [];
  private readonly tables = new Map<string, ParsedPfTable>();
  private readonly anchorTables = new Map<string, ParsedPfTable>();
  private readonly skips: ParsedPfSkip[] = [];
  private readonly tags = new Map<string, (ParsedPfFilterRule | ParsedPfTranslation)[]>();
  private readonly loadedAnchors = new Set<string>();
  private readonly order = new StatementOrder();
  private unloadable: ParsedPf['unloadable'];
  private isFile = false;
  /** Anchors whose braces are open. */
  private openAnchors: readonly ParsedPfMatch[] = [];
  /** For each open anchor: its direction, the index of its first rule, and whether `quick` makes its decision final. */
  private readonly openScopes: {
    readonly direction: ParsedPfFilterRule['direction'];
    readonly from: number;
    readonly quick: boolean;
  }[] = [];
  private openLine = 0;
  /** Anchors with braces, and how many rules of the text stood before each. */
  private readonly enteredAnchors: (EnteredAnchor & { readonly after: number })[] = [];
  /** The place of each rule in the text. */
  private readonly rulePositions = new Map<PfLine, number>();

  parseStatement({ words, line }: PfStatement): void {
    this.order.checkNext(words, line);
    const missing = this.tokens.takeMissing();
    const cursor = new PfCursor(words, line);
    const word = words[0]!;
    if (missing !== undefined) {
      this.markUnloadable(line, `the macro ${missing} has no value, so pf refuses the whole text`);
      if (Object.hasOwn(ANCHOR_KINDS, word) && words.at(-1) === '{')
        this.enterAnchor(createDraft(cursor, this.openAnchors), 'both', false);
      return;
    }
    switch (word) {
      case 'pass':
      case 'block':
      case 'match':
        return this.addRule(parseFilterRule(cursor, this.openAnchors));
      case 'nat':
      case 'rdr':
      case 'binat':
        return this.addTranslation(cursor);
      case 'no':
        if (words[1] !== 'scrub') this.addTranslation(cursor);
        return;
      case 'antispoof':
        this.isFile = true;
        this.rules.push(...parseAntispoof(cursor, this.openAnchors).map((rule) => this.narrowDirection(rule)));
        return;
      case 'table': {
        this.isFile = true;
        const { name, table } = parseTable(cursor);
        // Inside an anchor it is another table than the one of that name outside.
        if (this.openAnchors.length > 0) this.anchorTables.set(name, table);
        else if (!this.tables.has(name)) this.tables.set(name, table);
        return;
      }
      case 'set':
        return this.applyOption(cursor);
      case 'include':
        return refuseInclude(line.number);
      case 'load':
        cursor.skip();
        cursor.expect('anchor');
        this.loadedAnchors.add(cursor.takeWord('the name of an anchor'));
        return;
      case '}':
        if (this.openAnchors.length === 0) refuseUnexpected(line.number, '}', 'a rule');
        return this.leaveAnchor(line);
      default:
        if (Object.hasOwn(ANCHOR_KINDS, word)) return this.addAnchor(cursor, ANCHOR_KINDS[word]!);
        if (SHAPING_STATEMENTS.has(word)) return;
        if (word === 'ether') return this.addEtherRule(cursor);
        if (words[1] === '=' && /^[A-Za-z_]\w*$/.test(word)) {
          this.isFile = true;
          return this.tokens.define(word, words.slice(2), line.number);
        }
        refuseUnexpected(line.number, word, 'a rule of pf');
    }
  }

  setTable(name: string, table: ParsedPfTable): void {
    this.tables.set(name, table);
  }

  /**
   * Adds the interfaces that -v prints as `lo0 (skip)`. Source: FreeBSD, pfctl_table.c, print_iface; pf_if.c,
   * pfi_set_flags.
   */
  addSkips({ lines, from }: PfSection): void {
    lines.forEach((text, at) => {
      const name = /^(\S+) \(skip\)$/.exec(text.trimEnd())?.[1];
      if (name !== undefined) this.skips.push({ line: { number: from + at, text }, name, listed: true });
    });
  }

  finishSection(): void {
    if (this.openAnchors.length > 0) refuseCutOff(this.openLine);
  }

  finish(): ParsedPf {
    const { rules, tables, skips, tags, sections, isFile, loadedAnchors: loaded } = this;
    for (const [name, { line }] of this.anchorTables)
      tables.set(name, {
        line,
        entries: [],
        reason: `which of the tables called ${name} is meant, of an anchor or of all, is not followed`,
      });
    // A kernel holds every rule that it printed, so only a file can be refused.
    const newerBinat = isFile ? rules.find(isNewerBinat) : undefined;
    if (isFile && this.order.firstMisplaced)
      this.recordRefusal(
        this.order.firstMisplaced,
        'pf takes options first, then translations, and rules that filter last',
      );
    if (isFile && this.carriageReturnLine)
      this.recordRefusal(this.carriageReturnLine, 'its lines end with a carriage return, which pf does not take');
    const completedRules = rules.map((rule) =>
      rule.is === 'anchor' && isLoadedAnchor(rule.name, loaded) ? { ...rule, loaded: true } : rule,
    );
    return {
      rules: completedRules,
      tables,
      skips,
      tags,
      sections,
      isFile,
      ...(newerBinat && { newerBinatLine: newerBinat.match.line }),
      ...(this.unloadable && { unloadable: this.unloadable }),
    };
  }

  private addRule({
    rule: parsedRule,
    tag,
    impossible,
  }: ParsedRuleResult<ParsedPfFilterRule | ParsedPfTranslation>): void {
    const rule = parsedRule.is === 'filter' ? this.narrowDirection(parsedRule) : parsedRule;
    this.rulePositions.set(rule.match.line, this.rulePositions.size + 1);
    this.rules.push(rule);
    if (tag !== undefined) {
      const setters = this.tags.get(tag);
      if (setters) setters.push(rule);
      else this.tags.set(tag, [rule]);
    }
    // pfctl knows no way of the anchors around a rule: it compares the rule as it is written.
    const reason = impossible ?? explainRefusedRule(parsedRule);
    if (reason !== undefined) this.recordRefusal(rule.match.line, reason);
  }

  private enterAnchor(match: ParsedPfMatch, direction: ParsedPfFilterRule['direction'], quick: boolean): void {
    if (this.openAnchors.length >= MAX_ANCHOR_DEPTH)
      refuseTooMuch(match.line.number, 'anchors stand in anchors over and over');
    this.openAnchors = [...this.openAnchors, match];
    this.openScopes.push({ direction, from: this.rules.length, quick });
    this.enteredAnchors.push({ match, direction, after: this.rulePositions.size });
  }

  private leaveAnchor(line: PfLine): void {
    this.openAnchors = this.openAnchors.slice(0, -1);
    const { from, quick } = this.openScopes.pop()!;
    if (!quick) return;
    const anchorRules = this.rules.splice(from);
    this.rules.push(...orderQuickAnchor(anchorRules, (rule) => this.findLaterAnchors(rule)));
    if (anchorRules.some(({ is }) => is === 'anchor'))
      this.markUnloadable(line, 'what an anchor decides at once by rules that are not shown is not told');
  }

  private findLaterAnchors({ match }: ParsedPfRule): readonly EnteredAnchor[] {
    const position = this.rulePositions.get(match.line);
    const depth = this.openScopes.length;
    return position === undefined
      ? []
      : this.enteredAnchors.filter(
          ({ after, match: { enclosingAnchors } }) => after >= position && enclosingAnchors.length > depth,
        );
  }

  /** Narrows a rule to the directions of the anchors around it. A rule of another direction matches nothing. */
  private narrowDirection<R extends ParsedPfFilterRule | ParsedPfAnchor>(rule: R): R {
    const ways = new Set(
      [rule.direction, ...this.openScopes.map(({ direction }) => direction)].filter((way) => way !== 'both'),
    );
    const [direction = 'both'] = ways;
    return { ...rule, direction, ...(ways.size > 1 && { match: { ...rule.match, matchesNothing: true } }) };
  }

  private recordRefusal(line: PfLine, reason: string): void {
    this.markUnloadable(line, `${reason}, so it refuses the whole text`);
  }

  private markUnloadable(line: PfLine, reason: string): void {
    this.unloadable ??= { line, reason };
  }

  private addTranslation(cursor: PfCursor): void {
    if (cursor.next === 'no' && !['nat', 'rdr', 'binat'].includes(cursor.after ?? ''))
      refuseUnexpected(cursor.line.number, cursor.after, 'a kind of translation');
    this.addRule(parseTranslation(cursor, this.openAnchors));
  }

  private applyOption(cursor: PfCursor): void {
    this.isFile = true;
    cursor.skip();
    if (cursor.take('skip')) {
      cursor.expect('on');
      for (const name of cursor.takeList((at) => at.takeWord('the name of an interface')))
        this.skips.push({ line: cursor.line, name });
      return;
    }
    const name = cursor.takeWord('an option');
    if (!HARMLESS_OPTIONS.has(name))
      this.markUnloadable(cursor.line, `what the option ${quoteForDisplay(name)} changes is not known`);
  }

  /** Adds a rule about frames: packets that it blocks don't arrive. */
  private addEtherRule(cursor: PfCursor): void {
    if (cursor.after === 'pass' || cursor.after === 'anchor') return;
    const match = { ...createDraft(cursor, this.openAnchors), unknownReasons: ['rules about frames are not read'] };
    this.rules.push({ is: 'filter', match, direction: 'in', action: 'block', quick: true, state: false, routes: [] });
  }

  private addAnchor(cursor: PfCursor, kind: ParsedPfAnchor['kind']): void {
    const { name, direction, quick, match, opens, impossible } = parseAnchor(cursor, kind, this.openAnchors);
    if (impossible !== undefined) this.recordRefusal(cursor.line, impossible);
    if (opens) this.openLine = cursor.line.number;
    // The braces of `name/*` don't show the rules of the anchors below it.
    if (!opens || name.endsWith('/*'))
      this.rules.push(this.narrowDirection({ is: 'anchor', kind, name, match, direction, loaded: false }));
    if (opens) this.enterAnchor(match, direction, quick);
  }
}
