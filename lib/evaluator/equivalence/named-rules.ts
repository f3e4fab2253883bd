// Finds the rules that name a single IPv4 address, and describes each one without that address. Hosts whose rules have
// equal descriptions may be in one equivalence class.
import { Range } from '../../net/range';
import { PacketField } from '../packet-fields';
import { Condition, RuleAction, LoweredChain, LoweredRule, LoweredRuleset } from '../ruleset-model';
import { isSingleIpv4, ListNames, Occurrences } from './occurrences';

type Axis = 'source' | 'destination';

interface AddressReference {
  readonly condition: Condition;
  readonly axis: Axis;
  readonly address: Range;
  /** The address as a number. */
  readonly at: number;
}

/**
 * A rule that is about one address. `note` stands for what it says except for the address, and for its place as far as
 * that matters.
 */
export interface NamedRule extends AddressReference {
  readonly note: number;
  /** The one address that the rule translates it to. Undefined: there is none. */
  readonly translatedTo: Range | undefined;
}

/** Returns the address that a condition asks for alone. */
export function findNamedAddress(condition: Condition): AddressReference | undefined {
  if (condition.is !== 'member' || condition.negated || condition.members.dynamic) return undefined;
  const [field, ...fields] = condition.fields;
  const [tuple, ...tuples] = condition.members.tuples;
  const value = tuple?.values[0];
  if (!field || fields.length > 0 || tuples.length > 0 || tuple?.expires !== false) return undefined;
  if (value?.is !== 'addresses' || !isSingleIpv4(value.range)) return undefined;
  const { looksAt, tracked, session } = field;
  if (looksAt.is !== 'address' || looksAt.axis === 'originalDestination' || tracked || session) return undefined;
  return { condition, axis: looksAt.axis, address: value.range, at: Number(value.range.first) };
}

/** A condition as far as it is the same in each rule that has it. */
interface NotedCondition {
  readonly reference: AddressReference | undefined;
  readonly isCertain: boolean;
  readonly note: number;
}

/**
 * Finds what the rules that name one address say of it. Two rules that name two addresses on one side have no packet in
 * common. In a run of such rules only the order of those about one address counts. If all rules of a run say the same,
 * rules on the other side that say it, too, may stand among them.
 */
export class NamedRules {
  /** Lines that say of several rules what isn't clear about one. They can't be traced back to one rule. */
  private readonly sharedLines = new Set<number>();
  private readonly notesByCondition = new Map<Condition, NotedCondition>();
  private readonly ids = new Map<object, number>();
  private readonly listNames = new ListNames();
  private referenceCounts: ReadonlyMap<number, number> | undefined;
  private readonly runsByAxis = new Map<Axis, { readonly number: number; says: string | undefined }>();
  private count = 0;

  constructor(
    { baseChains }: LoweredRuleset,
    private readonly chains: Iterable<LoweredChain>,
    private readonly occurrences: Occurrences,
  ) {
    const lines = new Set(baseChains.map(({ line }) => line));
    for (const { rules } of chains)
      for (const { line } of rules) {
        if (lines.has(line)) this.sharedLines.add(line);
        lines.add(line);
      }
  }

  /** Starts anew: rules of another chain follow. */
  startChain(): void {
    this.runsByAxis.clear();
  }

  noteRule(rule: LoweredRule): NamedRule | undefined {
    const notedConditions = rule.conditions.map((condition) => this.noteCondition(condition, rule.line));
    const reference = this.sharedLines.has(rule.line) ? undefined : this.selectReference(notedConditions);
    if (!reference) {
      this.runsByAxis.clear();
      return undefined;
    }
    const translatedTo = findTranslatedAddress(rule.action, reference.axis);
    return {
      ...reference,
      note: this.occurrences.getNote(this.encodeRule(rule, notedConditions, reference, translatedTo)),
      translatedTo,
    };
  }

  private noteCondition(condition: Condition, line: number): NotedCondition {
    let noted = this.notesByCondition.get(condition);
    if (!noted) {
      const note = this.occurrences.getNote(this.describeCondition(condition, line));
      this.notesByCondition.set(
        condition,
        (noted = { reference: findNamedAddress(condition), isCertain: isCertain(condition), note }),
      );
    }
    return noted;
  }

  /** Returns the address that a rule is about: of two in one rule, the one that fewer rules name. */
  private selectReference(notedConditions: readonly NotedCondition[]): AddressReference | undefined {
    let selected: AddressReference | undefined;
    for (const { reference } of notedConditions)
      if (reference && (!selected || this.countReferences(reference) < this.countReferences(selected)))
        selected = reference;
    return selected;
  }

  private countReferences({ at: addressNumber }: AddressReference): number {
    this.referenceCounts ??= this.countByAddress();
    return this.referenceCounts.get(addressNumber) ?? 0;
  }

  private countByAddress(): ReadonlyMap<number, number> {
    const counts = new Map<number, number>();
    for (const { rules } of this.chains)
      for (const { conditions, line } of rules)
        for (const condition of conditions) {
          const { reference } = this.noteCondition(condition, line);
          if (reference) counts.set(reference.at, 1 + (counts.get(reference.at) ?? 0));
        }
    return counts;
  }

  /** Returns the name of a list of numbers. Two rules with one list say the same of two addresses, in one run. */
  private encodeRule(
    rule: LoweredRule,
    notedConditions: readonly NotedCondition[],
    reference: AddressReference,
    translatedTo: Range | undefined,
  ): number {
    const { action } = rule;
    let list = this.listNames.append(ListNames.EMPTY, this.numberRun(rule, notedConditions, reference));
    for (const noted of notedConditions)
      list = this.listNames.append(list, noted.reference === reference ? ListNames.END : noted.note);
    return action
      ? this.listNames.append(list, this.occurrences.getNote(this.describeAction(action, translatedTo)))
      : list;
  }

  private numberRun(
    rule: LoweredRule,
    notedConditions: readonly NotedCondition[],
    { axis, condition }: AddressReference,
  ): number {
    const verdict = findCertainVerdict(rule, notedConditions, condition);
    const otherAxis = axis === 'source' ? 'destination' : 'source';
    if (verdict === undefined || this.runsByAxis.get(otherAxis)?.says !== verdict) this.runsByAxis.delete(otherAxis);
    let axisRun = this.runsByAxis.get(axis);
    if (!axisRun) this.runsByAxis.set(axis, (axisRun = { number: this.count++, says: verdict }));
    else if (axisRun.says !== verdict) axisRun.says = undefined;
    return axisRun.number;
  }

  private describeCondition(condition: Condition, line: number): string {
    switch (condition.is) {
      case 'member':
        return `${condition.negated ? 'not in' : 'in'} ${this.numberObject(condition.members)}: ${this.describeFields(condition.fields)}`;
      case 'packets':
        return `among ${this.numberObject(condition.must)} or ${this.numberObject(condition.may)}`;
      case 'fact':
        return `holds ${this.numberObject(condition.matches)}: ${this.describeFields([condition.field])}`;
      case 'has':
        return `has ${this.describeFields(condition.fields)}`;
      case 'doubt': {
        const linePrefix = `line ${line}: `;
        if (!condition.reason.startsWith(linePrefix)) return this.createUniqueKey();
        return `${condition.reason.slice(linePrefix.length)}: ${this.describeFields(condition.fields)}`;
      }
      case 'joined':
        return this.createUniqueKey();
      default:
        return condition satisfies never;
    }
  }

  private describeAction(end: RuleAction, translatedTo: Range | undefined): string {
    switch (end.is) {
      case 'verdict':
        return this.occurrences.describeVerdict(end.verdict);
      case 'translate': {
        const { addresses, ports, prefix, family } = end.to;
        const to = translatedTo ? 'one' : addresses ? `${addresses.first}-${addresses.last}` : '';
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
        return this.createUniqueKey();
      default:
        return end satisfies never;
    }
  }

  private describeFields(fields: readonly PacketField[]): string {
    return fields.map((field) => this.numberObject(field)).join('.');
  }

  private numberObject(thing: object): number {
    let objectNumber = this.ids.get(thing);
    if (objectNumber === undefined) this.ids.set(thing, (objectNumber = this.ids.size));
    return objectNumber;
  }

  private createUniqueKey(): string {
    return `as no other: ${this.count++}`;
  }
}

/**
 * Returns whether a rule does nothing, whatever it counts or logs. A rule with a followed change does something:
 * splitChains makes it go somewhere.
 */
export const doesNothing = ({ action }: LoweredRule): boolean => !action;

/** Returns the target of a translation from one address to one, which is a map with one entry. */
function findTranslatedAddress(end: RuleAction | undefined, axis: Axis): Range | undefined {
  if (end?.is !== 'translate' || axis !== (end.kind === 'dnat' ? 'destination' : 'source')) return undefined;
  return end.to.addresses && isSingleIpv4(end.to.addresses) ? end.to.addresses : undefined;
}

/**
 * Returns `accept` or `drop` if the header alone tells which packets the rule gets. Then it doesn't matter which of two
 * rules says it.
 */
function findCertainVerdict(
  { conditions, action }: LoweredRule,
  notedConditions: readonly NotedCondition[],
  namedCondition: Condition,
): string | undefined {
  if (action?.is !== 'verdict' || (action.verdict.is !== 'accept' && action.verdict.is !== 'drop')) return undefined;
  return notedConditions.every(({ isCertain: certain }, i) => certain || conditions[i] === namedCondition)
    ? action.verdict.is
    : undefined;
}

const isCertain = (condition: Condition): boolean =>
  condition.is === 'member' &&
  !condition.members.dynamic &&
  condition.members.tuples.every(({ expires }) => !expires) &&
  condition.fields.every(
    ({ looksAt, tracked, session, mayMatchOthers, link }) =>
      (looksAt.is === 'address' ||
        looksAt.is === 'interface' ||
        looksAt.is === 'family' ||
        (looksAt.is === 'number' && looksAt.axis !== 'sourcePort')) &&
      !(tracked || session || mayMatchOthers || link),
  );
