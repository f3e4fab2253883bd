/**
 * Parses the output of iptables-save, ip6tables-save and ipset save, and files that iptables-restore loads, into a
 * syntax tree. It knows no device and no evaluator; lower/ makes the ruleset model of the tree.
 */

import { FAMILIES, Family } from '../../net/address';
import { spendSteps } from '../../net/step-budget';
import { quoteForDisplay } from '../../problems/line-problems';
import { Problem, collectProblems, refuseIfAny } from '../../problems/problem';
import { parseAdd, parseCreate } from '../ipset/parse-sets';
import { IpSet } from '../ipset/ip-set';
import { FAMILY_FLAGS, resolveFamilies } from './resolve-families';
import { parseFileNameRemark } from './family-of-file-name';
import { TARGETS } from './option-tables';
import { checkFamilyLoadable, checkLoadable } from './check-loadable';
import { parseRule, findRuleIndex, splitWords } from './parse-rule';
import { OpenTable, runRestoreCommand } from './restore-commands';
import {
  NamedTableFile,
  HiddenRules,
  SaveHeader,
  ParsedXtables,
  TableSection,
  TABLES,
  XtablesTableName,
  isBuiltInChain,
  createNoPolicyProblem,
  parseSaveHeader,
} from './parsed-xtables';
import { XtablesProblems } from './xtables-problems';

const WARNING = /^# Warning: (ip6?)tables-legacy tables present/;
/** Matches a warning within a line: through a pipe a program prints rules in blocks, and the warning at once. */
const WARNING_WITHIN_LINE =
  /^(.+)(# Warning: ip6?tables-legacy tables present, use ip6?tables-legacy-save to see them)\s*$/;
const INCOMPATIBLE_TABLE = /^# Table `(\w+)' (is incompatible|contains incompatible base-chains)/;

/**
 * Parses a text.
 * @throws Refusal for text that the programs don't print and wouldn't load.
 */
export function parseXtables(text: string, say: XtablesProblems): ParsedXtables {
  const parser = new XtablesParser(say);
  parser.parseLines(text.split('\n'));
  return parser.finish();
}

class XtablesParser {
  constructor(private readonly messages: XtablesProblems) {}

  private readonly sections: TableSection[] = [];
  private readonly sets = new Map<string, IpSet>();
  private readonly warnings: {
    /** Both families if nothing states which. */
    families: readonly Family[];
    readonly line: number;
    readonly what: string;
    readonly legacy: boolean;
  }[] = [];
  private readonly problems: Problem[] = [];
  private currentTable: OpenTable | undefined;
  private header: (SaveHeader & { readonly line: number }) | undefined;
  private lastFamily: Family | undefined;
  private pendingWarnings: XtablesParser['warnings'] = [];
  /** The families of the tables above a line, from the names of files. */
  private readonly files: NamedTableFile[] = [];
  /** The beginning of a line that goes on behind a warning. */
  private continuedLine = '';

  /** Parses all lines, or stops at one after which the place of the others isn't known. */
  parseLines(lines: readonly string[]): void {
    const isComplete = collectProblems(this.problems, () => {
      lines.forEach((line, at) => this.parseLine(line, at + 1, at === lines.length - 1));
      return 'to the end';
    });
    if (!isComplete) refuseIfAny(this.problems);
  }

  parseLine(printed: string, line: number, isLast: boolean): void {
    const [, lineStart, warning] = WARNING_WITHIN_LINE.exec(printed) ?? [];
    if (warning !== undefined) this.parseRemark(warning, line);
    if (lineStart !== undefined && !isLast) return void (this.continuedLine = lineStart);
    const text = `${this.continuedLine}${lineStart ?? printed}`.trim();
    this.continuedLine = '';
    if (text === '') return;
    spendSteps(1);
    if (text.startsWith('#')) return this.parseRemark(text, line);
    if (this.currentTable) return this.parseTableLine(this.currentTable, text, line);
    if (text.startsWith('*')) return this.openTable(text.slice(1).trim(), line);
    const [word, ...words] = splitWords(text, line, this.messages);
    if (word !== 'create' && word !== 'add') this.messages.unexpected(line, text, 'a table (`*filter`) or a set');
    // `add x 10.0.0.1` may go on; a complete text ends its lines.
    if (isLast)
      this.messages.refuse(
        'cut-off',
        line,
        'a line of a set has no end: the line break is missing.',
        'the text whole, with its last line break.',
      );
    if (word === 'create') parseCreate(words, line, this.sets, this.messages);
    else parseAdd(words, line, this.sets, this.messages);
  }

  private parseRemark(text: string, line: number): void {
    // The remark's table was taken out, and both remarks were left.
    if (/^# Completed on /.test(text)) this.header = undefined;
    const fileName = parseFileNameRemark(text);
    if (fileName) this.recordFileName(fileName.family, line, fileName.tables);
    const saveHeader = parseSaveHeader(text);
    if (saveHeader) {
      this.header = { ...saveHeader, line };
      this.assignWarnings(saveHeader.family);
      this.lastFamily = saveHeader.family;
    }
    const warnedFamily = WARNING.exec(text)?.[1];
    if (warnedFamily !== undefined)
      this.warnings.push({
        families: [warnedFamily as Family],
        line,
        what: `${warnedFamily}tables-legacy-save shows tables that are not in the text`,
        legacy: true,
      });
    const table = INCOMPATIBLE_TABLE.exec(text)?.[1];
    if (table === undefined) return;
    const warning = { families: FAMILIES, line, what: `table ${table} holds rules that only nft shows`, legacy: false };
    this.warnings.push(warning);
    if (this.header) warning.families = [this.header.family];
    else this.pendingWarnings.push(warning);
  }

  /**
   * Assigns warnings that stand between two tables. They belong to the next table, or to a program that showed no
   * table. Between tables of different families they stay assigned to both.
   */
  private assignWarnings(nextFamily: Family): void {
    for (const warning of this.pendingWarnings)
      if (this.lastFamily === undefined || this.lastFamily === nextFamily) warning.families = [nextFamily];
    this.pendingWarnings = [];
  }

  /** Records the family of a file's tables. A file that holds a table twice is of both families, whatever its name. */
  private recordFileName(family: Family, line: number, tables: number): void {
    const [from, until] = [this.sections.length - tables, this.sections.length];
    if (new Set(this.sections.slice(from).map(({ name }) => name)).size === tables)
      this.files.push({ family, line, from, until });
  }

  private openTable(name: string, line: number): void {
    if (!Object.hasOwn(TABLES, name))
      this.messages.refuse(
        'unknown-table',
        line,
        `there is no table ${quoteForDisplay(name)}.`,
        `${Object.keys(TABLES).join(', ')}.`,
      );
    const { family, backEnd } = this.header ?? {};
    this.currentTable = { name: name as XtablesTableName, line, statedFamily: family, backEnd, chains: new Map() };
    this.header = undefined;
    this.sections.push(this.currentTable);
  }

  private parseTableLine(table: OpenTable, text: string, line: number): void {
    if (text === 'COMMIT') {
      this.currentTable = undefined;
      return this.closeTable(table);
    }
    if (text.startsWith(':')) return this.addChain(table, text.slice(1), line);
    if (text.startsWith('*'))
      return this.messages.refuse(
        'cut-off',
        table.line,
        `table ${table.name} has no COMMIT before the next one begins.`,
        'the text whole.',
      );
    // Counters, as -c prints them.
    const tokens = splitWords(text.replace(/^\[\d+:\d+\]\s*/, ''), line, this.messages);
    // A file for both programs: each leaves out the other's rules.
    const onlyFamily = FAMILY_FLAGS.get(tokens[0] ?? '');
    const words = onlyFamily === undefined ? tokens : tokens.slice(1);
    const [command, name = '', policy = '', ...extraWords] = words;
    if (onlyFamily === undefined && /^(-N|--new-chain)$/.test(command ?? '') && words.length === 2)
      return this.addChain(table, `${name} -`, line);
    if (onlyFamily === undefined && /^(-P|--policy)$/.test(command ?? '') && extraWords.length === 0)
      return this.addChain(table, `${name} ${policy}`, line);
    const isDone =
      onlyFamily === undefined &&
      collectProblems(this.problems, () => runRestoreCommand(table, words, line, text, this.messages));
    if (isDone !== false) return;
    const chain = table.chains.get(name);
    const { at: index, rest: ruleWords } = findRuleIndex(chain?.rules ?? [], words);
    if (index === undefined)
      return this.messages.unexpected(line, text, 'a chain (`:INPUT`), a rule (`-A INPUT`) or COMMIT');
    if (chain)
      collectProblems(this.problems, () =>
        chain.rules.splice(index, 0, {
          ...parseRule(ruleWords, line, text, this.messages),
          ...(onlyFamily ? { only: onlyFamily } : {}),
        }),
      );
    else if (isBuiltInChain(table.name, name))
      this.problems.push(createNoPolicyProblem(table, name, line, this.messages));
    else
      this.problems.push(
        this.messages.problem(
          'no-such-chain',
          line,
          `the rule is for chain ${quoteForDisplay(name)}, which is not declared above it.`,
          this.messages.whole,
        ),
      );
  }

  /** Declares a chain. The last policy of a built-in chain counts. */
  private addChain(table: OpenTable, text: string, line: number): void {
    const [, name = '', policy = '', extraText] = /^(\S+)\s+(\S+)(?:\s+\[\d+:\d+\])?(\s.*)?$/.exec(text) ?? [];
    if (name === '' || extraText !== undefined)
      this.messages.unexpected(line, `:${text}`, 'a chain with its policy (`:INPUT DROP [0:0]`)');
    const builtIn = isBuiltInChain(table.name, name);
    const previous = table.chains.get(name);
    if (previous && !builtIn)
      this.problems.push(
        this.messages.problem(
          'duplicate-chain',
          line,
          `chain ${quoteForDisplay(name)} is declared twice.`,
          this.messages.whole,
        ),
      );
    if (TARGETS.has(name))
      this.problems.push(
        this.messages.problem(
          'reserved-name',
          line,
          `${quoteForDisplay(name)} is the name of a target, and no chain can have it.`,
          this.messages.whole,
        ),
      );
    const isValidPolicy = builtIn ? policy === 'ACCEPT' || policy === 'DROP' : policy === '-';
    if (!isValidPolicy)
      this.problems.push(
        this.messages.problem(
          builtIn ? 'no-policy' : 'wrong-policy',
          line,
          builtIn
            ? `chain ${name} of table ${table.name} has no policy.`
            : `chain ${quoteForDisplay(name)} is no built-in one, and can't have policy ${quoteForDisplay(policy)}.`,
          builtIn ? 'ACCEPT or DROP after its name.' : '- after its name.',
        ),
      );
    table.chains.set(name, {
      name,
      line,
      ...(builtIn ? { policy: policy === 'DROP' ? ('drop' as const) : ('accept' as const) } : {}),
      rules: previous?.rules ?? [],
    });
  }

  private closeTable(table: TableSection): void {
    for (const { name: chain, rules } of table.chains.values())
      for (const rule of rules) {
        this.problems.push(...checkLoadable(rule, chain, this.messages.problem));
        const { line, target } = rule;
        if (!target) continue;
        const { name, goto, options } = target;
        const isChain = table.chains.has(name);
        // A name without options that is no known target counts as a missing chain. An unknown target has options.
        if (!isChain && (goto || (!TARGETS.has(name) && options.length === 0)))
          this.problems.push(
            this.messages.problem(
              'no-such-chain',
              line,
              `the rule leads to ${quoteForDisplay(name)}, which table ${table.name} doesn't have.`,
              this.messages.whole,
            ),
          );
        if (isChain && options[0])
          this.problems.push(
            this.messages.problem(
              'unknown-option',
              line,
              `nothing in the rule has an option ${quoteForDisplay(options[0].name)}.`,
              this.messages.whole,
            ),
          );
      }
    if (table.name !== 'filter') return;
    for (const name of TABLES.filter.hooks)
      if (!table.chains.has(name)) this.problems.push(createNoPolicyProblem(table, name, table.line, this.messages));
  }

  finish(): ParsedXtables {
    if (this.currentTable)
      this.messages.refuse(
        'cut-off',
        this.currentTable.line,
        `table ${this.currentTable.name} has no COMMIT: the text is cut off.`,
        'the text whole.',
      );
    if (this.header)
      this.messages.refuse(
        'cut-off',
        this.header.line,
        'no table follows this remark: the text is cut off.',
        'the text whole; without this line, where you know that nothing stood behind it.',
      );
    refuseIfAny(this.problems);
    const { tables, byName } = resolveFamilies(this.sections, this.files, this.messages.problem);
    refuseIfAny(
      tables.flatMap(({ family, chains }) =>
        [...chains.values()].flatMap(({ rules }) =>
          rules.flatMap((rule) => checkFamilyLoadable(rule, family, this.messages.problem)),
        ),
      ),
    );
    const hasLegacy = (family: Family): boolean =>
      this.sections.some(({ backEnd, statedFamily: headerFamily }) => backEnd === 'legacy' && headerFamily === family);
    const hidden = this.warnings.flatMap(({ families, line, what, legacy }): readonly HiddenRules[] =>
      families
        .filter((warnedFamily) => !(legacy && hasLegacy(warnedFamily)))
        .map((warnedFamily) => ({ family: warnedFamily, line, what })),
    );
    const hasWarning = this.sections.some(
      ({ backEnd, statedFamily: headerFamily }) =>
        headerFamily !== undefined && backEnd !== 'legacy' && !hasLegacy(headerFamily),
    );
    return {
      tables,
      byName,
      sets: this.sets,
      hidden,
      warnsElsewhere: hasWarning && !this.warnings.some(({ legacy }) => legacy),
    };
  }
}
