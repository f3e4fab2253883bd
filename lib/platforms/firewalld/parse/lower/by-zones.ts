import { Condition, End, LoweredChain, LoweredRule } from '../../../../evaluator/model';
import * as asked from '../contents/conditions';
import { Policy, Zone } from '../files/configuration';
import { Contents, LIST, WAYS, Way, chain, leads, ofPolicy, ofZone, rule } from '../contents/contents';
import { Dispatch, isActive, zonesOf } from './dispatch';
import { broken } from '../files/problems';
import { OWN } from '../files/said';
import { atLeast, hasWildEnds, partsFamilies } from '../files/version';

const UNSAID: End = { is: 'opaque', because: 'what zones let pass is not in this text' };

const LED_TWICE: End = {
  is: 'opaque',
  because: 'firewalld 0.9 asks of what goes through the zone that it comes by and that which it goes to',
};

/** As before 2.0: policies before the zones, a zone, policies behind it. Source: firewall/core/fw_policy.py and nftables.py of firewalld 1.3.3. */
export class ByZones implements Dispatch {
  private readonly before: Readonly<Record<Way, LoweredChain>>;
  private readonly after: Readonly<Record<Way, LoweredChain>>;
  /** In 0.9 policies stand around all zones: what the end of a zone decides isn't asked of those behind it. */
  private readonly around: boolean;

  constructor(private readonly contents: Contents) {
    this.around = !atLeast(contents.configuration.version, '1.0');
    this.before = this.policies((one) => one.priority < 0);
    this.after = this.policies((one) => one.priority >= 0);
  }

  /** By the source first, in the order of the zones' names; then by the interface, the last zone first; all else is the default zone's. */
  led(way: Way): readonly LoweredRule[] {
    if (way === 'output' || way === 'own') return this.between(way, []);
    const { zones, fallback } = this.contents.configuration;
    // Policies alone, beside which nobody knows what zones there are.
    if (!fallback) return LIST[way] === 'filter' ? [this.asking(this.before[way]), rule(OWN('zones'), [], UNSAID)] : [];
    if (this.around && way === 'forward') return [rule(OWN('zones'), [], LED_TWICE)];
    const into = (zone: Zone, condition: readonly Condition[]): LoweredRule =>
      rule(ofZone(zone), condition, leads('goto', this.zone(zone, way)));
    const leaving = way === 'postrouting';
    const bySource = zones.flatMap((zone) =>
      zone.sources.map((one) =>
        into(zone, [this.contents.items.at(leaving ? 'destination' : 'source', one, zone.file.line)]),
      ),
    );
    const byInterface = [...zones]
      .reverse()
      .flatMap((zone) =>
        [...zone.interfaces].reverse().map((one) => into(zone, [asked.byInterface(leaving ? 'out' : 'in', [one])])),
      );
    const all = chain(`${way} by zones`, [...bySource, ...byInterface, into(fallback, [])]);
    const zone = rule(OWN('zones'), [], leads('jump', all));
    return this.around ? this.between(way, [zone]) : [zone];
  }

  private between(way: Way, rules: readonly LoweredRule[]): readonly LoweredRule[] {
    return [this.asking(this.before[way]), ...rules, this.asking(this.after[way])];
  }

  private asking = (policies: LoweredChain): LoweredRule => rule(OWN('policies'), [], leads('jump', policies));

  private zone(zone: Zone, way: Exclude<Way, 'output' | 'own'>): LoweredChain {
    const { contents } = this;
    return contents.once(`zone ${zone.name}, ${way}`, () => [
      ...(this.around ? contents.zone(zone, way) : this.between(way, contents.zone(zone, way))),
      ...(way === 'input' ? contents.types(zone) : []),
      ...(LIST[way] === 'filter' ? contents.target(zone) : []),
    ]);
  }

  /** Those that are active, each in the chains of its ways, in order of their priorities. */
  private policies(wanted: (policy: Policy) => boolean): Readonly<Record<Way, LoweredChain>> {
    const { configuration } = this.contents;
    const made = Object.fromEntries(WAYS.map((way) => [way, chain(`policies of ${way}`, [])])) as Record<
      Way,
      LoweredChain
    >;
    const active = configuration.policies.filter((one) => wanted(one) && isActive(one, configuration));
    for (const policy of [...active].sort((a, b) => a.priority - b.priority)) {
      const [from, goals] = [zonesOf(policy.from, configuration), zonesOf(policy.to, configuration)];
      this.refuseFamilies(policy, from, goals);
      for (const way of waysOf(policy, goals)) made[way].rules.push(this.dispatched(policy, way, from, goals));
    }
    return made;
  }

  private dispatched(policy: Policy, way: Way, from: readonly Zone[], to: readonly Zone[]): LoweredRule {
    const { name, file } = policy;
    const of = ofPolicy(policy);
    const its = this.contents.policy(policy, way);
    // From one of the ends to one of the others: each is asked alone.
    const goals = this.ends(to, 'out', 'destination', file.line);
    const there = chain(
      `policy ${name}, ${way}, by where to`,
      goals.map((goal) => rule(of, goal, leads('jump', its))),
    );
    const starts = this.ends(from, 'in', 'source', file.line);
    return rule(
      of,
      [],
      leads(
        'jump',
        chain(
          `policy ${name}, ${way}, by where from`,
          starts.map((start) => rule(of, start, leads('jump', there))),
        ),
      ),
    );
  }

  private refuseFamilies({ name, file }: Policy, ...sides: readonly (readonly Zone[])[]): void {
    const { configuration, items } = this.contents;
    if (partsFamilies(configuration.version)) return;
    const families = sides.map((zones) =>
      zones
        .flatMap((zone) => zone.sources.map((one) => items.sets.kindOf(one, zone.file.line)))
        .filter((one) => one === 'ip' || one === 'ip6'),
    );
    const [from = [], to = []] = families;
    if (from.some((one) => to.some((other) => other !== one)))
      configuration.problems.push(
        broken(
          file.line,
          `policy ${name} is from and to sources of both families, which this version puts into one rule.`,
        ),
      );
  }

  private ends(
    zones: readonly Zone[],
    way: 'in' | 'out',
    side: asked.Side,
    line: number,
  ): readonly (readonly Condition[])[] {
    const all = zones.flatMap((zone) => zone.interfaces);
    const interfaces = hasWildEnds(this.contents.configuration.version) ? all : all.filter((one) => !one.endsWith('+'));
    const sources = zones.flatMap((zone) => zone.sources).map((one) => [this.contents.items.at(side, one, line)]);
    if (all.length + sources.length === 0) return [[]];
    return [...(interfaces.length > 0 ? [[asked.byInterface(way, interfaces)]] : []), ...sources];
  }
}

/** Source: _get_table_chains_for_policy_dispatch of firewall/core/fw_policy.py, 1.3.3. */
function waysOf({ from, to }: Policy, goals: readonly Zone[]): readonly Way[] {
  if (to.includes('HOST')) return from.includes('ANY') ? ['input', 'prerouting'] : ['input'];
  if (from.includes('HOST')) return ['output', 'own'];
  const isEarly = to.includes('ANY') || goals.every(({ interfaces }) => interfaces.length === 0);
  return ['forward', 'postrouting', ...(isEarly ? (['prerouting'] as const) : [])];
}
