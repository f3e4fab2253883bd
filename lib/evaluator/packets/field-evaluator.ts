// Evaluates one field of a condition, such as an address, port, interface, mark or conntrack state: returns the packets
// that have the field, and those that match a value in it. ConditionEvaluator combines the fields.
import { FAMILIES, FAMILY_RANGE } from '../../net/address';
import { LINK_LOCAL } from '../../net/device';
import { PacketMap } from '../../net/packet-map';
import { PacketContext, UNTRACKED_PACKETS, TRACKED_PACKETS } from '../packet-context';
import { FIRST_HEADER_REASON, EXTENSION_HEADERS, FRAGMENT_REASON, explainFact } from '../packet-shapes';
import { PacketKind, CT_STATE, canLackField, listCtStates, listFactValues } from '../packet-facts';
import { PacketField, isSourcePort } from '../packet-fields';
import {
  createAddressConstraint,
  createRegion,
  Constraint,
  EVERYWHERE,
  FAMILY_CONSTRAINT,
  createSetRegion,
  intersectRegions,
  createNumberConstraint,
  Region,
  createPacketSet,
} from './regions';
import { RulesetFacts, FieldValue, matchesName } from '../ruleset-model';
import { PACKET_TYPE_REGIONS, RELATED_REGIONS, selectRegion, evaluateHiddenField, isHidden } from './session-fields';
import { RoutingTable } from '../routing-table';
import { Range, intersectRanges, toSingleRange } from '../../net/range';
import { createExactBounds, MatchBounds } from './match-bounds';

function setBounds(boundsByField: Map<PacketField, MatchBounds>, field: PacketField, bounds: MatchBounds): MatchBounds {
  boundsByField.set(field, bounds);
  return bounds;
}

const TRACKED_REGION: Region = { box: new Map(), sets: [TRACKED_PACKETS] };

/** Computes which packets have a field, and which have one value in it. */
export class FieldEvaluator {
  private readonly constraints = new Map<PacketField, Map<FieldValue, Constraint>>();
  /** Constraints by protocols: fields with the same protocols share one. */
  private readonly protocolConstraints = new Map<string, Constraint>();

  constructor(
    private readonly routing: RoutingTable,
    private readonly facts: RulesetFacts,
  ) {}

  createFieldRegion(field: PacketField, constraint: Constraint): Region | undefined {
    const parts = [constraint];
    if (field.family) parts.push(FAMILY_CONSTRAINT[field.family]);
    if (field.protocols) parts.push(this.getProtocols(field));
    return createRegion(...parts);
  }

  getProtocols(field: PacketField): Constraint {
    const key = field.protocols!.join();
    let constraint = this.protocolConstraints.get(key);
    if (!constraint)
      this.protocolConstraints.set(
        key,
        (constraint = createNumberConstraint('protocol', field.protocols!.map(toSingleRange))),
      );
    return constraint;
  }

  /** Returns which packets have the field at all. */
  evaluatePresence(field: PacketField, context: PacketContext): MatchBounds {
    const family = field.family ? createRegion(FAMILY_CONSTRAINT[field.family]) : EVERYWHERE;
    const ports = field.protocols ? createRegion(this.getProtocols(field)) : EVERYWHERE;
    const possiblePorts = field.mayMatchOthers ? EVERYWHERE : ports;
    if (field.link) return evaluateEthernet(context);
    const reason = field.mayMatchOthers ? 'a port is asked of any protocol' : '';
    const surelyWhole = FAMILIES.filter((candidate) => !canLackField(field, candidate, context, this.facts));
    if (surelyWhole.length < 2)
      return {
        must: intersectRegions([ports, surelyWhole[0] && createRegion(FAMILY_CONSTRAINT[surelyWhole[0]])]),
        may: ports,
        reason: FRAGMENT_REASON,
      };
    if (!field.tracked || context.ct === 'tracked') {
      const tracked = field.tracked && context.phase === 'first' ? TRACKED_REGION : EVERYWHERE;
      const cachedBounds = context.phase === 'first' ? this.guards : this.laterGuards;
      if (!field.mayMatchOthers)
        return (
          cachedBounds.get(field) ??
          setBounds(cachedBounds, field, createExactBounds(intersectRegions([family, ports, tracked])))
        );
      return {
        must: intersectRegions([family, ports, tracked]),
        may: intersectRegions([family, possiblePorts, tracked]),
        reason,
      };
    }
    const isPerhaps =
      context.ct === 'unclear'
        ? context.phase !== 'stray'
        : this.facts.hasTemplates === true && context.ct !== 'untracked';
    if (isPerhaps)
      return { must: undefined, may: intersectRegions([family, possiblePorts]), reason: 'it may not be tracked' };
    return createExactBounds(undefined);
  }

  private readonly guards = new Map<PacketField, MatchBounds>();
  private readonly laterGuards = new Map<PacketField, MatchBounds>();

  /** Returns which packets match one field against one value, if they have the field. */
  evaluateValue(field: PacketField, value: FieldValue, context: PacketContext): MatchBounds {
    const { looksAt } = field;
    if (value.is === 'any') return createExactBounds(EVERYWHERE);
    switch (looksAt.is) {
      case 'address':
      case 'number':
        if (field.first && context.anyShape)
          return evaluateFirstHeader(value, createRegion(this.getConstraint(field, value)));
        return isHidden(field, context)
          ? evaluateHiddenField(field, context, createRegion(this.getConstraint(field, value)))
          : createExactBounds(createRegion(this.getConstraint(field, value)));
      case 'family': {
        if (value.is !== 'numbers') return createExactBounds(undefined);
        const { first, last } = value.range;
        const families = FAMILIES.filter(
          (family) => first <= FAMILY_NUMBERS[looksAt.words][family] && FAMILY_NUMBERS[looksAt.words][family] <= last,
        );
        return createExactBounds(
          families.length === 2 ? EVERYWHERE : families[0] && createRegion(FAMILY_CONSTRAINT[families[0]]),
        );
      }
      case 'interface': {
        const name = looksAt.side === 'in' ? context.iif : context.oif;
        if (name === undefined) return { must: undefined, may: EVERYWHERE, reason: 'its interface is unclear' };
        return createExactBounds(
          value.is === 'name' && name !== '' && matchesName(value, name) ? EVERYWHERE : undefined,
        );
      }
      case 'fact': {
        if (value.is !== 'numbers') return createExactBounds(undefined);
        const { first, last } = value.range;
        return this.evaluateFact(field, (number) => first <= number && number <= last, context);
      }
      case 'routed': {
        if (value.is !== 'name') return createExactBounds(undefined);
        const createAddressRegion = (ranges: readonly Range[]): Region | undefined =>
          createRegion(createAddressConstraint(looksAt.axis, ranges));
        const { axis, isPerInterface: perInterface } = looksAt;
        if (perInterface && !context.iif)
          return { must: undefined, may: EVERYWHERE, reason: 'its interface is unclear' };
        const typed = perInterface
          ? this.routing.getInterfaceTypedRanges(axis, value.name, context.iif!)
          : this.routing.getTypedRanges(axis, value.name);
        const { must, may } = typed;
        if (must === may) return createExactBounds(createAddressRegion(must));
        const reason = perInterface
          ? 'which interface has an address is not known'
          : 'which networks it is a router of is not known';
        return { must: createAddressRegion(must), may: createAddressRegion(may), reason };
      }
      case 'returns':
        return this.evaluateReturnPath(value, context);
      case 'unmodelled':
        return { must: undefined, may: EVERYWHERE, reason: `${field.name} may match or not` };
    }
  }

  getConstraint(field: PacketField, value: FieldValue): Constraint {
    let byValue = this.constraints.get(field);
    if (!byValue) this.constraints.set(field, (byValue = new Map<FieldValue, Constraint>()));
    let constraint = byValue.get(value);
    if (!constraint) {
      const { looksAt } = field;
      if (looksAt.is === 'address')
        constraint = createAddressConstraint(looksAt.axis, [
          value.is === 'addresses' ? value.range : FAMILY_RANGE[field.family ?? 'ip'],
        ]);
      else if (looksAt.is === 'number')
        constraint = createNumberConstraint(looksAt.axis, [
          value.is === 'numbers' ? value.range : { first: 0, last: 65_535 },
        ]);
      else throw new RangeError(`${field.name} is on no axis`);
      byValue.set(value, constraint);
    }
    return constraint;
  }

  evaluateFact(field: PacketField, holds: (value: number) => boolean, context: PacketContext): MatchBounds {
    if (field.looksAt.is !== 'fact') return createExactBounds(EVERYWHERE);
    const { looksAt } = field;
    if (looksAt.fact === 'state') return this.evaluateState(holds, context);
    const testValues = (
      kind: PacketKind,
      valueContext = context,
    ): { readonly all: boolean; readonly some: boolean } => {
      const values = listFactValues(looksAt, kind, valueContext, this.facts);
      return { all: values?.every(holds) ?? false, some: values?.some(holds) ?? true };
    };
    const reason = explainFact(field, context);
    if (looksAt.fact === 'packet type' && context.anyShape) {
      const [usualShape, anyShape] = [testValues('first', { ...context, anyShape: false }), testValues('first')];
      return {
        must: selectRegion(PACKET_TYPE_REGIONS, usualShape.all, anyShape.all),
        may: selectRegion(PACKET_TYPE_REGIONS, usualShape.some, anyShape.some),
        reason,
      };
    }
    if (context.phase === 'related') {
      const [errors, expected] = [testValues('related'), testValues('expected')];
      const pickRegion = (a: boolean, b: boolean): Region | undefined => selectRegion(RELATED_REGIONS, a, b);
      return {
        must: pickRegion(errors.all, expected.all),
        may: pickRegion(errors.some, expected.some),
        reason,
      };
    }
    const { all: holdsAlways, some: holdsSometimes } = testValues(context.phase);
    return {
      must: holdsAlways ? EVERYWHERE : undefined,
      may: holdsSometimes ? EVERYWHERE : undefined,
      reason: holdsAlways === holdsSometimes ? '' : reason,
    };
  }

  private evaluateState(holds: (value: number) => boolean, context: PacketContext): MatchBounds {
    const states = listCtStates(context, this.facts);
    const matchCount = states.filter(holds).length;
    // Packets that connection tracking leaves alone are first packets only.
    if (context.ct !== 'tracked' || context.phase !== 'first')
      return {
        must: matchCount === states.length ? EVERYWHERE : undefined,
        may: matchCount > 0 ? EVERYWHERE : undefined,
        reason: matchCount > 0 && matchCount < states.length ? 'it may not be tracked' : '',
      };
    const matchesUntracked = holds(CT_STATE.untracked);
    return createExactBounds(
      matchCount > 0 && matchesUntracked
        ? EVERYWHERE
        : matchCount > 0
          ? TRACKED_REGION
          : matchesUntracked
            ? createSetRegion(UNTRACKED_PACKETS)
            : undefined,
    );
  }

  /** Evaluates `fib saddr . iif oif`: whether answers would go back the way the packet came. */
  private evaluateReturnPath(value: FieldValue, context: PacketContext): MatchBounds {
    const unclear = { must: undefined, may: EVERYWHERE, reason: 'the way back is not known' };
    if (value.is !== 'name' || !context.iif) return unclear;
    const presence = value.name === 'missing' || value.name === 'exists';
    if (!presence)
      return matchesName(value, context.iif)
        ? this.evaluateReturnPath({ is: 'name', name: 'exists', isPrefix: false }, context)
        : createExactBounds(undefined);
    // A packet that loops back always comes back: nft_fib_is_loopback, asked in prerouting only.
    if (context.iif === 'lo')
      return context.hook === 'prerouting'
        ? createExactBounds(value.name === 'exists' ? EVERYWHERE : undefined)
        : unclear;
    const { assumption } = this.routing.device;
    if (assumption)
      return createExactBounds(assumption.hasReversePath === (value.name === 'exists') ? EVERYWHERE : undefined);
    const { iif } = context;
    const createSourceRegion = (answers: readonly string[]): Region | undefined => {
      const families = FAMILIES.filter((family) => answers.includes(this.routing.checkDefaultRoute(iif, family)));
      const byDefault = families.flatMap((family) =>
        this.routing.defaultRouted.flatMap((range) => intersectRanges(range, FAMILY_RANGE[family]) ?? []),
      );
      return createRegion(
        createAddressConstraint('source', [...this.routing.listNetworks(iif, false), ...byDefault, LINK_LOCAL]),
      );
    };
    const [must, may] = [createSourceRegion(['yes']), createSourceRegion(['yes', 'maybe'])];
    const invertRegion = (region: Region | undefined): Region | undefined =>
      createSetRegion(PacketMap.ALL.subtract(createPacketSet(region)));
    return value.name === 'exists'
      ? { must, may, reason: 'the way back is not known' }
      : { must: invertRegion(may), may: invertRegion(must), reason: 'the way back is not known' };
  }
}

const FAMILY_NUMBERS = { family: { ip: 2, ip6: 10 }, ethertype: { ip: 0x0800, ip6: 0x86dd } } as const;

/** Returns the bounds of a value of the first header, if another header may stand in front. */
function evaluateFirstHeader(value: FieldValue, region: Region | undefined): MatchBounds {
  const isIn = (number: number): boolean =>
    value.is === 'numbers' && value.range.first <= number && number <= value.range.last;
  return {
    must: EXTENSION_HEADERS.every(isIn) ? region : undefined,
    may: EXTENSION_HEADERS.some(isIn) ? EVERYWHERE : region,
    reason: FIRST_HEADER_REASON,
  };
}

/**
 * Returns the packets that came over Ethernet. The kernel names Ethernet devices eth0, and systemd en…; others may be
 * tunnels.
 */
function evaluateEthernet({ iif }: PacketContext): MatchBounds {
  if (iif === '' || iif === 'lo') return createExactBounds(undefined);
  if (/^(eth\d|en[bopsx]\w*\d)\w*$/.test(iif ?? '')) return createExactBounds(EVERYWHERE);
  return { must: undefined, may: EVERYWHERE, reason: 'it may not have come over Ethernet' };
}

/** Returns whether the packets that a field matches depend on the context. */
export const dependsOnContext = (field: PacketField): boolean => {
  const { looksAt, tracked, link, first } = field;
  if (
    looksAt.is === 'interface' ||
    looksAt.is === 'fact' ||
    looksAt.is === 'returns' ||
    (looksAt.is === 'routed' && looksAt.isPerInterface)
  )
    return true;
  return tracked === true || link === true || first === true || isSourcePort(field);
};

export const buildContextKey = ({
  hook,
  iif,
  oif,
  phase,
  ct,
  dnat,
  snat,
  isLocal,
  hasFreeSourcePort,
  anyShape,
  isFragmented,
}: PacketContext): string =>
  `${hook}|${anyShape === true}|${isFragmented === true}|${iif ?? '?'}|${oif ?? '?'}|${phase}|${ct}|${dnat}|${snat}|${isLocal}|${hasFreeSourcePort === true}|`;
