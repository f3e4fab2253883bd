import { FAMILY_RANGE } from '../../net/address';
import { PROTOCOLS_WITH_PORTS } from '../../net/packet';
import { PacketMap, PacketSet } from '../../net/packet-map';
import { spend } from '../../net/work';
import { point, without } from '../../net/range';
import { Context } from '../context';
import { exactly, Extent } from './extents';
import { contextKey, contextual, FieldPackets } from './field-packets';
import { Field, isSurelyThere } from '../fields';
import {
  addressConstraint,
  boxOf,
  complementOf,
  inSet,
  meet,
  numberConstraint,
  Region,
  setOver,
  union,
} from './regions';
import { Condition, Members, TextFacts, Tuple } from '../model';
import { fieldIn, isHidden } from './sessions';
import { Surroundings } from '../surroundings';

/** Steps of work for what a test says in one place: at an interface and a hook, where it depends on them. */
const PER_EXTENT = 4;

/** Turns conditions into sets of packets, each named set and each pair of field and value once. */
export class Packets {
  private readonly members = new Map<Members, Map<string, Extent>>();

  private readonly fields: FieldPackets;

  constructor(
    readonly surroundings: Surroundings,
    readonly facts: TextFacts,
  ) {
    this.fields = new FieldPackets(surroundings, facts);
  }

  extentOf(condition: Condition, context: Context): Extent {
    switch (condition.is) {
      case 'packets': {
        const sure = inSet(condition.sure);
        return condition.sure === condition.may
          ? exactly(sure)
          : { sure, possible: inSet(condition.may), because: condition.because };
      }
      case 'doubt':
        return {
          sure: undefined,
          possible: this.having(condition.fields, context).possible,
          because: condition.because,
        };
      case 'joined':
        return {
          sure: meet(condition.both.map((one) => this.extentOf(one, context).sure)),
          possible: this.extentOf(condition.loose, context).possible,
          because: condition.because,
        };
      case 'has':
        return this.having(condition.fields, context);
      case 'fact': {
        const guard = this.fields.guard(condition.field, context);
        const fact = this.fields.fact(condition.field, condition.holds, context);
        return {
          sure: meet([guard.sure, fact.sure]),
          possible: meet([guard.possible, fact.possible]),
          because: guard.because || fact.because,
        };
      }
      case 'member': {
        const marks = condition.fields.some(({ looksAt }) => looksAt.is === 'fact') ? context.marks.key : '';
        const at = condition.fields.some(contextual) ? contextKey(context) + marks : '';
        const key = `${condition.negated ? '!' : ''}${at}${condition.fields.map(({ name }) => name).join('.')}`;
        let some = this.members.get(condition.members);
        if (!some) this.members.set(condition.members, (some = new Map<string, Extent>()));
        let found = some.get(key);
        if (!found)
          some.set(key, (found = this.member(condition.fields, condition.members, condition.negated, context)));
        return found;
      }
    }
  }

  private having(fields: readonly Field[], context: Context): Extent {
    const guards = fields.map((field) => this.fields.guard(field, context));
    const possible = meet(guards.map((one) => one.possible));
    const hidden = fields.find((field) => !isSurelyThere(field));
    if (!hidden && guards.every((one) => one.sure === one.possible)) return exactly(possible);
    const because = hidden
      ? `${hidden.name} may be there or not`
      : (guards.find((one) => one.because !== '')?.because ?? '');
    return { sure: hidden ? undefined : meet(guards.map((one) => one.sure)), possible, because };
  }

  /** Where a single tuple matches. */
  tuple(asked: readonly Field[], tuple: Tuple, context: Context): Extent {
    const fields = asked.map((field) => fieldIn(field, context));
    const guards = fields.map((field) => this.fields.guard(field, context));
    const parts = fields.map((field, i) => this.fields.value(field, tuple.values[i]!, context));
    const because = tuple.fleeting
      ? 'an element may expire'
      : (guards.concat(parts).find((one) => one.because)?.because ?? '');
    const guard = meet(guards.map((one) => one.possible));
    const [region, blind] = this.perhaps(fields, parts).map((one) => meet([guard, one]));
    const exact = !tuple.fleeting && guards.concat(parts).every((one) => one.sure === one.possible);
    if (exact) return { sure: region, possible: region, because };
    const sure = tuple.fleeting ? undefined : meet([...guards.map((one) => one.sure), ...parts.map((one) => one.sure)]);
    return { sure, possible: blind ? inSet(setOver(region).or(setOver(blind))) : region, because };
  }

  /** Where values may match. What stands in place of a port where there is none isn't known: there the other fields decide. */
  private perhaps(fields: readonly Field[], parts: readonly Extent[]): readonly (Region | undefined)[] {
    const whole = meet(parts.map((one) => one.possible));
    const ports = fields.filter(({ blind }) => blind);
    if (ports.length === 0) return [whole];
    return [
      whole,
      meet([boxOf(WITHOUT_PORTS), ...parts.flatMap((one, i) => (fields[i]!.blind ? [] : [one.possible]))]),
    ];
  }

  private member(asked: readonly Field[], { tuples, learned }: Members, negated: boolean, context: Context): Extent {
    spend(PER_EXTENT);
    const fields = asked.map((field) => fieldIn(field, context));
    const only = fields.length === 1 && !learned && !tuples.some(({ fleeting }) => fleeting) ? fields[0] : undefined;
    if (only && !only.blind && !only.tracked && !(only.first && context.anyShape) && !isHidden(only, context)) {
      const single = this.single(only, tuples, negated);
      if (single !== 'no') return exactly(single);
    }
    const guards = fields.map((field) => this.fields.guard(field, context));
    const sureGuard = meet(guards.map((one) => one.sure));
    const exact = guards.every((one) => one.sure === one.possible);
    const possibleGuard = exact ? sureGuard : meet(guards.map((one) => one.possible));
    const plain =
      learned || fields.some((field) => isHidden(field, context)) ? undefined : plainAddresses(fields, tuples);
    const parts = plain
      ? []
      : tuples.map((tuple) => fields.map((field, i) => this.fields.value(field, tuple.values[i]!, context)));
    const ports = fields.filter(({ blind }) => blind).map((field) => boxOf(this.fields.protocols(field)));
    const sure =
      plain ??
      union<true>(
        true,
        parts.map((row, i) => (tuples[i]!.fleeting ? undefined : meet([...ports, ...row.map((one) => one.sure)]))),
      );
    const possible =
      plain ??
      (learned
        ? PacketMap.ALL
        : union<true>(
            true,
            parts.flatMap((row) => this.perhaps(fields, row)),
          ));
    const because = learned
      ? 'rules add to a set'
      : ([...guards, ...parts.flat()].find((one) => one.because)?.because ??
        (tuples.some(({ fleeting }) => fleeting) ? 'an element may expire' : ''));
    const cut = (guard: Region | undefined, set: PacketSet): Region | undefined =>
      set === PacketMap.ALL || set.equals(PacketMap.ALL) ? guard : meet([guard, inSet(set)]);
    if (exact && sure.equals(possible)) return exactly(cut(sureGuard, negated ? PacketMap.ALL.apartFrom(sure) : sure));
    const never = (set: PacketSet): PacketSet => PacketMap.ALL.apartFrom(set);
    const [surely, perhaps] = negated ? [never(possible), never(sure)] : [sure, possible];
    return { sure: cut(sureGuard, surely), possible: cut(possibleGuard, perhaps), because };
  }

  /** One field on one axis: a constraint instead of a set. */
  private single(field: Field, tuples: readonly Tuple[], negated: boolean): Region | undefined | 'no' {
    const values = tuples.map(({ values: [value] }) => value!);
    if (field.looksAt.is === 'address') {
      const { axis } = field.looksAt;
      const whole = FAMILY_RANGE[field.family ?? 'ip'];
      if (!negated && values.length === 1) return this.fields.guarded(field, this.fields.constraint(field, values[0]!));
      const ranges = values.map((value) => (value.is === 'addresses' ? value.range : whole));
      return this.fields.guarded(field, addressConstraint(axis, negated ? without([whole], ranges) : ranges));
    }
    if (field.looksAt.is === 'number') {
      if (!negated && values.length === 1) return this.fields.guarded(field, this.fields.constraint(field, values[0]!));
      const most = field.looksAt.axis === 'protocol' ? 255 : 65_535;
      const ranges = values.map((value) => (value.is === 'numbers' ? value.range : { first: 0, last: most }));
      return this.fields.guarded(
        field,
        numberConstraint(field.looksAt.axis, negated ? complementOf(ranges, most) : ranges),
      );
    }
    return 'no';
  }
}

const WITHOUT_PORTS = numberConstraint('protocol', complementOf(PROTOCOLS_WITH_PORTS.map(point), 255));

/** A plain list of addresses is one set; ten thousand of them needn't be looked at one by one. */
function plainAddresses(fields: readonly Field[], tuples: readonly Tuple[]): PacketSet | undefined {
  const [field, ...more] = fields;
  if (field?.looksAt.is !== 'address' || more.length > 0) return undefined;
  const ranges = tuples.flatMap(({ values: [value], fleeting }) =>
    value?.is === 'addresses' && !fleeting ? [value.range] : [],
  );
  return ranges.length === tuples.length ? PacketMap.set({ [field.looksAt.axis]: ranges }) : undefined;
}
