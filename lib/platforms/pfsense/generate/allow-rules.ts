// Creates pfSense filter rules from allow rules: management, blocked sources, then the others, for mapped hosts or
// for the box itself.

import { FAMILY_RANGE } from '../../../net/address';
import { mergeNumbers } from '../../../net/axis-nodes';
import { NumberRange } from '../../../net/device';
import { PROTOCOL } from '../../../net/packet';
import { mergeRanges, intersectRanges, isSameRange, subtractRanges } from '../../../net/range';
import { AllowRule, AllowRules } from '../../../policy/policy';
import { Problem } from '../../../problems/problem';
import { toRangesKey } from '../../../generate/allow-rule-keys';
import { MappingPeers, toPeersKey } from '../../../generate/mapping-parts';
import { AliasBuilder } from './aliases';
import { ANY_ENDPOINT, PfsenseEndpoint, PfsenseRule, PfsenseRuleScope } from './pfsense-entries';
import { EntryNames, toSlug } from './entry-names';
import * as problems from './allow-rule-problems';
import { capabilities } from '../capabilities';
import { PROTOCOL_NAMES, nameIcmpTypes } from './protocols';

/**
 * Allow rules and their peers at one place: mapped hosts on an outside interface, or the box's own addresses in
 * floating rules.
 */
export interface AllowTarget {
  readonly on: PfsenseRuleScope;
  readonly allowRules: AllowRules;
  readonly peers: MappingPeers;
  readonly destination: PfsenseEndpoint;
}

/** Returns the part of a rule's name that another interface must not change. */
const getPlaceName = ({ key }: PfsenseRuleScope): string => (key.includes(',') ? 'everywhere' : key);

/** Returns the ports for display, cut to about 60 characters. */
const formatPorts = (ranges: readonly NumberRange[]): string => {
  const text = ranges.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join(',');
  return text.length > 60 ? `${text.slice(0, text.lastIndexOf(',', 60))},...` : text;
};

/** Creates rules in this order: allow rules for management, blocks, the other allow rules. */
export class AllowRuleBuilder {
  private readonly reported = new Set<string>();

  constructor(
    private readonly names: EntryNames,
    private readonly aliases: AliasBuilder,
    private readonly problemsFound: Problem[],
  ) {}

  createRules(target: AllowTarget): readonly PfsenseRule[] {
    const { allowRules } = target;
    const blocked = narrowSources(allowRules.blocked, target.peers);
    return [
      ...this.createPasses(
        target,
        allowRules.entries.filter(({ management }) => management),
      ),
      ...(blocked ? [this.createRule(target, 'block', 'blocked', blocked, {})] : []),
      ...this.createPasses(
        target,
        allowRules.entries.filter(({ management }) => !management),
      ),
    ];
  }

  /** Returns a rule that blocks every source. */
  createDrop(scope: PfsenseRuleScope, name: string, destination: PfsenseEndpoint, words: string): PfsenseRule {
    return this.nameRule(scope, name, `${getPlaceName(scope)} ${name}`, words, {
      action: 'block',
      source: ANY_ENDPOINT,
      destination,
    });
  }

  private createPasses(target: AllowTarget, entries: readonly AllowRule[]): readonly PfsenseRule[] {
    const groups = new Map<
      string,
      { readonly protocol: number; readonly sources: MappingPeers; ports: NumberRange[] | 'all' }
    >();
    for (const entry of entries) {
      // ICMPv6 belongs to IPv6, and a mapping is IPv4, so it needs no rule.
      if (entry.protocol === PROTOCOL.icmpv6) continue;
      const sources = narrowSources(entry.sources, target.peers);
      if (!sources || !this.canExpress(entry, target.allowRules)) continue;
      const key = `${entry.protocol} ${getSourcesKey(sources)}`;
      const group = groups.get(key);
      if (!group)
        groups.set(key, { protocol: entry.protocol, sources, ports: entry.ports === 'all' ? 'all' : [...entry.ports] });
      else if (entry.ports === 'all') group.ports = 'all';
      else if (group.ports !== 'all') group.ports.push(...entry.ports);
    }
    const purpose = entries[0]?.management ? 'management' : 'from';
    return [...groups.values()].map(({ protocol, sources, ports }) => {
      const name = PROTOCOL_NAMES.get(protocol)!;
      const numbers = ports === 'all' ? 'all' : mergeNumbers(ports);
      const types = protocol === PROTOCOL.icmp && numbers !== 'all' ? nameIcmpTypes(numbers).names : undefined;
      const text =
        numbers === 'all' || !capabilities.portProtocols.includes(protocol)
          ? undefined
          : this.aliases.addPorts(`${toSlug(target.allowRules.name)}_${name}`, numbers);
      return this.createRule(target, 'pass', purpose, sources, {
        protocol: name,
        ...(types === undefined ? {} : { icmpTypes: types }),
        ...(text === undefined ? {} : { ports: text }),
        shown: text === undefined || numbers === 'all' ? (types ?? []).join(',') : formatPorts(numbers),
      });
    });
  }

  private createRule(
    target: AllowTarget,
    action: PfsenseRule['action'],
    purpose: string,
    sources: MappingPeers,
    { shown = '', ...match }: Pick<PfsenseRule, 'protocol' | 'icmpTypes' | 'ports'> & { readonly shown?: string },
  ): PfsenseRule {
    const { name } = target.allowRules;
    const key = [
      getPlaceName(target.on),
      name,
      action,
      purpose,
      match.protocol ?? '',
      getSourcesKey(sources),
      toPeersKey(target.peers),
    ].join(' ');
    const words = `${toSlug(name)}: ${[purpose === 'from' ? '' : purpose, match.protocol ?? '', shown].filter((word) => word !== '').join(' ')}`;
    return this.nameRule(target.on, name, key, words, {
      action,
      ...match,
      source: this.createSource(`${toSlug(name)}_${purpose}`, sources),
      destination: target.destination,
    });
  }

  private nameRule(
    scope: PfsenseRuleScope,
    name: string,
    key: string,
    words: string,
    rule: Omit<PfsenseRule, 'on' | 'tracker' | 'descr'>,
  ): PfsenseRule {
    const { tag, tracker } = this.names.nameRule(name, key);
    return { ...rule, on: scope, tracker, descr: this.names.createDescription(tag, words) };
  }

  private createSource(purpose: string, sources: MappingPeers): PfsenseEndpoint {
    switch (sources.is) {
      case 'anywhere':
        return ANY_ENDPOINT;
      case 'except':
        return this.aliases.toAllExcept(purpose, sources.ranges);
      case 'among':
        return this.aliases.toEndpoint(purpose, sources.ranges);
      default:
        return sources satisfies never;
    }
  }

  private canExpress({ protocol, ports }: AllowRule, { name }: AllowRules): boolean {
    const where = `openings ${name}`;
    if (!PROTOCOL_NAMES.has(protocol) && ports === 'all')
      return this.report(problems.createProtocolUnnamed(where, protocol));
    if (capabilities.portProtocols.includes(protocol)) {
      return ports !== 'all' && ports.every(({ first }) => first > 0)
        ? true
        : this.report(problems.createPortZero(where));
    }
    if (ports === 'all' || protocol !== PROTOCOL.icmp) return true;
    const { nameless } = nameIcmpTypes(ports);
    return nameless === undefined ? true : this.report(problems.createIcmpType(where, nameless));
  }

  private report(problem: Problem): false {
    const key = `${problem.code} ${problem.where} ${problem.what}`;
    if (!this.reported.has(key)) this.problemsFound.push(problem);
    this.reported.add(key);
    return false;
  }
}

/** Returns the IPv4 sources that are also peers, or undefined if there are none. */
function narrowSources(sources: AllowRule['sources'], peers: MappingPeers): MappingPeers | undefined {
  const sourceRanges =
    sources === 'anywhere'
      ? [FAMILY_RANGE.ip]
      : mergeRanges(sources.flatMap((range) => intersectRanges(range, FAMILY_RANGE.ip) ?? []));
  if (peers.is === 'except' && sourceRanges.length === 1 && isSameRange(sourceRanges[0]!, FAMILY_RANGE.ip))
    return peers;
  const ranges =
    peers.is === 'anywhere'
      ? sourceRanges
      : peers.is === 'except'
        ? subtractRanges(sourceRanges, peers.ranges)
        : mergeRanges(
            sourceRanges.flatMap((range) => peers.ranges.flatMap((peer) => intersectRanges(range, peer) ?? [])),
          );
  if (ranges.length === 0) return undefined;
  return isSameRange(ranges[0]!, FAMILY_RANGE.ip) ? { is: 'anywhere' } : { is: 'among', ranges };
}

const getSourcesKey = (sources: MappingPeers): string =>
  sources.is === 'anywhere' ? 'anybody' : `${sources.is === 'except' ? 'but ' : ''}${toRangesKey(sources.ranges)}`;
