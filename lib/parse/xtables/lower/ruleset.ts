/**
 * Lowers the syntax tree of iptables-save's output into the ruleset model. Platforms whose programs load iptables rules
 * share it. It knows no device, no policy and no generator.
 */

import { FAMILIES, FAMILY_NAME, Family } from '../../../net/address';
import { escapeForDisplay, Problem, refuseIfAny } from '../../../problems/problem';
import { isExtensionDrop, getField } from '../../netfilter/fields';
import { splitPreservedPorts } from '../../netfilter/preserved-ports';
import { parseNumberRange } from '../../netfilter/parse-values';
import { NUMBERS_BY_NAME, findPriority } from '../../netfilter/named-numbers';
import { isBlockingChain } from '../../firewall-programs';
import { findInvalidJumps } from '../../../evaluator/invalid-jumps';
import { splitChains } from '../../../evaluator/split-chains';
import { IpSetResolver } from '../../ipset/lower-sets';
import {
  BaseChain,
  Condition,
  BanChain,
  LoweredChain,
  LoweredRule,
  LoweredRuleset,
  NETFILTER,
  RulesetFacts,
} from '../../../evaluator/ruleset-model';
import { intersectAll } from '../../../evaluator/disjunction';
import { lowerMatch } from './lower-match';
import { createDoubtfulAccept, findMissingTables } from './missing-tables';
import { XtablesRuleContext, XtablesRule } from '../rule';
import { getNotrackChange } from '../../../evaluator/connection-tracking';
import { TargetEffect, lowerTarget } from './target';
import { TARGET_TABLES, TRACKING_MATCHES, TRACKING_TARGETS } from '../option-tables';
import { ParsedXtables, TABLES, XtablesTable, isBuiltInChain } from '../parsed-xtables';
import { XtablesProblems } from '../xtables-problems';

/** The limit of jumps; real rulesets don't go deeper. The newer back end takes 16. */
const MAX_JUMP_DEPTH = 64;

/**
 * Resolves a text's names and lowers it into the ruleset model.
 * @throws Refusal for rules that the kernel wouldn't take: loops, targets in the wrong place.
 */
export function lowerXtables({ tables, sets, hidden }: ParsedXtables, say: XtablesProblems): LoweredRuleset {
  if (tables.length === 0) say.refuse('no-tables', 1, 'the text holds no table of rules.', say.whole);
  const problems: Problem[] = [];
  const facts = collectFacts(tables);
  const setResolver = new IpSetResolver(sets, facts.dynamicSets);
  const bases: BaseChain[] = [];
  const banChains: BanChain[] = [];
  const missing = findMissingTables(tables, sets);
  for (const table of tables) {
    const firstBase = bases.length;
    const doubtedChains: [LoweredChain, LoweredRule][] = [];
    const lowering = new XtablesLowering(table, setResolver, problems, say, getNotrackChange(facts));
    for (const { name, policy = 'accept', line, reason, policyDoubt } of table.chains.values()) {
      if (table.name === 'filter' && isBlockingChain(name))
        banChains.push({ family: table.family, line, chain: lowering.lowerChain(name, false) });
      if (!isBuiltInChain(table.name, name)) continue;
      const base = {
        ...({
          type: table.name === 'nat' ? 'nat' : 'filter',
          devices: [],
          policy,
          line,
          family: table.family,
        } as const),
        ...(reason === undefined ? {} : { defaultSource: { description: reason, line } }),
      };
      const chain = lowering.lowerChain(name, translatesDestination(name));
      bases.push({ ...base, hook: name.toLowerCase(), priority: getPriority(table, name), chain });
      if (policyDoubt) doubtedChains.push([chain, createDoubtfulAccept(policyDoubt.line, policyDoubt.reason)]);
    }
    lowering.finish();
    for (const [chain, rule] of doubtedChains) chain.rules.push(rule);
    const reason = missing.get(table);
    if (reason !== undefined)
      for (const { chain } of bases.slice(firstBase)) chain.rules.unshift(createDoubtfulAccept(table.line, reason));
  }
  refuseIfAny(problems);
  for (const { family, line, what } of hidden)
    bases.push(...createUnknownChains(family, line, `line ${line}: ${what}`));
  for (const family of findMissingFamilies(tables))
    bases.push(
      ...createUnknownChains(family, 1, `the text holds no rules of ${FAMILY_NAME[family]} (${family}tables-save)`),
    );
  bases.push(...createSecurityUnknowns(tables));
  return { baseChains: splitChains(bases), banChains, facts, kernel: NETFILTER };
}

/** Returns the families of which the text has no table. */
export const findMissingFamilies = (tables: readonly XtablesTable[]): readonly Family[] =>
  FAMILIES.filter((family) => !tables.some((table) => table.family === family));

const translatesDestination = (hook: string): boolean => hook === 'PREROUTING' || hook === 'OUTPUT';
const getPriority = ({ name, backEnd }: XtablesTable, hook: string): number => {
  // iptables-nft evaluates it behind the source translation, iptables-legacy before it. Source: iptables 1.8.9,
  // iptables/nft.c; seen, 1.8.9.
  if (name === 'security' && backEnd === 'nft') return 150;
  return findPriority(name === 'nat' ? (translatesDestination(hook) ? 'dstnat' : 'srcnat') : TABLES[name].priority)!;
};

/**
 * Returns unknown chains for tables security whose rules see the source before or after its translation, if the text
 * doesn't state the back end.
 */
function createSecurityUnknowns(tables: readonly XtablesTable[]): readonly BaseChain[] {
  const hasInputRules = ({ chains }: XtablesTable): boolean => (chains.get('INPUT')?.rules.length ?? 0) > 0;
  return tables
    .filter((table) => table.name === 'security' && table.backEnd === undefined && hasInputRules(table))
    .filter(({ family }) =>
      tables.some((natTable) => natTable.name === 'nat' && natTable.family === family && hasInputRules(natTable)),
    )
    .flatMap(({ family, line }) =>
      createUnknownChains(
        family,
        line,
        'iptables-nft asks table security behind chain INPUT of table nat, iptables-legacy before it',
        ['input'],
      ),
    );
}

/** Creates chains in front of all others that may change or drop any packet. */
const createUnknownChains = (
  family: Family,
  line: number,
  reason: string,
  hooks = ['prerouting', 'output'],
): readonly BaseChain[] =>
  hooks.map((hook) => ({
    ...({ type: 'filter', devices: [], policy: 'accept', priority: -1000 } as const),
    hook,
    line,
    family,
    chain: {
      label: 'what is not told',
      rules: [{ line, text: '', conditions: [], action: { is: 'opaque', reason } }],
    },
  }));

function collectFacts(tables: readonly XtablesTable[]): RulesetFacts {
  const facts: RulesetFacts = {
    hasConnectionMarks: false,
    hasHelpers: false,
    trackedFamilies: new Set(),
    dynamicSets: new Set(),
  };
  for (const { family, chains } of tables)
    for (const { rules } of chains.values())
      for (const { matches, target } of rules) {
        if (matches.some(({ module }) => TRACKING_MATCHES.has(module)) || TRACKING_TARGETS.has(target?.name ?? ''))
          facts.trackedFamilies.add(family);
        for (const { name, values } of target?.options ?? []) {
          if (target!.name === 'SET' && /^--(add|del)-set$/.test(name)) facts.dynamicSets.add(values[0] ?? '');
          if (target!.name === 'CT' && name === '--helper') facts.hasHelpers = true;
          if (target!.name === 'CT' && name !== '--notrack') facts.hasTemplates = true;
          if (target!.name === 'CT' && name !== '--notrack') facts.trackedFamilies.add(family);
          if (target!.name === 'CONNMARK' && name !== '--restore-mark') facts.hasConnectionMarks = true;
        }
      }
  return facts;
}

/**
 * Lowers one table. A chain is lowered twice if it is used both where destinations and where sources are translated.
 */
class XtablesLowering {
  private readonly chains = new Map<string, LoweredChain>();
  private readonly pending: (() => void)[] = [];

  constructor(
    private readonly table: XtablesTable,
    private readonly setResolver: IpSetResolver,
    private readonly problems: Problem[],
    private readonly messages: XtablesProblems,
    private readonly untracked: 'untracked' | 'perhaps untracked',
  ) {}

  lowerChain(name: string, inward: boolean): LoweredChain {
    const { family, name: table, isSecond, chains } = this.table;
    const key = table === 'nat' ? `${inward} ${name}` : name;
    const existing = this.chains.get(key);
    if (existing) return existing;
    const label = escapeForDisplay(`chain ${name} of table ${family} ${table}${isSecond ? ' (the second)' : ''}`);
    const lowered: LoweredChain = { label, name, rules: [] };
    this.chains.set(key, lowered);
    // Deferred, not recursive: a text may have chains that jump to each other without end.
    this.pending.push(() => {
      for (const rule of chains.get(name)!.rules) lowered.rules.push(...this.lowerRules(rule, inward));
    });
    return lowered;
  }

  /** Returns one rule for each way in which its matches may hold; the ways exclude each other. */
  private lowerRules({ line, text, matches, target }: XtablesRule, inward: boolean): readonly LoweredRule[] {
    const context: XtablesRuleContext = { family: this.table.family, line, protocol: findProtocolName(matches) };
    const alternatives = intersectAll(matches.map((match) => lowerMatch(match, context, this.setResolver)));
    const {
      action,
      firstPort,
      packetChange,
      needsConnection: isConnectionOnly,
    } = this.lowerRuleTarget(target, context, inward);
    const applicable = alternatives.filter((conditions) => !isExtensionDrop(conditions, action));
    const connection: Condition = { is: 'has', fields: [getField('ct mark', context.family)] };
    return applicable.flatMap((matched) => {
      const conditions = [...matched, ...(isConnectionOnly ? [connection] : [])];
      const rule = {
        line,
        text,
        conditions,
        ...(packetChange
          ? {
              packetChanges: [
                { after: conditions.length, change: packetChange === 'untracked' ? this.untracked : packetChange },
              ],
            }
          : {}),
        ...(action ? { action } : {}),
      };
      return splitPreservedPorts(rule, firstPort);
    });
  }

  private lowerRuleTarget(target: XtablesRule['target'], context: XtablesRuleContext, inward: boolean): TargetEffect {
    if (!target) return {};
    if (this.table.chains.has(target.name))
      return {
        action: {
          is: 'verdict',
          verdict: { is: target.goto ? 'goto' : 'jump', chain: this.lowerChain(target.name, inward) },
        },
      };
    const place = Object.hasOwn(TARGET_TABLES, target.name) ? TARGET_TABLES[target.name] : undefined;
    // iptables refuses DROP in nat: seen, 1.8.9 in both back ends.
    const isNatDrop = target.name === 'DROP' && this.table.name === 'nat';
    if (isNatDrop || (place && (place.table !== this.table.name || place.inward === !inward)))
      this.problems.push(
        this.messages.problem(
          'wrong-place',
          context.line,
          `${target.name} stands where it isn't taken.`,
          `a ruleset that iptables-restore loads.`,
        ),
      );
    return lowerTarget(target, context, inward);
  }

  finish(): void {
    for (let next = this.pending.pop(); next; next = this.pending.pop()) next();
    for (const { code, line, what } of findInvalidJumps(this.chains.values(), MAX_JUMP_DEPTH, this.table.line))
      this.problems.push(this.messages.problem(code, line, what, 'a ruleset that the kernel takes.'));
  }
}

/** Returns the name of the one protocol that a rule is for. */
function findProtocolName(matches: XtablesRule['matches']): string | undefined {
  const protocolTest = matches
    .flatMap(({ tests }) => tests)
    .find(({ name, negated }) => name === 'protocol' && !negated);
  const number =
    protocolTest && parseNumberRange(protocolTest.values[0]!.toLowerCase(), NUMBERS_BY_NAME.protocol)?.first;
  return number === undefined ? undefined : PROTOCOL_NAMES[number];
}

const PROTOCOL_NAMES: Readonly<Record<number, string>> = {
  6: 'tcp',
  17: 'udp',
  33: 'dccp',
  132: 'sctp',
  136: 'udplite',
};
