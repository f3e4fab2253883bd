import { Problem } from '../../../../problems/problem';
import { checkData, checkKey, checkSet } from './sets';
import { overlapping } from './overlaps';
import { Layers } from './layers';
import { shown } from '../../../../problems/in-text';
import { problem } from '../problems';
import { Added, Element, NamedSet, Right, Rule, Statement, Table, Test, Translate, Verdict } from '../ruleset';
import { JUDGES, isWide, typeOfField } from '../data-types';

type Types = readonly (string | undefined)[];

/** What nft or the kernel refuse of the rules of a table, wherever they stand. Source: each asked of nft 1.0.6 with kernel 6.18. */
export function checkRules(table: Table): readonly Problem[] {
  const check = new RuleCheck(table);
  for (const set of table.sets.values()) check.leadsFrom(set);
  for (const chain of table.chains.values()) for (const rule of chain.rules) check.rule(rule);
  return check.problems;
}

/** Checks the rules of one table: `problems` has all that nft or the kernel would refuse, with its line. */
export class RuleCheck {
  readonly problems: Problem[] = [];
  private readonly fine = new Set<Test>();

  constructor(private readonly table: Table) {}

  /** Which of its statements are refused. */
  rule({ line, statements }: Rule): readonly number[] {
    const layers = new Layers(this.table.family);
    const clashes = (clash: string | undefined): void => {
      if (clash) this.say('two-protocols', line, clash, 'the rule without one of them: it never matches.');
    };
    const refused: number[] = [];
    for (const [at, statement] of statements.entries()) {
      const before = this.problems.length;
      clashes(layers.after(statement));
      this.statement(statement, line);
      if (this.problems.length > before) refused.push(at);
    }
    return refused;
  }

  /** Whether nothing of it is refused. */
  set(set: NamedSet): boolean {
    const before = this.problems.length;
    this.leadsFrom(set);
    return this.problems.length === before && checkSet(set).length === 0;
  }

  private say(code: string, line: number, what: string, instead: string): void {
    this.problems.push(problem(code, line, what, instead));
  }

  private statement(statement: Statement, line: number): void {
    switch (statement.is) {
      case 'test':
        return this.test(statement, line);
      case 'choose':
        this.fields(statement.fields, line);
        return this.right(statement.fields, statement.map, 'vmap', line);
      case 'has':
        this.fields(statement.fields, line);
        return statement.into && this.added(statement.into, line);
      case 'translate':
        return this.translation(statement, line);
      case 'verdict':
        return this.leads(statement.verdict, line, 'the rule');
      default:
    }
  }

  /** Rules share tests: those that are fine needn't be looked at again, others are wrong in each line. */
  private test(test: Test, line: number): void {
    if (test.implied === 'rejects' || this.fine.has(test)) return;
    const before = this.problems.length;
    this.fields(test.fields, line);
    this.right(test.fields, test.right, test.implied ?? 'set', line);
    this.comparison(test, line);
    if (this.problems.length === before) this.fine.add(test);
  }

  private fields(fields: readonly string[], line: number): void {
    if (this.table.family !== 'inet' && fields.includes('meta nfproto'))
      this.say(
        'wrong-family',
        line,
        `"meta nfproto" is asked in a table of family ${this.table.family}.`,
        'a table of family inet.',
      );
  }

  /** A rule adds to sets of single keys; of maps it says where they lead, too. */
  private added({ set: name, key }: Added, line: number): void {
    const set = this.table.sets.get(name);
    if (!set)
      return this.say(
        'no-such-set',
        line,
        `the rule adds to set ${shown(name)}, which its table doesn't have.`,
        'the text whole.',
      );
    if (set.head.flags.has('interval'))
      this.say('bad-set', line, `the rule adds to set ${shown(name)}, which holds intervals.`, 'a set without.');
    else if (!set.head.isMap)
      this.named(
        key.map((part) => (part === undefined ? undefined : typeOfField(part))),
        set,
        'set',
        line,
      );
  }

  private comparison({ comparison, fields, right }: Test, line: number): void {
    // Nearly every test is one of these.
    if (comparison === '' && fields.length === 1) return;
    const type = typeOfField(fields[0]!);
    const orders = comparison.startsWith('<') || comparison.startsWith('>');
    const listed = 'elements' in right && !right.braces;
    if (orders && 'set' in right) this.say('bad-value', line, 'a set is neither less nor more.', '"==" or "!=".');
    if (orders && listed && type !== undefined && right.elements.some(({ key }) => isWide(type, key[0]!)))
      this.say('bad-value', line, 'several values are neither less nor more.', 'one value.');
    if (comparison === '!' && fields.length === 1 && type !== undefined && !FLAGS.has(type))
      this.say('bad-value', line, `"!" asks for flags, and ${shown(fields[0]!)} has none.`, '"!=".');
    if (fields.length > 1 && listed)
      this.say('bad-value', line, 'several fields are compared without a list.', '`{ … }` around the values.');
  }

  private translation({ to, kind, family }: Translate, line: number): void {
    if (!to || !('fields' in to)) return;
    this.right(to.fields, to.map, 'map', line);
    const data = 'set' in to.map ? this.table.sets.get(to.map.set)?.head.data?.[0] : undefined;
    if (data === undefined) return;
    const of = family ?? this.table.family;
    const wanted = of === 'ip' ? ['ipv4_addr'] : of === 'ip6' ? ['ipv6_addr'] : ['ipv4_addr', 'ipv6_addr'];
    if (!(to.isPort || kind === 'masquerade' ? ['inet_service'] : wanted).includes(data))
      this.say('bad-data', line, `its map leads to ${shown(data)}.`, 'a map to what is translated.');
  }

  leadsFrom({ name, line: at, elements }: NamedSet): void {
    for (const { verdict, line } of elements) if (verdict) this.leads(verdict, line, `set ${shown(name)}, line ${at}`);
  }

  /** A jump leads to a chain of its table that stands at no hook. */
  leads(verdict: Verdict, line: number, who: string): void {
    if (verdict.is !== 'jump' && verdict.is !== 'goto') return;
    if (this.table.chains.get(verdict.chain)?.base)
      this.say(
        'jump-to-base',
        line,
        `${who} leads to chain ${shown(verdict.chain)}, which stands at a hook.`,
        'a chain without one.',
      );
  }

  private right(fields: readonly string[], right: Right, use: 'set' | 'map' | 'vmap', line: number): void {
    const types = fields.map(typeOfField);
    if ('set' in right) {
      const set = this.table.sets.get(right.set);
      if (set) this.named(types, set, use, line);
      return;
    }
    const { elements, braces } = right;
    if (elements.length === 0)
      return this.say('empty-list', line, 'it is compared with a list that is empty.', 'its elements.');
    if (!braces && elements.length > 1 && fields.length === 1 && types[0] !== undefined && !FLAGS.has(types[0]))
      this.say(
        'bad-value',
        line,
        `${shown(fields[0]!)} is compared with several values outside of braces.`,
        '`{ … }` around them.',
      );
    if (!braces && elements.some(({ key }) => key.includes('*')))
      this.say('bad-value', line, '"*" stands outside of braces.', 'the rule without it.');
    if (isListedOtherwise(fields, right)) return;
    for (const element of elements)
      this.element(element, types, use, elements.length, line, braces ? element.line : line);
    if (use !== 'set' || fields.length > 1) this.together(elements, types, use === 'set', line);
  }

  private element(
    element: Element,
    types: Types,
    use: 'set' | 'map' | 'vmap',
    count: number,
    line: number,
    at: number,
  ): void {
    const say = (code: string, what: string, instead: string): void =>
      this.say(code, at, `${shown(element.key.join(' . '))} ${what}`, instead);
    checkKey(element, types, say);
    if (count > 1 && element.options?.some((one) => one === 'timeout' || one === 'expires'))
      say('bad-value', 'expires, and stands in a rule.', 'a set with a name.');
    if (use === 'set') {
      if (element.data || element.verdict)
        say('bad-data', 'leads somewhere, and nobody asks where.', 'the key alone, or `vmap`.');
    } else checkData(element, use === 'vmap' ? ['verdict'] : undefined, true, say);
    if (use === 'map' && element.verdict) say('bad-data', 'leads to a verdict.', 'what the map leads to.');
    if (element.verdict) this.leads(element.verdict, line, 'the rule');
  }

  private together(elements: readonly Element[], types: Types, merged: boolean, line: number): void {
    const found = overlapping(elements, types, !merged || types.length > 1);
    if (found)
      this.say(
        'same-key-twice',
        line,
        `${shown(found.second.key.join(' . '))} and ${shown(found.first.key.join(' . '))} overlap.`,
        'one of them.',
      );
  }

  private named(types: Types, { name, head }: NamedSet, use: 'set' | 'map' | 'vmap', line: number): void {
    const { key, data, isMap } = head;
    const differ =
      key &&
      (key.length !== types.length ||
        key.some((one, i) => one !== undefined && types[i] !== undefined && one !== types[i]));
    if (differ)
      this.say(
        'bad-value',
        line,
        `set ${shown(name)} is of ${shown(key.map((one) => one ?? '?').join(' . '))}, and is asked for something else.`,
        'a set of that type.',
      );
    if (use !== 'vmap') return;
    if (!isMap || (data !== undefined && data[0] !== 'verdict' && data[0] !== undefined))
      this.say('bad-data', line, `set ${shown(name)} doesn't lead to verdicts.`, 'a map of verdicts.');
  }
}

/** Types of which several make one value. */
const FLAGS = new Set(['ct_state', 'ct_status', 'tcp_flag']);

/**
 * What nft lists of rules that say something else, and would not take: of a key with the port of a session what stands in front of it, and
 * `sport < 443 dport > 22`, or both of one field, as `dport != 443-22`. Source: expr_may_merge_range in src/netlink_delinearize.c, 1.0.6.
 */
function isListedOtherwise(fields: readonly string[], { elements, braces }: Exclude<Right, { set: string }>): boolean {
  if (fields.length > 1)
    return braces && fields.some(isPortOfSession) && elements.every(({ key }) => key.length < fields.length);
  return !braces && elements.length === 1 && isTurned(typeOfField(fields[0]!), elements[0]!.key[0] ?? '');
}

const isPortOfSession = (field: string): boolean => / proto-(src|dst)$/.test(field);

/** The end stands in front of the beginning. */
function isTurned(type: string | undefined, text: string): boolean {
  const [last, first, ...others] = text.split('-');
  return (
    first !== undefined &&
    others.length === 0 &&
    type !== undefined &&
    JUDGES.get(type)?.(`${first}-${last}`) === true &&
    first !== last
  );
}
