import { FAMILY_RANGE } from '../../../net/address';
import { joinedNumbers } from '../../../net/axes';
import { NumberRange } from '../../../net/device';
import { PROTOCOL } from '../../../net/packet';
import { joined, overlap, sameRange, without } from '../../../net/range';
import { Opening, Openings } from '../../../policy/policy';
import { Problem } from '../../../problems/problem';
import { rangesKey } from '../../../generate/openings';
import { Peers, peersKey } from '../../../generate/parts';
import { Aliases } from './aliases';
import { ANY, End, Rule, Where } from './model';
import { Names, slug } from './names';
import * as problems from './problems-openings';
import { capabilities } from '../capabilities';
import { PROTOCOL_NAMES, icmpTypes } from './protocols';

/** What is opened to whom at one place: on an outside interface to mapped hosts, or floating to what the box answers for. */
export interface Open {
  readonly on: Where;
  readonly openings: Openings;
  readonly peers: Peers;
  readonly destination: End;
}

/** Part of a rule's name, which an interface more must not change. */
const place = ({ key }: Where): string => (key.includes(',') ? 'everywhere' : key);

/** For people, who see few words of it. */
const numbersText = (ranges: readonly NumberRange[]): string => {
  const text = ranges.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join(',');
  return text.length > 60 ? `${text.slice(0, text.lastIndexOf(',', 60))},...` : text;
};

/** Rules for what is opened: management, then what is blocked, then the rest. */
export class OpeningRules {
  private readonly told = new Set<string>();

  constructor(
    private readonly names: Names,
    private readonly aliases: Aliases,
    private readonly found: Problem[],
  ) {}

  of(open: Open): readonly Rule[] {
    const { openings } = open;
    const blocked = within(openings.blocked, open.peers);
    return [
      ...this.passes(
        open,
        openings.entries.filter(({ management }) => management),
      ),
      ...(blocked ? [this.rule(open, 'block', 'blocked', blocked, {})] : []),
      ...this.passes(
        open,
        openings.entries.filter(({ management }) => !management),
      ),
    ];
  }

  /** Of everybody. */
  drop(on: Where, name: string, destination: End, words: string): Rule {
    return this.made(on, name, `${place(on)} ${name}`, words, { action: 'block', source: ANY, destination });
  }

  private passes(open: Open, entries: readonly Opening[]): readonly Rule[] {
    const groups = new Map<
      string,
      { readonly protocol: number; readonly sources: Peers; ports: NumberRange[] | 'all' }
    >();
    for (const entry of entries) {
      // Of IPv6, and a mapping is of IPv4: nothing is asked for.
      if (entry.protocol === PROTOCOL.icmpv6) continue;
      const sources = within(entry.sources, open.peers);
      if (!sources || !this.canSay(entry, open.openings)) continue;
      const key = `${entry.protocol} ${sourcesKey(sources)}`;
      const group = groups.get(key);
      if (!group)
        groups.set(key, { protocol: entry.protocol, sources, ports: entry.ports === 'all' ? 'all' : [...entry.ports] });
      else if (entry.ports === 'all') group.ports = 'all';
      else if (group.ports !== 'all') group.ports.push(...entry.ports);
    }
    const purpose = entries[0]?.management ? 'management' : 'from';
    return [...groups.values()].map(({ protocol, sources, ports }) => {
      const name = PROTOCOL_NAMES.get(protocol)!;
      const numbers = ports === 'all' ? 'all' : joinedNumbers(ports);
      const types = protocol === PROTOCOL.icmp && numbers !== 'all' ? icmpTypes(numbers).names : undefined;
      const text =
        numbers === 'all' || !capabilities.portsOf.includes(protocol)
          ? undefined
          : this.aliases.ports(`${slug(open.openings.name)}_${name}`, numbers);
      return this.rule(open, 'pass', purpose, sources, {
        protocol: name,
        ...(types === undefined ? {} : { icmpTypes: types }),
        ...(text === undefined ? {} : { ports: text }),
        shown: text === undefined || numbers === 'all' ? (types ?? []).join(',') : numbersText(numbers),
      });
    });
  }

  private rule(
    open: Open,
    action: Rule['action'],
    purpose: string,
    sources: Peers,
    { shown = '', ...what }: Pick<Rule, 'protocol' | 'icmpTypes' | 'ports'> & { readonly shown?: string },
  ): Rule {
    const { name } = open.openings;
    const key = [
      place(open.on),
      name,
      action,
      purpose,
      what.protocol ?? '',
      sourcesKey(sources),
      peersKey(open.peers),
    ].join(' ');
    const words = `${slug(name)}: ${[purpose === 'from' ? '' : purpose, what.protocol ?? '', shown].filter((word) => word !== '').join(' ')}`;
    return this.made(open.on, name, key, words, {
      action,
      ...what,
      source: this.source(`${slug(name)}_${purpose}`, sources),
      destination: open.destination,
    });
  }

  private made(
    on: Where,
    name: string,
    key: string,
    words: string,
    rule: Omit<Rule, 'on' | 'tracker' | 'descr'>,
  ): Rule {
    const { tag, tracker } = this.names.rule(name, key);
    return { ...rule, on, tracker, descr: this.names.descr(tag, words) };
  }

  private source(what: string, sources: Peers): End {
    switch (sources.is) {
      case 'anywhere':
        return ANY;
      case 'except':
        return this.aliases.but(what, sources.ranges);
      case 'among':
        return this.aliases.end(what, sources.ranges);
      default:
        return sources satisfies never;
    }
  }

  private canSay({ protocol, ports }: Opening, { name }: Openings): boolean {
    const where = `openings ${name}`;
    if (!PROTOCOL_NAMES.has(protocol) && ports === 'all') return this.tell(problems.protocol(where, protocol));
    if (capabilities.portsOf.includes(protocol)) {
      return ports !== 'all' && ports.every(({ first }) => first > 0) ? true : this.tell(problems.portZero(where));
    }
    if (ports === 'all' || protocol !== PROTOCOL.icmp) return true;
    const { nameless } = icmpTypes(ports);
    return nameless === undefined ? true : this.tell(problems.icmpType(where, nameless));
  }

  private tell(problem: Problem): false {
    const key = `${problem.code} ${problem.where} ${problem.what}`;
    if (!this.told.has(key)) this.found.push(problem);
    this.told.add(key);
    return false;
  }
}

/** IPv4 sources that are peers; undefined where nobody is. */
function within(sources: Opening['sources'], peers: Peers): Peers | undefined {
  const own =
    sources === 'anywhere'
      ? [FAMILY_RANGE.ip]
      : joined(sources.flatMap((range) => overlap(range, FAMILY_RANGE.ip) ?? []));
  if (peers.is === 'except' && own.length === 1 && sameRange(own[0]!, FAMILY_RANGE.ip)) return peers;
  const ranges =
    peers.is === 'anywhere'
      ? own
      : peers.is === 'except'
        ? without(own, peers.ranges)
        : joined(own.flatMap((range) => peers.ranges.flatMap((peer) => overlap(range, peer) ?? [])));
  if (ranges.length === 0) return undefined;
  return sameRange(ranges[0]!, FAMILY_RANGE.ip) ? { is: 'anywhere' } : { is: 'among', ranges };
}

const sourcesKey = (sources: Peers): string =>
  sources.is === 'anywhere' ? 'anybody' : `${sources.is === 'except' ? 'but ' : ''}${rangesKey(sources.ranges)}`;
