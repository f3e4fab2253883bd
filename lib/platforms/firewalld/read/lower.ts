import { Problem, refuseIfAny } from '../../../problems/problem';
import {
  Condition,
  BaseChain,
  Decision,
  End,
  NETFILTER,
  Said,
  TextFacts,
  Understood,
  UnderstoodChain,
  UnderstoodRule,
} from '../../../reading/stages/model';
import * as asked from './conditions';
import { Configuration, Policy, Zone, directRules } from './configuration';
import { Files } from './files';
import { Items, Placed, verdict } from './items';
import { refuseWays } from './refused-ways';
import { OWN } from './said';
import { Settings } from './settings';

/** The chains that zones and policies have a part in. */
const WAYS = ['input', 'forward', 'output', 'prerouting', 'postrouting', 'own'] as const;
type Way = (typeof WAYS)[number];
const LIST: Readonly<Record<Way, Placed['list']>> = {
  ...{ input: 'filter', forward: 'filter', output: 'filter', prerouting: 'destinations', postrouting: 'sources', own: 'destinations' },
};
const PARTS = ['pre', 'deny', 'allow', 'post'] as const;

/** What firewalld would load. Throws Refusal with all that is wrong with the files. Source: firewall/core/nftables.py of firewalld 1.3.3. */
export function lower(files: Files, settings: Settings): Understood {
  const problems: Problem[] = [];
  const facts: TextFacts = { connectionMarks: false, helpers: false, tracks: new Set(['ip', 'ip6']), learned: new Set() };
  const configuration = new Configuration(files, settings.defaultZone, problems);
  const items = new Items(configuration, facts);
  const lowering = new Lowering(configuration, settings, items);
  const bases = lowering.bases();
  lowering.checkUnbound();
  items.checkOwn();
  const direct = directRules(files.direct);
  // Several chains look at one element.
  refuseIfAny([...new Map(problems.map((one) => [`${one.where} ${one.what}`, one])).values()]);
  return { bases: direct === undefined ? bases : [...bases, ...unclear(direct)], facts, box: NETFILTER };
}

/** Rules of iptables beside firewalld's may drop a packet, or lead it elsewhere. */
const unclear = (line: number): readonly BaseChain[] =>
  ['prerouting', 'output'].map((hook) => {
    const end: End = { is: 'opaque', because: `line ${line}: direct.xml has rules of iptables` };
    return base('filter', hook, -1000, chain('direct rules', [{ line, text: 'direct.xml', conditions: [], end }]));
  });

const chain = (called: string, rules: readonly UnderstoodRule[]): UnderstoodChain => ({ called, rules: [...rules] });
const base = (type: 'filter' | 'nat', hook: string, priority: number, its: UnderstoodChain): BaseChain => ({
  ...{ type, hook, priority, chain: its, devices: [], policy: 'accept', line: 1, family: 'inet' },
});
const rule = (said: Said, conditions: readonly Condition[], end: End): UnderstoodRule => ({ ...said, conditions, end });
const leads = (is: 'jump' | 'goto', to: UnderstoodChain): End => ({ is: 'verdict', verdict: { is, chain: to } satisfies Decision });

const UNSAID: End = { is: 'opaque', because: 'what zones let pass is not in this text' };

class Lowering {
  private readonly before: Readonly<Record<Way, UnderstoodChain>>;
  private readonly after: Readonly<Record<Way, UnderstoodChain>>;
  private readonly placed = new Map<Zone | Policy, readonly Placed[]>();

  constructor(
    private readonly configuration: Configuration,
    private readonly settings: Settings,
    private readonly items: Items,
  ) {
    this.before = this.policies((one) => one.priority < 0);
    this.after = this.policies((one) => one.priority >= 0);
  }

  bases(): readonly BaseChain[] {
    const { reversePath, refuses6to4 } = this.settings;
    const drop = verdict('drop');
    const goingOn = rule(OWN('established'), [asked.GOING_ON], verdict('accept'));
    const started = (lo: 'in' | 'out'): UnderstoodRule => rule(OWN('lo'), [asked.byInterface(lo, ['lo'])], verdict('accept'));
    const translated = rule(OWN('what is translated passes'), [asked.TRANSLATED], verdict('accept'));
    const invalid = rule(OWN('invalid'), [asked.INVALID], drop);
    const sixToFour = refuses6to4 ? [rule(OWN('RFC3964_IPv4'), [asked.TO_6TO4], drop)] : [];
    const zones = (way: 'input' | 'forward'): readonly UnderstoodRule[] =>
      this.configuration.fallback
        ? [rule(OWN('zones'), [], leads('jump', this.zones(way))), rule(OWN('nothing else passes'), [], drop)]
        : [rule(OWN('policies'), [], leads('jump', this.before[way])), rule(OWN('zones'), [], UNSAID)];
    const both = (way: 'output' | 'own'): readonly UnderstoodRule[] =>
      [this.before[way], this.after[way]].map((its) => rule(OWN('policies'), [], leads('jump', its)));
    const way = reversePath === 'unclear' ? asked.PERHAPS_NO_WAY_BACK : asked.NO_WAY_BACK;
    const back =
      reversePath === 'kept'
        ? []
        : [rule(OWN('neighbours'), asked.NEIGHBOURS, verdict('accept')), rule(OWN('IPv6_rpfilter'), [asked.ofFamily('ip6'), way], drop)];
    return [
      base('filter', 'prerouting', 10, chain('filter_PREROUTING', back)),
      base('nat', 'prerouting', -90, this.zones('prerouting')),
      base('nat', 'output', -90, chain('nat_OUTPUT', both('own'))),
      base('nat', 'postrouting', 110, this.zones('postrouting')),
      base('filter', 'input', 10, chain('filter_INPUT', [goingOn, translated, started('in'), invalid, ...zones('input')])),
      base(
        'filter',
        'forward',
        10,
        chain('filter_FORWARD', [goingOn, translated, started('in'), invalid, ...sixToFour, ...zones('forward')]),
      ),
      base('filter', 'output', 10, chain('filter_OUTPUT', [goingOn, started('out'), ...sixToFour, ...both('output')])),
    ];
  }

  /** By the source first, in the order of the zones' names; then by the interface, the last zone first; all else is the default zone's. */
  private zones(way: 'input' | 'forward' | 'prerouting' | 'postrouting'): UnderstoodChain {
    const { zones, fallback } = this.configuration;
    const chains = new Map<Zone, UnderstoodChain>();
    const into = (zone: Zone, condition: readonly Condition[]): UnderstoodRule => {
      let its = chains.get(zone);
      if (!its) chains.set(zone, (its = this.zone(zone, way)));
      return rule({ line: zone.file.line, text: `zone ${zone.name}` }, condition, leads('goto', its));
    };
    const leaving = way === 'postrouting';
    const bySource = zones.flatMap((zone) =>
      zone.sources.map((one) => into(zone, [this.items.at(leaving ? 'destination' : 'source', one, zone.file.line)])),
    );
    const byInterface = [...zones]
      .reverse()
      .flatMap((zone) => [...zone.interfaces].reverse().map((one) => into(zone, [asked.byInterface(leaving ? 'out' : 'in', [one])])));
    return chain(`${way} by zones`, [...bySource, ...byInterface, ...(fallback ? [into(fallback, [])] : [])]);
  }

  /** Zones that nothing is bound to are read, too. */
  checkUnbound(): void {
    const { zones, fallback } = this.configuration;
    for (const zone of zones)
      if (zone !== fallback && zone.interfaces.length + zone.sources.length === 0) this.items.check(zone.file, zone.items);
  }

  private zone(zone: Zone, way: 'input' | 'forward' | 'prerouting' | 'postrouting'): UnderstoodChain {
    const { name, file, target, inverted, forwards, interfaces, sources } = zone;
    const of = { line: file.line, text: `zone ${name}` };
    const own = this.listed(zone, way === 'forward' ? undefined : LIST[way]);
    const within: readonly Condition[] =
      !forwards || way !== 'forward'
        ? []
        : [
            // By any interface would be from zone to zone.
            ...interfaces.filter((one) => one !== '+').map((one) => asked.byInterface('out', [one])),
            ...sources.map((one) => this.items.at('destination', one, file.line)),
          ];
    const types = way === 'input' && (target === 'default' || (inverted && target === 'accept'));
    const filters = way === 'input' || way === 'forward';
    return chain(`zone ${name}, ${way}`, [
      rule(OWN('policies'), [], leads('jump', this.before[way])),
      ...own,
      ...within.map((condition) => rule(of, [condition], verdict('accept'))),
      rule(OWN('policies'), [], leads('jump', this.after[way])),
      ...(types ? [rule(of, [asked.ANY_ICMP], verdict(inverted ? 'drop' : 'accept'))] : []),
      ...(filters ? [rule(of, [], verdict(target === 'accept' ? 'accept' : 'drop'))] : []),
    ]);
  }

  /** What stands in a zone or a policy, of one list, in the order in which it is asked: rich rules come last. */
  private listed(of: Zone | Policy, list: Placed['list'] | undefined): readonly UnderstoodRule[] {
    let all = this.placed.get(of);
    if (!all) {
      const inverted = 'inverted' in of && of.inverted;
      const inOrder = [...of.items].sort((a, b) => Number(a.name === 'rule') - Number(b.name === 'rule'));
      this.placed.set(of, (all = inOrder.flatMap((one) => this.items.of(of.file, one, inverted))));
    }
    const own = all.filter((one) => one.list === list).sort((a, b) => (a.priority < b.priority ? -1 : a.priority > b.priority ? 1 : 0));
    return PARTS.flatMap((part) => own.filter((one) => one.part === part).map((one) => one.rule));
  }

  /** Those that are active, each in the chains of its ways, in order of their priorities. */
  private policies(wanted: (policy: Policy) => boolean): Readonly<Record<Way, UnderstoodChain>> {
    const made = Object.fromEntries(WAYS.map((way) => [way, chain(`policies of ${way}`, [])])) as Record<Way, UnderstoodChain>;
    const bound = (names: readonly string[]): readonly Zone[] => this.configuration.zones.filter(({ name }) => names.includes(name));
    const isActive = (names: readonly string[]): boolean =>
      names.some((name) => name === 'ANY' || name === 'HOST') ||
      bound(names).some(({ interfaces, sources }) => interfaces.length + sources.length > 0);
    const active = this.configuration.policies.filter((one) => wanted(one) && isActive(one.from) && isActive(one.to));
    for (const policy of [...active].sort((a, b) => a.priority - b.priority)) {
      const goals = bound(policy.to);
      refuseWays(policy, goals, this.configuration.problems);
      for (const way of waysOf(policy, goals)) made[way].rules.push(this.dispatched(policy, way, bound(policy.from), goals));
    }
    for (const policy of this.configuration.policies)
      if (wanted(policy) && !active.includes(policy)) this.items.check(policy.file, policy.items);
    return made;
  }

  private dispatched(policy: Policy, way: Way, from: readonly Zone[], to: readonly Zone[]): UnderstoodRule {
    const { target, name, file } = policy;
    const of = { line: file.line, text: `policy ${name}` };
    const end = LIST[way] !== 'filter' || target === 'continue' ? [] : [rule(of, [], verdict(target === 'accept' ? 'accept' : 'drop'))];
    const its = chain(`policy ${name}, ${way}`, [...this.listed(policy, LIST[way]), ...end]);
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

  private ends(zones: readonly Zone[], way: 'in' | 'out', side: asked.Side, line: number): readonly (readonly Condition[])[] {
    const interfaces = zones.flatMap((zone) => zone.interfaces);
    const sources = zones.flatMap((zone) => zone.sources).map((one) => [this.items.at(side, one, line)]);
    const found = [...(interfaces.length > 0 ? [[asked.byInterface(way, interfaces)]] : []), ...sources];
    return found.length === 0 ? [[]] : found;
  }
}

/** Source: _get_table_chains_for_policy_dispatch of firewall/core/fw_policy.py, 1.3.3. */
function waysOf({ from, to }: Policy, goals: readonly Zone[]): readonly Way[] {
  if (to.includes('HOST')) return from.includes('ANY') ? ['input', 'prerouting'] : ['input'];
  if (from.includes('HOST')) return ['output', 'own'];
  const isEarly = to.includes('ANY') || goals.every(({ interfaces }) => interfaces.length === 0);
  return ['forward', 'postrouting', ...(isEarly ? (['prerouting'] as const) : [])];
}
