import { Condition, End, LoweredChain, LoweredRule } from '../../../../evaluator/model';
import { Policy, Zone } from '../files/configuration';
import { Contents, LIST, Way, chain, leads, ofPolicy, ofZone, rule } from '../contents/contents';
import { Dispatch, isActive } from './dispatch';
import { Key, Point, areOfOne, inOrderOf, pointsOf } from './points';
import { problem } from '../files/problems';
import { OWN } from '../files/said';
import { atLeast } from '../files/version';

const RETURN: End = { is: 'verdict', verdict: { is: 'return' } };
/** Where a packet goes that the device itself sends, or takes. */
type Side = Zone | 'HOST';

/**
 * From 2.0 on: for each interface and source that a packet comes by, and each that it goes to, the policies of both with what the zone says among
 * them. Source: build_policy_ingress_egress_pair_rules of firewall/core/nftables.py, 2.3.1; from 2.5 on, build_dispatch_stage1_rules and those
 * that follow it.
 */
export class ByPoints implements Dispatch {
  private readonly comesBy: readonly Point[];
  private readonly goesBy: readonly Point[];
  private readonly active: readonly Policy[];
  /** A chain for each two zones, instead of rules for each two points. */
  private readonly byZones: boolean;

  constructor(private readonly contents: Contents) {
    const { configuration } = contents;
    const points = pointsOf(contents);
    this.comesBy = [...points].sort(inOrderOf(({ ingress }) => ingress));
    this.goesBy = [...points].sort(inOrderOf(({ egress }) => egress));
    this.byZones = atLeast(configuration.version, '2.5');
    this.active = configuration.policies.filter((one) => isActive(one, configuration));
  }

  led(way: Way): readonly LoweredRule[] {
    return [rule(OWN('zones'), [], leads('jump', chain(`${way} by zones`, this.first(way))))];
  }

  private first(way: Way): readonly LoweredRule[] {
    const into = (
      points: readonly Point[],
      at: (one: Point) => readonly Condition[],
      to: (one: Point) => LoweredChain,
    ) => points.map((one) => rule(ofZone(one.zone), at(one), leads(backFrom(way), to(one))));
    switch (way) {
      case 'input':
        return into(this.comesBy, comesFrom, ({ zone }) => this.pair(way, zone, 'HOST', zone));
      case 'output':
      case 'own':
        return into(this.goesBy, goesTo, ({ zone }) => this.pair(way, 'HOST', zone, undefined));
      case 'prerouting':
        return into(this.comesBy, comesFrom, (one) => (this.byZones ? this.early(one.zone) : this.earlyByPoints(one)));
      case 'postrouting':
        if (!this.byZones)
          return into(this.goesBy, goesTo, (to) => this.second(way, to, this.comesBy, comesFrom, (by) => [by, to]));
    }
    return into(this.comesBy, comesFrom, (by) => this.second(way, by, this.goesBy, goesTo, (to) => [by, to]));
  }

  /** The other end of a packet that goes through. */
  private second(
    way: 'forward' | 'postrouting',
    one: Point,
    others: readonly Point[],
    at: (other: Point) => readonly Condition[],
    inTurn: (other: Point) => readonly [by: Point, to: Point],
  ): LoweredChain {
    return this.contents.once(`${way} of zone ${one.zone.name}${this.byZones ? '' : ` ${kindOf(one)}`}`, () =>
      others
        .filter((other) => this.byZones || areOfOne(one, other))
        .map((other) => {
          const [by, to] = inTurn(other);
          // What no zone names at either end is asked of no policy before 2.5.
          const isAny = !this.byZones && by.isAny && to.isAny;
          const its = this.pair(way, by.zone, to.zone, way === 'forward' ? by.zone : to.zone, isAny);
          return rule(ofZone(other.zone), at(other), leads(backFrom(way), its));
        }),
    );
  }

  /** The policies from one to another, and the zone that has its say among them. */
  private pair(way: Way, from: Side, to: Side, own: Zone | undefined, isAny = false): LoweredChain {
    return this.contents.once(`${way} from ${called(from)} to ${called(to)}${isAny ? ' of anybody' : ''}`, () => [
      ...this.mixed(way, isAny ? [] : this.active.filter((one) => isFrom(one, from) && isTo(one, to)), own),
      ...(own && LIST[way] === 'filter' ? this.contents.target(own) : []),
    ]);
  }

  private mixed(
    way: Way,
    policies: readonly Policy[],
    own: Zone | undefined,
    conditions: readonly Condition[] = [],
  ): readonly LoweredRule[] {
    const inOrder = [...policies].sort((a, b) => a.priority - b.priority);
    this.refuseEqual(inOrder);
    const jump = (policy: Policy): LoweredRule =>
      rule(ofPolicy(policy), conditions, leads('jump', this.contents.policy(policy, way)));
    const its = own && this.own(own, way);
    return [
      ...inOrder.filter(({ priority }) => priority < 0).map(jump),
      ...(own && its && its.rules.length > 0 ? [rule(ofZone(own), conditions, leads('jump', its))] : []),
      ...inOrder.filter(({ priority }) => priority >= 0).map(jump),
    ];
  }

  private own(zone: Zone, way: Way): LoweredChain | undefined {
    if (way === 'output' || way === 'own') return undefined;
    const { contents } = this;
    return contents.once(`zone ${zone.name}, ${way}`, () => [
      ...contents.zone(zone, way),
      ...(way === 'input' ? contents.types(zone) : []),
    ]);
  }

  /** Before it is known where a packet goes to. */
  private early(zone: Zone): LoweredChain {
    return this.contents.once(`prerouting from ${zone.name}`, () =>
      this.mixed(
        'prerouting',
        this.active.filter((one) => isFrom(one, zone)),
        zone,
      ),
    );
  }

  /**
   * The same before 2.5, where rules for each place that it may go to are made and those that name an interface are made without it: once for each
   * priority, and the zone's end behind the first.
   */
  private earlyByPoints(by: Point): LoweredChain {
    return this.contents.once(`prerouting of zone ${by.zone.name} ${kindOf(by)}`, () => {
      const from = this.active.filter((one) => isFrom(one, by.zone) && isEarly(one, this.contents));
      const groups = new Map<
        string,
        { readonly key: Key; readonly conditions: readonly Condition[]; readonly policies: Set<Policy> }
      >();
      for (const to of this.goesBy.filter((one) => areOfOne(by, one))) {
        const key: Key = to.source === undefined ? [to.zone.priorities.egress, 2] : to.egress;
        const name = key.join(' ');
        const group = groups.get(name) ?? {
          key,
          conditions: to.source === undefined ? [] : to.goesTo,
          policies: new Set<Policy>(),
        };
        groups.set(name, group);
        if (!(by.isAny && to.isAny)) for (const one of from) if (isTo(one, to.zone)) group.policies.add(one);
      }
      const ofGroups = [...groups.values()].map(({ key, conditions, policies }) => ({
        key,
        rules: [
          ...this.mixed('prerouting', [...policies], by.zone, conditions),
          rule(OWN('the end of the zone'), conditions, RETURN),
        ],
      }));
      const toHost = {
        key: [0, 0] as Key,
        rules: this.mixed(
          'prerouting',
          from.filter((one) => isTo(one, 'HOST')),
          undefined,
        ),
      };
      return [...ofGroups, toHost].sort(inOrderOf(({ key }) => key)).flatMap(({ rules }) => rules);
    });
  }

  /** Before 2.5 the second of two lands before the first, and all rules behind them one place too early. */
  private refuseEqual(inOrder: readonly Policy[]): void {
    if (this.byZones) return;
    const { problems } = this.contents.configuration;
    inOrder.forEach((one, at) => {
      const other = inOrder[at - 1];
      if (other?.priority === one.priority)
        problems.push(
          problem(
            'equal-priorities',
            one.file.line,
            `policies ${other.name} and ${one.name} have one priority, ${one.priority}, and are asked of the same packets: firewalld 2.0 to 2.4 puts their rules and those behind them in an order that depends on its start.`,
            'another priority for one of them; or what runs there: `nft list ruleset`.',
          ),
        );
    });
  }
}

/** A zone without an end of its own lets a packet go on to the next that it comes by; what is translated or sent is not asked twice. */
const backFrom = (way: Way): 'jump' | 'goto' => (way === 'input' || way === 'forward' ? 'jump' : 'goto');
const comesFrom = (one: Point): readonly Condition[] => one.comesFrom;
const goesTo = (one: Point): readonly Condition[] => one.goesTo;
const kindOf = ({ source, isAny }: Point): string =>
  isAny ? 'of anybody' : source === undefined ? 'by interfaces' : `by sources, ${source}`;
const called = (side: Side): string => (side === 'HOST' ? 'the device' : `zone ${side.name}`);
const isOf = (names: readonly string[], side: Side): boolean =>
  side === 'HOST' ? names.includes('HOST') : names.includes('ANY') || names.includes(side.name);
const isFrom = ({ from }: Policy, side: Side): boolean => isOf(from, side);
const isTo = ({ to }: Policy, side: Side): boolean => isOf(to, side);

/** Source: _get_table_chains_for_policy_dispatch of firewall/core/fw_policy.py, 2.3.1 and 2.3.2. */
function isEarly({ from, to }: Policy, { configuration }: Contents): boolean {
  if (to.includes('HOST')) return from.includes('ANY') || atLeast(configuration.version, '2.3.2');
  return (
    to.includes('ANY') ||
    configuration.zones.every(({ name, interfaces }) => !to.includes(name) || interfaces.length === 0)
  );
}
