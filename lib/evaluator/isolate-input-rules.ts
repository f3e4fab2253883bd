// Selects some input rules of a ruleset (the bans of one program, or one of several input chains) and leaves out the
// others, to show what these rules alone would drop.

import { FirewallProgram, findProgram } from '../parse/firewall-programs';
import {
  BaseChain,
  Condition,
  RuleVerdict,
  RuleAction,
  listChains,
  LoweredChain,
  LoweredRule,
  LoweredRuleset,
  mapVerdicts,
} from './ruleset-model';

/** Some rules of a text for packets to the device itself, in the text as if it had no others for them. */
export interface SelectedRules {
  readonly ruleset: LoweredRuleset;
  /** The names of their chains: `chain cphulk of table inet filter`. */
  readonly chainLabels: readonly string[];
}

interface ProgramRules extends SelectedRules {
  readonly program: FirewallProgram;
  /** True if some rule leads to them. */
  readonly isReferenced: boolean;
}

interface FilterRules extends SelectedRules {
  /** Programs that have rules in the chain. */
  readonly programs: readonly string[];
}

const isInput = ({ hook, type, family }: BaseChain): boolean =>
  hook === 'input' && type === 'filter' && family !== 'bridge' && family !== 'arp';

const replaceInputs = (
  ruleset: LoweredRuleset,
  inputs: readonly BaseChain[],
  otherBases: readonly BaseChain[],
): LoweredRuleset => ({
  ...ruleset,
  baseChains: [...otherBases, ...inputs],
});

/** Returns the chains that change the packets that an input chain sees, without what drops packets before. */
function listChangingBases({ baseChains }: LoweredRuleset): readonly BaseChain[] {
  const acceptor = new DropRemover();
  const otherBases = baseChains.filter((base) => !isInput(base));
  const changesPacket = (base: BaseChain): boolean =>
    [...listChains([base])].some(({ packetChanges: changes }) => changes);
  return otherBases.flatMap((base) =>
    base.type === 'nat'
      ? [base]
      : changesPacket(base)
        ? [{ ...base, policy: 'accept', chain: acceptor.rewriteChain(base.chain) }]
        : [],
  );
}

/**
 * Returns the ban rules of each program. Ban rules that packets meet before the input hook can't be told apart from the
 * rest.
 */
export function selectProgramRules(ruleset: LoweredRuleset): readonly ProgramRules[] {
  const banChains = (ruleset.banChains ?? []).filter(({ chain }) => chain.rules.length > 0);
  const inputs = ruleset.baseChains.filter(isInput);
  const otherBases = ruleset.baseChains.filter((base) => !isInput(base));
  const askedChains = listChains(inputs);
  const earlyChains = listChains(ruleset.baseChains.filter(({ hook }) => hook === 'prerouting' || hook === 'ingress'));
  const programs = [...new Set(banChains.flatMap(({ chain }) => findProgram(chain.name ?? '') ?? []))];
  return programs.flatMap((program) => {
    const programBans = banChains.filter(({ chain }) => findProgram(chain.name ?? '') === program);
    const askedBans = programBans.filter(({ chain }) => askedChains.has(chain));
    const idleBans = programBans.filter(({ chain }) => !askedChains.has(chain) && !earlyChains.has(chain));
    const selector = new JumpSelector(new Set(askedBans.map(({ chain }) => chain)));
    const createProgramRules = (
      isReferenced: boolean,
      bans: typeof programBans,
      bases: readonly BaseChain[],
    ): readonly ProgramRules[] =>
      bans.length === 0
        ? []
        : [
            {
              program,
              isReferenced,
              ruleset: replaceInputs(ruleset, bases, otherBases),
              chainLabels: bans.map(({ chain }) => chain.label),
            },
          ];
    return [
      ...createProgramRules(
        true,
        askedBans,
        inputs.map((base) => ({ ...base, policy: 'accept', chain: selector.selectChain(base.chain) })),
      ),
      ...createProgramRules(
        false,
        idleBans,
        idleBans.map(({ family, line, chain }) => ({ ...IDLE_BASE, family, line, chain: assumeBans(chain) })),
      ),
    ];
  });
}

/**
 * Returns each input chain that decides beside another one about packets of one family. A packet that one of them drops
 * is dropped.
 */
export function selectFilterRules(ruleset: LoweredRuleset): readonly FilterRules[] {
  const deciding = ruleset.baseChains.filter(
    (base) => isInput(base) && (base.policy === 'drop' || base.chain.rules.length > 0),
  );
  return deciding
    .filter((base) => deciding.some((otherBase) => otherBase !== base && shareFamily(base, otherBase)))
    .map((base) => {
      const names = [...listChains([base])].flatMap(({ name = '', rules }) =>
        rules.length > 0 ? (findProgram(name)?.name ?? []) : [],
      );
      return {
        ruleset: replaceInputs(ruleset, [base], listChangingBases(ruleset)),
        chainLabels: [base.chain.label],
        programs: [...new Set(names)],
      };
    });
}

const shareFamily = (a: BaseChain, b: BaseChain): boolean =>
  a.family === b.family || a.family === 'inet' || b.family === 'inet';

const IDLE_BASE = { type: 'filter', hook: 'input', priority: 0, devices: [], policy: 'accept' } as const;

/** Copies chains without the rules that lead to none of the target chains. */
class JumpSelector {
  private readonly selected = new Map<LoweredChain, LoweredChain>();

  constructor(private readonly targets: ReadonlySet<LoweredChain>) {}

  selectChain(chain: LoweredChain): LoweredChain {
    let selection = this.selected.get(chain);
    if (!selection) {
      selection = this.targets.has(chain)
        ? assumeBans(chain)
        : { ...chain, rules: chain.rules.flatMap((rule) => this.selectJump(rule)) };
      this.selected.set(chain, selection);
    }
    return selection;
  }

  private selectJump(rule: LoweredRule): readonly LoweredRule[] {
    const { action } = rule;
    // Elements of a map are not told apart, so a map that leads there is left out.
    if (action?.is !== 'verdict' || (action.verdict.is !== 'jump' && action.verdict.is !== 'goto')) return [];
    const chain = this.selectChain(action.verdict.chain);
    return chain.rules.length === 0
      ? []
      : [{ ...rule, action: { is: 'verdict', verdict: { is: action.verdict.is, chain } } satisfies RuleAction }];
  }
}

/** Copies chains so that they drop nothing. */
class DropRemover {
  private readonly rewritten = new Map<LoweredChain, LoweredChain>();

  rewriteChain(chain: LoweredChain): LoweredChain {
    let rewrittenChain = this.rewritten.get(chain);
    if (!rewrittenChain) {
      rewrittenChain = {
        ...chain,
        rules: chain.rules.map(({ action, ...rule }) =>
          action ? { ...rule, action: mapVerdicts(action, (verdict) => this.rewriteVerdict(verdict)) } : rule,
        ),
      };
      this.rewritten.set(chain, rewrittenChain);
    }
    return rewrittenChain;
  }

  private rewriteVerdict(verdict: RuleVerdict): RuleVerdict {
    if (verdict.is === 'drop') return { is: 'accept' };
    return verdict.is === 'jump' || verdict.is === 'goto'
      ? { ...verdict, chain: this.rewriteChain(verdict.chain) }
      : verdict;
  }
}

/** Returns the chain with every ban certain: a ban that may expire by itself is one as long as the text has it. */
const assumeBans = (chain: LoweredChain): LoweredChain => ({
  ...chain,
  rules: chain.rules.map((rule) =>
    rule.action?.is === 'verdict' && rule.action.verdict.is === 'drop'
      ? { ...rule, conditions: rule.conditions.map(assumeMatch) }
      : rule,
  ),
});

function assumeMatch(condition: Condition): Condition {
  if (condition.is === 'doubt') return { is: 'has', fields: condition.fields };
  if (condition.is === 'packets')
    return { is: 'packets', must: condition.may, may: condition.may, reason: condition.reason };
  if (condition.is !== 'member' || condition.negated) return condition;
  return {
    ...condition,
    members: { dynamic: false, tuples: condition.members.tuples.map((tuple) => ({ ...tuple, expires: false })) },
  };
}
