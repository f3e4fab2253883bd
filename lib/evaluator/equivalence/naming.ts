import { Range } from '../../net/range';
import { Field } from '../fields';
import { Condition, End, LoweredChain, LoweredRule, LoweredRuleset } from '../model';
import { isAlone, Lists, Occurrences } from './occurrences';

type Axis = 'source' | 'destination';

interface Naming {
  readonly condition: Condition;
  readonly axis: Axis;
  readonly address: Range;
  /** The same as a number. */
  readonly at: number;
}

/** A rule that is about one address: what it says but for the address, and where it stands as far as that matters. */
export interface Named extends Naming {
  readonly note: number;
  /** The one address that it is translated to. */
  readonly leadsTo: Range | undefined;
}

/** The address that a condition asks for alone. */
export function addressNamed(condition: Condition): Naming | undefined {
  if (condition.is !== 'member' || condition.negated || condition.members.learned) return undefined;
  const [field, ...fields] = condition.fields;
  const [tuple, ...tuples] = condition.members.tuples;
  const value = tuple?.values[0];
  if (!field || fields.length > 0 || tuples.length > 0 || tuple?.fleeting !== false) return undefined;
  if (value?.is !== 'addresses' || !isAlone(value.range)) return undefined;
  const { looksAt, tracked, session } = field;
  if (looksAt.is !== 'address' || looksAt.axis === 'originalDestination' || tracked || session) return undefined;
  return { condition, axis: looksAt.axis, address: value.range, at: Number(value.range.first) };
}

/** A condition as far as it is the same in each rule that has it. */
interface Known {
  readonly naming: Naming | undefined;
  readonly sure: boolean;
  readonly says: number;
}

/**
 * Finds what rules that name one address say of it. Two that name two addresses on one side have no packet in common, so of a run of
 * them only the order counts in which they speak of one address; and where all of a run say the same, so may others on the other side
 * stand among them.
 */
export class NamedRules {
  /** Lines that say of several rules what isn't clear about one: whose it was nobody could tell. */
  private readonly shared = new Set<number>();
  private readonly known = new Map<Condition, Known>();
  private readonly ids = new Map<object, number>();
  private readonly sayings = new Lists();
  private times: ReadonlyMap<number, number> | undefined;
  private readonly runs = new Map<Axis, { readonly number: number; says: string | undefined }>();
  private count = 0;

  constructor(
    { bases }: LoweredRuleset,
    private readonly chains: Iterable<LoweredChain>,
    private readonly occurrences: Occurrences,
  ) {
    const lines = new Set(bases.map(({ line }) => line));
    for (const { rules } of chains)
      for (const { line } of rules) {
        if (lines.has(line)) this.shared.add(line);
        lines.add(line);
      }
  }

  /** Rules of another chain follow. */
  enter(): void {
    this.runs.clear();
  }

  next(rule: LoweredRule): Named | undefined {
    const known = rule.conditions.map((one) => this.knownOf(one, rule.line));
    const naming = this.shared.has(rule.line) ? undefined : this.naming(known);
    if (!naming) {
      this.runs.clear();
      return undefined;
    }
    const leadsTo = leadingTo(rule.end, naming.axis);
    return { ...naming, note: this.occurrences.note(this.saying(rule, known, naming, leadsTo)), leadsTo };
  }

  private knownOf(condition: Condition, line: number): Known {
    let found = this.known.get(condition);
    if (!found) {
      const says = this.occurrences.note(this.asked(condition, line));
      this.known.set(condition, (found = { naming: addressNamed(condition), sure: isSure(condition), says }));
    }
    return found;
  }

  /** Of two in one rule the one that others name less is what the rule is about. */
  private naming(known: readonly Known[]): Naming | undefined {
    let found: Naming | undefined;
    for (const { naming } of known)
      if (naming && (!found || this.timesOf(naming) < this.timesOf(found))) found = naming;
    return found;
  }

  private timesOf({ at }: Naming): number {
    this.times ??= this.counted();
    return this.times.get(at) ?? 0;
  }

  private counted(): ReadonlyMap<number, number> {
    const times = new Map<number, number>();
    for (const { rules } of this.chains)
      for (const { conditions, line } of rules)
        for (const condition of conditions) {
          const { naming } = this.knownOf(condition, line);
          if (naming) times.set(naming.at, 1 + (times.get(naming.at) ?? 0));
        }
    return times;
  }

  /** A list of numbers: two rules with one list say the same of two addresses, in one run. */
  private saying(rule: LoweredRule, known: readonly Known[], naming: Naming, leadsTo: Range | undefined): number {
    const { end } = rule;
    let list = this.sayings.with(Lists.EMPTY, this.run(rule, known, naming));
    for (const one of known) list = this.sayings.with(list, one.naming === naming ? Lists.END : one.says);
    return end ? this.sayings.with(list, this.occurrences.note(this.ending(end, leadsTo))) : list;
  }

  private run(rule: LoweredRule, known: readonly Known[], { axis, condition }: Naming): number {
    const says = sureVerdict(rule, known, condition);
    const other = axis === 'source' ? 'destination' : 'source';
    if (says === undefined || this.runs.get(other)?.says !== says) this.runs.delete(other);
    let mine = this.runs.get(axis);
    if (!mine) this.runs.set(axis, (mine = { number: this.count++, says }));
    else if (mine.says !== says) mine.says = undefined;
    return mine.number;
  }

  private asked(condition: Condition, line: number): string {
    switch (condition.is) {
      case 'member':
        return `${condition.negated ? 'not in' : 'in'} ${this.id(condition.members)}: ${this.fields(condition.fields)}`;
      case 'packets':
        return `among ${this.id(condition.sure)} or ${this.id(condition.may)}`;
      case 'fact':
        return `holds ${this.id(condition.holds)}: ${this.fields([condition.field])}`;
      case 'has':
        return `has ${this.fields(condition.fields)}`;
      case 'doubt': {
        const own = `line ${line}: `;
        if (!condition.because.startsWith(own)) return this.unlike();
        return `${condition.because.slice(own.length)}: ${this.fields(condition.fields)}`;
      }
      case 'joined':
        return this.unlike();
      default:
        return condition satisfies never;
    }
  }

  private ending(end: End, leadsTo: Range | undefined): string {
    switch (end.is) {
      case 'verdict':
        return this.occurrences.decision(end.verdict);
      case 'translate': {
        const { addresses, ports, prefix, family } = end.to;
        const to = leadsTo ? 'one' : addresses ? `${addresses.first}-${addresses.last}` : '';
        return `${end.kind} ${to} ${family ?? ''} ${ports ? `${ports.first}-${ports.last}` : ''} ${prefix} ${end.random}`;
      }
      case 'masquerade':
        return `masquerade ${end.random}`;
      case 'redirect':
        return `redirect ${end.port ?? ''}`;
      case 'choose':
      case 'look up':
      case 'one of':
      case 'opaque':
        return this.unlike();
      default:
        return end satisfies never;
    }
  }

  private fields(fields: readonly Field[]): string {
    return fields.map((field) => this.id(field)).join('.');
  }

  private id(thing: object): number {
    let found = this.ids.get(thing);
    if (found === undefined) this.ids.set(thing, (found = this.ids.size));
    return found;
  }

  private unlike(): string {
    return `as no other: ${this.count++}`;
  }
}

/** Whatever it counts or logs. To set what is asked for is to go somewhere. */
export const doesNothing = ({ end }: LoweredRule): boolean => !end;

/** From one to one is a map with one entry. */
function leadingTo(end: End | undefined, axis: Axis): Range | undefined {
  if (end?.is !== 'translate' || axis !== (end.kind === 'dnat' ? 'destination' : 'source')) return undefined;
  return end.to.addresses && isAlone(end.to.addresses) ? end.to.addresses : undefined;
}

/** `accept` or `drop` where the header alone tells which packets the rule gets: then it doesn't matter which of two says it. */
function sureVerdict({ conditions, end }: LoweredRule, known: readonly Known[], named: Condition): string | undefined {
  if (end?.is !== 'verdict' || (end.verdict.is !== 'accept' && end.verdict.is !== 'drop')) return undefined;
  return known.every(({ sure }, i) => sure || conditions[i] === named) ? end.verdict.is : undefined;
}

const isSure = (condition: Condition): boolean =>
  condition.is === 'member' &&
  !condition.members.learned &&
  condition.members.tuples.every(({ fleeting }) => !fleeting) &&
  condition.fields.every(
    ({ looksAt, tracked, session, blind, link }) =>
      (looksAt.is === 'address' ||
        looksAt.is === 'interface' ||
        looksAt.is === 'family' ||
        (looksAt.is === 'number' && looksAt.axis !== 'sourcePort')) &&
      !(tracked || session || blind || link),
  );
