import { spend } from '../../../net/work';
import { printable, Problem, refuseIfAny } from '../../../problems/problem';
import { check } from './check/all';
import { fieldNamed, ofEitherFamily } from '../../../reading/netfilter/fields';
import { dropsExtension } from '../../../reading/netfilter/extensions';
import { tellMarks } from '../../../reading/stages/marks';
import { problem, shown } from './problems';
import { Element, NamedSet, Right, Rule, Ruleset, Statement, Table, Test, Verdict } from './ruleset';
import { joinNeighbours } from './neighbours';
import { protocolAsked, understandTest } from './understand-test';
import { understandTranslation } from './understand-translation';
import { NETFILTER, Condition, Decision, End, Members, PER_ENTRY, Tuple, Understood, UnderstoodChain } from '../../../reading/stages/model';
import { wrongJumps } from '../../../reading/stages/jumps';
import { judged, Unjudged } from '../../../reading/stages/untracking';
import { Field } from '../../../reading/stages/fields';
import { valueOf } from '../../../reading/netfilter/values';

/** The kernel follows no more jumps within one hook than this. Source: NFT_JUMP_STACK_SIZE. */
const DEEPEST = 16;

/** Resolves a text's names. Throws Refusal for names that lead nowhere and jumps that go in circles. */
export function understand(ruleset: Ruleset): Understood {
  refuseIfAny(check(ruleset));
  const problems: Problem[] = [];
  const bases: Unjudged[] = [];
  for (const table of ruleset.tables) {
    if (table.dormant !== undefined) continue;
    const scope = new Scope(table, ruleset, problems);
    for (const chain of table.chains.values())
      if (chain.base) bases.push({ ...chain.base, family: table.family, chain: scope.chain(chain.name, chain.line) });
    scope.finish();
  }
  refuseIfAny(problems);
  tellMarks(bases);
  return { bases: judged(bases), ...dormantOf(ruleset), facts: ruleset.facts, box: NETFILTER };
}

function dormantOf({ tables }: Ruleset): Pick<Understood, 'dormant'> {
  for (const { family, name, dormant: line, chains } of tables) {
    if (line !== undefined && [...chains.values()].some(({ base }) => base))
      return { dormant: { called: printable(`table ${family} ${name}`), line } };
  }
  return {};
}

/** Undefined where it sets none, as nearly every rule. */
const marksOf = (statements: readonly Statement[]): ReadonlySet<'mark' | 'ct mark'> | undefined =>
  statements.some(({ is }) => is === 'marks') ? new Set(statements.flatMap((one) => (one.is === 'marks' ? one.sets : []))) : undefined;

const NEVER: Condition = { is: 'fact', field: fieldNamed('exthdr frag', 'inet'), holds: () => false };

/** One table while it is understood: chains and sets are seen within it only. */
export class Scope {
  private readonly chains = new Map<string, UnderstoodChain>();
  private readonly members = new Map<string, Members>();
  private readonly tests = new Map<Test, Condition>();
  private readonly waiting: (() => void)[] = [];

  constructor(
    readonly table: Table,
    private readonly ruleset: Ruleset,
    private readonly problems: Problem[],
  ) {}

  /** Which protocol the rule has asked for by then, in so many words. */
  private protocol = '';

  field = (name: string): Field => {
    const field = fieldNamed(name, this.table.family);
    return this.protocol !== '' && name.startsWith(`${this.protocol} `) ? ofEitherFamily(field) : field;
  };

  chain(name: string, line: number): UnderstoodChain {
    const known = this.chains.get(name);
    if (known) return known;
    const raw = this.table.chains.get(name);
    const made: UnderstoodChain = { called: printable(`chain ${name.trim()} of table ${this.table.family} ${this.table.name}`), rules: [] };
    this.chains.set(name, made);
    if (!raw)
      this.problems.push(
        problem('no-such-chain', line, `the rule leads to chain ${shown(name)}, which its table doesn't have.`, 'the text whole.'),
      );
    // Not at once: a text may make chains lead to chains without end.
    this.waiting.push(() => {
      for (const rule of raw?.rules ?? []) made.rules.push(this.rule(rule));
    });
    return made;
  }

  set(name: string, line: number): NamedSet | undefined {
    const found = this.table.sets.get(name);
    if (!found)
      this.problems.push(
        problem('no-such-set', line, `the rule names set ${shown(name)}, which its table doesn't have.`, 'the text whole.'),
      );
    return found;
  }

  elements(
    right: Right,
    line: number,
  ): { readonly elements: readonly Element[]; readonly learned: boolean; readonly fleeting: boolean; readonly key: string | undefined } {
    if (!('set' in right)) return { elements: right.elements, learned: false, fleeting: false, key: undefined };
    const found = this.set(right.set, line);
    const learned = this.ruleset.facts.learned.has(`${this.table.family} ${this.table.name} ${right.set}`);
    return { elements: found?.elements ?? [], learned, fleeting: found?.fleeting ?? false, key: right.set };
  }

  /** Undefined where an element can't be read. */
  tuple(fields: readonly Field[], element: Element, fleeting: boolean): Tuple | undefined {
    // A rule may name a list that another one has named before.
    spend(fields.length);
    if (element.key.length !== fields.length && !(element.key.length === 1 && element.key[0] === '*')) return undefined;
    const values = [];
    for (const [i, field] of fields.entries()) {
      const value = valueOf(field, element.key[i] ?? '*');
      if (!value) return undefined;
      values.push(value);
    }
    return { values, fleeting: fleeting || element.fleeting === true };
  }

  /** What a test compares with; one object per set and fields, so that it is turned into packets once. */
  membersOf(fields: readonly Field[], right: Right, line: number): Members | undefined {
    const { elements, learned, fleeting, key } = this.elements(right, line);
    const what = key !== undefined ? `@${key}` : `= ${elements.map((element) => element.key.join(' . ')).join(', ')}`;
    const name = `${fields.length === 1 ? fields[0]!.name : fields.map((field) => field.name).join(' . ')}: ${what}`;
    const known = this.members.get(name);
    if (known) return known;
    const tuples: Tuple[] = [];
    for (const element of elements) {
      const tuple = this.tuple(fields, element, fleeting);
      if (!tuple) return undefined;
      tuples.push(tuple);
    }
    const made = { tuples, learned };
    this.members.set(name, made);
    return made;
  }

  decision(verdict: Verdict, line: number): Decision {
    if (verdict.is === 'jump' || verdict.is === 'goto') return { is: verdict.is, chain: this.chain(verdict.chain, line) };
    if (verdict.is !== 'unclear') return { is: verdict.is };
    return { is: 'opaque', because: `line ${line}: its verdict is not known` };
  }

  private rule({ line, text, statements }: Rule): UnderstoodChain['rules'][number] {
    const conditions: Condition[] = [];
    let notrackAfter: number | undefined;
    const marks = marksOf(statements);
    let end: End | undefined;
    for (const [i, statement] of statements.entries()) {
      if (statement.is === 'test') {
        conditions.push(this.test(statement, line));
        this.protocol ||= protocolAsked(statement);
        if (statements[i - 1]?.is === 'test') joinNeighbours(conditions, line);
      } else if (statement.is === 'perhaps')
        conditions.push({ is: 'doubt', because: `line ${line}: ${statement.what} may match or not`, fields: [] });
      else if (statement.is === 'has') conditions.push({ is: 'has', fields: statement.fields.map(this.field) });
      else if (statement.is === 'notrack') notrackAfter ??= conditions.length;
      else if (statement.is !== 'marks') {
        end = this.end(statement, line, conditions);
        break;
      }
    }
    this.protocol = '';
    if (dropsExtension(conditions, end)) conditions.push(NEVER);
    const does = { ...(marks ? { marks } : {}), ...(notrackAfter === undefined ? {} : { notrackAfter }) };
    return { line, text, conditions, ...does, ...(end ? { end } : {}) };
  }

  /** Each test once that rules share, but for what a line says of it, and where another test says what it means. */
  private test(test: Test, line: number): Condition {
    if (this.protocol !== '' || 'set' in test.right) return understandTest(this, test, line);
    let found = this.tests.get(test);
    if (!found) {
      found = understandTest(this, test, line);
      if (found.is !== 'doubt') this.tests.set(test, found);
    }
    return found;
  }

  private end(
    statement: Exclude<Statement, { is: 'test' | 'perhaps' | 'notrack' | 'marks' | 'has' }>,
    line: number,
    conditions: Condition[],
  ): End {
    switch (statement.is) {
      case 'verdict':
        return { is: 'verdict', verdict: this.decision(statement.verdict, line) };
      case 'choose': {
        const fields = statement.fields.map(this.field);
        const { elements, learned, fleeting } = this.elements(statement.map, line);
        spend(PER_ENTRY * elements.length);
        const choices = [];
        for (const element of elements) {
          const tuple = this.tuple(fields, element, fleeting);
          if (!tuple || !element.verdict)
            return { is: 'opaque', because: `line ${line}: ${shown(element.key.join(' . '))} is not understood` };
          choices.push({ ...tuple, verdict: this.decision(element.verdict, line) });
        }
        return { is: 'choose', fields, choices, learned };
      }
      case 'translate':
        return understandTranslation(this, statement, line, conditions);
      case 'opaque':
        return { is: 'opaque', because: `line ${line}: ${statement.what} is not known` };
    }
  }

  finish(): void {
    for (let next = this.waiting.pop(); next; next = this.waiting.pop()) next();
    for (const { code, line, what } of wrongJumps(this.chains.values(), DEEPEST, 1))
      this.problems.push(problem(code, line, what, 'a ruleset that the kernel takes.'));
  }
}
