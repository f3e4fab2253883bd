import { FAMILIES, FAMILY_RANGE } from '../../net/address';
import { LINK_LOCAL } from '../../net/device';
import { PacketMap } from '../../net/packet-map';
import { Context, LEFT_ALONE, TRACKED } from '../context';
import { BY_FIRST_HEADER, IN_FRONT, PARTS, whyEither } from '../packet-shapes';
import { Kind, STATE, mayEndBefore, statesOf, valuesOfFact } from '../facts';
import { Field, isSourcePort } from '../fields';
import {
  addressConstraint,
  boxOf,
  Constraint,
  EVERYWHERE,
  FAMILY_CONSTRAINT,
  inSet,
  meet,
  numberConstraint,
  Region,
  setOver,
} from './regions';
import { TextFacts, Value, fits } from '../model';
import { BY_PACKET_TYPE, RELATED, amongSorts, hidden, isHidden } from './sessions';
import { Surroundings } from '../surroundings';
import { Range, overlap, point } from '../../net/range';
import { exactly, Extent } from './extents';

function keep(all: Map<Field, Extent>, field: Field, extent: Extent): Extent {
  all.set(field, extent);
  return extent;
}

const TRACKED_ONLY: Region = { box: new Map(), sets: [TRACKED] };

/** Which packets have a field, and one value in it. */
export class FieldPackets {
  private readonly constraints = new Map<Field, Map<Value, Constraint>>();
  /** Fields whose protocols are the same share one. */
  private readonly withOthers = new Map<string, Constraint>();

  constructor(
    private readonly surroundings: Surroundings,
    private readonly facts: TextFacts,
  ) {}

  guarded(field: Field, constraint: Constraint): Region | undefined {
    const parts = [constraint];
    if (field.family) parts.push(FAMILY_CONSTRAINT[field.family]);
    if (field.protocols) parts.push(this.protocols(field));
    return boxOf(...parts);
  }

  protocols(field: Field): Constraint {
    const key = field.protocols!.join();
    let found = this.withOthers.get(key);
    if (!found) this.withOthers.set(key, (found = numberConstraint('protocol', field.protocols!.map(point))));
    return found;
  }

  /** Which packets have the field at all. */
  guard(field: Field, context: Context): Extent {
    const family = field.family ? boxOf(FAMILY_CONSTRAINT[field.family]) : EVERYWHERE;
    const ports = field.protocols ? boxOf(this.protocols(field)) : EVERYWHERE;
    const possiblePorts = field.blind ? EVERYWHERE : ports;
    if (field.link) return overEthernet(context);
    const because = field.blind ? 'a port is asked of any protocol' : '';
    const whole = FAMILIES.filter((one) => !mayEndBefore(field, one, context, this.facts));
    if (whole.length < 2)
      return { sure: meet([ports, whole[0] && boxOf(FAMILY_CONSTRAINT[whole[0]])]), possible: ports, because: PARTS };
    if (!field.tracked || context.ct === 'tracked') {
      const tracked = field.tracked && context.phase === 'first' ? TRACKED_ONLY : EVERYWHERE;
      const known = context.phase === 'first' ? this.guards : this.laterGuards;
      if (!field.blind) return known.get(field) ?? keep(known, field, exactly(meet([family, ports, tracked])));
      return { sure: meet([family, ports, tracked]), possible: meet([family, possiblePorts, tracked]), because };
    }
    const isPerhaps =
      context.ct === 'unclear'
        ? context.phase !== 'stray'
        : this.facts.templates === true && context.ct !== 'untracked';
    if (isPerhaps)
      return { sure: undefined, possible: meet([family, possiblePorts]), because: 'it may not be tracked' };
    return exactly(undefined);
  }

  private readonly guards = new Map<Field, Extent>();
  private readonly laterGuards = new Map<Field, Extent>();

  /** One field against one value, where the field is there. */
  value(field: Field, value: Value, context: Context): Extent {
    const { looksAt } = field;
    if (value.is === 'any') return exactly(EVERYWHERE);
    switch (looksAt.is) {
      case 'address':
      case 'number':
        if (field.first && context.anyShape) return inFront(value, boxOf(this.constraint(field, value)));
        return isHidden(field, context)
          ? hidden(field, context, boxOf(this.constraint(field, value)))
          : exactly(boxOf(this.constraint(field, value)));
      case 'family': {
        if (value.is !== 'numbers') return exactly(undefined);
        const { first, last } = value.range;
        const some = FAMILIES.filter(
          (family) => first <= NUMBER_OF[looksAt.words][family] && NUMBER_OF[looksAt.words][family] <= last,
        );
        return exactly(some.length === 2 ? EVERYWHERE : some[0] && boxOf(FAMILY_CONSTRAINT[some[0]]));
      }
      case 'interface': {
        const name = looksAt.side === 'in' ? context.iif : context.oif;
        if (name === undefined) return { sure: undefined, possible: EVERYWHERE, because: 'its interface is unclear' };
        return exactly(value.is === 'name' && name !== '' && fits(value, name) ? EVERYWHERE : undefined);
      }
      case 'fact': {
        if (value.is !== 'numbers') return exactly(undefined);
        const { first, last } = value.range;
        return this.fact(field, (number) => first <= number && number <= last, context);
      }
      case 'routed': {
        if (value.is !== 'name') return exactly(undefined);
        const among = (ranges: readonly Range[]): Region | undefined => boxOf(addressConstraint(looksAt.axis, ranges));
        const { axis, here } = looksAt;
        if (here && !context.iif) return { sure: undefined, possible: EVERYWHERE, because: 'its interface is unclear' };
        const typed = here
          ? this.surroundings.typedHere(axis, value.name, context.iif!)
          : this.surroundings.typed(axis, value.name);
        const { surely, maybe } = typed;
        if (surely === maybe) return exactly(among(surely));
        const because = here
          ? 'which interface has an address is not known'
          : 'which networks it is a router of is not known';
        return { sure: among(surely), possible: among(maybe), because };
      }
      case 'returns':
        return this.returning(value, context);
      case 'unmodelled':
        return { sure: undefined, possible: EVERYWHERE, because: `${field.name} may match or not` };
    }
  }

  constraint(field: Field, value: Value): Constraint {
    let some = this.constraints.get(field);
    if (!some) this.constraints.set(field, (some = new Map<Value, Constraint>()));
    let found = some.get(value);
    if (!found) {
      const { looksAt } = field;
      if (looksAt.is === 'address')
        found = addressConstraint(looksAt.axis, [
          value.is === 'addresses' ? value.range : FAMILY_RANGE[field.family ?? 'ip'],
        ]);
      else if (looksAt.is === 'number')
        found = numberConstraint(looksAt.axis, [value.is === 'numbers' ? value.range : { first: 0, last: 65_535 }]);
      else throw new RangeError(`${field.name} is on no axis`);
      some.set(value, found);
    }
    return found;
  }

  fact(field: Field, holds: (value: number) => boolean, context: Context): Extent {
    if (field.looksAt.is !== 'fact') return exactly(EVERYWHERE);
    const { looksAt } = field;
    if (looksAt.fact === 'state') return this.state(holds, context);
    const told = (kind: Kind, at = context): { readonly all: boolean; readonly some: boolean } => {
      const values = valuesOfFact(looksAt, kind, at, this.facts);
      return { all: values?.every(holds) ?? false, some: values?.some(holds) ?? true };
    };
    const because = whyEither(field, context);
    if (looksAt.fact === 'packet type' && context.anyShape) {
      const [one, any] = [told('first', { ...context, anyShape: false }), told('first')];
      return {
        sure: amongSorts(BY_PACKET_TYPE, one.all, any.all),
        possible: amongSorts(BY_PACKET_TYPE, one.some, any.some),
        because,
      };
    }
    if (context.phase === 'related') {
      const [errors, expected] = [told('related'), told('expected')];
      const among = (a: boolean, b: boolean): Region | undefined => amongSorts(RELATED, a, b);
      return { sure: among(errors.all, expected.all), possible: among(errors.some, expected.some), because };
    }
    const { all, some } = told(context.phase);
    return {
      sure: all ? EVERYWHERE : undefined,
      possible: some ? EVERYWHERE : undefined,
      because: all === some ? '' : because,
    };
  }

  private state(holds: (value: number) => boolean, context: Context): Extent {
    const states = statesOf(context, this.facts);
    const some = states.filter(holds).length;
    // Of what connection tracking leaves alone there are first packets only.
    if (context.ct !== 'tracked' || context.phase !== 'first')
      return {
        sure: some === states.length ? EVERYWHERE : undefined,
        possible: some > 0 ? EVERYWHERE : undefined,
        because: some > 0 && some < states.length ? 'it may not be tracked' : '',
      };
    const alone = holds(STATE.untracked);
    return exactly(some > 0 && alone ? EVERYWHERE : some > 0 ? TRACKED_ONLY : alone ? inSet(LEFT_ALONE) : undefined);
  }

  /** `fib saddr . iif oif`: whether answers would go back the way the packet came. */
  private returning(value: Value, context: Context): Extent {
    const unclear = { sure: undefined, possible: EVERYWHERE, because: 'the way back is not known' };
    if (value.is !== 'name' || !context.iif) return unclear;
    const presence = value.name === 'missing' || value.name === 'exists';
    if (!presence)
      return fits(value, context.iif)
        ? this.returning({ is: 'name', name: 'exists', wild: false }, context)
        : exactly(undefined);
    // What loops back always comes back: nft_fib_is_loopback, asked in prerouting only.
    if (context.iif === 'lo')
      return context.hook === 'prerouting' ? exactly(value.name === 'exists' ? EVERYWHERE : undefined) : unclear;
    const { supposed } = this.surroundings.device;
    if (supposed) return exactly(supposed.returns === (value.name === 'exists') ? EVERYWHERE : undefined);
    const { iif } = context;
    const back = (answers: readonly string[]): Region | undefined => {
      const families = FAMILIES.filter((family) => answers.includes(this.surroundings.answersBy(iif, family)));
      const byDefault = families.flatMap((family) =>
        this.surroundings.elsewhere.flatMap((one) => overlap(one, FAMILY_RANGE[family]) ?? []),
      );
      return boxOf(addressConstraint('source', [...this.surroundings.through(iif, false), ...byDefault, LINK_LOCAL]));
    };
    const [sure, possible] = [back(['yes']), back(['yes', 'maybe'])];
    const not = (region: Region | undefined): Region | undefined => inSet(PacketMap.ALL.apartFrom(setOver(region)));
    return value.name === 'exists'
      ? { sure, possible, because: 'the way back is not known' }
      : { sure: not(possible), possible: not(sure), because: 'the way back is not known' };
  }
}

const NUMBER_OF = { family: { ip: 2, ip6: 10 }, ethertype: { ip: 0x0800, ip6: 0x86dd } } as const;

/** A value of the first header where another one may stand in front. */
function inFront(value: Value, region: Region | undefined): Extent {
  const isIn = (number: number): boolean =>
    value.is === 'numbers' && value.range.first <= number && number <= value.range.last;
  return {
    sure: IN_FRONT.every(isIn) ? region : undefined,
    possible: IN_FRONT.some(isIn) ? EVERYWHERE : region,
    because: BY_FIRST_HEADER,
  };
}

/** The kernel names Ethernet devices eth0, and systemd en…; others may be tunnels. */
function overEthernet({ iif }: Context): Extent {
  if (iif === '' || iif === 'lo') return exactly(undefined);
  if (/^(eth\d|en[bopsx]\w*\d)\w*$/.test(iif ?? '')) return exactly(EVERYWHERE);
  return { sure: undefined, possible: EVERYWHERE, because: 'it may not have come over Ethernet' };
}

/** Whether what it matches depends on where the packet is. */
export const contextual = (field: Field): boolean => {
  const { looksAt, tracked, link, first } = field;
  if (
    looksAt.is === 'interface' ||
    looksAt.is === 'fact' ||
    looksAt.is === 'returns' ||
    (looksAt.is === 'routed' && looksAt.here)
  )
    return true;
  return tracked === true || link === true || first === true || isSourcePort(field);
};

export const contextKey = ({
  hook,
  iif,
  oif,
  phase,
  ct,
  dnat,
  snat,
  own,
  portFree,
  anyShape,
  inParts,
}: Context): string =>
  `${hook}|${anyShape === true}|${inParts === true}|${iif ?? '?'}|${oif ?? '?'}|${phase}|${ct}|${dnat}|${snat}|${own}|${portFree === true}|`;
