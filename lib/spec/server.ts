import { Translation, canonicalTranslations, moved, translation } from '../reachability/exposure';
import { EVERYWHERE } from '../net/address';
import { LINK_LOCAL, LOOPBACK, NumberRange, Vantage, points, vantagesOf } from '../net/device';
import { PROTOCOL } from '../net/packet';
import { PacketMap, PacketSet } from '../net/packet-map';
import { Range, point, without } from '../net/range';
import { Excess } from '../policy/excess';
import { ServerPolicy } from '../policy/policy';
import { Bound, Bounds, Expectation } from './bounds';
import { icmp } from './icmp';
import { blockedBy, familyOfProtocol, keptOffBy, openedBy } from './openings';
import { ERRORS } from './phases';

type Wish = Bound | 'refused';

/** What neighbours and routers say has code 0; with another one who hears it drops it. Source: RFC 4861 sections 6.1.2, 7.1.1 and 7.1.2. */
const heeded = (types: readonly NumberRange[]): PacketSet =>
  PacketMap.set({ family: 'ip6', protocol: points(PROTOCOL.icmpv6), port: types, sourcePort: points(0) });

/** Without these IPv6 dies when neighbours expire. Source: RFC 4861; RFC 4890 section 4.4. */
export const NEIGHBOURS = heeded([{ first: 135, last: 136 }]);

/** A server that hears none of these has no way out once the last has expired. Source: RFC 4861 section 6.3.4. */
const ROUTERS = heeded(points(134));

/** Errors and upkeep that a host may accept; they open nothing. A redirect would lead its traffic elsewhere. Source: RFC 4890 section 4.4; RFC 1812 section 4.3. */
export const UPKEEP = icmp(points(3, 11, 12), [{ first: 1, last: 4 }, { first: 130, last: 136 }, ...points(143)]);

/** Nobody has to mean that such packets come in. */
export const NOTHING_OPENED = UPKEEP.or(NEIGHBOURS);

/** What a host may say about the network; that somebody's way leads elsewhere a router says. Source: RFC 792; RFC 4861 section 8. */
const ANY_ICMP = icmp(
  [
    { first: 0, last: 4 },
    { first: 6, last: 65_535 },
  ],
  [
    { first: 0, last: 136 },
    { first: 138, last: 65_535 },
  ],
);

const ECHO_REQUESTS = icmp(points(8), []);
const ECHO_REPLIES = icmp(points(0), points(129));
const IPV4 = PacketMap.set({ family: 'ip' });
const IPV6 = PacketMap.set({ family: 'ip6' });
const ALL_ICMP = icmp([{ first: 0, last: 65_535 }], [{ first: 0, last: 65_535 }]);

/** What a server's policy asks for: of what comes to its addresses, of what it sends, and of what it says to itself. */
export function serverMeaning(policy: ServerPolicy, excess: Excess): Expectation {
  return { views: vantagesOf(policy).map((vantage) => view(policy, vantage, excess)) };
}

function view(policy: ServerPolicy, vantage: Vantage, excess: Excess): Bounds {
  const { sessionsPass } = excess;
  const whenClosed = sessionsPass ? 'finish' : policy.whenClosed;
  const common = {
    vantage,
    whenClosed,
    related: sessionsPass ? PacketMap.ALL : ERRORS,
    untranslated: PacketMap.NONE,
  } as const;
  switch (vantage.kind) {
    case 'interface': {
      const ours = toUs(policy);
      return {
        ...common,
        bounds: settled(arriving(policy, excess)),
        translations: unchanged(policy),
        inbound: ours,
        sessions: ours.apartFrom(
          askedAlone(excess)
            .apartFrom(openedBy(policy.openings))
            .or(excess.cutsBlocked ? keptOffBy(policy.openings) : PacketMap.NONE),
        ),
        scope: PacketMap.set({ destination: named(policy) }),
        left: PacketMap.ALL.apartFrom(PacketMap.set({ destination: [...locals(policy), ...LOOPBACK] })).or(
          unmanaged(policy).apartFrom(
            blockedBy(policy.openings).or(openedBy(policy.openings)).or(NEIGHBOURS).or(UPKEEP),
          ),
        ),
      };
    }
    case 'self': {
      const sent = fromUs(policy);
      return {
        ...common,

        bounds: settled(sending(policy, excess)),
        translations: ownPublic(policy),
        inbound: PacketMap.NONE,
        sessions: sent,
        scope: sent.within(PacketMap.set({ source: named(policy) })),
        // What a server sends before it has an address is its own, too.
        left: PacketMap.NONE,
      };
    }
    case 'localhost': {
      const itself = toItself(policy);
      return {
        ...common,
        bounds: talkingToItself(policy),
        translations: PacketMap.nothing(),
        inbound: PacketMap.NONE,
        scope: itself,
        sessions: itself,
        left: PacketMap.ALL.apartFrom(itself),
      };
    }
    default:
      return vantage satisfies never;
  }
}

const settled = (wishes: PacketMap<Wish>): PacketMap<Bound> =>
  wishes.map<Bound>((wish) => (wish === 'refused' ? undefined : wish));

/** The addresses that the policy names: what a report shows. */
const named = (policy: ServerPolicy): readonly Range[] => policy.localAddresses.map(point);

/** Those, and what every server with IPv6 has though nobody gave it one. */
const locals = (policy: ServerPolicy): readonly Range[] => [...named(policy), LINK_LOCAL];

/** What comes from its inside, where that isn't ours to close. */
const unmanaged = (policy: ServerPolicy): PacketSet =>
  policy.insideConnections === 'unmanaged' && policy.inside.length > 0
    ? PacketMap.set({ source: policy.inside }).within(toUs(policy))
    : PacketMap.NONE;

/** What comes in as what was opened alone, whatever session it is of. */
function askedAlone({ icmpPasses, ipv6Passes, answers }: Excess): PacketSet {
  const known =
    answers === 'all' ? PacketMap.ALL : packetsOf(answers).or(ERRORS).or(ECHO_REPLIES).or(NEIGHBOURS).or(ROUTERS);
  const unheard = (ipv6Passes ? IPV4 : PacketMap.ALL).apartFrom(known);
  return icmpPasses ? unheard.or(ECHO_REQUESTS) : unheard;
}

const packetsOf = (protocols: readonly number[]): PacketSet =>
  PacketMap.first(
    protocols.map((protocol) => PacketMap.set({ ...familyOfProtocol(protocol), protocol: points(protocol) })),
  );

/** What else comes in and opens nothing. */
const heard = ({ icmpPasses, ipv6Passes, answers }: Excess): PacketSet =>
  PacketMap.first([
    icmpPasses ? ALL_ICMP.apartFrom(ECHO_REQUESTS) : UPKEEP,
    answers === 'all' ? PacketMap.NONE : ECHO_REPLIES,
    ipv6Passes ? IPV6 : PacketMap.NONE,
  ]);

function arriving(policy: ServerPolicy, excess: Excess): PacketMap<Wish> {
  const opened = openedBy(policy.openings);
  const wishes = PacketMap.first<Wish>([
    opened.map<Wish>(() => 'must'),
    NEIGHBOURS.or(ROUTERS).map<Wish>(() => 'must'),
    heard(excess).map<Wish>(() => 'may'),
    blockedBy(policy.openings).map<Wish>(() => 'refused'),
    unmanaged(policy).map<Wish>(() => 'may'),
    PacketMap.everywhere<Wish>('refused'),
  ]);
  return wishes.within(toUs(policy)).or(PacketMap.everywhere<Wish>('may'));
}

function sending(policy: ServerPolicy, { icmpPasses, ipv6Passes, leaves }: Excess): PacketMap<Wish> {
  const own = PacketMap.set({ destination: policy.ownPublic.map((pair) => point(pair.public)) });
  const wanted =
    policy.outbound === 'anywhere'
      ? leaves === 'all'
        ? PacketMap.ALL
        : packetsOf(leaves)
      : PacketMap.first(
          policy.outbound.map(({ protocol, ports, sourcePorts, destinations }) =>
            PacketMap.set({
              ...familyOfProtocol(protocol),
              protocol: points(protocol),
              ...(ports === 'all' ? {} : { port: ports }),
              ...(sourcePorts === 'all' ? {} : { sourcePort: sourcePorts }),
              ...(destinations === 'anywhere' ? {} : { destination: destinations }),
            }),
          ),
        );
  const wishes = PacketMap.first<Wish>([
    own.map<Wish>(() => 'must'),
    wanted.map<Wish>(() => 'must'),
    NEIGHBOURS.map<Wish>(() => 'must'),
    (icmpPasses ? ALL_ICMP : ANY_ICMP).or(ipv6Passes ? IPV6 : PacketMap.NONE).map<Wish>(() => 'may'),
    PacketMap.everywhere<Wish>(policy.outbound === 'anywhere' ? 'may' : 'refused'),
  ]);
  return wishes.within(fromUs(policy)).or(PacketMap.everywhere<Wish>('may'));
}

const unchanged = (policy: ServerPolicy): PacketMap<Translation> =>
  PacketMap.of(translation(), { destination: locals(policy) });

/** Its own public addresses lead it to itself; everything else leaves as it is. */
function ownPublic(policy: ServerPolicy): PacketMap<Translation> {
  const own = PacketMap.first(
    policy.ownPublic.map((pair) =>
      PacketMap.of(translation({ destination: moved(pair.local - pair.public) }), {
        destination: [point(pair.public)],
      }),
    ),
  );
  return canonicalTranslations(own.or(PacketMap.everywhere(translation())).within(fromUs(policy)));
}

/** Localhost-only services stay reachable there, whatever their port. */
function talkingToItself(policy: ServerPolicy): PacketMap<Bound> {
  return toItself(policy)
    .map<Bound>(() => 'must')
    .or(PacketMap.everywhere<Bound>('may'));
}

const toUs = (policy: ServerPolicy): PacketSet => PacketMap.set({ destination: locals(policy) });

const fromUs = (policy: ServerPolicy): PacketSet =>
  PacketMap.set({ source: locals(policy), destination: without(EVERYWHERE, [...named(policy), ...LOOPBACK]) });

function toItself(policy: ServerPolicy): PacketSet {
  const itself = [...named(policy), ...LOOPBACK];
  return PacketMap.set({ source: itself, destination: itself });
}
