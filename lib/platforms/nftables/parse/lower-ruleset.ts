// Lowers a parsed nftables ruleset to the ruleset model: base chains, rules with conditions and actions, and chains of
// bans. First it checks what nft or the kernel would refuse.

import { spendSteps } from '../../../net/step-budget';
import { escapeForDisplay, Problem, refuseIfAny } from '../../../problems/problem';
import { isExtensionDrop, getField } from '../../../parse/netfilter/fields';
import { splitPreservedPorts } from '../../../parse/netfilter/preserved-ports';
import { isBlockingChain } from '../../../parse/firewall-programs';
import { splitChains } from '../../../evaluator/split-chains';
import { getNotrackChange } from '../../../evaluator/connection-tracking';
import {
  BaseChain,
  Condition,
  RuleAction,
  isDrop,
  BanChain,
  LoweredChain,
  LoweredRule,
  LoweredRuleset,
  NETFILTER,
  STEPS_PER_ENTRY,
} from '../../../evaluator/ruleset-model';
import { replaceRefused } from './check/replace-refused';
import { matchesEitherFamily, isProtocolKnown } from './check/protocol-layers';
import { lowerTest, findIcmpProtocol } from './lower/lower-test';
import { lowerNumberChoice } from './lower/lower-number-choice';
import { lowerTranslation } from './lower/lower-translation';
import { joinAdjacentTests } from './join-adjacent-tests';
import { findNumberRange } from './parse/number-field';
import { quoteForDisplay } from '../../../problems/line-problems';
import { NftSetAddition, ParsedNftRule, ParsedNftRuleset, NftStatement, ParsedNftTable, NftTest } from './syntax-tree';
import { TableScope } from './table-scope';
import { checkHooks } from './check/check-hooks';
import { checkRules } from './check/check-rules';
import { checkSets } from './check/check-sets';

/** Returns the reasons why nft wouldn't load a parsed text. A device would keep its running rules. */
const checkRuleset = ({ tables }: ParsedNftRuleset): readonly Problem[] =>
  tables.flatMap((table) => [...checkSets(table), ...checkRules(table), ...checkHooks(table)]);

/**
 * Lowers a parsed text and resolves its names.
 * @throws Refusal for names that don't exist and jumps that go in circles
 */
export function lowerRuleset(parsed: ParsedNftRuleset): LoweredRuleset {
  const loadProblems = checkRuleset(parsed);
  if (!parsed.isListing) refuseIfAny(loadProblems);
  const ruleset = loadProblems.length > 0 ? { ...parsed, tables: parsed.tables.map(replaceRefused) } : parsed;
  const problems: Problem[] = [];
  const bases: BaseChain[] = [];
  const banChains: BanChain[] = [];
  for (const table of ruleset.tables) {
    if (table.unread !== undefined) bases.push(...createUnparsedChains(table, table.unread));
    if (table.dormant !== undefined) continue;
    const scope = new TableScope(table, ruleset, findSetsAddedOnTheWay(table), problems);
    for (const { name, line, base } of table.chains.values()) {
      if (base) bases.push({ ...base, family: table.family, chain: scope.getChain(name, line) });
      if (isBlockingChain(name)) banChains.push({ family: table.family, line, chain: scope.getChain(name, line) });
    }
    const ruleLowering = new RuleLowering(scope, getNotrackChange(ruleset.facts));
    for (let pending = scope.takePending(); pending; pending = scope.takePending())
      for (const rule of pending.rules) pending.chain.rules.push(...splitPreservedPorts(ruleLowering.lowerRule(rule)));
    scope.checkJumps();
  }
  refuseIfAny(problems);
  return {
    baseChains: splitChains(bases),
    banChains,
    ...findDormant(ruleset),
    facts: ruleset.facts,
    kernel: NETFILTER,
  };
}

/** Returns the sets to which a rule may add a new client's packet and let it go on to a rule that looks it up. */
const findSetsAddedOnTheWay = ({ chains }: ParsedNftTable): ReadonlySet<string> =>
  new Set([...chains.values()].flatMap(({ rules }) => rules.flatMap(listSetsAddedOnTheWay)));

/** A packet doesn't go on from an addition that only a limit leads to, or that a drop follows at once. */
function listSetsAddedOnTheWay({ statements }: ParsedNftRule): readonly string[] {
  const firstLimit = statements.findIndex((statement) => statement.is === 'perhaps' && statement.newClient === false);
  const reached = firstLimit === -1 ? statements : statements.slice(0, firstLimit);
  return reached.flatMap((statement, index) => {
    const next = statements[index + 1];
    const isDropped = next?.is === 'verdict' && next.verdict.is === 'drop';
    return statement.is === 'has' && statement.into && !isDropped ? [statement.into.set] : [];
  });
}

/** Returns chains for a part that is not understood: it may be a chain at any hook, and may be evaluated first. */
const createUnparsedChains = ({ family }: ParsedNftTable, line: number): readonly BaseChain[] =>
  ['prerouting', 'input', 'forward', 'output', 'postrouting'].map((hook) => ({
    ...({ type: 'filter', devices: [], policy: 'accept', priority: -1000, hook, line, family } as const),
    chain: {
      label: 'what is not understood',
      rules: [{ line, text: '', conditions: [], action: { is: 'opaque', reason: `line ${line} is not understood` } }],
    },
  }));

function findDormant({ tables }: ParsedNftRuleset): Pick<LoweredRuleset, 'dormantTable'> {
  for (const { family, name, dormant: line, chains } of tables) {
    if (line !== undefined && [...chains.values()].some(({ base }) => base))
      return { dormantTable: { label: escapeForDisplay(`table ${family} ${name}`), line } };
  }
  return {};
}

/**
 * Returns whether a condition tells the family. `meta nfproto ipv6 tcp dport 25 reject with tcp reset` comes back from
 * the kernel without its first test, so a listing doesn't show whether the rule is for one family or both. Source: nft
 * 1.0.6, beside its --debug=netlink.
 */
const readsFamily = (condition: Condition): boolean =>
  (condition.is === 'member' || condition.is === 'has') &&
  condition.fields.some(({ family, looksAt }) => family !== undefined || looksAt.is === 'family');

const createFamilyUnknown = ({ fields }: NftTest, line: number): Condition => ({
  is: 'doubt',
  reason: `line ${line}: nft asks ${quoteForDisplay(fields.join(' . '))} of packets of either family`,
  fields: [],
});

const createPossibleMatch = (
  { what, newClient }: Extract<NftStatement, { is: 'perhaps' }>,
  line: number,
): Condition => ({
  is: 'doubt',
  reason: `line ${line}: ${what} ${newClient === undefined ? 'may match or not' : 'may be reached'}`,
  fields: [],
  ...(newClient !== undefined && { newClient }),
});

const NEVER_MATCHES: Condition = { is: 'fact', field: getField('exthdr frag', 'inet'), matches: () => false };
const SET_HAS_ROOM: Condition = {
  is: 'fact',
  field: getField('room in a set', 'inet'),
  matches: (value) => value === 1,
};

/**
 * Replaces tests for a missing option in a rule that drops. Such a rule drops packets that can't have the option: the
 * sender of any other packet puts it in.
 */
function removeOptionTests(conditions: Condition[]): void {
  for (const [i, condition] of conditions.entries())
    if (condition.is === 'joined' && condition.fields.some(({ extension }) => extension))
      conditions[i] = condition.asWritten[0]!;
}

/** Lowers the rules of one table. */
class RuleLowering {
  private readonly conditionsByTest = new Map<NftTest, Condition>();

  constructor(
    private readonly scope: TableScope,
    private readonly untracked: 'untracked' | 'perhaps untracked',
  ) {}

  lowerRule({ line, text, statements }: ParsedNftRule): LoweredChain['rules'][number] {
    const conditions: Condition[] = [];
    const changes: NonNullable<LoweredRule['packetChanges']>[number][] = [];
    const unequalTests = new Map<number, NftTest>();
    let action: RuleAction | undefined;
    for (const [i, statement] of statements.entries()) {
      if (statement.is === 'test') {
        if (
          statement.implied !== 'rejects' ||
          !isProtocolKnown(statement, statements.slice(0, i), this.scope.table.family)
        ) {
          if (statement.comparison === '!=') unequalTests.set(conditions.length, statement);
          conditions.push(
            matchesEitherFamily(statement, statements.slice(0, i))
              ? createFamilyUnknown(statement, line)
              : this.getCondition(statement, line),
          );
        }
        this.scope.protocol ||= findIcmpProtocol(statement);
        if (statement.implied === 'rejects' && this.scope.isOfBothFamilies && !conditions.some(readsFamily))
          conditions.push({
            is: 'doubt',
            reason: `line ${line}: nft lists a reset without the family that it is for`,
            fields: [],
          });
      } else if (statement.is === 'perhaps') conditions.push(createPossibleMatch(statement, line));
      else if (statement.is === 'has') {
        conditions.push({ is: 'has', fields: statement.fields.map(this.scope.getField) });
        if (statement.into?.grows) conditions.push(this.createRoomCondition(statement.into, line));
      } else if (statement.is === 'notrack') changes.push({ after: conditions.length, change: this.untracked });
      else if (statement.is === 'marks')
        changes.push(...statement.sets.map((change) => ({ after: conditions.length, change })));
      else {
        action = this.lowerAction(statement, line, conditions);
        break;
      }
    }
    this.scope.protocol = '';
    if (unequalTests.size > 1) joinAdjacentTests(conditions, unequalTests, line);
    if (isDrop(action)) removeOptionTests(conditions);
    if (isExtensionDrop(conditions, action)) conditions.push(NEVER_MATCHES);
    const changeFields = changes.length > 0 ? { packetChanges: changes } : {};
    return { line, text, conditions, ...changeFields, ...(action ? { action } : {}) };
  }

  /**
   * Returns the condition that a set has room. A rule ends if the set that it adds to is full, except for keys that are
   * in the set.
   */
  private createRoomCondition({ set }: NftSetAddition, line: number): Condition {
    const { elements, head } = this.scope.findSet(set, line) ?? {};
    const isFull = head?.size !== undefined && elements!.length >= head.size;
    return isFull
      ? { is: 'doubt', reason: `line ${line}: set ${quoteForDisplay(set)} is full`, fields: [] }
      : SET_HAS_ROOM;
  }

  /**
   * Returns the condition of a test. Rules that share a test share its condition, unless the condition names a line or
   * an earlier test changes its meaning.
   */
  private getCondition(test: NftTest, line: number): Condition {
    if (this.scope.protocol !== '' || 'set' in test.right) return lowerTest(this.scope, test, line);
    let condition = this.conditionsByTest.get(test);
    if (!condition) {
      condition = lowerTest(this.scope, test, line);
      if (condition.is !== 'doubt') this.conditionsByTest.set(test, condition);
    }
    return condition;
  }

  private lowerAction(
    statement: Exclude<NftStatement, { is: 'test' | 'perhaps' | 'notrack' | 'marks' | 'has' }>,
    line: number,
    conditions: Condition[],
  ): RuleAction {
    switch (statement.is) {
      case 'verdict':
        return { is: 'verdict', verdict: this.scope.lowerVerdict(statement.verdict, line) };
      case 'choose': {
        const fields = statement.fields.map(this.scope.getField);
        const unparsedReason = this.scope.explainUnparsedSet(statement.map);
        if (unparsedReason !== undefined) return { is: 'opaque', reason: `line ${line}: ${unparsedReason}` };
        const { elements, dynamic, expires } = this.scope.getElements(statement.map, line);
        spendSteps(STEPS_PER_ENTRY * elements.length);
        const numbers = dynamic || expires ? undefined : findNumberRange(statement.fields);
        const numberChoice =
          numbers &&
          lowerNumberChoice(fields[0]!, numbers, elements, (verdict) => this.scope.lowerVerdict(verdict, line));
        if (numberChoice) return numberChoice;
        const choices = [];
        for (const element of elements) {
          const tuple = this.scope.createTuple(fields, element, expires);
          if (!tuple || !element.verdict) {
            conditions.push({ is: 'has', fields });
            return {
              is: 'opaque',
              reason: `line ${line}: ${quoteForDisplay(element.key.join(' . '))} is not understood`,
            };
          }
          choices.push({ ...tuple, verdict: this.scope.lowerVerdict(element.verdict, line) });
        }
        return { is: 'choose', fields, choices, dynamic };
      }
      case 'translate':
        return lowerTranslation(this.scope, statement, line, conditions);
      case 'opaque':
        return { is: 'opaque', reason: `line ${line}: ${statement.what} is not known` };
    }
  }
}
