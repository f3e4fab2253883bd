import { FAMILY_RANGE } from '../../../net/address';
import { PacketMap, PacketSet } from '../../../net/packet-map';
import { without } from '../../../net/range';
import { Context, LEFT_ALONE, STATE, TRACKED, valuesOfFact } from './context';
import { Field } from './fields';
import {
  Constraint,
  EVERYWHERE,
  FAMILY_CONSTRAINT,
  Region,
  addressConstraint,
  boxOf,
  complementOf,
  inSet,
  meet,
  numberConstraint,
  setOver,
  union,
} from './regions';
import { TextFacts } from './ruleset';
import { Surroundings } from './surroundings';
import { Condition, Members, Tuple } from './understood';
import { Value } from './values';

/** The packets that surely match, and those that may: equal unless something about the match isn't known. */
export interface Extent {
  readonly sure: Region | undefined;
  readonly possible: Region | undefined;
  readonly because: string;
}

const exactly = (region: Region | undefined): Extent => ({ sure: region, possible: region, because: '' });
const TRACKED_ONLY: Region = { box: new Map(), sets: [TRACKED] };

/** Turns conditions into sets of packets, each named set and each pair of field and value once. */
export class Packets {
  private readonly constraints = new Map<Field, Map<Value, Constraint>>();
  private readonly members = new Map<Members, Map<string, Extent>>();
  private readonly withOthers = new Map<Field, Constraint>();

  constructor(
    readonly surroundings: Surroundings,
    readonly facts: TextFacts,
  ) {}

  extentOf(condition: Condition, context: Context): Extent {
    switch (condition.is) {
      case 'doubt':
        return {
          sure: undefined,
          possible: condition.field ? this.guard(condition.field, context).possible : EVERYWHERE,
          because: condition.because,
        };
      case 'fact': {
        const guard = this.guard(condition.field, context);
        const fact = this.fact(condition.field, condition.holds, context);
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

  /** Where a single tuple matches. */
  tuple(fields: readonly Field[], tuple: Tuple, context: Context): Extent {
    const guards = fields.map((field) => this.guard(field, context));
    const parts = fields.map((field, i) => this.value(field, tuple.values[i]!, context));
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
    if (only && !only.blind && !only.tracked) {
      const single = this.single(only, tuples, negated);
      if (single !== 'no') return exactly(single);
    }
    const guards = fields.map((field) => this.guard(field, context));
    const sureGuard = meet(guards.map((one) => one.sure));
    const exact = guards.every((one) => one.sure === one.possible);
    const possibleGuard = exact ? sureGuard : meet(guards.map((one) => one.possible));
    const parts = tuples.map((tuple) => fields.map((field, i) => this.value(field, tuple.values[i]!, context)));
    const sure = union<true>(
      true,
      parts.map((row, i) => (tuples[i]!.fleeting ? undefined : meet(row.map((one) => one.sure)))),
    );
    const possible = learned
      ? PacketMap.ALL
      : union<true>(
          true,
          parts.map((row) => meet(row.map((one) => one.possible))),
        );
    const because = learned
      ? 'rules add to a set'
      : (guards.concat(...parts).find((one) => one.because)?.because ??
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
      if (!negated && values.length === 1) return this.guarded(field, this.constraint(field, values[0]!));
      const ranges = values.map((value) => (value.is === 'addresses' ? value.range : whole));
      return this.guarded(field, addressConstraint(axis, negated ? without([whole], ranges) : ranges));
    }
    if (field.looksAt.is === 'number') {
      if (!negated && values.length === 1) return this.guarded(field, this.constraint(field, values[0]!));
      const most = field.looksAt.axis === 'protocol' ? 255 : 65_535;
      const ranges = values.map((value) => (value.is === 'numbers' ? value.range : { first: 0, last: most }));
      return this.guarded(field, numberConstraint(field.looksAt.axis, negated ? complementOf(ranges, most) : ranges));
    }
    return 'no';
  }

  private guarded(field: Field, constraint: Constraint): Region | undefined {
    const parts = [constraint];
    if (field.family) parts.push(FAMILY_CONSTRAINT[field.family]);
    if (field.protocols) parts.push(this.protocols(field));
    return boxOf(...parts);
  }

  private protocols(field: Field): Constraint {
    const key = PROTOCOL_KEYS.get(field.protocols!.join()) ?? field;
    PROTOCOL_KEYS.set(field.protocols!.join(), key);
    let found = this.withOthers.get(key);
    if (!found)
      this.withOthers.set(
        key,
        (found = numberConstraint(
          'protocol',
          field.protocols!.map((one) => ({ first: one, last: one })),
        )),
      );
    return found;
  }

  /** Which packets have the field at all. */
  private guard(field: Field, context: Context): Extent {
    const family = field.family ? boxOf(FAMILY_CONSTRAINT[field.family]) : EVERYWHERE;
    const ports = field.protocols ? boxOf(this.protocols(field)) : EVERYWHERE;
    const possiblePorts = field.blind ? EVERYWHERE : ports;
    const because = field.blind ? 'a port is asked of any protocol' : '';
    if (!field.tracked || context.ct === 'new') {
      const tracked = field.tracked ? TRACKED_ONLY : EVERYWHERE;
      if (!field.blind) return this.guards.get(field) ?? this.keep(field, exactly(meet([family, ports, tracked])));
      return { sure: meet([family, ports, tracked]), possible: meet([family, possiblePorts, tracked]), because };
    }
    if (context.ct === 'unclear') return { sure: undefined, possible: meet([family, possiblePorts]), because: 'it may not be tracked' };
    return exactly(undefined);
  }

  private readonly guards = new Map<Field, Extent>();
  private keep(field: Field, extent: Extent): Extent {
    this.guards.set(field, extent);
    return extent;
  }

  /** One field against one value, where the field is there. */
  private value(field: Field, value: Value, context: Context): Extent {
    const { looksAt } = field;
    if (value.is === 'any') return exactly(EVERYWHERE);
    switch (looksAt.is) {
      case 'address':
      case 'number':
        return exactly(boxOf(this.constraint(field, value)));
      case 'family':
        if (value.is !== 'numbers') return exactly(undefined);
        return exactly(
          value.range.first <= 2 && value.range.last >= 10
            ? EVERYWHERE
            : value.range.first === 2
              ? boxOf(FAMILY_CONSTRAINT.ip)
              : value.range.first === 10
                ? boxOf(FAMILY_CONSTRAINT.ip6)
                : undefined,
        );
      case 'interface': {
        const name = looksAt.side === 'in' ? context.iif : context.oif;
        if (name === undefined) return { sure: undefined, possible: EVERYWHERE, because: 'its interface is unclear' };
        return exactly(
          value.is === 'name' && name !== '' && (value.wild ? name.startsWith(value.name) : name === value.name) ? EVERYWHERE : undefined,
        );
      }
      case 'fact': {
        if (value.is !== 'numbers') return exactly(undefined);
        const { first, last } = value.range;
        return this.fact(field, (number) => first <= number && number <= last, context);
      }
      case 'routed':
        return exactly(value.is === 'name' ? boxOf(addressConstraint(looksAt.axis, this.surroundings.ofType(value.name))) : undefined);
      case 'returns':
        return this.returning(value, context);
      case 'unmodelled':
        return { sure: undefined, possible: EVERYWHERE, because: `${field.name} may match or not` };
    }
  }

  private constraint(field: Field, value: Value): Constraint {
    let some = this.constraints.get(field);
    if (!some) this.constraints.set(field, (some = new Map<Value, Constraint>()));
    let found = some.get(value);
    if (!found) {
      const { looksAt } = field;
      if (looksAt.is === 'address')
        found = addressConstraint(looksAt.axis, [value.is === 'addresses' ? value.range : FAMILY_RANGE[field.family ?? 'ip']]);
      else if (looksAt.is === 'number')
        found = numberConstraint(looksAt.axis, [value.is === 'numbers' ? value.range : { first: 0, last: 65_535 }]);
      else throw new RangeError(`${field.name} is on no axis`);
      some.set(value, found);
    }
    return found;
  }

  private fact(field: Field, holds: (value: number) => boolean, context: Context): Extent {
    if (field.looksAt.is !== 'fact') return exactly(EVERYWHERE);
    if (field.looksAt.fact === 'state') return this.state(holds, context);
    const values = valuesOfFact(field.looksAt.fact, context, this.facts);
    const all = values?.every(holds) ?? false;
    const some = values?.some(holds) ?? true;
    return {
      sure: all ? EVERYWHERE : undefined,
      possible: some ? EVERYWHERE : undefined,
      because: all === some ? '' : `${field.name} may match or not`,
    };
  }

  private state(holds: (value: number) => boolean, context: Context): Extent {
    const when = (value: number): Region | undefined => (holds(value) ? EVERYWHERE : undefined);
    if (context.ct === 'none') return exactly(when(STATE.invalid));
    if (context.ct === 'untracked') return exactly(when(STATE.untracked));
    if (context.ct === 'unclear') {
      const some = [STATE.invalid, STATE.new, STATE.untracked].filter(holds).length;
      return { sure: some === 3 ? EVERYWHERE : undefined, possible: some > 0 ? EVERYWHERE : undefined, because: 'it may not be tracked' };
    }
    const [isNew, alone] = [holds(STATE.new), holds(STATE.untracked)];
    const pieces = isNew && alone ? EVERYWHERE : isNew ? TRACKED_ONLY : alone ? inSet(LEFT_ALONE) : undefined;
    // What a helper expects arrives as related; what that will be, only the packets of another connection say.
    if (this.facts.helpers && holds(STATE.related))
      return { sure: holds(STATE.new) ? pieces : undefined, possible: EVERYWHERE, because: 'a helper may expect it' };
    return exactly(pieces);
  }

  /** `fib saddr . iif oif`: whether answers would go back the way the packet came. */
  private returning(value: Value, context: Context): Extent {
    const unclear = { sure: undefined, possible: EVERYWHERE, because: 'the way back is not known' };
    if (value.is !== 'name' || (value.name !== 'missing' && value.name !== 'exists') || !context.iif) return unclear;
    // What loops back always comes back: nft_fib_is_loopback, asked in prerouting only.
    if (context.iif === 'lo') return context.hook === 'prerouting' ? exactly(value.name === 'exists' ? EVERYWHERE : undefined) : unclear;
    const linkLocal = {
      first: FAMILY_RANGE.ip6.first + (0xfe80n << 112n),
      last: FAMILY_RANGE.ip6.first + (0xfebfn << 112n) + (1n << 112n) - 1n,
    };
    const isDefault = this.surroundings.defaults.some(({ name }) => name === context.iif);
    const back = (all: boolean): Region | undefined =>
      boxOf(addressConstraint('source', [...this.surroundings.through(context.iif!, all), linkLocal]));
    const [sure, possible] = [back(isDefault && this.surroundings.defaults.length === 1), back(isDefault)];
    const not = (region: Region | undefined): Region | undefined => inSet(PacketMap.ALL.apartFrom(setOver(region)));
    return value.name === 'exists'
      ? { sure, possible, because: 'the way back is not known' }
      : { sure: not(possible), possible: not(sure), because: 'the way back is not known' };
  }
}

/** Fields whose protocols are the same share one constraint. */
const PROTOCOL_KEYS = new Map<string, Field>();

/** Whether what it matches depends on where the packet is. */
export const contextual = ({ looksAt, tracked }: Field): boolean =>
  looksAt.is === 'interface' || looksAt.is === 'fact' || looksAt.is === 'returns' || tracked === true;

export const contextKey = ({ hook, iif, oif, ct, dnat, snat, own }: Context): string =>
  `${hook}|${iif ?? '?'}|${oif ?? '?'}|${ct}|${dnat}|${snat}|${own}|`;
