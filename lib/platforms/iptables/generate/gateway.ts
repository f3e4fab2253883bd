import { Address, FAMILY_RANGE, Prefix, prefixRange, prefixesOf } from '../../../net/address';
import { Range, joined, without } from '../../../net/range';
import { GatewayPolicy, VirtualIp } from '../../../policy/policy';
import { Refusal, refuseIfAny } from '../../../problems/problem';
import { refusedAliases } from '../../../generate/netfilter/addresses';
import { sessionClauses } from '../../../generate/netfilter/clauses';
import {
  insideRanges,
  meetingOthers,
  outsideNames,
  publicRanges,
  sharedSubnets,
} from '../../../generate/netfilter/gateway';
import { managementAlone } from '../../../generate/openings';
import { Part, Peers, arrivals, nearestFirst, partsOf, sortedBy } from '../../../generate/parts';
import { pairsUp, refused } from '../../../generate/refuse';
import { refusedParts } from '../../../generate/refuse-parts';
import { capabilities } from '../capabilities';
import { Chains, Which, at } from './chains';
import { About, looked } from './lookup';
import { Chain, DROP, Match, RETURN, Rule, Table, Target } from './model';
import { lastTypes, tooManyRules } from './problems';
import { rulesFor } from './rules';

/** Twice as many as 10,000 mappings take that are reflected to two networks. */
const MOST_RULES = 250_000;

/**
 * Throws Refusal with every wish that iptables can't meet. The order of mappings in the policy changes nothing.
 *
 * What passes is decided in mangle behind translation: of what was sent to a public address what goes to a host, by what is opened to it, and the rest
 * is dropped. Where hosts have more than that, or not for everybody, the public address decides, too.
 */
export function lowerGateway(policy: GatewayPolicy): readonly Table[] {
  const mappings = policy.mappings.filter((mapping) => pairsUp(mapping, capabilities.gateway));
  const parts = nearestFirst(sortedBy(mappings.flatMap(partsOf), 'outside'), (part) => part);
  refuseIfAny([
    ...refused(policy, capabilities),
    ...refusedAliases(policy, capabilities),
    ...refusedParts(policy, parts, capabilities),
    ...[...policy.mappings.map(({ openings }) => openings), ...policy.virtualIps.map(({ answers }) => answers)].flatMap(
      lastTypes,
    ),
  ]);
  refuseMany(
    policy,
    parts.reduce((sum, part) => sum + peerRanges(part.peers).length * arrivals(part.mapping).length, 0),
  );
  const chains = new Chains(policy.owner);
  const contested = meetingOthers(parts, 'inside');
  const opened = parts.map((part) => {
    const decides = chains.open(part.mapping.openings);
    const alone = part.mapping.peers === 'anywhere' && !contested.has(part);
    return alone ? asking(part.inside, 'destination', decides) : through(part, decides);
  });
  const mangle = decided(policy, opened, chains);
  const into = looked(
    chains.lookup('destination', 'jump'),
    parts.map((part) => about(part, 'in', translated(part.inside, 'new destination'))),
  );
  const leaving = sortedBy(parts, 'inside').filter(({ mapping }) => !mapping.inboundOnly);
  const out = looked(
    chains.lookup('source', 'jump'),
    nearestFirst(leaving, (part) => part).map((part) => about(part, 'out', translated(part.outside, 'new source'))),
  );
  const nat: readonly Chain[] = [
    { name: chains.named('pre'), from: 'PREROUTING', rules: into },
    { name: chains.named('post'), from: 'POSTROUTING', rules: [...hairpins(parts, policy, chains), ...out] },
    ...chains.take(),
  ];
  refuseMany(
    policy,
    [...mangle, ...nat].reduce((sum, { rules }) => sum + rules.length, 0),
  );
  return tables(mangle, nat);
}

/**
 * What stands in for a gateway's rules: nothing comes in by its public addresses, nor goes on that began before, and nothing leaves by them.
 * The management of the gateway itself goes on where a VIP answers it. Throws Refusal as `lowerGateway`.
 */
export function closingGateway(policy: GatewayPolicy): readonly Table[] {
  refuseIfAny(refused(policy, capabilities));
  const chains = new Chains(policy.owner);
  const virtualIps = policy.virtualIps.map((vip): VirtualIp => ({ ...vip, answers: managementAlone(vip.answers) }));
  const leaving = looked(
    chains.lookup('source', 'jump'),
    nearestFirst(policy.mappings.filter(({ inboundOnly }) => !inboundOnly).flatMap(partsOf), (part) => part).map(
      (part) => about(part, 'out', DROP),
    ),
  );
  return tables(decided({ ...policy, virtualIps, whenClosed: 'cut' }, [], chains, leaving), []);
}

/** IPv6 has no rules of a gateway: nothing is translated there. */
const tables = (mangle: readonly Chain[], nat: readonly Chain[]): readonly Table[] => [
  { family: 'ip6', name: 'mangle', chains: [] },
  { family: 'ip', name: 'mangle', chains: mangle },
  ...(nat.length === 0 ? [] : [{ family: 'ip', name: 'nat', chains: nat } as const]),
];

/** `opened`: by host, for what was sent to a public address. `before`: what comes before that is looked for. */
function decided(
  policy: GatewayPolicy,
  opened: readonly About[],
  chains: Chains,
  before: readonly Rule[] = [],
): readonly Chain[] {
  const sessions = sessionClauses(policy.whenClosed).flatMap((clause) => rulesFor(clause, 'in', 'ip'));
  const publics = publicRanges(policy).flatMap(prefixesOf);
  const closed = looked(
    chains.lookup('destination', 'jump'),
    publics.map((prefix) => asking(prefix, 'destination', DROP)),
  );
  const elsewhere = looked(
    chains.lookup('original destination', 'jump'),
    publics.map((prefix) => asking(prefix, 'original destination', DROP)),
  );
  const hosts = looked(chains.lookup('destination', 'go to', elsewhere), opened);
  const translated: readonly Rule[] =
    hosts.length === 0 ? [] : [{ matches: [{ is: 'state', state: 'DNAT' }], target: chains.goTo(hosts) }];
  const answers = policy.virtualIps
    .filter((vip) => vip.answers.entries.length > 0)
    .map(({ outside, answers: of }) => asking(outside, 'destination', chains.open(of)));
  return [
    {
      name: chains.named('fwd'),
      from: 'FORWARD',
      rules: [
        ...sessions,
        ...before,
        // Not translated.
        ...closed,
        ...translated,
        ...pastThePublicAddress(policy, chains),
      ],
    },
    {
      name: chains.named('in'),
      from: 'INPUT',
      rules: [
        // What the gateway sends to itself.
        { matches: [{ is: 'interface', way: 'in', name: 'lo' }], target: RETURN },
        ...sessions,
        // A redirect of somebody else may lead from our public address to the gateway's own services.
        ...looked(chains.lookup('destination', 'go to', [...closed, ...elsewhere]), answers),
      ],
    },
    ...chains.take(),
  ];
}

/** From outside straight to a mapped host. */
function pastThePublicAddress(policy: GatewayPolicy, chains: Chains): readonly Rule[] {
  const outside = outsideNames(policy);
  const hosts = insideRanges(policy).flatMap(prefixesOf);
  return looked(
    chains.lookup('destination', 'jump'),
    hosts.map((prefix) => asking(prefix, 'destination', DROP, outside)),
  );
}

/** A rule behind routing can't ask by which interface a packet came. */
const hairpins = (parts: readonly Part[], { interfaces }: GatewayPolicy, chains: Chains): readonly Rule[] =>
  sharedSubnets(parts, interfaces).flatMap(({ interface: name, address, range, parts: near }) => {
    const within: readonly Match[] = [
      { is: 'address', end: 'source', range },
      { is: 'address', end: 'destination', range },
      { is: 'interface', way: 'out', name },
      { is: 'state', state: 'DNAT' },
    ];
    const rules = joined(near.map(({ outside }) => prefixRange(outside)))
      .flatMap(prefixesOf)
      .map((prefix): About => ({
        prefix,
        rules: (one) => [
          { matches: [...within, at('original destination', one)], target: { is: 'new source', address } },
        ],
      }));
    return looked(chains.lookup('original destination', 'jump'), rules);
  });

/** What a part translates, by the address that a packet has: whom it comes from, or whom it goes to, and by which interfaces. */
function about(part: Part, way: 'in' | 'out', target: Target): About {
  const [prefix, own, other] =
    way === 'in'
      ? ([part.outside, 'destination', 'source'] as const)
      : ([part.inside, 'source', 'destination'] as const);
  const interfaces = way === 'in' ? arrivals(part.mapping) : [part.mapping.interface];
  return {
    prefix,
    rules: (within) =>
      interfaces.flatMap((name) =>
        peersAt(part, other).map((peer) => {
          const mine = at(own, within);
          return {
            matches: [...(way === 'in' ? [...peer, mine] : [mine, ...peer]), { is: 'interface', way, name }],
            target,
          };
        }),
      ),
  };
}

/** What a part has translated, by the host that it leads to: whom it comes from, by which interfaces, and the address that it was sent to. */
const through = (part: Part, target: Target): About => ({
  prefix: part.inside,
  rules(within) {
    const outside = {
      first: (part.outside.first + within.first - part.inside.first) as Address,
      length: within.length,
    };
    return arrivals(part.mapping).flatMap((name) =>
      peersAt(part, 'source').map((peer) => ({
        matches: [
          ...peer,
          at('destination', within),
          { is: 'interface', way: 'in', name },
          at('original destination', outside),
        ],
        target,
      })),
    );
  },
});

/** `by`: interfaces by which a packet comes; none: any. */
const asking = (prefix: Prefix, is: Which, target: Target, by: readonly string[] = []): About => ({
  prefix,
  rules: (within) =>
    by.length === 0
      ? [{ matches: [at(is, within)], target }]
      : by.map((name) => ({ matches: [at(is, within), { is: 'interface', way: 'in', name }], target })),
});

const peersAt = ({ peers }: Part, end: 'source' | 'destination'): readonly (readonly Match[])[] =>
  peerRanges(peers).map((range): readonly Match[] => (range ? [{ is: 'address', end, range }] : []));

const peerRanges = (peers: Peers): readonly (Range | undefined)[] =>
  peers.is === 'anywhere'
    ? [undefined]
    : peers.is === 'among'
      ? peers.ranges
      : without([FAMILY_RANGE.ip], peers.ranges);

/** Before and after they are made: a mapping within another one is asked for with its ranges, too. */
function refuseMany({ device }: GatewayPolicy, rules: number): void {
  if (rules > MOST_RULES) throw new Refusal([tooManyRules(`device ${device}`)]);
}

const translated = (to: Prefix, is: 'new destination' | 'new source'): Target =>
  to.length === 32 ? { is, address: to.first } : { is: 'same place in', prefix: to };
