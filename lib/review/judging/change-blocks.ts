// Computes the packets that a change opens, closes or translates otherwise, by start location and kind: through
// gateways end to end, and at servers. `change-rows.ts` makes rows of them.

import { ReachabilityDiff, compareWithAny, getChangeKind, mergeDiffs } from '../../reachability/compare-reachability';
import { Reachability } from '../../reachability/reachability';
import { limitView } from '../../reachability/print-reachability';
import { TranslationChange } from '../../reachability/translation-changes';
import {
  StartLocation,
  findByEntry,
  toLocationKey,
  toEntryKey,
  toEntryLocation,
  isFromOutside,
  getLocalAddresses,
} from '../../net/device';
import { toRange } from '../../net/address';
import { PacketMap, PacketSet } from '../../net/packet-map';
import { groupBy } from '../../net/group-by';
import { memoize } from '../../net/intern-tables';
import { toSingleRange } from '../../net/range';
import { getOrCreate } from '../policy-cache';
import { Change } from '../review';
import { toAddressesKey, hasAssignedAddress, listAssignments } from './address-assignments';
import {
  Edge,
  EdgeReachability,
  ScopedOwner,
  listServerAddresses,
  listServersAfter,
  listServersBefore,
  computeEdgeReachability,
  listGatewayPolicies,
  reachesServer,
} from './gateway-edges';
import { findMappings } from './mapping-index';
import { JudgedOwner, ReviewState, isStillDecided } from './review-state';

/** Packets of one start location that change in one way. Rows are made of a block. */
export interface ChangeBlock {
  readonly kind: Change['kind'];
  readonly scope: Change['scope'];
  readonly owner: ScopedOwner;
  /** The servers that decide together with a gateway. */
  readonly servers: readonly ScopedOwner[];
  /** One start location for which the change holds. The packets can be explained there. */
  readonly startLocation: StartLocation;
  /** The printed start location: without the exit interface where that makes no difference. */
  readonly shownLocation: StartLocation;
  /** The gateways that the packets bypass: the block is about packets that reach a server in another way. */
  readonly bypassedGateways: readonly string[];
  readonly packets: PacketSet;
  /** The packets that pass at this start location before and after. */
  readonly stillAllowed: PacketSet;
  /** The translations before and after, for moved packets and for packets that get another source. */
  readonly pairs: PacketMap<TranslationChange>;
  /** Set if the packets only follow from a public address whose host changes. */
  readonly followsAddressChange?: true;
}

/** Returns the changes through a gateway, end to end where its servers are known. */
export function computeEdgeBlocks({ gateway, servers }: Edge): readonly ChangeBlock[] {
  // A composition of unchanged owners is unchanged, and as decided as before.
  const { judgedOwner, comparison } = gateway;
  const changingServers = servers.filter((server) => !isStillDecided(server.judgedOwner));
  const changingVersions = listAssignments(servers).filter(
    (assignment) =>
      !isStillDecided(gateway.judgedOwner) || changingServers.some((server) => hasAssignedAddress(assignment, server)),
  );
  const versionEnds = changingVersions.map((version) => {
    const after = computeEdgeReachability(
      comparison.limitState(judgedOwner.after),
      judgedOwner.after.device,
      listServersAfter(version),
    );
    const before = judgedOwner.before.flatMap((state) =>
      listServersBefore(version).map((serversBefore) => {
        const edgeReachability = computeEdgeReachability(comparison.limitState(state), state.device, serversBefore);
        return {
          ...edgeReachability,
          reachability: limitBareState(gateway, state, edgeReachability.reachability, after.reachability),
        };
      }),
    );
    return { before, after };
  });
  const endStates = versionEnds.flatMap(({ before, after }) => [...before, after]);
  return mergeDiffs(
    versionEnds.flatMap(({ before, after }) =>
      compareWithAny(
        before.map(({ reachability }) => reachability),
        after.reachability,
      ),
    ),
  )
    .map((diff) => splitDiff(diff, getCovered(endStates, diff.startLocation)))
    .reduce<BlockGrouping>((grouping, blockParts) => grouping.add(blockParts), new BlockGrouping(gateway, servers, []))
    .blocks();
}

/** Returns the changes at a server alone, without those that the end-to-end blocks report already. */
export function computeServerBlocks(
  server: ScopedOwner,
  edges: readonly Edge[],
  reportedBlocks: readonly ChangeBlock[],
): readonly ChangeBlock[] {
  const { judgedOwner, comparison } = server;
  if (isStillDecided(judgedOwner)) return [];
  const leadingEdges = edges.filter((edge) => reachesServer(edge, server));
  const mappedAddresses = listServerAddresses(judgedOwner).filter((address) =>
    leadingEdges.some(({ gateway }) =>
      listGatewayPolicies(gateway.judgedOwner).some(
        (policy) => findMappings(policy, 'internal', toSingleRange(address), 1).length > 0,
      ),
    ),
  );
  const mappedPackets =
    mappedAddresses.length === 0
      ? PacketMap.NONE
      : PacketMap.createSet({ destination: mappedAddresses.map(toSingleRange) });
  const after = comparison.limitState(judgedOwner.after);
  const diffs = compareWithAny(
    judgedOwner.before.map((state) => limitBareState(server, state, comparison.limitState(state), after)),
    after,
  );
  const directGrouping = new BlockGrouping(server, [], []);
  const bypassGrouping = new BlockGrouping(
    server,
    [],
    leadingEdges.map(({ gateway }) => gateway.judgedOwner.plannedOwner.device),
  );
  const newSelfTraffic = findNewSelfTraffic(judgedOwner);
  for (const diff of diffs) {
    const remainingParts = splitDiff(diff, PacketMap.NONE).map((part) => ({
      ...part,
      packets: part.packets.isEmpty
        ? part.packets
        : part.packets.subtract(
            diff.startLocation.kind === 'localhost' ? newSelfTraffic : selectArrived(part.kind, server, reportedBlocks),
          ),
    }));
    const isArriving = diff.startLocation.kind === 'interface';
    directGrouping.add(
      remainingParts.map((part) => (isArriving ? { ...part, packets: part.packets.subtract(mappedPackets) } : part)),
    );
    if (isArriving)
      bypassGrouping.add(remainingParts.map((part) => ({ ...part, packets: part.packets.intersect(mappedPackets) })));
  }
  return [...directGrouping.blocks(), ...bypassGrouping.blocks()];
}

/**
 * Returns the packets that a server sends to itself, to or from an address that it has only before or only after. Their
 * change only follows from the change of the address.
 */
function findNewSelfTraffic({ before, after }: JudgedOwner): PacketSet {
  const addressesByState = [...before, after].map(({ device }) => getLocalAddresses(device));
  const changingAddresses = [...new Set(addressesByState.flat())]
    .filter((address) => !addressesByState.every((stateAddresses) => stateAddresses.includes(address)))
    .map(toSingleRange);
  return changingAddresses.length === 0
    ? PacketMap.NONE
    : PacketMap.createSet({ destination: changingAddresses }).unite(PacketMap.createSet({ source: changingAddresses }));
}

/**
 * Returns a bare state, in which nothing of ours was there, limited to the packets that are allowed afterwards, as far
 * as the owner closes the others. A server's first release closes, or may close, everything that it doesn't open; and
 * the packets that came to a public address before the gateway brought it aren't known.
 */
function limitBareState(
  owner: ScopedOwner,
  { is: stateKind }: ReviewState,
  reachability: Reachability,
  after: Reachability,
): Reachability {
  if (stateKind !== 'bare') return reachability;
  const otherPackets = selectNotBrought(owner);
  return {
    views: reachability.views.map((view) =>
      limitView(
        view,
        findByEntry(after.views, view.startLocation)?.dispositions.domain.unite(otherPackets) ?? otherPackets,
      ),
    ),
  };
}

const selectNotBrought = memoize(({ judgedOwner }: ScopedOwner): PacketSet => {
  if (judgedOwner.plannedOwner.role === 'server') return PacketMap.NONE;
  const externalRanges = listGatewayPolicies(judgedOwner).flatMap(({ mappings }) =>
    mappings.map(({ external }) => toRange(external)),
  );
  return PacketMap.ALL.subtract(PacketMap.createSet({ destination: externalRanges }));
});

interface BlockPart {
  readonly kind: Change['kind'];
  readonly scope: Change['scope'];
  readonly startLocation: StartLocation;
  readonly packets: PacketSet;
  readonly stillAllowed: PacketSet;
  readonly pairs: PacketMap<TranslationChange>;
}

const getCovered = (edgeReachabilities: readonly EdgeReachability[], startLocation: StartLocation): PacketSet => {
  const key = toLocationKey(startLocation);
  const entry = toEntryKey(startLocation);
  return PacketMap.mergeFirst(
    edgeReachabilities.map(({ covered }) => covered.get(key) ?? covered.get(entry) ?? PacketMap.NONE),
  );
};

function splitDiff(
  { startLocation, opened, closed, stillAllowed, undecided, changed }: ReachabilityDiff,
  covered: PacketSet,
): readonly BlockPart[] {
  const kinds = changed.map(getChangeKind);
  const packetsByKind: readonly (readonly [Change['kind'], PacketSet])[] = [
    ['opened', opened],
    ['unknown', undecided.unite(kinds.select((kind) => kind === 'unknown'))],
    ['moved', kinds.select((kind) => kind === 'moved')],
    ['identity', kinds.select((kind) => kind === 'identity')],
    ['closed', closed],
  ];
  return packetsByKind.flatMap(([kind, packets]): readonly BlockPart[] => [
    {
      kind,
      scope: 'end to end',
      startLocation,
      packets: packets.intersect(covered),
      stillAllowed,
      pairs: changed,
    },
    {
      kind,
      scope: 'one device',
      startLocation,
      packets: packets.subtract(covered),
      stillAllowed,
      pairs: changed,
    },
  ]);
}

/**
 * Joins the parts of all start locations into blocks. Parts of one entry interface become one block where the exit
 * interface makes no difference.
 */
class BlockGrouping {
  private readonly parts: BlockPart[] = [];

  constructor(
    private readonly owner: ScopedOwner,
    private readonly servers: readonly ScopedOwner[],
    private readonly bypassedGateways: readonly string[],
  ) {}

  add(newParts: readonly BlockPart[]): this {
    this.parts.push(...newParts);
    return this;
  }

  blocks(): readonly ChangeBlock[] {
    const partsByEntry = groupBy(
      this.parts,
      ({ kind, scope, startLocation }) => `${kind} ${scope} ${toEntryKey(startLocation)}`,
    );
    return [...partsByEntry.values()].flatMap((group) => {
      const [firstPart] = group;
      const isExitIrrelevant = group.every(
        ({ packets, pairs }) =>
          packets.equals(firstPart.packets) && (firstPart.pairs.isEmpty || pairs.equals(firstPart.pairs)),
      );
      return (isExitIrrelevant ? [firstPart] : group)
        .filter(({ packets }) => !packets.isEmpty)
        .map((part) => ({
          ...part,
          owner: this.owner,
          servers: this.servers,
          bypassedGateways: this.bypassedGateways,
          shownLocation: isExitIrrelevant ? toEntryLocation(part.startLocation) : part.startLocation,
          pairs:
            part.kind === 'moved' || part.kind === 'identity'
              ? part.pairs.intersect(part.packets)
              : PacketMap.createEmpty<TranslationChange>(),
        }));
    });
  }
}

/**
 * Returns the packets that end-to-end blocks report already, as they arrive at the server. Only blocks from outside
 * count, where no rule rewrites the source.
 */
function selectArrived(kind: Change['kind'], server: ScopedOwner, reportedBlocks: readonly ChangeBlock[]): PacketSet {
  const addresses = listServerAddresses(server.judgedOwner);
  // A server's addresses and plan decide which gateways translate to it, so servers with the same addresses share the
  // result.
  return getOrCreate(getArrivalCache(reportedBlocks), `${kind} ${toAddressesKey(server.judgedOwner)}`, () =>
    PacketMap.mergeFirst(
      (groupOutsideBlocks(reportedBlocks).get(kind) ?? [])
        .filter((block) => reachesServer(block, server))
        .flatMap(({ owner, packets }) =>
          listTranslationLayers(owner, addresses).map((mappingPairs) =>
            packets.translateDestination(
              mappingPairs.map(({ internal, external }) => ({
                from: toSingleRange(internal),
                to: toSingleRange(external),
              })),
            ),
          ),
        ),
    ),
  );
}

const getArrivalCache = memoize<readonly ChangeBlock[], Map<string, PacketSet>>(() => new Map());

const groupOutsideBlocks = memoize((reportedBlocks: readonly ChangeBlock[]) =>
  groupBy(
    reportedBlocks.filter((block) => block.scope === 'end to end' && isOutside(block)),
    ({ kind }) => kind,
  ),
);

/** Whether the packets of a block come from the internet. */
export const isOutside = ({
  owner: { judgedOwner },
  startLocation,
  bypassedGateways,
}: Pick<ChangeBlock, 'owner' | 'startLocation' | 'bypassedGateways'>): boolean =>
  bypassedGateways.length === 0 &&
  [...judgedOwner.before, judgedOwner.after].some(({ device }) => isFromOutside(device, startLocation));

/**
 * Returns the public addresses of a server's addresses, in layers: each layer has at most one public address for each
 * of them.
 */
function listTranslationLayers(
  gateway: ScopedOwner,
  addresses: readonly bigint[],
): readonly (readonly { internal: bigint; external: bigint }[])[] {
  const layerPairs: { internal: bigint; external: bigint }[][] = [];
  for (const internal of addresses) {
    const publicAddresses = listGatewayPolicies(gateway.judgedOwner).flatMap((policy) =>
      findMappings(policy, 'internal', toSingleRange(internal)).map(
        (mapping) => mapping.external.first + (internal - mapping.internal.first),
      ),
    );
    [...new Set(publicAddresses)].forEach((external, layer) => (layerPairs[layer] ??= []).push({ internal, external }));
  }
  return layerPairs;
}
