// Evaluates conditions of rules as sets of packets. In: a condition or a tuple of the ruleset model, and the context of
// a packet. Out: MatchBounds, the packets that must match and those that may match.
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
        const mustRegion = createSetRegion(condition.must);
        return condition.must === condition.may
          ? createExactBounds(mustRegion)
          : { must: mustRegion, may: createSetRegion(condition.may), reason: condition.reason };
      }
      case 'doubt':
        return {
          must: undefined,
          may: this.evaluatePresence(condition.fields, context).may,
          reason: condition.reason,
        };
      case 'joined':
        return {
          must: intersectRegions(condition.asWritten.map((part) => this.evaluateCondition(part, context).must)),
          may: this.evaluateCondition(condition.asCompiled, context).may,
          reason: condition.reason,
        };
      case 'has':
        return this.evaluatePresence(condition.fields, context);
      case 'fact': {
        const guard = this.fields.evaluatePresence(condition.field, context);
        const fact = this.fields.evaluateFact(condition.field, condition.matches, context);
        return {
          must: intersectRegions([guard.must, fact.must]),
          may: intersectRegions([guard.may, fact.may]),
          reason: guard.reason || fact.reason,
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
    const may = intersectRegions(guards.map((guard) => guard.may));
    const hidden = fields.find((field) => !isAlwaysPresent(field));
    if (!hidden && guards.every((guard) => guard.must === guard.may)) return createExactBounds(may);
    const reason = hidden
      ? `${hidden.name} may be there or not`
      : (guards.find((guard) => guard.reason !== '')?.reason ?? '');
    return {
      must: hidden ? undefined : intersectRegions(guards.map((guard) => guard.must)),
      may,
      reason,
    };
  }

  /** Returns the packets that match a single tuple. */
  evaluateTuple(givenFields: readonly PacketField[], tuple: Tuple, context: PacketContext): MatchBounds {
    const fields = givenFields.map((field) => getPhaseField(field, context));
    const guards = fields.map((field) => this.fields.evaluatePresence(field, context));
    const valueBounds = fields.map((field, i) => this.fields.evaluateValue(field, tuple.values[i]!, context));
    const reason = tuple.expires
      ? 'an element may expire'
      : (guards.concat(valueBounds).find((item) => item.reason)?.reason ?? '');
    const guard = intersectRegions(guards.map((item) => item.may));
    const [region, portlessRegion] = this.listMayRegions(fields, valueBounds).map((item) =>
      intersectRegions([guard, item]),
    );
    const isExact = !tuple.expires && guards.concat(valueBounds).every((item) => item.must === item.may);
    if (isExact) return { must: region, may: region, reason };
    const must = tuple.expires
      ? undefined
      : intersectRegions([...guards.map((item) => item.must), ...valueBounds.map((item) => item.must)]);
    return {
      must,
      may: portlessRegion ? createSetRegion(createPacketSet(region).unite(createPacketSet(portlessRegion))) : region,
      reason,
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
    const combined = intersectRegions(valueBounds.map((bounds) => bounds.may));
    const ports = fields.filter(({ mayMatchOthers }) => mayMatchOthers);
    if (ports.length === 0) return [combined];
    return [
      combined,
      intersectRegions([
        createRegion(PORTLESS_PROTOCOLS),
        ...valueBounds.flatMap((bounds, i) => (fields[i]!.mayMatchOthers ? [] : [bounds.may])),
      ]),
    ];
  }

  private evaluateMembers(
    givenFields: readonly PacketField[],
    { tuples, dynamic }: Members,
    negated: boolean,
    context: PacketContext,
  ): MatchBounds {
    spendSteps(STEPS_PER_BOUNDS);
    const fields = givenFields.map((field) => getPhaseField(field, context));
    const singleField =
      fields.length === 1 && !dynamic && !tuples.some(({ expires }) => expires) ? fields[0] : undefined;
    if (
      singleField &&
      !singleField.mayMatchOthers &&
      !singleField.tracked &&
      !(singleField.first && context.anyShape) &&
      !isHidden(singleField, context)
    ) {
      const singleRegion = this.evaluateSingleField(singleField, tuples, negated);
      if (singleRegion !== 'no') return createExactBounds(singleRegion);
    }
    const guards = fields.map((field) => this.fields.evaluatePresence(field, context));
    const mustGuard = intersectRegions(guards.map((bounds) => bounds.must));
    const isExact = guards.every((bounds) => bounds.must === bounds.may);
    const mayGuard = isExact ? mustGuard : intersectRegions(guards.map((bounds) => bounds.may));
    const addressSet =
      dynamic || fields.some((field) => isHidden(field, context)) ? undefined : buildAddressSet(fields, tuples);
    const valueBounds = addressSet
      ? []
      : tuples.map((tuple) => fields.map((field, i) => this.fields.evaluateValue(field, tuple.values[i]!, context)));
    const ports = fields
      .filter(({ mayMatchOthers }) => mayMatchOthers)
      .map((field) => createRegion(this.fields.getProtocols(field)));
    const mustSet =
      addressSet ??
      uniteRegions<true>(
        true,
        valueBounds.map((row, i) =>
          tuples[i]!.expires ? undefined : intersectRegions([...ports, ...row.map((bounds) => bounds.must)]),
        ),
      );
    const maySet =
      addressSet ??
      (dynamic
        ? PacketMap.ALL
        : uniteRegions<true>(
            true,
            valueBounds.flatMap((row) => this.listMayRegions(fields, row)),
          ));
    const reason = dynamic
      ? 'rules add to a set'
      : ([...guards, ...valueBounds.flat()].find((bounds) => bounds.reason)?.reason ??
        (tuples.some(({ expires }) => expires) ? 'an element may expire' : ''));
    const narrowGuard = (guard: Region | undefined, set: PacketSet): Region | undefined =>
      set === PacketMap.ALL || set.equals(PacketMap.ALL) ? guard : intersectRegions([guard, createSetRegion(set)]);
    if (isExact && mustSet.equals(maySet))
      return createExactBounds(narrowGuard(mustGuard, negated ? PacketMap.ALL.subtract(mustSet) : mustSet));
    const invertSet = (set: PacketSet): PacketSet => PacketMap.ALL.subtract(set);
    const [must, may] = negated ? [invertSet(maySet), invertSet(mustSet)] : [mustSet, maySet];
    return { must: narrowGuard(mustGuard, must), may: narrowGuard(mayGuard, may), reason };
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
  const ranges = tuples.flatMap(({ values: [value], expires }) =>
    value?.is === 'addresses' && !expires ? [value.range] : [],
  );
  return ranges.length === tuples.length ? PacketMap.createSet({ [field.looksAt.axis]: ranges }) : undefined;
}
