import { FAMILIES, Family } from '../../net/address';
import { spend } from '../../net/work';
import { shown } from '../../problems/in-text';
import { Problem, collecting, refuseIfAny } from '../../problems/problem';
import { parseAdd, parseCreate } from '../ipset/parse';
import { IpSet } from '../ipset/sets';
import { ONLY, familiesOf } from './families';
import { saidByFileName } from './file-name';
import { TARGETS } from './options';
import { notLoaded } from './not-loaded';
import { parseRule, placeIn, splitWords } from './parse-rule';
import {
  Chain,
  FileNamed,
  Hidden,
  PrintedBy,
  Saved,
  Section,
  TABLES,
  TableName,
  isBuiltIn,
  noPolicy,
  printedBy,
} from './saved';
import { SayingOfTables } from './saying';

const WARNING = /^# Warning: (ip6?)tables-legacy tables present/;
/** Within a line: through a pipe a program prints rules in blocks, and this at once. */
const WITHIN = /^(.+)(# Warning: ip6?tables-legacy tables present, use ip6?tables-legacy-save to see them)\s*$/;
const INCOMPATIBLE = /^# Table `(\w+)' (is incompatible|contains incompatible base-chains)/;

/** Throws Refusal for text that the programs don't print and wouldn't load. */
export function parseSaved(text: string, say: SayingOfTables): Saved {
  const parser = new Parser(say);
  parser.lines(text.split('\n'));
  return parser.saved();
}

class Parser {
  constructor(private readonly say: SayingOfTables) {}

  private readonly sections: Section[] = [];
  private readonly sets = new Map<string, IpSet>();
  private readonly warnings: {
    /** Of both where nothing says which. */
    families: readonly Family[];
    readonly line: number;
    readonly what: string;
    readonly legacy: boolean;
  }[] = [];
  private readonly problems: Problem[] = [];
  private open: (Section & { readonly chains: Map<string, Chain> }) | undefined;
  private header: (PrintedBy & { readonly line: number }) | undefined;
  private lastFamily: Family | undefined;
  private between: Parser['warnings'] = [];
  /** What names of files say of the tables above a line. */
  private readonly files: FileNamed[] = [];
  /** Of a line that goes on behind a warning. */
  private started = '';

  /** All of them, or to the one behind which nobody knows where anything belongs. */
  lines(lines: readonly string[]): void {
    const read = collecting(this.problems, () => {
      lines.forEach((line, at) => this.line(line, at + 1, at === lines.length - 1));
      return 'to the end';
    });
    if (!read) refuseIfAny(this.problems);
  }

  line(printed: string, line: number, isLast: boolean): void {
    const [, start, warning] = WITHIN.exec(printed) ?? [];
    if (warning !== undefined) this.remark(warning, line);
    if (start !== undefined && !isLast) return void (this.started = start);
    const text = `${this.started}${start ?? printed}`.trim();
    this.started = '';
    if (text === '') return;
    spend(1);
    if (text.startsWith('#')) return this.remark(text, line);
    if (this.open) return this.inTable(this.open, text, line);
    if (text.startsWith('*')) return this.table(text.slice(1).trim(), line);
    const [word, ...words] = splitWords(text, line, this.say);
    if (word !== 'create' && word !== 'add') this.say.unexpected(line, text, 'a table (`*filter`) or a set');
    // `add x 10.0.0.1` may go on, and a whole text ends its lines.
    if (isLast)
      this.say.refuse(
        'cut-off',
        line,
        'a line of a set has no end: the line break is missing.',
        'the text whole, with its last line break.',
      );
    if (word === 'create') parseCreate(words, line, this.sets, this.say);
    else parseAdd(words, line, this.sets, this.say);
  }

  private remark(text: string, line: number): void {
    // Somebody took its table out, and left both remarks.
    if (/^# Completed on /.test(text)) this.header = undefined;
    const called = saidByFileName(text);
    if (called) this.calledAs(called.family, line, called.tables);
    const by = printedBy(text);
    if (by) {
      this.header = { ...by, line };
      this.belongs(by.family);
      this.lastFamily = by.family;
    }
    const warned = WARNING.exec(text)?.[1];
    if (warned !== undefined)
      this.warnings.push({
        families: [warned as Family],
        line,
        what: `${warned}tables-legacy-save shows tables that are not in the text`,
        legacy: true,
      });
    const table = INCOMPATIBLE.exec(text)?.[1];
    if (table === undefined) return;
    const warning = { families: FAMILIES, line, what: `table ${table} holds rules that only nft shows`, legacy: false };
    this.warnings.push(warning);
    if (this.header) warning.families = [this.header.family];
    else this.between.push(warning);
  }

  /** What stands between two tables is of the one behind it, or of a program that showed none: of what is around it. */
  private belongs(next: Family): void {
    for (const warning of this.between)
      if (this.lastFamily === undefined || this.lastFamily === next) warning.families = [next];
    this.between = [];
  }

  /** Of the tables of that file. One that holds a table twice is of both families, whatever it is called. */
  private calledAs(family: Family, line: number, tables: number): void {
    const [from, until] = [this.sections.length - tables, this.sections.length];
    if (new Set(this.sections.slice(from).map(({ name }) => name)).size === tables)
      this.files.push({ family, line, from, until });
  }

  private table(name: string, line: number): void {
    if (!Object.hasOwn(TABLES, name))
      this.say.refuse('unknown-table', line, `there is no table ${shown(name)}.`, `${Object.keys(TABLES).join(', ')}.`);
    const { family, backEnd } = this.header ?? {};
    this.open = { name: name as TableName, line, told: family, backEnd, chains: new Map() };
    this.header = undefined;
    this.sections.push(this.open);
  }

  private inTable(table: NonNullable<Parser['open']>, text: string, line: number): void {
    if (text === 'COMMIT') {
      this.open = undefined;
      return this.close(table);
    }
    if (text.startsWith(':')) return this.chain(table, text.slice(1), line);
    if (text.startsWith('*'))
      return this.say.refuse(
        'cut-off',
        table.line,
        `table ${table.name} has no COMMIT before the next one begins.`,
        'the text whole.',
      );
    // Counters, as -c prints them.
    const written = splitWords(text.replace(/^\[\d+:\d+\]\s*/, ''), line, this.say);
    // What people write for both programs: each leaves out the other's rules.
    const only = ONLY.get(written[0] ?? '');
    const words = only === undefined ? written : written.slice(1);
    const [command, name = '', policy = '', ...more] = words;
    if (only === undefined && /^(-N|--new-chain)$/.test(command ?? '') && words.length === 2)
      return this.chain(table, `${name} -`, line);
    if (only === undefined && /^(-P|--policy)$/.test(command ?? '') && more.length === 0)
      return this.policy(table, name, policy, line);
    const chain = table.chains.get(name);
    const { at, rest } = placeIn(chain?.rules ?? [], words);
    if (at === undefined) return this.say.unexpected(line, text, 'a chain (`:INPUT`), a rule (`-A INPUT`) or COMMIT');
    if (chain)
      collecting(this.problems, () =>
        chain.rules.splice(at, 0, { ...parseRule(rest, line, text, this.say), ...(only ? { only } : {}) }),
      );
    else if (isBuiltIn(table.name, name)) this.problems.push(noPolicy(table, name, line, this.say));
    else
      this.problems.push(
        this.say.problem(
          'no-such-chain',
          line,
          `the rule is for chain ${shown(name)}, which is not declared above it.`,
          this.say.whole,
        ),
      );
  }

  /** The last one counts. */
  private policy(table: NonNullable<Parser['open']>, name: string, policy: string, line: number): void {
    const before = table.chains.get(name);
    table.chains.delete(name);
    this.chain(table, `${name} ${policy}`, line);
    if (before) table.chains.set(name, { ...table.chains.get(name)!, rules: before.rules });
  }

  private chain(table: NonNullable<Parser['open']>, text: string, line: number): void {
    const [, name = '', policy = '', more] = /^(\S+)\s+(\S+)(?:\s+\[\d+:\d+\])?(\s.*)?$/.exec(text) ?? [];
    if (name === '' || more !== undefined)
      this.say.unexpected(line, `:${text}`, 'a chain with its policy (`:INPUT DROP [0:0]`)');
    if (table.chains.has(name))
      this.problems.push(
        this.say.problem('duplicate-chain', line, `chain ${shown(name)} is declared twice.`, this.say.whole),
      );
    if (TARGETS.has(name))
      this.problems.push(
        this.say.problem(
          'reserved-name',
          line,
          `${shown(name)} is the name of a target, and no chain can have it.`,
          this.say.whole,
        ),
      );
    const builtIn = isBuiltIn(table.name, name);
    const known = builtIn ? policy === 'ACCEPT' || policy === 'DROP' : policy === '-';
    if (!known)
      this.problems.push(
        this.say.problem(
          builtIn ? 'no-policy' : 'wrong-policy',
          line,
          builtIn
            ? `chain ${name} of table ${table.name} has no policy.`
            : `chain ${shown(name)} is no built-in one, and can't have policy ${shown(policy)}.`,
          builtIn ? 'ACCEPT or DROP after its name.' : '- after its name.',
        ),
      );
    table.chains.set(name, {
      name,
      line,
      ...(builtIn ? { policy: policy === 'DROP' ? ('drop' as const) : ('accept' as const) } : {}),
      rules: [],
    });
  }

  private close(table: Section): void {
    for (const { name: chain, rules } of table.chains.values())
      for (const rule of rules) {
        this.problems.push(...notLoaded(rule, chain, this.say.problem));
        const { line, target } = rule;
        if (!target) continue;
        const { name, goto, options } = target;
        const isChain = table.chains.has(name);
        // Targets that nobody here knows have options, or none that a chain could be called as.
        if (!isChain && (goto || (!TARGETS.has(name) && options.length === 0)))
          this.problems.push(
            this.say.problem(
              'no-such-chain',
              line,
              `the rule leads to ${shown(name)}, which table ${table.name} doesn't have.`,
              this.say.whole,
            ),
          );
        if (isChain && options[0])
          this.problems.push(
            this.say.problem(
              'unknown-option',
              line,
              `nothing in the rule has an option ${shown(options[0].name)}.`,
              this.say.whole,
            ),
          );
      }
    if (table.name !== 'filter') return;
    for (const name of TABLES.filter.hooks)
      if (!table.chains.has(name)) this.problems.push(noPolicy(table, name, table.line, this.say));
  }

  saved(): Saved {
    if (this.open)
      this.say.refuse(
        'cut-off',
        this.open.line,
        `table ${this.open.name} has no COMMIT: the text is cut off.`,
        'the text whole.',
      );
    if (this.header)
      this.say.refuse(
        'cut-off',
        this.header.line,
        'no table follows this remark: the text is cut off.',
        'the text whole; without this line, where you know that nothing stood behind it.',
      );
    refuseIfAny(this.problems);
    const { tables, byName } = familiesOf(this.sections, this.files, this.say.problem);
    const hasLegacy = (family: Family): boolean =>
      this.sections.some(({ backEnd, told }) => backEnd === 'legacy' && told === family);
    const hidden = this.warnings.flatMap(({ families, line, what, legacy }): readonly Hidden[] =>
      families.filter((one) => !(legacy && hasLegacy(one))).map((one) => ({ family: one, line, what })),
    );
    const warns = this.sections.some(
      ({ backEnd, told }) => told !== undefined && backEnd !== 'legacy' && !hasLegacy(told),
    );
    return {
      tables,
      byName,
      sets: this.sets,
      hidden,
      warnsElsewhere: warns && !this.warnings.some(({ legacy }) => legacy),
    };
  }
}
