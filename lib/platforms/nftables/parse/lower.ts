import { spend } from '../../../net/work';
import { printable, Problem, refuseIfAny } from '../../../problems/problem';
import { dropsExtension, fieldNamed } from '../../../parse/netfilter/fields';
import { withKeptPorts } from '../../../parse/netfilter/kept-ports';
import { keepsOut } from '../../../parse/programs';
import { followed } from '../../../evaluator/following';
import { untrackedBy } from '../../../evaluator/untracking';
import {
  BaseChain,
  Condition,
  End,
  isDrop,
  KeptChain,
  LoweredChain,
  LoweredRule,
  LoweredRuleset,
  NETFILTER,
  PER_ENTRY,
} from '../../../evaluator/model';
import { check } from './check/all';
import { doubtRefused } from './check/doubt';
import { isOfEither, isTold } from './check/layers';
import { lowerTest, protocolAsked } from './lower/test';
import { byNumber } from './lower/number';
import { lowerTranslation } from './lower/translation';
import { joinNeighbours } from './neighbours';
import { numbersOf } from './parse/number';
import { shown } from '../../../problems/in-text';
import { Added, Rule, Ruleset, Statement, Table, Test } from './ruleset';
import { Scope } from './scope';

/** Resolves a text's names. Throws Refusal for names that lead nowhere and jumps that go in circles. */
export function lower(parsed: Ruleset): LoweredRuleset {
  const refused = check(parsed);
  if (!parsed.isListing) refuseIfAny(refused);
  const ruleset = refused.length > 0 ? { ...parsed, tables: parsed.tables.map(doubtRefused) } : parsed;
  const problems: Problem[] = [];
  const bases: BaseChain[] = [];
  const keepers: KeptChain[] = [];
  for (const table of ruleset.tables) {
    if (table.unread !== undefined) bases.push(...unreadIn(table, table.unread));
    if (table.dormant !== undefined) continue;
    const scope = new Scope(table, ruleset, problems);
    for (const { name, line, base } of table.chains.values()) {
      if (base) bases.push({ ...base, family: table.family, chain: scope.chain(name, line) });
      if (keepsOut(name)) keepers.push({ family: table.family, line, chain: scope.chain(name, line) });
    }
    const rules = new Rules(scope, untrackedBy(ruleset.facts));
    for (let next = scope.next(); next; next = scope.next())
      for (const rule of next.rules) next.made.rules.push(...withKeptPorts(rules.rule(rule)));
    scope.finish();
  }
  refuseIfAny(problems);
  return { bases: followed(bases), keepers, ...dormantOf(ruleset), facts: ruleset.facts, box: NETFILTER };
}

/** A part that is not understood may be a chain at any hook, and is asked first. */
const unreadIn = ({ family }: Table, line: number): readonly BaseChain[] =>
  ['prerouting', 'input', 'forward', 'output', 'postrouting'].map((hook) => ({
    ...({ type: 'filter', devices: [], policy: 'accept', priority: -1000, hook, line, family } as const),
    chain: {
      called: 'what is not understood',
      rules: [{ line, text: '', conditions: [], end: { is: 'opaque', because: `line ${line} is not understood` } }],
    },
  }));

function dormantOf({ tables }: Ruleset): Pick<LoweredRuleset, 'dormant'> {
  for (const { family, name, dormant: line, chains } of tables) {
    if (line !== undefined && [...chains.values()].some(({ base }) => base))
      return { dormant: { called: printable(`table ${family} ${name}`), line } };
  }
  return {};
}

/**
 * `meta nfproto ipv6 tcp dport 25 reject with tcp reset` comes back from the kernel without its first test: which family it is for, or whether
 * for both, no listing says. Source: nft 1.0.6, beside its --debug=netlink.
 */
const tellsFamily = (one: Condition): boolean =>
  (one.is === 'member' || one.is === 'has') &&
  one.fields.some(({ family, looksAt }) => family !== undefined || looksAt.is === 'family');

const ofEither = ({ fields }: Test, line: number): Condition => ({
  is: 'doubt',
  because: `line ${line}: nft asks ${shown(fields.join(' . '))} of packets of either family`,
  fields: [],
});

const NEVER: Condition = { is: 'fact', field: fieldNamed('exthdr frag', 'inet'), holds: () => false };
const HAS_ROOM: Condition = { is: 'fact', field: fieldNamed('room in a set', 'inet'), holds: (value) => value === 1 };

/** What is dropped for want of an option are packets that can't have it: who sends others puts it in. */
function leaveOptions(conditions: Condition[]): void {
  for (const [i, one] of conditions.entries())
    if (one.is === 'joined' && one.fields.some(({ extension }) => extension)) conditions[i] = one.both[0]!;
}

/** The rules of one table. */
class Rules {
  private readonly tests = new Map<Test, Condition>();

  constructor(
    private readonly scope: Scope,
    private readonly untracked: 'untracked' | 'perhaps untracked',
  ) {}

  rule({ line, text, statements }: Rule): LoweredChain['rules'][number] {
    const conditions: Condition[] = [];
    const sets: NonNullable<LoweredRule['sets']>[number][] = [];
    const unequal = new Map<number, Test>();
    let end: End | undefined;
    for (const [i, statement] of statements.entries()) {
      if (statement.is === 'test') {
        if (statement.implied !== 'rejects' || !isTold(statement, statements.slice(0, i), this.scope.table.family)) {
          if (statement.comparison === '!=') unequal.set(conditions.length, statement);
          conditions.push(
            isOfEither(statement, statements.slice(0, i)) ? ofEither(statement, line) : this.test(statement, line),
          );
        }
        this.scope.protocol ||= protocolAsked(statement);
        if (statement.implied === 'rejects' && this.scope.isOfBothFamilies && !conditions.some(tellsFamily))
          conditions.push({
            is: 'doubt',
            because: `line ${line}: nft lists a reset without the family that it is for`,
            fields: [],
          });
      } else if (statement.is === 'perhaps')
        conditions.push({ is: 'doubt', because: `line ${line}: ${statement.what} may match or not`, fields: [] });
      else if (statement.is === 'has') {
        conditions.push({ is: 'has', fields: statement.fields.map(this.scope.field) });
        if (statement.into?.grows) conditions.push(this.room(statement.into, line));
      } else if (statement.is === 'notrack') sets.push({ after: conditions.length, what: this.untracked });
      else if (statement.is === 'marks')
        sets.push(...statement.sets.map((what) => ({ after: conditions.length, what })));
      else {
        end = this.end(statement, line, conditions);
        break;
      }
    }
    this.scope.protocol = '';
    if (unequal.size > 1) joinNeighbours(conditions, unequal, line);
    if (isDrop(end)) leaveOptions(conditions);
    if (dropsExtension(conditions, end)) conditions.push(NEVER);
    const does = sets.length > 0 ? { sets } : {};
    return { line, text, conditions, ...does, ...(end ? { end } : {}) };
  }

  /** A rule ends where the set that it adds to is full, but for what is in it. */
  private room({ set }: Added, line: number): Condition {
    const { elements, head } = this.scope.set(set, line) ?? {};
    const isFull = head?.size !== undefined && elements!.length >= head.size;
    return isFull ? { is: 'doubt', because: `line ${line}: set ${shown(set)} is full`, fields: [] } : HAS_ROOM;
  }

  /** Each test once that rules share, but for what a line says of it, and where another test says what it means. */
  private test(test: Test, line: number): Condition {
    if (this.scope.protocol !== '' || 'set' in test.right) return lowerTest(this.scope, test, line);
    let found = this.tests.get(test);
    if (!found) {
      found = lowerTest(this.scope, test, line);
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
        return { is: 'verdict', verdict: this.scope.decision(statement.verdict, line) };
      case 'choose': {
        const fields = statement.fields.map(this.scope.field);
        const unread = this.scope.unreadSet(statement.map);
        if (unread !== undefined) return { is: 'opaque', because: `line ${line}: ${unread}` };
        const { elements, learned, fleeting } = this.scope.elements(statement.map, line);
        spend(PER_ENTRY * elements.length);
        const numbers = learned || fleeting ? undefined : numbersOf(statement.fields);
        const chosen =
          numbers && byNumber(fields[0]!, numbers, elements, (verdict) => this.scope.decision(verdict, line));
        if (chosen) return chosen;
        const choices = [];
        for (const element of elements) {
          const tuple = this.scope.tuple(fields, element, fleeting);
          if (!tuple || !element.verdict) {
            conditions.push({ is: 'has', fields });
            return { is: 'opaque', because: `line ${line}: ${shown(element.key.join(' . '))} is not understood` };
          }
          choices.push({ ...tuple, verdict: this.scope.decision(element.verdict, line) });
        }
        return { is: 'choose', fields, choices, learned };
      }
      case 'translate':
        return lowerTranslation(this.scope, statement, line, conditions);
      case 'opaque':
        return { is: 'opaque', because: `line ${line}: ${statement.what} is not known` };
    }
  }
}
