import { spend } from '../../net/work';
import { Field } from './fields';
import { ANY_BIT, BaseChain, chainsOf, Condition, End, UnderstoodChain, UnderstoodRule } from './model';

type Fact = 'mark' | 'ct mark';
/** Bits that rules may have set. */
type Marked = ReadonlyMap<Fact, number>;
type Placed = Pick<BaseChain, 'hook' | 'type' | 'priority' | 'family' | 'chain'>;

const NONE: Marked = new Map();
const BOTH: Marked = new Map<Fact, number>([
  ['mark', ANY_BIT],
  ['ct mark', ANY_BIT],
]);

/** Where a packet may have been before. */
const BEFORE: Readonly<Record<string, readonly string[]>> = {
  prerouting: ['ingress'],
  input: ['ingress', 'prerouting'],
  forward: ['ingress', 'prerouting'],
  postrouting: ['ingress', 'prerouting', 'forward', 'output'],
  egress: ['ingress', 'prerouting', 'forward', 'output', 'postrouting'],
};

/** What rules say of bits of a mark that another rule may have set by then isn't known; others are none, or a process's. */
export function tellMarks(bases: readonly Placed[]): void {
  const marks = new Marks();
  for (const base of bases) {
    spend(bases.length / 8);
    const earlier = bases.filter((other) => other !== base && mayPrecede(other, base)).map(({ chain }) => marks.setBy(chain));
    marks.follow(base.chain, base.family === 'bridge' ? BOTH : all(earlier));
  }
  marks.tell();
}

class Marks {
  private readonly sets = new Map<UnderstoodChain, Marked>();
  private readonly followed = new Map<UnderstoodChain, Set<string>>();
  private readonly unknown = new Map<UnderstoodChain, Marked[]>();

  /** What a chain, and those that it leads to, may set. */
  setBy(chain: UnderstoodChain): Marked {
    let found = this.sets.get(chain);
    if (!found) this.sets.set(chain, (found = all(chain.rules.map((rule) => this.setByRule(rule)))));
    return found;
  }

  private setByRule({ marks = NONE, end }: UnderstoodRule): Marked {
    return end?.is === 'opaque' ? BOTH : all([marks, ...chainsOf(end).map((next) => this.setBy(next))]);
  }

  /** Rule by rule, from whatever leads to the chain. */
  follow(chain: UnderstoodChain, before: Marked): void {
    let some = this.followed.get(chain);
    if (!some) this.followed.set(chain, (some = new Set<string>()));
    const key = [...before]
      .map(([fact, bits]) => `${fact} ${bits}`)
      .sort()
      .join();
    if (some.has(key)) return;
    some.add(key);
    let unknown = this.unknown.get(chain);
    if (!unknown) this.unknown.set(chain, (unknown = []));
    let now = before;
    for (const [i, rule] of chain.rules.entries()) {
      now = all([now, rule.marks ?? NONE]);
      unknown[i] = all([unknown[i] ?? NONE, now]);
      for (const next of chainsOf(rule.end)) this.follow(next, now);
      now = all([now, this.setByRule(rule)]);
    }
  }

  tell(): void {
    for (const [{ rules }, unknown] of this.unknown)
      for (const [i, marked] of unknown.entries()) if (marked.size > 0) rules[i] = told(rules[i]!, marked);
  }
}

const all = (some: readonly Marked[]): Marked => {
  const [only, ...more] = some.filter(({ size }) => size > 0);
  if (more.length === 0) return only ?? NONE;
  const found = new Map(only);
  for (const [fact, bits] of more.flatMap((one) => [...one])) found.set(fact, ((found.get(fact) ?? 0) | bits) >>> 0);
  return found;
};

/** Of chains with one priority either may be first. Translation has its own place among the filters. */
function mayPrecede(one: Placed, other: Placed): boolean {
  if (one.family === 'bridge') return true;
  const families = [one.family, other.family];
  if (one.family === 'arp' || (families.includes('ip') && families.includes('ip6'))) return false;
  if (one.hook !== other.hook) return BEFORE[other.hook]?.includes(one.hook) === true;
  const alike = (one.type === 'nat') === (other.type === 'nat');
  return (alike ? one.priority : placeOf(one)) <= (alike ? other.priority : placeOf(other));
}

const placeOf = ({ type, hook, priority }: Placed): number =>
  type !== 'nat' ? priority : hook === 'prerouting' || hook === 'output' ? -100 : 100;

const fields = new Map<string, Field>();

/** One for each, by which conditions are told apart. */
function setField(of: Fact, bits: number): Field {
  const key = `${of} ${bits}`;
  let found = fields.get(key);
  if (!found) {
    const name = `${of === 'mark' ? 'meta mark' : 'ct mark'} that a rule may have set`;
    const looksAt = { is: 'fact', fact: 'set mark', words: 'none', of, bits } as const;
    fields.set(key, (found = { name, looksAt, ...(of === 'ct mark' ? { tracked: true } : {}) }));
  }
  return found;
}

function told(rule: UnderstoodRule, marked: Marked): UnderstoodRule {
  const ofField = (field: Field): Field => {
    if (field.looksAt.is !== 'fact') return field;
    const { fact } = field.looksAt;
    const bits = fact === 'mark' || fact === 'ct mark' ? marked.get(fact) : undefined;
    return bits === undefined ? field : setField(fact as Fact, bits);
  };
  const ofCondition = (one: Condition): Condition => {
    if (one.is === 'fact') return { ...one, field: ofField(one.field) };
    return one.is === 'member' ? { ...one, fields: one.fields.map(ofField) } : one;
  };
  const ofEnd = (end: End): End => (end.is === 'choose' || end.is === 'look up' ? { ...end, fields: end.fields.map(ofField) } : end);
  return { ...rule, conditions: rule.conditions.map(ofCondition), ...(rule.end ? { end: ofEnd(rule.end) } : {}) };
}
