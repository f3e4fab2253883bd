// Describes the public addresses of a review whose host changes: the hosts, the services that open and close, and what
// to do beside it. Marks the changed packets that only follow from these addresses, so that they aren't told twice.

import { getFamily, printRange } from '../../net/address';
import { getLocalAddresses } from '../../net/device';
import { PacketMap, PacketSet } from '../../net/packet-map';
import { Range, contains, mergeRanges } from '../../net/range';
import { isWide } from '../../reachability/reachability-rows';
import { printRewrite } from '../../reachability/print-reachability';
import { Translation } from '../../reachability/reachability';
import { TranslationChange } from '../../reachability/translation-changes';
import { AddressChange } from '../review';
import { MappedRange, RangeChange } from './address-changes';
import { limitItems } from './address-words';
import { ChangeBlock, isOutside } from './change-blocks';
import { Edge } from './gateway-edges';
import { ServerNames } from './reached-hosts';
import { DevicePhrase } from './headline/device-phrases';
import { widenSources } from './headline/group-services';
import { DetailLevel, describeServices, findSourceNames, selectForAnybody } from './headline/headline-words';

/** The number of address changes that a review lists; it counts the others. */
export const MAX_ADDRESS_CHANGES = 300;

/** The number of changes that are described. More of them are a wave, and the rows have its services. */
const MAX_DESCRIBED = 25;

/** The changed addresses of a group of owners. */
export interface AddressChanges {
  /** The first of them. */
  readonly listed: readonly AddressChange[];
  readonly count: number;
  /** The headline's phrases on them. */
  readonly phrases: readonly DevicePhrase[];
  /** The blocks, with the packets that only follow from the changes in blocks of their own. */
  readonly blocks: readonly ChangeBlock[];
}

export function describeAddressChanges(
  changes: readonly RangeChange[],
  edges: readonly Edge[],
  blocks: readonly ChangeBlock[],
  serverNames: ServerNames,
): AddressChanges {
  const servers = new Map(edges.map((edge) => [edge.gateway, edge.servers]));
  const printHost = ({ gateway, internal }: MappedRange): string => {
    const address = printRange(internal);
    const devices =
      internal.first === internal.last
        ? serverNames.findAt(internal.first, { owner: gateway, servers: servers.get(gateway) ?? [] })
        : [];
    return devices.length === 0 ? address : `${limitItems(devices).join(' or ')} (${address})`;
  };
  const changedPackets = collectChangedPackets(blocks);
  const described = (changes.length > MAX_DESCRIBED ? [] : changes).map(
    (change) => new DescribedChange(change, printHost, changedPackets),
  );
  const sendersByChange = assignSenders(described);
  const namedChanges = changes.map((change) => nameHosts(change, printHost));
  return {
    count: changes.length,
    listed: namedChanges.slice(0, MAX_ADDRESS_CHANGES).map((change, index) => ({
      ...change,
      details: described[index]?.listDetails(sendersByChange[index]!) ?? [],
    })),
    phrases: namedChanges.flatMap((change, index) => createPhrases(change, sendersByChange[index] ?? [])),
    blocks: described.length === 0 ? blocks : blocks.flatMap((block) => splitFollowing(block, described)),
  };
}

/** Returns the senders of each change. A host that gets one address and loses another is named where it gets one. */
function assignSenders(described: readonly DescribedChange[]): readonly (readonly Sender[])[] {
  const namedAfter = new Set(described.flatMap((change) => change.sendersAfter.map(({ name }) => name)));
  return described.map(({ sendersAfter, sendersBefore }) => [
    ...sendersAfter,
    ...sendersBefore.filter(({ name }) => !namedAfter.has(name)),
  ]);
}

/** Returns the phrases on an address with another host. What opens or closes has a phrase by its services. */
const createPhrases = (
  { kind, external, formerExternal = '', hostBefore = '', hostAfter = '' }: Omit<AddressChange, 'details'>,
  senders: readonly Sender[],
): readonly DevicePhrase[] => [
  ...(kind === 'renumbered'
    ? [{ single: `${hostAfter} moves from ${formerExternal} to ${external}`, several: MOVED_WORDS }]
    : kind === 'reassigned' && hostBefore !== hostAfter
      ? [{ single: `${external} moves from ${hostBefore} to ${hostAfter}`, several: MOVED_WORDS }]
      : []),
  ...senders.flatMap(({ name, leavesAs }) =>
    leavesAs === undefined ? [{ single: `${name} leaves untranslated`, several: 'hosts leave untranslated' }] : [],
  ),
];

const MOVED_WORDS = 'public addresses move';

/** Returns the block without the packets that follow from the changes, and a block of those. */
function splitFollowing(block: ChangeBlock, described: readonly DescribedChange[]): readonly ChangeBlock[] {
  const following = PacketMap.mergeFirst(described.map((change) => change.selectFollowing(block)));
  if (following.isEmpty) return [block];
  return [
    { ...block, packets: block.packets.subtract(following), pairs: block.pairs.subtract(following) },
    {
      ...block,
      packets: block.packets.intersect(following),
      pairs: block.pairs.intersect(following),
      followsAddressChange: true as const,
    },
  ].filter(({ packets }) => !packets.isEmpty);
}

/** Prints `web2 (10.0.0.11)`. A host that is no server of the review has its address alone. */
type MappedHostPrinter = (mapped: MappedRange) => string;

function nameHosts(
  { external, formerExternal, before, after }: RangeChange,
  printHost: MappedHostPrinter,
): Omit<AddressChange, 'details'> {
  return {
    kind:
      formerExternal !== undefined
        ? 'renumbered'
        : before.length === 0
          ? 'added'
          : after.length === 0
            ? 'removed'
            : 'reassigned',
    external: printRange(external),
    ...(formerExternal === undefined ? {} : { formerExternal: printRange(formerExternal) }),
    ...(before.length === 0 ? {} : { hostBefore: joinHosts(before, printHost), gatewayBefore: joinGateways(before) }),
    ...(after.length === 0 ? {} : { hostAfter: joinHosts(after, printHost), gatewayAfter: joinGateways(after) }),
  };
}

const joinGateways = (mapped: readonly MappedRange[]): string =>
  limitItems([...new Set(mapped.map(({ gateway }) => gateway.judgedOwner.name))]).join(' or ');

const joinHosts = (mapped: readonly MappedRange[], printHost: MappedHostPrinter): string =>
  limitItems([...new Set(mapped.map(printHost))]).join(' or ');

interface ChangedPackets {
  /** Packets from the internet. */
  readonly opened: PacketSet;
  readonly closed: PacketSet;
  readonly moved: PacketSet;
  readonly unknown: PacketSet;
  /** The translations before and after of packets that get another source. */
  readonly sourceChanges: readonly PacketMap<TranslationChange>[];
}

function collectChangedPackets(blocks: readonly ChangeBlock[]): ChangedPackets {
  const mergeOutside = (changeKind: ChangeBlock['kind']): PacketSet =>
    PacketMap.mergeFirst(
      blocks.filter((block) => block.kind === changeKind && isOutside(block)).map(({ packets }) => packets),
    );
  return {
    opened: mergeOutside('opened'),
    closed: mergeOutside('closed'),
    moved: mergeOutside('moved'),
    unknown: mergeOutside('unknown'),
    sourceChanges: blocks.filter(({ kind }) => kind === 'identity').map(({ pairs }) => pairs),
  };
}

/** One change with the packets of the review that it explains. */
class DescribedChange {
  private readonly addedRange: Range | undefined;
  private readonly removedRange: Range | undefined;
  /** Packets from the internet to the new and to the former address. */
  private readonly opened: PacketSet;
  private readonly closed: PacketSet;
  private readonly isUndecided: boolean;
  /** The part of them that a renumbered host keeps: the same service, for the same source. */
  private readonly keptAtAdded: PacketSet = PacketMap.NONE;
  private readonly keptAtRemoved: PacketSet = PacketMap.NONE;
  /** The hosts that have the address after the change, and those that had it before, if their source changes. */
  readonly sendersAfter: readonly Sender[];
  readonly sendersBefore: readonly Sender[];

  constructor(
    private readonly change: RangeChange,
    private readonly printHost: MappedHostPrinter,
    private readonly changedPackets: ChangedPackets,
  ) {
    const { external, formerExternal, before, after } = change;
    this.addedRange = after.length > 0 ? external : undefined;
    this.removedRange = before.length > 0 ? (formerExternal ?? external) : undefined;
    this.opened = this.selectOutside('opened', this.addedRange);
    this.closed = this.selectOutside('closed', this.removedRange);
    this.isUndecided = [this.addedRange, this.removedRange].some(
      (range) => !this.selectOutside('unknown', range).isEmpty,
    );
    if (formerExternal !== undefined && !this.isUndecided) {
      this.keptAtAdded = this.opened.intersect(
        this.closed.translateDestination([{ from: external, to: formerExternal }]),
      );
      this.keptAtRemoved = this.closed.intersect(
        this.opened.translateDestination([{ from: formerExternal, to: external }]),
      );
    }
    this.sendersAfter = this.listSenders(after);
    this.sendersBefore = this.listSenders(before);
  }

  private selectOutside(kind: 'opened' | 'closed' | 'moved' | 'unknown', range: Range | undefined): PacketSet {
    return this.changedPackets[kind].intersect(selectDestination(range));
  }

  /** Returns a sentence each: the services that open and close, and what to do beside it. */
  listDetails(senders: readonly Sender[]): readonly string[] {
    const newlyOpened = this.opened.subtract(this.keptAtAdded);
    const newlyClosed = this.closed.subtract(this.keptAtRemoved);
    const isKept = !this.keptAtAdded.isEmpty || !this.selectOutside('moved', this.addedRange).isEmpty;
    const isWholeKept = newlyOpened.isEmpty && newlyClosed.isEmpty;
    const serviceWords = [
      newlyOpened.isEmpty ? '' : `opens ${describeForSources(newlyOpened)}`,
      newlyClosed.isEmpty ? '' : `closes ${describeForSources(newlyClosed)}`,
      this.isUndecided ? 'not all of its packets can be decided' : '',
      isKept && !this.isUndecided
        ? `${isWholeKept ? 'the same' : 'otherwise the same'} services, for the same sources`
        : '',
    ];
    return [...serviceWords, describeRecords(this.change), ...senders.map(describeSender)].filter(
      (words) => words !== '',
    );
  }

  /**
   * Returns the packets of a block that only follow from the change: connections of inside hosts to an address that is
   * public or isn't any more, and another source of the host. What opens or closes for the internet follows only if it
   * is the same as before.
   */
  selectFollowing(block: ChangeBlock): PacketSet {
    const { kind, packets } = block;
    if (kind === 'unknown') return PacketMap.NONE;
    if (kind === 'identity')
      return PacketMap.mergeFirst(
        [...this.sendersAfter, ...this.sendersBefore].map(({ internal }) =>
          packets.intersect(PacketMap.createSet({ source: [internal] })),
        ),
      );
    const toAdded = packets.intersect(selectDestination(this.addedRange));
    const toRemoved = packets.intersect(selectDestination(this.removedRange));
    const isReassigned = this.addedRange === this.removedRange;
    const toHost = block.pairs.select(([, after]) => this.isTranslatedToHost(after)).intersect(toAdded);
    if (isOutside(block)) {
      if (kind === 'moved') return isReassigned ? toHost : PacketMap.NONE;
      return packets.intersect(kind === 'opened' ? this.keptAtAdded : this.keptAtRemoved);
    }
    if (!isReassigned && this.isGatewayAddress()) return PacketMap.NONE;
    // Inside hosts send to an address that isn't a public address of ours as to any address of the internet.
    if (kind === 'moved')
      return toHost.unite(block.pairs.select(([, { destination }]) => destination.is === 'kept').intersect(toRemoved));
    const untranslated = isReassigned ? PacketMap.NONE : kind === 'opened' ? toRemoved : toAdded;
    return untranslated.unite(
      kind === 'opened' ? selectMirrored(toAdded, this.opened) : selectMirrored(toRemoved, this.closed),
    );
  }

  /** Whether a packet to the address reaches the host that the change names, at the same port. */
  private isTranslatedToHost({ destination, port }: Translation): boolean {
    const { external, after } = this.change;
    return (
      port === 'kept' &&
      after.some(({ internal }) =>
        destination.is === 'set'
          ? internal.first === internal.last && destination.to === internal.first
          : destination.is === 'moved' && destination.distance === internal.first - external.first,
      )
    );
  }

  /** Whether the gateway has the address itself when no mapping has it: it then answers there. */
  private isGatewayAddress(): boolean {
    const { before, after } = this.change;
    return [
      ...before.map(({ gateway }) => ({ range: this.removedRange, states: [gateway.judgedOwner.after] })),
      ...after.map(({ gateway }) => ({ range: this.addedRange, states: gateway.judgedOwner.before })),
    ].some(
      ({ range, states }) =>
        range !== undefined &&
        states.some(({ device }) => getLocalAddresses(device).some((address) => contains(range, address))),
    );
  }

  /**
   * Returns the hosts of the change whose packets leave with one other source from now on, whatever the destination in
   * the internet.
   */
  private listSenders(mapped: readonly MappedRange[]): readonly Sender[] {
    const hosts = new Map(mapped.map((host) => [this.printHost(host), host.internal]));
    return [...hosts].flatMap(([name, internal]): readonly Sender[] => {
      const sourcePackets = PacketMap.createSet({ source: [internal] });
      const pairs = this.changedPackets.sourceChanges.map((map) => map.intersect(sourcePackets));
      const destinations = mergeRanges(
        pairs.flatMap((map) => map.groupAlong('destination').flatMap(({ ranges }) => ranges)),
      );
      const sources = new Set(
        pairs.flatMap((map) => [...map.values]).map(([, translation]) => printSource(translation, internal)),
      );
      return sources.size === 1 && isWide(destinations, getFamily(internal.first))
        ? [{ name, internal, leavesAs: [...sources][0] }]
        : [];
    });
  }
}

/** A host whose packets leave with another source. `leavesAs` is undefined if it isn't translated any more. */
interface Sender {
  readonly name: string;
  readonly internal: Range;
  readonly leavesAs: string | undefined;
}

const describeSender = ({ name, leavesAs }: Sender): string =>
  leavesAs === undefined
    ? `OUTBOUND: connections of ${name} leave untranslated, and reach nothing beyond the gateway unless something else translates them`
    : `outgoing connections of ${name} come from ${leavesAs}`;

/** Returns undefined where the packets leave untranslated. */
const printSource = ({ source }: Translation, internal: Range): string | undefined =>
  source.is === 'kept' ? undefined : printRewrite(source, [internal]).join(', ');

/** Returns the inside packets that change from the internet, too: of the same source, or of any source there. */
const selectMirrored = (insidePackets: PacketSet, outsidePackets: PacketSet): PacketSet =>
  insidePackets.intersect(outsidePackets.unite(widenSources(selectForAnybody(outsidePackets))));

const selectDestination = (range: Range | undefined): PacketSet =>
  range === undefined ? PacketMap.NONE : PacketMap.createSet({ destination: [range] });

/** A line of its own has room for more ports than a headline. */
const SERVICE_DETAIL: DetailLevel = { longest: 80, parts: 1 };

/** Returns `tcp 443 for any source; tcp 22 for 198.51.100.0/28`. */
function describeForSources(packets: PacketSet): string {
  const forAny = selectForAnybody(packets);
  const forListed = packets.subtract(forAny);
  return [
    forAny.isEmpty ? '' : `${describeServices(forAny, SERVICE_DETAIL).words} for any source`,
    forListed.isEmpty
      ? ''
      : `${describeServices(forListed, SERVICE_DETAIL).words} for ${findSourceNames(forListed) ?? 'listed sources'}`,
  ]
    .filter((words) => words !== '')
    .join('; ');
}

/** Returns what to do about the records that name the address and that no release changes. */
function describeRecords({ external, formerExternal, before, after }: RangeChange): string {
  const address = printRange(external);
  if (formerExternal !== undefined) return `to do: DNS, PTR and SPF from ${printRange(formerExternal)} to ${address}`;
  if (after.length === 0) return `to do: DNS, PTR and SPF without ${address}`;
  return `to do: DNS, PTR and SPF ${before.length === 0 ? `for ${address}` : `of both hosts: ${address} is another one now`}`;
}
