// Finds the allow rules that an import of pfSense's config.xml gives to the hosts of 1:1 NAT entries, and gives a
// reason for each filter rule that it skips.

import { FAMILY_RANGE, toRange, toPrefixes } from '../../../net/address';
import { PacketMap, PacketSet } from '../../../net/packet-map';
import { Range, intersectRanges, subtractRanges } from '../../../net/range';
import { ImportableAllowRule, ImportablePeers, ImportableSet, SkippedEntry } from '../../../parse/config-importer';
import { PfsenseContext, resolveAddresses } from '../parse/packets/resolve-addresses';
import { findChild, isSet, getText, getTruthyText } from '../parse/elements/element';
import { listLimitReasons, listUnknownReasons } from '../parse/rules/unknown-reasons';
import { Unloadable } from '../parse/elements/unloadable';
import { explainOwned, findOwner } from './importable-entry';
import { OneToOneCandidate } from './find-one-to-ones';
import { findBlockedSources, groupBlocksByPage, explainDisplaced } from './page-blocks';
import { ParsedPeers, parsePeers } from './parse-peers';
import { ActiveRule } from './active-rules';
import { parseServices } from './parse-services';

/** The allow rules for the hosts of 1:1 entries. */
export interface ImportedOpenings {
  readonly allowRules: ReadonlyMap<OneToOneCandidate, readonly ImportableAllowRule[]>;
  readonly sets: readonly ImportableSet[];
  /** Mappings that can't be expressed because their allow rules can't, with the reason. */
  readonly unusableMappings: ReadonlyMap<OneToOneCandidate, string>;
  readonly objections: readonly SkippedEntry[];
  /** Rules that open to some mapping and stay because they also open to other hosts. */
  readonly staying: readonly SkippedEntry[];
}

/** A rule that passes packets to mapped hosts. `hosts` are the mappings that it reaches, whole or in part. */
interface ReachingRule {
  readonly rule: ActiveRule;
  readonly destinations: readonly Range[];
  readonly hosts: readonly OneToOneCandidate[];
}

export function findOpenings(
  rules: readonly ActiveRule[],
  candidates: readonly OneToOneCandidate[],
  context: PfsenseContext,
): ImportedOpenings {
  const enabled = candidates.filter(({ enabled: on }) => on);
  const reaching = rules
    .filter(({ action }) => action === 'pass')
    .flatMap((rule) => findReachingRule(rule, enabled, context));
  const allowRules = new Map<OneToOneCandidate, ImportableAllowRule[]>(candidates.map((item) => [item, []]));
  const sets = new Map<string, ImportableSet>();
  const unusableMappings = new Map<OneToOneCandidate, string>();
  const objections: SkippedEntry[] = [];
  const staying: SkippedEntry[] = [];
  const interpretedRules = reaching.map((item) => ({ ...item, said: interpretRule(item, context) }));
  const removedRules = new Set(
    interpretedRules
      .filter(({ said: interpreted }) => interpreted.is === 'opens' && !interpreted.opensMore)
      .map(({ rule }) => rule),
  );
  const pages = groupBlocksByPage(rules, removedRules);
  for (const { rule, hosts, said: interpreted } of interpretedRules) {
    if (interpreted.is === 'everything') {
      objections.push({ entry: rule.entry, reason: interpreted.reason });
      continue;
    }
    const blocked = interpreted.is === 'opens' ? findBlockedSources(rule, pages, hosts, context) : [];
    const why =
      interpreted.is === 'unsaid'
        ? interpreted.reason
        : explainDisplaced(rule, pages, toHostPackets(hosts).subtract(PacketMap.createSet({ source: blocked })));
    if (why !== undefined || interpreted.is === 'unsaid') {
      for (const host of hosts)
        if (!unusableMappings.has(host)) unusableMappings.set(host, `${rule.entry.label} opens to it, and ${why}`);
      continue;
    }
    if (interpreted.set) sets.set(interpreted.set.name, interpreted.set);
    for (const host of hosts) {
      const sources = narrowSources(host, interpreted.sources, blocked);
      if (sources !== undefined)
        allowRules
          .get(host)!
          .push(...interpreted.services.map((service) => ({ ...interpreted.common, ...service, sources })));
    }
    if (interpreted.opensMore)
      staying.push({
        entry: rule.entry,
        reason: 'it opens to others than mapped hosts, too: its part of them is carried over, and it stays',
      });
  }
  return { allowRules, sets: [...sets.values()], unusableMappings, objections, staying };
}

function findReachingRule(
  rule: ActiveRule,
  candidates: readonly OneToOneCandidate[],
  context: PfsenseContext,
): readonly ReachingRule[] {
  if (getText(rule.element, 'ipprotocol') === 'inet6') return [];
  const on = candidates.filter((candidate) => rule.on === 'any' || rule.on.includes(candidate.interface));
  if (on.length === 0) return [];
  let destinations: readonly Range[];
  try {
    const addresses = resolveAddresses(findChild(rule.element, 'destination'), 'ip', context);
    destinations = addresses ? [...addresses.must, ...addresses.uncertain] : [];
  } catch (error) {
    if (!(error instanceof Unloadable)) throw error;
    return [];
  }
  const hosts = on.filter(({ internal }) =>
    destinations.some((range) => intersectRanges(range, toRange(internal)) !== undefined),
  );
  return hosts.length === 0 ? [] : [{ rule, destinations, hosts }];
}

const toHostPackets = (hosts: readonly OneToOneCandidate[]): PacketSet =>
  PacketMap.createSet({ destination: hosts.map(({ internal }) => toRange(internal)) });

type InterpretedRule =
  | { readonly is: 'everything'; readonly reason: string }
  | { readonly is: 'unsaid'; readonly reason: string }
  | {
      readonly is: 'opens';
      readonly opensMore: boolean;
      readonly set?: ImportableSet;
      readonly sources: ParsedPeers;
      readonly common: Pick<ImportableAllowRule, 'entry' | 'description' | 'opensMore'>;
      readonly services: readonly Pick<ImportableAllowRule, 'protocol' | 'ports'>[];
    };

function interpretRule({ rule, destinations, hosts }: ReachingRule, context: PfsenseContext): InterpretedRule {
  const { element, entry } = rule;
  const createUnsaid = (reason: string): InterpretedRule => ({ is: 'unsaid', reason });
  const owner = findOwner(element);
  if (owner !== undefined) return createUnsaid(explainOwned(owner));
  try {
    const services = parseServices(element, context.aliases);
    const peers = parsePeers(findChild(element, 'source'), context);
    if (services === 'everything') {
      const peerWords =
        'reason' in peers ? 'some' : peers.peers === 'anywhere' ? 'all sources' : 'the sources that it names';
      return { is: 'everything', reason: `it lets ${peerWords} in on every port: which ones has to be written` };
    }
    const odd = findOddity(rule, context);
    if (odd !== undefined) return createUnsaid(odd);
    if ('reason' in services) return createUnsaid(services.reason);
    if ('reason' in peers) return createUnsaid(`its source can not be said: ${peers.reason}`);
    if (resolveAddresses(findChild(element, 'destination'), 'ip', context)!.uncertain.length > 0)
      return createUnsaid('which hosts it opens to is not known');
    const insides = hosts.map(({ internal }) => toRange(internal));
    if (insides.some((inside) => subtractRanges([inside], destinations).length > 0))
      return createUnsaid('to a part of it only: a mapping opens the same to all of its hosts');
    // A mapping opens nothing to peers that it excludes, but the rule does.
    const toExcluded = hosts.some(({ excluded }) =>
      excluded.some((prefix) => peers.ranges.some((range) => intersectRanges(range, toRange(prefix)))),
    );
    const reachesOthers = toExcluded || subtractRanges(destinations, insides).length > 0;
    const opensMore = reachesOthers || rule.page !== 'interface' || getText(element, 'ipprotocol') === 'inet46';
    return {
      is: 'opens',
      opensMore,
      ...(peers.set ? { set: peers.set } : {}),
      sources: peers,
      common: { entry, description: getText(element, 'descr').trim(), opensMore },
      services,
    };
  } catch (error) {
    if (error instanceof Unloadable) return createUnsaid(`the box can not load it: ${error.reason}`);
    throw error;
  }
}

/**
 * Returns the sources of a rule without blocked ones, in the form of a mapping's allow rule. Peers that the mapping
 * excludes need no second exclusion. Undefined: no source is left.
 */
function narrowSources(
  { excluded }: OneToOneCandidate,
  peers: ParsedPeers,
  blocked: readonly Range[],
): ImportablePeers | undefined {
  const ranges = subtractRanges(peers.ranges, blocked);
  if (ranges.length === 0) return undefined;
  if (subtractRanges([FAMILY_RANGE.ip], [...ranges, ...excluded.map(toRange)]).length === 0) return 'anywhere';
  return subtractRanges(peers.ranges, ranges).length === 0 ? peers.peers : ranges.flatMap(toPrefixes);
}

const toList = (text: string): readonly string[] => (text === '' ? [] : [text]);

/** Returns the first property of a rule, besides addresses and ports, that an intent can't express. */
function findOddity({ element, decides }: ActiveRule, context: PfsenseContext): string | undefined {
  const doubts = listUnknownReasons(element, {
    tags: new Set(toList(getText(element, 'tagged'))),
    schedules: new Set(toList(getText(element, 'sched'))),
  });
  const [oddity] = [...doubts, ...listLimitReasons(element)];
  if (oddity !== undefined) return oddity;
  if (!decides) return 'it floats without deciding at once, or also looks at what leaves';
  if (getTruthyText(element, 'gateway') !== '') return 'it sends what it passes to a gateway of its own';
  if (getText(element, 'tag') !== '') return 'it tags what it passes';
  if (!['', 'keep state', 'sloppy state'].includes(getText(element, 'statetype')))
    return 'it keeps states of its own kind';
  if (getText(element, 'associated-rule-id') !== '') return 'it belongs to a port forward';
  if (isSet(findChild(element, 'destination'), 'not')) return 'its destination is negated';
  return context.release.writesAnyProtocol && getTruthyText(element, 'protocol').toLowerCase() === 'any'
    ? 'its protocol is one that the box can not load'
    : undefined;
}
