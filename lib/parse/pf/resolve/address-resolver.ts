// Resolves the host names of pf rules (`em0`, `(em0:network)`, `<table>`, `self`) to addresses on a given device.

import {
  ALL_ADDRESSES,
  FAMILIES,
  FAMILY_RANGE,
  Family,
  getFamily,
  getNetwork,
  parseAddress,
  toRange,
  toPrefixes,
} from '../../../net/address';
import { Device, NetworkInterface, getLocalAddresses } from '../../../net/device';
import { Range, mergeRanges, intersectRanges, toSingleRange, subtractRanges } from '../../../net/range';
import {
  ANY_ADDRESS,
  RangeBounds,
  createCertain,
  createUntoldList,
  uniteBounds,
  narrowToFamily,
  negateBounds,
  joinReasons,
} from '../range-bounds';
import { ParsedPfHost, NegatedHost, ParsedPf } from '../text/syntax-tree';

/** The facts of the device that its rules don't state. */
export interface PfDeviceContext {
  readonly device: Device;
  /**
   * Returns the names in the Device that an interface or a group of the text stands for, possibly none; undefined if
   * that isn't known.
   */
  named(name: string): readonly string[] | undefined;
  /** Returns the interfaces that a name may stand for if `named` returns undefined. */
  mayBeIn(name: string): readonly string[];
  /** Returns the addresses of an interface that the Device doesn't have: its VIPs. */
  vipsOn(name: string): readonly bigint[];
  /**
   * Returns whether programs fill a table with clients that they ban for a while. Such a table counts as empty if its
   * content isn't known.
   */
  holdsBans(table: string): boolean;
  /**
   * Returns the rules that an anchor may hold if the text doesn't print them. `passes`: rules that let TCP and UDP
   * through because a client requested it.
   */
  mayHold(anchor: string): 'nothing' | 'passes' | 'anything';
}

/** The use of an address in a rule: compared with that of a packet, or what a translation sets. */
type PfAddressUse = 'source' | 'destination' | 'target';

const LOOPBACK: readonly Range[] = ['127.0.0.1', '::1'].map((text) => toSingleRange(parseAddress(text)!));

const createUnknownBounds = (reason: string, ranges = ALL_ADDRESSES): RangeBounds => ({
  must: [],
  uncertain: ranges,
  reason,
});

/** Resolves the hosts of a text to addresses on this device. */
export class AddressResolver {
  private readonly tables = new Map<string, RangeBounds>();

  constructor(
    private readonly text: Pick<ParsedPf, 'tables'>,
    private readonly context: PfDeviceContext,
  ) {}

  /** Returns the addresses of a list: the union of its elements. Undefined `hosts` are any. */
  resolve(hosts: readonly NegatedHost[] | undefined, axis: PfAddressUse): RangeBounds {
    if (hosts === undefined) return ANY_ADDRESS;
    return uniteBounds(
      hosts.map((host) => this.resolveNegated(host, axis)),
      Infinity,
    );
  }

  private resolveNegated({ negated, host }: NegatedHost, axis: PfAddressUse): RangeBounds {
    const bounds = this.resolveHost(host, axis);
    if (!negated) return bounds;
    // pfctl limits the rule to the host's family. Source: pf.md, seen in pf's own code.
    return host.is === 'range'
      ? narrowToFamily(negateBounds(bounds), getFamily(host.range.first))
      : negateBounds(bounds);
  }

  private resolveHost(host: ParsedPfHost, axis: PfAddressUse): RangeBounds {
    switch (host.is) {
      case 'any':
        return ANY_ADDRESS;
      case 'range':
        return host.reason === undefined ? createCertain([host.range]) : createUnknownBounds(host.reason, [host.range]);
      case 'unclear':
        return createUnknownBounds(host.reason);
      case 'self':
        return this.resolveSelf(axis);
      case 'table':
        return this.getTable(host.name);
      case 'interface':
        return this.resolveInterface(host, axis);
      default:
        return host satisfies never;
    }
  }

  private resolveSelf(axis: PfAddressUse): RangeBounds {
    const { device } = this.context;
    const addresses = [...LOOPBACK, ...getLocalAddresses(device).map(toSingleRange)];
    const assumption = device.assumption;
    if (!assumption) return createCertain(mergeRanges(addresses));
    return createCertain(
      axis !== 'source'
        ? mergeRanges([...addresses, ...assumption.local])
        : assumption.sourceIsOwn
          ? ALL_ADDRESSES
          : mergeRanges(addresses),
    );
  }

  private resolveInterface(
    { name, part }: ParsedPfHost & { readonly is: 'interface' },
    axis: PfAddressUse,
  ): RangeBounds {
    if (name === 'lo0' || name === 'lo') return createCertain(part === 'network' ? LOOPBACK_NETWORKS : LOOPBACK);
    const names = this.context.named(name);
    if (!names) return createUnknownBounds(`the addresses of ${name} are not told`);
    const { interfaces, assumption } = this.context.device;
    const matching = interfaces.filter((deviceInterface) => names.includes(deviceInterface.name));
    if (matching.length === 0) return createUnknownBounds(`the addresses of ${name} are not told`);
    const ranges = mergeRanges(matching.flatMap((deviceInterface) => this.listAddresses(deviceInterface, part)));
    if (!assumption || axis === 'target')
      return ranges.length === 0 ? createUnknownBounds(`the addresses of ${name} are not told`) : createCertain(ranges);
    if (assumption.ownAddress?.as === axis && (axis === 'destination' || part !== 'network') && part !== 'broadcast') {
      if (!names.includes(assumption.ownAddress.of)) return createCertain(ranges);
      return createCertain(axis === 'source' ? ALL_ADDRESSES : mergeRanges([...ranges, ...assumption.local]));
    }
    const guessed =
      part === 'network'
        ? ALL_ADDRESSES
        : axis === 'destination'
          ? assumption.local
          : assumption.sourceIsOwn
            ? ALL_ADDRESSES
            : [];
    return {
      must: ranges,
      uncertain: subtractRanges(guessed, ranges),
      reason: `the addresses of ${name} are not told`,
    };
  }

  private listAddresses(
    deviceInterface: NetworkInterface,
    what: (ParsedPfHost & { readonly is: 'interface' })['part'],
  ): readonly Range[] {
    const networks = deviceInterface.addresses.map(({ address, length }) => toRange(getNetwork(address, length)));
    switch (what) {
      case 'network':
        return networks;
      case 'broadcast':
        return networks.filter(({ first }) => getFamily(first) === 'ip').map(({ last }) => toSingleRange(last));
      case 'first':
        return FAMILIES.flatMap((family: Family) => {
          const first = deviceInterface.addresses.find(({ address }) => getFamily(address) === family);
          return first ? [toSingleRange(first.address)] : [];
        });
      case 'addresses':
        return [
          ...deviceInterface.addresses.map(({ address }) => toSingleRange(address)),
          ...this.context.vipsOn(deviceInterface.name).map(toSingleRange),
        ];
      default:
        return what satisfies never;
    }
  }

  private getTable(name: string): RangeBounds {
    let bounds = this.tables.get(name);
    if (!bounds) this.tables.set(name, (bounds = this.resolveTable(name)));
    return bounds;
  }

  private resolveTable(name: string): RangeBounds {
    const table = this.text.tables.get(name);
    if (!table)
      return this.context.holdsBans(name)
        ? createCertain([])
        : createUntoldList(`what is in table ${name} is not told`);
    const resolvedEntries = table.entries.map(({ negated, host }) => ({
      negated,
      known: this.resolveHost(host, 'destination'),
    }));
    const doubts = resolvedEntries.filter(({ known: bounds }) => bounds.uncertain.length > 0);
    const certainRanges = resolveLongestMatches(
      resolvedEntries.map(({ negated, known: bounds }) => ({ negated, ranges: bounds.must })),
    );
    if (table.reason !== undefined && !this.context.holdsBans(name))
      return createUntoldList(table.reason, certainRanges);
    const perhaps = subtractRanges(mergeRanges(doubts.flatMap(({ known: bounds }) => bounds.uncertain)), certainRanges);
    return {
      must: doubts.some(({ negated }) => negated) ? [] : certainRanges,
      uncertain: doubts.some(({ negated }) => negated) ? ALL_ADDRESSES : perhaps,
      reason: joinReasons(doubts.map((entry) => entry.known)),
    };
  }
}

const LOOPBACK_NETWORKS: readonly Range[] = [
  toRange(getNetwork(parseAddress('127.0.0.0')!, 8)),
  toSingleRange(parseAddress('::1')!),
];

/** Returns the addresses of a table. The narrowest entry decides, and `!` leaves out. Source: pf.conf(5). */
function resolveLongestMatches(
  entries: readonly { readonly negated: boolean; readonly ranges: readonly Range[] }[],
): readonly Range[] {
  if (!entries.some(({ negated }) => negated)) return mergeRanges(entries.flatMap(({ ranges }) => ranges));
  const bySize = new Map<bigint, { in: Range[]; out: Range[] }>();
  for (const { negated, ranges } of entries) {
    for (const range of ranges.flatMap(splitIntoPrefixes)) {
      const size = range.last - range.first;
      const level = bySize.get(size) ?? { in: [], out: [] };
      bySize.set(size, level);
      (negated ? level.out : level.in).push(range);
    }
  }
  const widestFirst = [...bySize].sort(([a], [b]) => (a < b ? 1 : -1));
  return widestFirst.reduce<readonly Range[]>(
    (matched, [, level]) => subtractRanges([...matched, ...level.in], level.out),
    [],
  );
}

/** Returns the range as prefixes, the form in which a table holds it. The line of all addresses has both families. */
const splitIntoPrefixes = (range: Range): readonly Range[] =>
  range.first === range.last
    ? [range]
    : ALL_ADDRESSES.flatMap((familyRange) => intersectRanges(range, familyRange) ?? []).flatMap((part) =>
        isPrefix(part) ? [part] : toPrefixes(part).map(toRange),
      );

/** Returns whether a range is exactly one prefix. */
export const isPrefix = ({ first, last }: Range): boolean => {
  const size = last - first + 1n;
  return (size & (size - 1n)) === 0n && (first - FAMILY_RANGE[getFamily(first)].first) % size === 0n;
};
