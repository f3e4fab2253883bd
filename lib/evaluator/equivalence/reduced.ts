import { Device } from '../../net/device';
import { addressNamed } from './naming';
import { ReducedSets } from './packet-sets';
import { HostClass } from './occurrences';
import { withoutSingling } from './singled-out';
import {
  Condition,
  Decision,
  End,
  LoweredChain,
  LoweredRule,
  LoweredRuleset,
  Members,
  Tuple,
  withDecisions,
} from '../model';

/** The ruleset and the device without all but the first host of each class. What is said of the others then means nothing. */
export function reduced(
  ruleset: LoweredRuleset,
  device: Device,
  classes: readonly HostClass[],
): readonly [LoweredRuleset, Device] {
  const gone: ReadonlySet<bigint> = new Set(classes.flatMap(({ hosts }) => hosts.slice(1).flat()));
  const chains = new Chains(gone);
  const { supposed } = device;
  return [
    { ...ruleset, bases: chains.below(ruleset.bases), answering: ruleset.answering && chains.below(ruleset.answering) },
    {
      ...device,
      localAddresses: device.localAddresses.filter((address) => !gone.has(address)),
      ...(supposed ? { supposed: { ...supposed, local: withoutSingling(supposed.local, gone) } } : {}),
    },
  ];
}

/** The same graph of chains: each is made once, and who shared a set shares the thinner one. */
class Chains {
  private readonly made = new Map<LoweredChain, LoweredChain>();
  private readonly members = new Map<Members, Members>();

  private readonly sets: ReducedSets;

  constructor(private readonly gone: ReadonlySet<bigint>) {
    this.sets = new ReducedSets(gone);
  }

  below(bases: LoweredRuleset['bases']): LoweredRuleset['bases'] {
    return bases.map((base) => ({ ...base, chain: this.of(base.chain) }));
  }

  private of(chain: LoweredChain): LoweredChain {
    const known = this.made.get(chain);
    if (known) return known;
    const made: LoweredChain = { ...chain, rules: [] };
    this.made.set(chain, made);
    for (const rule of chain.rules) if (!this.isAboutGone(rule)) made.rules.push(this.rule(rule));
    return made;
  }

  private isAboutGone({ conditions }: LoweredRule): boolean {
    return conditions.some((one) => {
      const named = addressNamed(one);
      return named !== undefined && this.gone.has(named.address.first);
    });
  }

  private rule(rule: LoweredRule): LoweredRule {
    const conditions = rule.conditions.map((one) => this.condition(one));
    return rule.end ? { ...rule, conditions, end: this.end(rule.end) } : { ...rule, conditions };
  }

  private condition(condition: Condition): Condition {
    if (condition.is === 'packets')
      return { ...condition, sure: this.sets.of(condition.sure), may: this.sets.of(condition.may) };
    if (condition.is !== 'member') return condition;
    const { members } = condition;
    let thin = this.members.get(members);
    if (!thin) this.members.set(members, (thin = { ...members, tuples: members.tuples.filter(this.stays) }));
    return { ...condition, members: thin };
  }

  private readonly stays = ({ values }: Tuple): boolean => {
    const [value] = values;
    return !(
      values.length === 1 &&
      value?.is === 'addresses' &&
      value.range.first === value.range.last &&
      this.gone.has(value.range.first)
    );
  };

  private end(end: End): End {
    if (end.is === 'look up') return { ...end, entries: end.entries.filter(this.stays) };
    const thin = end.is === 'choose' ? { ...end, choices: end.choices.filter(this.stays) } : end;
    return withDecisions(thin, (verdict) => this.decision(verdict));
  }

  private decision(verdict: Decision): Decision {
    return verdict.is === 'jump' || verdict.is === 'goto' ? { ...verdict, chain: this.of(verdict.chain) } : verdict;
  }
}
