import { Translation, canonicalTranslations, moved, translation } from '../reachability/exposure';
import { Address, EVERYWHERE, prefixRange, rangeOf } from '../net/address';
import { Vantage, networksOf, vantagesOf, wayOut } from '../net/device';
import { PacketMap, PacketSet } from '../net/packet-map';
import { Range, joined, point, without } from '../net/range';
import { Excess } from '../policy/excess';
import { GatewayPolicy, Mapping } from '../policy/policy';
import { arrivals, byDistance, distance, sharing, takenForReflected } from './arrivals';
import { Bound, Bounds, Expectation } from './bounds';
import { openedBy } from './openings';
import { TAKEN_FOR_RELATED } from './phases';

/** A wish about part of the packets: what is asked for is `must`, the rest of its part is refused. */
type Wish = Bound | 'refused';

/**
 * What a gateway's policy asks for. Universe: our public addresses (equal), our inside addresses when they come
 * directly from outside (must not exceed: refused, but for the platform's excess), what inside hosts send (its translation). The
 * rest isn't ours.
 */
export function gatewayMeaning(policy: GatewayPolicy, excess: Excess, others: readonly Address[] = []): Expectation {
  const ours = joined([...policy.virtualIps, ...policy.mappings].map(({ outside }) => prefixRange(outside)));
  const held = others.map(point);
  const toOurs = PacketMap.set({ destination: ours });
  const toInside = PacketMap.set({
    destination: joined(policy.mappings.map((mapping) => prefixRange(mapping.inside))),
  });
  // Restricted mappings decide before those that take whatever is left.
  const active = policy.mappings.filter(({ enabled }) => enabled);
  const mappings = [
    ...active.filter(({ peers }) => peers !== 'anywhere'),
    ...active.filter(({ peers }) => peers === 'anywhere'),
  ];
  const notLeft = sentAsOurs(policy, ours).or(
    excess.reflectsBySource ? takenForReflected(policy, mappings) : PacketMap.NONE,
  );
  return {
    views: vantagesOf(policy).map((vantage) =>
      view(policy, mappings, { ours, others: held, toOurs, toInside, notLeft, excess }, vantage),
    ),
  };
}

interface Known {
  /** Our public addresses. */
  readonly ours: readonly Range[];
  /** What else a gateway has: others' addresses. */
  readonly others: readonly Range[];
  /** Addressed to ours, from wherever. */
  readonly toOurs: PacketSet;
  /** Addressed to the inside addresses of our mappings. */
  readonly toInside: PacketSet;
  /** What is ours wherever it comes from. */
  readonly notLeft: PacketSet;
  readonly excess: Excess;
}

function view(policy: GatewayPolicy, mappings: readonly Mapping[], known: Known, vantage: Vantage): Bounds {
  const { ours, others, toOurs, toInside, notLeft, excess } = known;
  if (vantage.kind !== 'interface')
    return {
      vantage,
      bounds: PacketMap.everywhere<Bound>('may'),
      translations: PacketMap.nothing(),
      scope: PacketMap.NONE,
      inbound: PacketMap.NONE,
      left: PacketMap.ALL.apartFrom(notLeft),
      sessions: PacketMap.NONE,
      whenClosed: policy.whenClosed,
      related: TAKEN_FOR_RELATED,
      untranslated: PacketMap.NONE,
    };
  const entry = policy.interfaces.find(({ name }) => name === vantage.name)!;
  const outside = entry.role === 'outside';
  const reaching = mappings.filter((mapping) =>
    outside
      ? mapping.interface === entry.name
      : mapping.reflection.mode !== 'disabled' && mapping.reflection.from.includes(entry.name),
  );
  const besides: Wish = !outside && excess.reflectsAllPorts ? 'may' : 'refused';
  const groups = grouped(reaching);
  const inbound = groups.map(({ group, applies: packets }) => wishes(packets, openedBy(group.openings), besides));
  const answers = policy.virtualIps
    .filter(({ kind, answers: { entries } }) => (kind === 'ip-alias' || kind === 'carp') && entries.length > 0)
    .map((vip) => wishes(PacketMap.set({ destination: [prefixRange(vip.outside)] }), openedBy(vip.answers)));
  const refused = toOurs.map<Wish>(() => 'refused');
  const direct = outside
    ? (excess.directToInside ? openedDirectly(groups.map(({ group }) => group)) : PacketMap.nothing<Wish>()).or(
        toInside.map<Wish>(() => 'refused'),
      )
    : PacketMap.nothing<Wish>();
  const way = wayOut(policy, vantage);
  const sent = outbound(mappings, way);
  const out = far(policy, [...ours, ...others], way);
  const leaving = outside ? PacketMap.nothing<Translation>() : sent.within(out);
  const ruled = PacketMap.first<Wish>([...inbound, ...answers, refused, direct, leaving.map<Wish>(() => 'must')]);
  const arriving = PacketMap.first(
    groups.flatMap(({ group, applies: packets }) =>
      arrivals(group.mappings, outside ? undefined : entry, excess).map((part) => part.within(packets)),
    ),
  );
  const laundered = excess.reflectsBySource ? sharing(policy, mappings, entry) : PacketMap.NONE;
  const translations = arriving.apartFrom(laundered).or(leaving);
  const bounds = ruled
    .or(PacketMap.everywhere<Wish>('may'))
    .map<Bound>((wish) => (wish === 'refused' ? undefined : wish));
  // Untranslated answers of a VIP keep everything; what isn't said stays undefined.
  const kept = PacketMap.first(answers).map((wish) => (wish === 'must' ? translation() : undefined));
  return {
    vantage,
    bounds,
    translations: canonicalTranslations(translations.or(kept).within(bounds)),
    scope: ruled.domain,
    inbound: toOurs,
    left: PacketMap.ALL.apartFrom(ruled)
      .apartFrom(sent.within(out.or(PacketMap.set({ destination: [...NOT_HOSTS, ...others] }))))
      .apartFrom(sentByOthers(policy, mappings, way))
      .apartFrom(notLeft),
    sessions: PacketMap.first([
      ...groups.map((group) => group.applies),
      leaving.domain,
      ...answers.map((wish) => wish.domain),
    ]),
    whenClosed: policy.whenClosed,
    related: TAKEN_FOR_RELATED,
    untranslated: PacketMap.first(answers).where((wish) => wish === 'must'),
  };
}

/** What mapped hosts send to the networks of an uplink that isn't the way out: there, too, they are seen by its mappings' addresses. */
const sentByOthers = (
  { interfaces }: GatewayPolicy,
  mappings: readonly Mapping[],
  way: string | undefined,
): PacketSet =>
  PacketMap.first(
    interfaces
      .filter(({ name, role }) => role === 'outside' && name !== way)
      .map((one) => outbound(mappings, one.name).within(PacketMap.set({ destination: networksOf(one) })).domain),
  );

/** What leaves with one of our public addresses as its source: a device that has the address sends it out by its own interface. */
function sentAsOurs({ interfaces }: GatewayPolicy, ours: readonly Range[]): PacketSet {
  const toItself = PacketMap.set({
    destination: interfaces.flatMap(({ addresses }) => addresses.map(({ address }) => point(address))),
  });
  return PacketMap.set({ source: ours }).apartFrom(toItself);
}

const wishes = (applies: PacketSet, opened: PacketSet, besides: Wish = 'refused'): PacketMap<Wish> =>
  applies
    .within(opened)
    .map<Wish>(() => 'must')
    .or(applies.map<Wish>(() => besides));

/** What is opened to mapped hosts, addressed to their inside addresses. */
const openedDirectly = (groups: readonly Group[]): PacketMap<Wish> =>
  PacketMap.first(
    groups.map(({ openings, mappings }) =>
      PacketMap.first([
        PacketMap.set({ destination: mappings.filter(isPlain).map(({ inside }) => prefixRange(inside)) }),
        ...mappings.filter((mapping) => !isPlain(mapping)).map((mapping) => applies(mapping, 'destination', 'inside')),
      ]).within(openedBy(openings)),
    ),
  ).map<Wish>(() => 'may');

/** It translates for everybody. */
const isPlain = ({ peers, exclude }: Mapping): boolean => peers === 'anywhere' && exclude.length === 0;

interface Group {
  readonly openings: Mapping['openings'];
  readonly mappings: readonly Mapping[];
}

/** Mappings that apply alike and open alike, in order: ten thousand hosts of one profile are one group. */
function grouped(mappings: readonly Mapping[]): readonly { readonly group: Group; readonly applies: PacketSet }[] {
  const groups: { openings: Mapping['openings']; mappings: Mapping[]; plain: boolean }[] = [];
  const plainOnes = new Map<Mapping['openings'], Mapping[]>();
  for (const mapping of mappings) {
    const plain = isPlain(mapping);
    const alike = plain ? plainOnes.get(mapping.openings) : undefined;
    if (alike) {
      alike.push(mapping);
      continue;
    }
    const made = { openings: mapping.openings, mappings: [mapping], plain };
    if (plain) plainOnes.set(mapping.openings, made.mappings);
    groups.push(made);
  }
  return groups.map(({ openings, mappings: members }) => ({
    group: { openings, mappings: members },
    applies:
      members.length > 1
        ? PacketMap.set({ destination: members.map(({ outside }) => prefixRange(outside)) })
        : applies(members[0]!, 'destination', 'outside'),
  }));
}

/**
 * Packets whose source or destination is its host, by its inside or its public address, and whose other end is one of the peers that it
 * translates for, without what it excludes.
 */
function applies(mapping: Mapping, host: 'source' | 'destination', side: 'inside' | 'outside'): PacketSet {
  const peer = host === 'source' ? 'destination' : 'source';
  const whole = [prefixRange(mapping[side])];
  const all = PacketMap.set({ [host]: whole, ...(mapping.peers === 'anywhere' ? {} : { [peer]: mapping.peers }) });
  return all.apartFrom(
    PacketMap.first(
      mapping.exclude.map(({ inside, peers }) =>
        PacketMap.set({
          [host]:
            inside === 'all' ? whole : side === 'inside' ? inside : inside.map((range) => outsideOf(mapping, range)),
          ...(peers === 'anywhere' ? {} : { [peer]: peers }),
        }),
      ),
    ),
  );
}

/** The public part of a mapping that stands for a part of its inside. */
const outsideOf = (mapping: Mapping, range: Range): Range => ({
  first: range.first - distance(mapping),
  last: range.last - distance(mapping),
});

/** Destinations that no gateway sends to the internet: loopback, multicast, reserved. Source: RFC 6890; RFC 5771. */
const NOT_HOSTS: readonly Range[] = ['127.0.0.0/8', '224.0.0.0/3'].map(rangeOf);

/** Destinations that are out there, seen from the hosts of a gateway whose packets leave by that interface. */
function far(policy: GatewayPolicy, notFar: readonly Range[], way: string | undefined): PacketSet {
  const near = policy.interfaces.flatMap((one) => [
    ...(one.role === 'outside' && one.name === way ? [] : networksOf(one)),
    ...one.addresses.map(({ address }) => point(address)),
  ]);
  return PacketMap.set({ destination: without(EVERYWHERE, [...near, ...notFar, ...NOT_HOSTS]) });
}

/** What the mapped hosts send by that interface, wherever to, and the address they are seen as. */
function outbound(mappings: readonly Mapping[], way: string | undefined): PacketMap<Translation> {
  const all = mappings.filter((mapping) => mapping.interface === way && !mapping.inboundOnly);
  const plain = all.filter(isPlain);
  return PacketMap.first([
    ...all
      .filter((mapping) => !isPlain(mapping))
      .map((mapping) =>
        applies(mapping, 'source', 'inside').map(() => translation({ source: moved(-distance(mapping)) })),
      ),
    ...[...byDistance(plain, 'inside')].map(([by, source]) =>
      PacketMap.of(translation({ source: moved(-by) }), { source }),
    ),
  ]);
}
