import { ViewDiff, diffFromAny, kindOfPair, worstOf } from '../../reachability/diff';
import { Exposure } from '../../reachability/exposure';
import { cutTo } from '../../reachability/print';
import { Pair } from '../../reachability/differing';
import { Vantage, atEntry, vantageKey, entryKey, entryOf, isFromOutside, localTo } from '../../net/device';
import { prefixRange } from '../../net/address';
import { PacketMap, PacketSet } from '../../net/packet-map';
import { groupBy } from '../../net/group-by';
import { remembered } from '../../net/interned';
import { point } from '../../net/range';
import { once } from '../policies';
import { Change } from '../review';
import { keyOfHeld, takesPart, versionsOf } from './sites';
import { Edge, Ends, Sided, addressesOf, behindAfter, behindBefore, endsOf, gatewayPolicies, leadsToIt } from './edges';
import { mappingsAt } from './mapping-index';
import { Judged, State, staysDecided } from './state';

/** Packets of one vantage that change in one way. Rows are made of it. */
export interface Block {
  readonly kind: Change['kind'];
  readonly proof: Change['proof'];
  readonly owner: Sided;
  /** The servers that decide with a gateway. */
  readonly servers: readonly Sided[];
  /** One vantage that it holds for; the packets can be explained there. */
  readonly vantage: Vantage;
  /** The vantage as it is said: without the way out where that makes no difference. */
  readonly shown: Vantage;
  /** The gateways that packets come by otherwise: the block is what reaches a server beside them. */
  readonly beside: readonly string[];
  readonly packets: PacketSet;
  /** What passes there before and after. */
  readonly kept: PacketSet;
  /** For what moves and what is seen as another source. */
  readonly pairs: PacketMap<Pair>;
}

/** What changes through a gateway, end to end where its servers are known. */
export function edgeBlocks({ gateway, servers }: Edge): readonly Block[] {
  // What composes of what stays stays, and is as decided.
  const { judged, sides } = gateway;
  const changing = servers.filter((one) => !staysDecided(one.judged));
  const differing = versionsOf(servers).filter(
    (one) => !staysDecided(gateway.judged) || changing.some((server) => takesPart(one, server)),
  );
  const versions = differing.map((version) => {
    const after = endsOf(sides.cut(judged.after), judged.after.device, behindAfter(version));
    const before = judged.before.flatMap((state) =>
      behindBefore(version).map((round) => {
        const ends = endsOf(sides.cut(state), state.device, round);
        return { ...ends, exposure: comparable(gateway, state, ends.exposure, after.exposure) };
      }),
    );
    return { before, after };
  });
  const all = versions.flatMap(({ before, after }) => [...before, after]);
  return worstOf(
    versions.flatMap(({ before, after }) =>
      diffFromAny(
        before.map(({ exposure }) => exposure),
        after.exposure,
      ),
    ),
  )
    .map((diff) => parts(diff, coveredAt(all, diff.vantage)))
    .reduce<Grouping>((grouping, found) => grouping.add(found), new Grouping(gateway, servers, []))
    .blocks();
}

/** What changes at a server by itself, apart from what was already said end to end. */
export function serverBlocks(server: Sided, edges: readonly Edge[], said: readonly Block[]): readonly Block[] {
  const { judged, sides } = server;
  if (staysDecided(judged)) return [];
  const ways = edges.filter((edge) => leadsToIt(edge, server));
  const mapped = addressesOf(judged).filter((address) =>
    ways.some(({ gateway }) =>
      gatewayPolicies(gateway.judged).some((policy) => mappingsAt(policy, 'inside', point(address), 1).length > 0),
    ),
  );
  const through = mapped.length === 0 ? PacketMap.NONE : PacketMap.set({ destination: mapped.map(point) });
  const after = sides.cut(judged.after);
  const diffs = diffFromAny(
    judged.before.map((state) => comparable(server, state, sides.cut(state), after)),
    after,
  );
  const direct = new Grouping(server, [], []);
  const beside = new Grouping(
    server,
    [],
    ways.map(({ gateway }) => gateway.judged.planned.device),
  );
  const selfMade = newToItself(judged);
  for (const diff of diffs) {
    const left = parts(diff, PacketMap.NONE).map((part) => ({
      ...part,
      packets: part.packets.isEmpty
        ? part.packets
        : part.packets.apartFrom(diff.vantage.kind === 'localhost' ? selfMade : arrived(part.kind, server, said)),
    }));
    const isArriving = diff.vantage.kind === 'interface';
    direct.add(left.map((part) => (isArriving ? { ...part, packets: part.packets.apartFrom(through) } : part)));
    if (isArriving) beside.add(left.map((part) => ({ ...part, packets: part.packets.within(through) })));
  }
  return [...direct.blocks(), ...beside.blocks()];
}

/** What a server sends to itself to or from an address that it hasn't before or after: that it comes or goes with it says nothing. */
function newToItself({ before, after }: Judged): PacketSet {
  const each = [...before, after].map(({ device }) => localTo(device));
  const some = [...new Set(each.flat())].filter((address) => !each.every((all) => all.includes(address))).map(point);
  return some.length === 0 ? PacketMap.NONE : PacketMap.set({ destination: some }).or(PacketMap.set({ source: some }));
}

/**
 * A state in which nothing of ours was there, without what isn't let in afterwards, as far as its owner closes it. What a server's first release
 * closes, or perhaps does, is everything that it doesn't open, and nobody knows what came to addresses before the gateway brought them.
 */
function comparable(of: Sided, { is }: State, exposure: Exposure, after: Exposure): Exposure {
  if (is !== 'bare') return exposure;
  const others = othersThan(of);
  return {
    views: exposure.views.map((view) =>
      cutTo(view, atEntry(after.views, view.vantage)?.verdicts.domain.or(others) ?? others),
    ),
  };
}

const othersThan = remembered(({ judged }: Sided): PacketSet => {
  if (judged.planned.role === 'server') return PacketMap.NONE;
  const brought = gatewayPolicies(judged).flatMap(({ mappings }) =>
    mappings.map(({ outside }) => prefixRange(outside)),
  );
  return PacketMap.ALL.apartFrom(PacketMap.set({ destination: brought }));
});

interface Part {
  readonly kind: Change['kind'];
  readonly proof: Change['proof'];
  readonly vantage: Vantage;
  readonly packets: PacketSet;
  readonly kept: PacketSet;
  readonly pairs: PacketMap<Pair>;
}

const coveredAt = (ends: readonly Ends[], vantage: Vantage): PacketSet => {
  const key = vantageKey(vantage);
  const entry = entryKey(vantage);
  return PacketMap.first(ends.map(({ covered }) => covered.get(key) ?? covered.get(entry) ?? PacketMap.NONE));
};

function parts({ vantage, opened, closed, kept, undecided, changed }: ViewDiff, covered: PacketSet): readonly Part[] {
  const kinds = changed.map(kindOfPair);
  const sets: readonly (readonly [Change['kind'], PacketSet])[] = [
    ['opened', opened],
    ['unknown', undecided.or(kinds.where((kind) => kind === 'unknown'))],
    ['moved', kinds.where((kind) => kind === 'moved')],
    ['identity', kinds.where((kind) => kind === 'identity')],
    ['closed', closed],
  ];
  return sets.flatMap(([kind, packets]): readonly Part[] => [
    { kind, proof: 'end to end', vantage, packets: packets.within(covered), kept, pairs: changed },
    { kind, proof: 'one device', vantage, packets: packets.apartFrom(covered), kept, pairs: changed },
  ]);
}

/** Parts of all vantages as blocks; those of one entry whose way out makes no difference are one. */
class Grouping {
  private readonly parts: Part[] = [];

  constructor(
    private readonly owner: Sided,
    private readonly servers: readonly Sided[],
    private readonly beside: readonly string[],
  ) {}

  add(parts: readonly Part[]): this {
    this.parts.push(...parts);
    return this;
  }

  blocks(): readonly Block[] {
    const alike = groupBy(this.parts, ({ kind, proof, vantage }) => `${kind} ${proof} ${entryKey(vantage)}`);
    return [...alike.values()].flatMap((group) => {
      const [first] = group;
      const indifferent = group.every(
        ({ packets, pairs }) => packets.equals(first.packets) && (first.pairs.isEmpty || pairs.equals(first.pairs)),
      );
      return (indifferent ? [first] : group)
        .filter(({ packets }) => !packets.isEmpty)
        .map((part) => ({
          ...part,
          owner: this.owner,
          servers: this.servers,
          beside: this.beside,
          shown: indifferent ? entryOf(part.vantage) : part.vantage,
          pairs:
            part.kind === 'moved' || part.kind === 'identity'
              ? part.pairs.within(part.packets)
              : PacketMap.nothing<Pair>(),
        }));
    });
  }
}

/** What was said end to end, as packets that arrive at the server: from outside, where nothing rewrites their source. */
function arrived(kind: Change['kind'], server: Sided, said: readonly Block[]): PacketSet {
  const addresses = addressesOf(server.judged);
  // Which gateways lead to a server its addresses and its plan say: at others that number alike the same arrives.
  return once(arrivals(said), `${kind} ${keyOfHeld(server.judged)}`, () =>
    PacketMap.first(
      (saidFromOutside(said).get(kind) ?? [])
        .filter((block) => leadsToIt(block, server))
        .flatMap(({ owner, packets }) =>
          layers(owner, addresses).map((moves) =>
            packets.afterDestination(moves.map(({ inside, outside }) => ({ from: point(inside), to: point(outside) }))),
          ),
        ),
    ),
  );
}

const arrivals = remembered<readonly Block[], Map<string, PacketSet>>(() => new Map());

const saidFromOutside = remembered((said: readonly Block[]) =>
  groupBy(
    said.filter((block) => block.proof === 'end to end' && isOutside(block)),
    ({ kind }) => kind,
  ),
);

/** Whether packets of a block come from the internet. */
export const isOutside = ({
  owner: { judged },
  vantage,
  beside,
}: Pick<Block, 'owner' | 'vantage' | 'beside'>): boolean =>
  beside.length === 0 && [...judged.before, judged.after].some(({ device }) => isFromOutside(device, vantage));

/** The public addresses that stand for a server's, one for each of its addresses a layer. */
function layers(
  gateway: Sided,
  addresses: readonly bigint[],
): readonly (readonly { inside: bigint; outside: bigint }[])[] {
  const found: { inside: bigint; outside: bigint }[][] = [];
  for (const inside of addresses) {
    const publics = gatewayPolicies(gateway.judged).flatMap((policy) =>
      mappingsAt(policy, 'inside', point(inside)).map(
        (mapping) => mapping.outside.first + (inside - mapping.inside.first),
      ),
    );
    [...new Set(publics)].forEach((outside, n) => (found[n] ??= []).push({ inside, outside }));
  }
  return found;
}
