// Lowers pf's translation rules (rdr, nat, binat) to rules of the ruleset model. Consecutive binat rules of single
// addresses become one map.

import { FAMILY_RANGE, getFamily } from '../../../net/address';
import { PacketMap, PacketSet } from '../../../net/packet-map';
import { Range, toSingleRange } from '../../../net/range';
import { PacketField } from '../../../evaluator/packet-fields';
import { RuleAction, LoweredRule, TranslationTarget } from '../../../evaluator/ruleset-model';
import { RangeBounds, createMergedCertain } from '../range-bounds';
import { matchCriteria, getPossiblePackets } from '../match-packets';
import { ReachingPackets } from './binat-skips';
import { PfBinat, PfLine, PfMatch, PfNat, PfRedirect, isOnInterface, addLineNumber } from '../model';
import { splitIntoBlocks, splitByPort } from './split-packets';
import { toSourceLine, lowerMatch, createPacketRule, createVerdict } from './lowered-rule';

const NO_TRANSLATION: RuleAction = createVerdict({ is: 'accept' });
const createSkip = (pass: boolean) => (pass ? ({ skipsFilter: true } as const) : {});

const createTranslation = (
  kind: 'dnat' | 'snat',
  addresses: Range | undefined,
  pass: boolean,
  random = false,
  port?: number,
): RuleAction => {
  const to: TranslationTarget = {
    prefix: true,
    ...(addresses ? { addresses, family: getFamily(addresses.first) } : {}),
    ...(port === undefined ? {} : { ports: toSingleRange(port) }),
  };
  return { is: 'translate', kind, to, random, ...createSkip(pass) };
};

export function lowerRedirect(rule: PfRedirect): readonly LoweredRule[] {
  const { to, pass, line } = rule;
  if (rule.no || !to) return lowerMatch(rule, NO_TRANSLATION);
  const candidates = to.is === 'address' ? [toSingleRange(to.address)] : to.is === 'bitmask' ? [to.network] : to.pool;
  return splitByPort(getPossiblePackets(rule), to.port).flatMap(({ packets, port }) => {
    const createChoice = (reason: string): readonly LoweredRule[] => {
      const ported = typeof port === 'number' ? { port } : {};
      return lowerMatch(
        rule,
        {
          is: 'one of',
          kind: 'dnat',
          pool: candidates,
          reason: addLineNumber(line, reason),
          ...ported,
          ...createSkip(pass),
        },
        packets,
      );
    };
    if (port === 'unclear') return createChoice('its ports are spread over others');
    if (to.is === 'unclear') return createChoice(to.reason);
    const range = to.is === 'address' ? toSingleRange(to.address) : to.network;
    return (
      lowerKeepingHosts(rule, 'destination', range, packets, createTranslation('dnat', range, pass, false, port)) ??
      createChoice('it is mapped by blocks')
    );
  });
}

/**
 * Lowers a translation that keeps the host's bits, from every network of that size to the one network. Undefined if
 * there are too many.
 */
function lowerKeepingHosts(
  match: PfMatch,
  axis: 'source' | 'destination',
  network: Range,
  packets: PacketSet,
  end: RuleAction,
): readonly LoweredRule[] | undefined {
  if (network.first === network.last) return lowerMatch(match, end, packets);
  return splitIntoBlocks(axis, packets, network)?.flatMap((block) =>
    lowerMatch(match, end, packets, createNetworkCondition(axis, block)),
  );
}

/**
 * Returns the condition that packets are of one network, which determines the distance by which their addresses move. A
 * single address needs none: the target is set as it is.
 */
function createNetworkCondition(axis: 'source' | 'destination', range: Range): LoweredRule['conditions'] {
  if (range.first === range.last) return [];
  const members = { tuples: [{ values: [{ is: 'addresses', range } as const], expires: false }], dynamic: false };
  return [{ is: 'member', fields: [FIELDS[axis]], members, negated: false }];
}

const FIELDS: Readonly<Record<'source' | 'destination', PacketField>> = {
  source: { name: 'source', looksAt: { is: 'address', axis: 'source' } },
  destination: { name: 'destination', looksAt: { is: 'address', axis: 'destination' } },
};

interface BinatMapping {
  readonly internal: Range;
  readonly external: Range;
  readonly line: PfLine;
}

/** Returns the mapping of one address to one, for any peer; undefined for another binat. */
function findMapping({ no, pass, internal, external, peers, protocols, line }: PfBinat): BinatMapping | undefined {
  const isPlain = !no && !pass && peers.uncertain.length === 0 && protocols === 'any';
  if (!isPlain || !external || internal.first !== internal.last || external.first !== external.last) return undefined;
  return coversFamily(peers.must, internal) ? { internal, external, line } : undefined;
}

const coversFamily = (peers: readonly Range[], { first }: Range): boolean =>
  peers.some(
    (range) => range.first <= FAMILY_RANGE[getFamily(first)].first && FAMILY_RANGE[getFamily(first)].last <= range.last,
  );

/** A 1:1 rule, its place in the whole list, and its entry if it can be part of a map. */
interface IndexedBinat {
  readonly rule: PfBinat;
  readonly index: number;
  readonly entry: BinatMapping | undefined;
}

/** Returns the 1:1 rules of an interface. A rule whose address another rule has, too, is no entry. */
export function indexBinats(rules: readonly PfBinat[], name: string): readonly IndexedBinat[] {
  const indexedRules = [...rules.entries()].filter(([, rule]) => isOnInterface(rule, name));
  const addressCounts = new Map<bigint, number>();
  for (const [, { internal, external }] of indexedRules)
    for (const { first } of external ? [internal, external] : [internal])
      addressCounts.set(first, 1 + (addressCounts.get(first) ?? 0));
  const isUnique = ({ first }: Range): boolean => addressCounts.get(first) === 1;
  return indexedRules.map(([at, rule]) => {
    const mapping = findMapping(rule);
    return {
      rule,
      index: at,
      entry: mapping && isUnique(mapping.internal) && isUnique(mapping.external) ? mapping : undefined,
    };
  });
}

/**
 * Lowers the 1:1 rules for inbound packets. With `reach` each rule is evaluated by itself, because the kernel may skip
 * it for a rule that stands before it.
 */
export const lowerInboundBinats = (
  rules: readonly IndexedBinat[],
  reach: readonly ReachingPackets[] | undefined,
): LoweredRule[] =>
  reach
    ? rules.flatMap(({ rule, index }) => lowerInboundBinat(rule, reach[index]))
    : groupIntoMaps('dnat', rules, (rule) => lowerInboundBinat(rule, undefined));

export const lowerOutboundBinats = (rules: readonly IndexedBinat[]): LoweredRule[] =>
  groupIntoMaps('snat', rules, lowerOutboundBinat);

/** Lowers consecutive entries as a map from one address to one. */
function groupIntoMaps(
  kind: 'dnat' | 'snat',
  rules: readonly IndexedBinat[],
  lowerSingle: (rule: PfBinat) => readonly LoweredRule[],
): LoweredRule[] {
  const lowered: LoweredRule[] = [];
  let run: BinatMapping[] = [];
  const flush = (): void => {
    if (run.length > 0) lowered.push(createMapRule(kind, run));
    run = [];
  };
  for (const { rule, entry } of rules) {
    if (entry) run.push(entry);
    else {
      flush();
      lowered.push(...lowerSingle(rule));
    }
  }
  flush();
  return lowered;
}

function createMapRule(kind: 'dnat' | 'snat', run: readonly BinatMapping[]): LoweredRule {
  const [from, to] = kind === 'dnat' ? (['external', 'internal'] as const) : (['internal', 'external'] as const);
  const entries = run.map((mapping) => ({
    values: [{ is: 'addresses', range: mapping[from] } as const],
    expires: false,
    to: { addresses: mapping[to], prefix: false, family: getFamily(mapping[to].first) },
    source: toSourceLine(mapping.line),
  }));
  const fields = [FIELDS[kind === 'dnat' ? 'destination' : 'source']];
  return {
    ...toSourceLine(run[0]!.line),
    conditions: [],
    action: { is: 'look up', kind, fields, entries, random: false, dynamic: false },
  };
}

function lowerInboundBinat(rule: PfBinat, reach: ReachingPackets | undefined): readonly LoweredRule[] {
  const { internal, external, peers, pass, line } = rule;
  const translated = rule.no ? undefined : external;
  const match = translated
    ? createBinatMatch(rule, peers, createMergedCertain([translated]))
    : createOutboundMatch(rule);
  const sure = reach ? match.packets.intersect(reach.must) : match.packets;
  const may = reach
    ? getPossiblePackets(match).intersect(reach.must.unite(reach.uncertain))
    : getPossiblePackets(match);
  const reason = match.uncertain?.reason ?? 'whether the kernel leaves it out for what stands before it is not known';
  if (may.isEmpty) return [];
  if (!translated) return [createPacketRule(toSourceLine(line), sure, may, reason, NO_TRANSLATION)];
  // `any` as the internal network has no bits that could be set.
  const isWholeFamily = internal.last - internal.first !== translated.last - translated.first;
  return [
    createPacketRule(
      toSourceLine(line),
      sure,
      may,
      reason,
      createTranslation('dnat', isWholeFamily ? undefined : internal, pass),
      createNetworkCondition('destination', translated),
    ),
  ];
}

const createBinatMatch = (
  { line, on, internal, protocols }: PfBinat,
  source: RangeBounds,
  destination: RangeBounds,
): PfMatch =>
  matchCriteria({
    line,
    on,
    family: getFamily(internal.first),
    source,
    destination,
    ...(protocols === 'any' ? {} : { protocols }),
  });

/** Returns the match of packets from the internal network to the peers. */
const createOutboundMatch = (rule: PfBinat): PfMatch =>
  createBinatMatch(rule, createMergedCertain([rule.internal]), rule.peers);

/** Lowers a 1:1 rule for packets from its internal network. */
function lowerOutboundBinat(rule: PfBinat): readonly LoweredRule[] {
  const { internal, external, pass } = rule;
  const match = createOutboundMatch(rule);
  if (rule.no || !external) return lowerMatch(match, NO_TRANSLATION);
  const end = createTranslation('snat', external, pass);
  if (internal.last - internal.first === external.last - external.first)
    return lowerMatch(match, end, PacketMap.ALL, createNetworkCondition('source', internal));
  return (
    lowerKeepingHosts(match, 'source', external, getPossiblePackets(match), end) ??
    lowerMatch(match, createSourceChoice(rule, 'it is mapped by blocks'))
  );
}

const createSourceChoice = ({ line, pass }: PfNat | PfBinat, reason: string): RuleAction => ({
  is: 'one of',
  kind: 'snat',
  pool: undefined,
  reason: addLineNumber(line, reason),
  ...createSkip(pass),
});

export function lowerNat(rule: PfNat): readonly LoweredRule[] {
  const { to, pass } = rule;
  if (rule.no || !to) return lowerMatch(rule, NO_TRANSLATION);
  if (to.is === 'unclear') return lowerMatch(rule, createSourceChoice(rule, to.reason));
  const range = to.is === 'address' ? toSingleRange(to.address) : to.network;
  const end = createTranslation('snat', range, pass, to.ports === 'free');
  return (
    lowerKeepingHosts(rule, 'source', range, getPossiblePackets(rule), end) ??
    lowerMatch(rule, createSourceChoice(rule, 'it is mapped by blocks'))
  );
}
