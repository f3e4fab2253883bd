/*
 * Conditions of rules as sets of packets.
 * In: a condition or a tuple of the ruleset model, and the context of a packet. Out: MatchBounds, the packets that
 * surely match and those that may.
 */
import { FAMILY_RANGE } from '../../net/address';
import { PROTOCOLS_WITH_PORTS } from '../../net/packet';
import { PacketMap, PacketSet } from '../../net/packet-map';
import { spendSteps } from '../../net/step-budget';
import { toSingleRange, subtractRanges } from '../../net/range';
import { PacketContext } from '../packet-context';
import { createExactBounds, MatchBounds } from './match-bounds';
import { buildContextKey, dependsOnContext, FieldEvaluator } from './field-evaluator';
import { PacketField, isAlwaysPresent } from '../packet-fields';
import {
  createAddressConstraint,
  createRegion,
  invertNumberRanges,
  createSetRegion,
  intersectRegions,
  createNumberConstraint,
  Region,
  createPacketSet,
  uniteRegions,
} from './regions';
import { Condition, Members, RulesetFacts, Tuple } from '../ruleset-model';
import { getPhaseField, isHidden } from './session-fields';
import { RoutingTable } from '../routing-table';

/** Steps for the bounds of a test in one place: at an interface and a hook, if it depends on them. */
const STEPS_PER_BOUNDS = 4;

/** Turns conditions into sets of packets, each named set and each pair of field and value once. */
export class ConditionEvaluator {
  private readonly boundsByMembers = new Map<Members, Map<string, MatchBounds>>();

  private readonly fields: FieldEvaluator;

  constructor(
    readonly routing: RoutingTable,
    readonly facts: RulesetFacts,
  ) {
    this.fields = new FieldEvaluator(routing, facts);
  }

  evaluateCondition(condition: Condition, context: PacketContext): MatchBounds {
    switch (condition.is) {
      case 'packets': {
        const mustRegion = createSetRegion(condition.sure);
        return condition.sure === condition.may
          ? createExactBounds(mustRegion)
          : { sure: mustRegion, possible: createSetRegion(condition.may), because: condition.because };
      }
      case 'doubt':
        return {
          sure: undefined,
          possible: this.evaluatePresence(condition.fields, context).possible,
          because: condition.because,
        };
      case 'joined':
        return {
          sure: intersectRegions(condition.both.map((part) => this.evaluateCondition(part, context).sure)),
          possible: this.evaluateCondition(condition.loose, context).possible,
          because: condition.because,
        };
      case 'has':
        return this.evaluatePresence(condition.fields, context);
      case 'fact': {
        const guard = this.fields.evaluatePresence(condition.field, context);
        const fact = this.fields.evaluateFact(condition.field, condition.holds, context);
        return {
          sure: intersectRegions([guard.sure, fact.sure]),
          possible: intersectRegions([guard.possible, fact.possible]),
          because: guard.because || fact.because,
        };
      }
      case 'member': {
        const marks = condition.fields.some(({ looksAt }) => looksAt.is === 'fact') ? context.marks.key : '';
        const contextPart = condition.fields.some(dependsOnContext) ? buildContextKey(context) + marks : '';
        const key = `${condition.negated ? '!' : ''}${contextPart}${condition.fields.map(({ name }) => name).join('.')}`;
        let boundsByKey = this.boundsByMembers.get(condition.members);
        if (!boundsByKey) this.boundsByMembers.set(condition.members, (boundsByKey = new Map<string, MatchBounds>()));
        let bounds = boundsByKey.get(key);
        if (!bounds)
          boundsByKey.set(
            key,
            (bounds = this.evaluateMembers(condition.fields, condition.members, condition.negated, context)),
          );
        return bounds;
      }
    }
  }

  private evaluatePresence(fields: readonly PacketField[], context: PacketContext): MatchBounds {
    const guards = fields.map((field) => this.fields.evaluatePresence(field, context));
    const may = intersectRegions(guards.map((guard) => guard.possible));
    const hidden = fields.find((field) => !isAlwaysPresent(field));
    if (!hidden && guards.every((guard) => guard.sure === guard.possible)) return createExactBounds(may);
    const reason = hidden
      ? `${hidden.name} may be there or not`
      : (guards.find((guard) => guard.because !== '')?.because ?? '');
    return {
      sure: hidden ? undefined : intersectRegions(guards.map((guard) => guard.sure)),
      possible: may,
      because: reason,
    };
  }

  /** Returns the packets that match a single tuple. */
  evaluateTuple(givenFields: readonly PacketField[], tuple: Tuple, context: PacketContext): MatchBounds {
    const fields = givenFields.map((field) => getPhaseField(field, context));
    const guards = fields.map((field) => this.fields.evaluatePresence(field, context));
    const valueBounds = fields.map((field, i) => this.fields.evaluateValue(field, tuple.values[i]!, context));
    const reason = tuple.fleeting
      ? 'an element may expire'
      : (guards.concat(valueBounds).find((item) => item.because)?.because ?? '');
    const guard = intersectRegions(guards.map((item) => item.possible));
    const [region, portlessRegion] = this.listMayRegions(fields, valueBounds).map((item) =>
      intersectRegions([guard, item]),
    );
    const isExact = !tuple.fleeting && guards.concat(valueBounds).every((item) => item.sure === item.possible);
    if (isExact) return { sure: region, possible: region, because: reason };
    const must = tuple.fleeting
      ? undefined
      : intersectRegions([...guards.map((item) => item.sure), ...valueBounds.map((item) => item.sure)]);
    return {
      sure: must,
      possible: portlessRegion
        ? createSetRegion(createPacketSet(region).unite(createPacketSet(portlessRegion)))
        : region,
      because: reason,
    };
  }

  /**
   * Returns the regions where values may match. The bytes in place of a port, where there is none, aren't known: there
   * the other fields decide.
   */
  private listMayRegions(
    fields: readonly PacketField[],
    valueBounds: readonly MatchBounds[],
  ): readonly (Region | undefined)[] {
    const combined = intersectRegions(valueBounds.map((bounds) => bounds.possible));
    const ports = fields.filter(({ blind }) => blind);
    if (ports.length === 0) return [combined];
    return [
      combined,
      intersectRegions([
        createRegion(PORTLESS_PROTOCOLS),
        ...valueBounds.flatMap((bounds, i) => (fields[i]!.blind ? [] : [bounds.possible])),
      ]),
    ];
  }

  private evaluateMembers(
    givenFields: readonly PacketField[],
    { tuples, learned }: Members,
    negated: boolean,
    context: PacketContext,
  ): MatchBounds {
    spendSteps(STEPS_PER_BOUNDS);
    const fields = givenFields.map((field) => getPhaseField(field, context));
    const singleField =
      fields.length === 1 && !learned && !tuples.some(({ fleeting }) => fleeting) ? fields[0] : undefined;
    if (
      singleField &&
      !singleField.blind &&
      !singleField.tracked &&
      !(singleField.first && context.anyShape) &&
      !isHidden(singleField, context)
    ) {
      const singleRegion = this.evaluateSingleField(singleField, tuples, negated);
      if (singleRegion !== 'no') return createExactBounds(singleRegion);
    }
    const guards = fields.map((field) => this.fields.evaluatePresence(field, context));
    const mustGuard = intersectRegions(guards.map((bounds) => bounds.sure));
    const isExact = guards.every((bounds) => bounds.sure === bounds.possible);
    const mayGuard = isExact ? mustGuard : intersectRegions(guards.map((bounds) => bounds.possible));
    const addressSet =
      learned || fields.some((field) => isHidden(field, context)) ? undefined : buildAddressSet(fields, tuples);
    const valueBounds = addressSet
      ? []
      : tuples.map((tuple) => fields.map((field, i) => this.fields.evaluateValue(field, tuple.values[i]!, context)));
    const ports = fields.filter(({ blind }) => blind).map((field) => createRegion(this.fields.getProtocols(field)));
    const mustSet =
      addressSet ??
      uniteRegions<true>(
        true,
        valueBounds.map((row, i) =>
          tuples[i]!.fleeting ? undefined : intersectRegions([...ports, ...row.map((bounds) => bounds.sure)]),
        ),
      );
    const maySet =
      addressSet ??
      (learned
        ? PacketMap.ALL
        : uniteRegions<true>(
            true,
            valueBounds.flatMap((row) => this.listMayRegions(fields, row)),
          ));
    const reason = learned
      ? 'rules add to a set'
      : ([...guards, ...valueBounds.flat()].find((bounds) => bounds.because)?.because ??
        (tuples.some(({ fleeting }) => fleeting) ? 'an element may expire' : ''));
    const narrowGuard = (guard: Region | undefined, set: PacketSet): Region | undefined =>
      set === PacketMap.ALL || set.equals(PacketMap.ALL) ? guard : intersectRegions([guard, createSetRegion(set)]);
    if (isExact && mustSet.equals(maySet))
      return createExactBounds(narrowGuard(mustGuard, negated ? PacketMap.ALL.subtract(mustSet) : mustSet));
    const invertSet = (set: PacketSet): PacketSet => PacketMap.ALL.subtract(set);
    const [must, may] = negated ? [invertSet(maySet), invertSet(mustSet)] : [mustSet, maySet];
    return { sure: narrowGuard(mustGuard, must), possible: narrowGuard(mayGuard, may), because: reason };
  }

  /** Returns a constraint instead of a set for one field on one axis. 'no': the field is on no axis. */
  private evaluateSingleField(
    field: PacketField,
    tuples: readonly Tuple[],
    negated: boolean,
  ): Region | undefined | 'no' {
    const values = tuples.map(({ values: [value] }) => value!);
    if (field.looksAt.is === 'address') {
      const { axis } = field.looksAt;
      const familyRange = FAMILY_RANGE[field.family ?? 'ip'];
      if (!negated && values.length === 1)
        return this.fields.createFieldRegion(field, this.fields.getConstraint(field, values[0]!));
      const ranges = values.map((value) => (value.is === 'addresses' ? value.range : familyRange));
      return this.fields.createFieldRegion(
        field,
        createAddressConstraint(axis, negated ? subtractRanges([familyRange], ranges) : ranges),
      );
    }
    if (field.looksAt.is === 'number') {
      if (!negated && values.length === 1)
        return this.fields.createFieldRegion(field, this.fields.getConstraint(field, values[0]!));
      const maxNumber = field.looksAt.axis === 'protocol' ? 255 : 65_535;
      const ranges = values.map((value) => (value.is === 'numbers' ? value.range : { first: 0, last: maxNumber }));
      return this.fields.createFieldRegion(
        field,
        createNumberConstraint(field.looksAt.axis, negated ? invertNumberRanges(ranges, maxNumber) : ranges),
      );
    }
    return 'no';
  }
}

const PORTLESS_PROTOCOLS = createNumberConstraint(
  'protocol',
  invertNumberRanges(PROTOCOLS_WITH_PORTS.map(toSingleRange), 255),
);

/**
 * Returns a plain list of addresses as one set: ten thousand of them needn't be looked at one by one. Undefined: the
 * list isn't plain.
 */
function buildAddressSet(fields: readonly PacketField[], tuples: readonly Tuple[]): PacketSet | undefined {
  const [field, ...otherFields] = fields;
  if (field?.looksAt.is !== 'address' || otherFields.length > 0) return undefined;
  const ranges = tuples.flatMap(({ values: [value], fleeting }) =>
    value?.is === 'addresses' && !fleeting ? [value.range] : [],
  );
  return ranges.length === tuples.length ? PacketMap.createSet({ [field.looksAt.axis]: ranges }) : undefined;
}
