import { FAMILY_RANGE, prefixRange, prefixesOf } from '../../../net/address';
import { PacketMap, PacketSet } from '../../../net/packet-map';
import { Range, overlap, without } from '../../../net/range';
import { FoundOpening, FoundPeers, FoundSet, Left } from '../../../parse/importing';
import { Surroundings, addressesOf } from '../parse/packets/addresses';
import { childOf, isSet, textAt, truthyAt } from '../parse/elements/element';
import { doubtsOf } from '../parse/rules/doubts';
import { Unloadable } from '../parse/elements/unloadable';
import { oursAlready, ownerOf } from './entries';
import { Candidate } from './one-to-ones';
import { blockedBefore, blocksByPage, displaced } from './page-blocks';
import { SaidPeers, peersAt } from './peers';
import { SeenRule } from './seen-rules';
import { servicesOf } from './services';

/** What rules open to the hosts of 1:1 entries. */
export interface Opened {
  readonly openings: ReadonlyMap<Candidate, readonly FoundOpening[]>;
  readonly sets: readonly FoundSet[];
  /** Why what opens to a mapping can't be said, and so the mapping neither. */
  readonly spoiled: ReadonlyMap<Candidate, string>;
  readonly objections: readonly Left[];
  /** Rules that open to some mapping and stay, since they open to others, too. */
  readonly staying: readonly Left[];
}

/** A rule that passes to mapped hosts; `hosts` are those that it reaches, whole or in part. */
interface Reaching {
  readonly rule: SeenRule;
  readonly destinations: readonly Range[];
  readonly hosts: readonly Candidate[];
}

export function openedBy(rules: readonly SeenRule[], candidates: readonly Candidate[], given: Surroundings): Opened {
  const enabled = candidates.filter(({ enabled: on }) => on);
  const reaching = rules.filter(({ action }) => action === 'pass').flatMap((rule) => reachingOf(rule, enabled, given));
  const openings = new Map<Candidate, FoundOpening[]>(candidates.map((one) => [one, []]));
  const sets = new Map<string, FoundSet>();
  const spoiled = new Map<Candidate, string>();
  const objections: Left[] = [];
  const staying: Left[] = [];
  const found = reaching.map((one) => ({ ...one, said: saidBy(one, given) }));
  const goes = new Set(found.filter(({ said }) => said.is === 'opens' && !said.opensMore).map(({ rule }) => rule));
  const pages = blocksByPage(rules, goes);
  for (const { rule, hosts, said } of found) {
    if (said.is === 'everything') {
      objections.push({ entry: rule.entry, why: said.why });
      continue;
    }
    const blocked = said.is === 'opens' ? blockedBefore(rule, pages, hosts, given) : [];
    const why =
      said.is === 'unsaid'
        ? said.why
        : displaced(rule, pages, hostsOf(hosts).apartFrom(PacketMap.set({ source: blocked })));
    if (why !== undefined || said.is === 'unsaid') {
      for (const host of hosts)
        if (!spoiled.has(host)) spoiled.set(host, `${rule.entry.called} opens to it, and ${why}`);
      continue;
    }
    if (said.set) sets.set(said.set.name, said.set);
    for (const host of hosts) {
      const sources = sourcesFor(host, said.sources, blocked);
      if (sources !== undefined)
        openings.get(host)!.push(...said.services.map((service) => ({ ...said.common, ...service, sources })));
    }
    if (said.opensMore)
      staying.push({
        entry: rule.entry,
        why: 'it opens to others than mapped hosts, too: its part of them is carried over, and it stays',
      });
  }
  return { openings, sets: [...sets.values()], spoiled, objections, staying };
}

function reachingOf(rule: SeenRule, candidates: readonly Candidate[], given: Surroundings): readonly Reaching[] {
  if (textAt(rule.element, 'ipprotocol') === 'inet6') return [];
  const on = candidates.filter((one) => rule.on === 'any' || rule.on.includes(one.interface));
  if (on.length === 0) return [];
  let destinations: readonly Range[];
  try {
    const found = addressesOf(childOf(rule.element, 'destination'), 'ip', given);
    destinations = found ? [...found.sure, ...found.perhaps] : [];
  } catch (error) {
    if (!(error instanceof Unloadable)) throw error;
    return [];
  }
  const hosts = on.filter(({ inside }) =>
    destinations.some((range) => overlap(range, prefixRange(inside)) !== undefined),
  );
  return hosts.length === 0 ? [] : [{ rule, destinations, hosts }];
}

const hostsOf = (hosts: readonly Candidate[]): PacketSet =>
  PacketMap.set({ destination: hosts.map(({ inside }) => prefixRange(inside)) });

type SaidRule =
  | { readonly is: 'everything'; readonly why: string }
  | { readonly is: 'unsaid'; readonly why: string }
  | {
      readonly is: 'opens';
      readonly opensMore: boolean;
      readonly set?: FoundSet;
      readonly sources: SaidPeers;
      readonly common: Pick<FoundOpening, 'entry' | 'description' | 'opensMore'>;
      readonly services: readonly Pick<FoundOpening, 'protocol' | 'ports'>[];
    };

function saidBy({ rule, destinations, hosts }: Reaching, given: Surroundings): SaidRule {
  const { element, entry } = rule;
  const unsaid = (why: string): SaidRule => ({ is: 'unsaid', why });
  const owner = ownerOf(element);
  if (owner !== undefined) return unsaid(oursAlready(owner));
  try {
    const services = servicesOf(element, given.aliases);
    const said = peersAt(childOf(element, 'source'), given);
    if (services === 'everything') {
      const whom = 'why' in said ? 'some' : said.peers === 'anywhere' ? 'everybody' : 'whom it names';
      return { is: 'everything', why: `it lets ${whom} in on every port: which ones has to be written` };
    }
    const odd = oddity(rule, given);
    if (odd !== undefined) return unsaid(odd);
    if ('why' in services) return unsaid(services.why);
    if ('why' in said) return unsaid(`its source can not be said: ${said.why}`);
    if (addressesOf(childOf(element, 'destination'), 'ip', given)!.perhaps.length > 0)
      return unsaid('which hosts it opens to is not known');
    const insides = hosts.map(({ inside }) => prefixRange(inside));
    if (insides.some((inside) => without([inside], destinations).length > 0))
      return unsaid('to a part of it only: a mapping opens the same to all of its hosts');
    // A mapping opens nothing to peers that it excludes, and the rule does.
    const toExcluded = hosts.some(({ excluded }) =>
      excluded.some((one) => said.ranges.some((range) => overlap(range, prefixRange(one)))),
    );
    const more = toExcluded || without(destinations, insides).length > 0;
    const opensMore = more || rule.page !== 'interface' || textAt(element, 'ipprotocol') === 'inet46';
    return {
      is: 'opens',
      opensMore,
      ...(said.set ? { set: said.set } : {}),
      sources: said,
      common: { entry, description: textAt(element, 'descr').trim(), opensMore },
      services,
    };
  } catch (error) {
    if (error instanceof Unloadable) return unsaid(`the box can not load it: ${error.because}`);
    throw error;
  }
}

/** The sources of a rule behind blocks, as a mapping's opening has them; peers that the mapping excludes need not be left out again. */
function sourcesFor({ excluded }: Candidate, said: SaidPeers, blocked: readonly Range[]): FoundPeers | undefined {
  const ranges = without(said.ranges, blocked);
  if (ranges.length === 0) return undefined;
  if (without([FAMILY_RANGE.ip], [...ranges, ...excluded.map(prefixRange)]).length === 0) return 'anywhere';
  return without(said.ranges, ranges).length === 0 ? said.peers : ranges.flatMap(prefixesOf);
}

const named = (text: string): readonly string[] => (text === '' ? [] : [text]);

/** What a rule asks for besides addresses and ports. */
function oddity({ element, decides }: SeenRule, given: Surroundings): string | undefined {
  const doubts = doubtsOf(element, {
    tags: new Set(named(textAt(element, 'tagged'))),
    schedules: new Set(named(textAt(element, 'sched'))),
  });
  if (doubts.length > 0) return doubts[0];
  if (!decides) return 'it floats without deciding at once, or also looks at what leaves';
  if (truthyAt(element, 'gateway') !== '') return 'it sends what it passes to a gateway of its own';
  if (textAt(element, 'tag') !== '') return 'it tags what it passes';
  if (!['', 'keep state', 'sloppy state'].includes(textAt(element, 'statetype')))
    return 'it keeps states of its own kind';
  if (textAt(element, 'associated-rule-id') !== '') return 'it belongs to a port forward';
  if (isSet(childOf(element, 'destination'), 'not')) return 'its destination is negated';
  return given.release.writesAnyProtocol && truthyAt(element, 'protocol').toLowerCase() === 'any'
    ? 'its protocol is one that the box can not load'
    : undefined;
}
