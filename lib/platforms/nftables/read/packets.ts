import { FAMILY_RANGE } from '../../../net/address';
import { PacketMap, PacketSet } from '../../../net/packet-map';
import { without } from '../../../net/range';
import { Context } from './context';
import { Extent, FieldPackets, contextKey, contextual, exactly, isHidden } from './field-packets';
import { Field, isSurelyThere } from './fields';
import { Region, addressConstraint, complementOf, inSet, meet, numberConstraint, setOver, union } from './regions';
import { TextFacts } from './ruleset';
import { Surroundings } from './surroundings';
import { Condition, Members, Tuple } from './understood';

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
      case 'doubt':
        return { sure: undefined, possible: this.having(condition.fields, context).possible, because: condition.because };
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
        const key = `${condition.negated ? '!' : ''}${condition.fields.some(contextual) ? contextKey(context) : ''}${condition.fields.map(({ name }) => name).join('.')}`;
        let some = this.members.get(condition.members);
        if (!some) this.members.set(condition.members, (some = new Map<string, Extent>()));
        let found = some.get(key);
        if (!found) some.set(key, (found = this.member(condition.fields, condition.members, condition.negated, context)));
        return found;
      }
    }
  }

  private having(fields: readonly Field[], context: Context): Extent {
    const guards = fields.map((field) => this.fields.guard(field, context));
    const possible = meet(guards.map((one) => one.possible));
    const hidden = fields.find((field) => !isSurelyThere(field));
    if (!hidden && guards.every((one) => one.sure === one.possible)) return exactly(possible);
    const because = hidden ? `${hidden.name} may be there or not` : (guards.find((one) => one.because !== '')?.because ?? '');
    return { sure: hidden ? undefined : meet(guards.map((one) => one.sure)), possible, because };
  }

  /** Where a single tuple matches. */
  tuple(fields: readonly Field[], tuple: Tuple, context: Context): Extent {
    const guards = fields.map((field) => this.fields.guard(field, context));
    const parts = fields.map((field, i) => this.fields.value(field, tuple.values[i]!, context));
    const because = tuple.fleeting ? 'an element may expire' : (guards.concat(parts).find((one) => one.because)?.because ?? '');
    const region = meet([...guards.map((one) => one.possible), ...parts.map((one) => one.possible)]);
    const exact = !tuple.fleeting && guards.concat(parts).every((one) => one.sure === one.possible);
    if (exact) return { sure: region, possible: region, because };
    const sure = tuple.fleeting ? undefined : meet([...guards.map((one) => one.sure), ...parts.map((one) => one.sure)]);
    if (!fields.some(({ blind }) => blind)) return { sure, possible: region, because };
    // What stands in place of a port is not known where there is none: there the value says nothing.
    const seeing = meet(guards.map((one) => one.sure));
    const blind = setOver(
      meet([...guards.map((one) => one.possible), ...parts.filter((_, i) => !fields[i]!.blind).map((one) => one.possible)]),
    );
    return {
      sure,
      possible: inSet(
        setOver(region)
          .within(setOver(seeing))
          .or(blind.apartFrom(setOver(seeing))),
      ),
      because,
    };
  }

  private member(fields: readonly Field[], { tuples, learned }: Members, negated: boolean, context: Context): Extent {
    const only = fields.length === 1 && !learned && !tuples.some(({ fleeting }) => fleeting) ? fields[0] : undefined;
    if (only && !only.blind && !only.tracked && !isHidden(only, context)) {
      const single = this.single(only, tuples, negated);
      if (single !== 'no') return exactly(single);
    }
    const guards = fields.map((field) => this.fields.guard(field, context));
    const sureGuard = meet(guards.map((one) => one.sure));
    const exact = guards.every((one) => one.sure === one.possible);
    const possibleGuard = exact ? sureGuard : meet(guards.map((one) => one.possible));
    const plain = learned || fields.some((field) => isHidden(field, context)) ? undefined : plainAddresses(fields, tuples);
    const parts = plain ? [] : tuples.map((tuple) => fields.map((field, i) => this.fields.value(field, tuple.values[i]!, context)));
    const sure =
      plain ??
      union<true>(
        true,
        parts.map((row, i) => (tuples[i]!.fleeting ? undefined : meet(row.map((one) => one.sure)))),
      );
    const possible =
      plain ??
      (learned
        ? PacketMap.ALL
        : union<true>(
            true,
            parts.map((row) => meet(row.map((one) => one.possible))),
          ));
    const because = learned
      ? 'rules add to a set'
      : ([...guards, ...parts.flat()].find((one) => one.because)?.because ??
        (tuples.some(({ fleeting }) => fleeting) ? 'an element may expire' : ''));
    const cut = (guard: Region | undefined, set: PacketSet): Region | undefined =>
      set === PacketMap.ALL || set.equals(PacketMap.ALL) ? guard : meet([guard, inSet(set)]);
    if (exact && sure.equals(possible)) return exactly(cut(sureGuard, negated ? PacketMap.ALL.apartFrom(sure) : sure));
    // A packet whose field is in doubt (a blind port) may match, negated or not.
    const blind = setOver(possibleGuard).apartFrom(setOver(sureGuard));
    if (!negated)
      return {
        sure: cut(sureGuard, sure),
        possible: blind.isEmpty ? cut(possibleGuard, possible) : inSet(setOver(cut(sureGuard, possible)).or(blind)),
        because,
      };
    const never = (set: PacketSet): PacketSet => PacketMap.ALL.apartFrom(set);
    return {
      sure: cut(sureGuard, never(possible)),
      possible: blind.isEmpty ? cut(possibleGuard, never(sure)) : inSet(setOver(cut(sureGuard, never(sure))).or(blind)),
      because,
    };
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
      return this.fields.guarded(field, numberConstraint(field.looksAt.axis, negated ? complementOf(ranges, most) : ranges));
    }
    return 'no';
  }
}

/** A plain list of addresses is one set; ten thousand of them needn't be looked at one by one. */
function plainAddresses(fields: readonly Field[], tuples: readonly Tuple[]): PacketSet | undefined {
  const [field, ...more] = fields;
  if (field?.looksAt.is !== 'address' || more.length > 0) return undefined;
  const ranges = tuples.flatMap(({ values: [value], fleeting }) => (value?.is === 'addresses' && !fleeting ? [value.range] : []));
  return ranges.length === tuples.length ? PacketMap.set({ [field.looksAt.axis]: ranges }) : undefined;
}
