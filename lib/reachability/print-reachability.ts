// Prints a reachability as text for people: for each start location the allowed packets, the unknown ones with their
// reasons, and the translations. Truth files (`exposure.txt`) have this form.

import { Address, Family, FAMILY_RANGE, printRange } from '../net/address';
import { Device, StartLocation, toEntryLocation, getLocalAddresses, isSameEntry } from '../net/device';
import { PacketMap, PacketSet } from '../net/packet-map';
import { groupBy } from '../net/group-by';
import { Range, mergeRanges, toSingleRange } from '../net/range';
import { Disposition, Reachability, Rewrite, Translation, ReachabilityView } from './reachability';
import { ReachabilityRow, isWide, toRows } from './reachability-rows';
import { printAddresses, printDestinations, printService } from './print-packets';

/** A function that prints a relation: by start location (`printReachability`), or line by line (`printTable`). */
export type ReachabilityPrinter = (exposure: Reachability, device: Device, scope: LocationScope) => string;

/** The packets that a report shows, by start location. */
export type LocationScope = (vantage: StartLocation) => PacketSet;

/**
 * Prints reachability as the text that a person reviews and a truth file holds. By start location it lists the
 * reachable packets (`UNKNOWN` with the reason if that isn't decidable), then their translations. Equal reachability
 * prints alike; one more open port changes one line. A packet that isn't listed is denied.
 */
export function printReachability(
  reachability: Reachability,
  device: Device,
  scope: LocationScope = () => PacketMap.ALL,
): string {
  const parts = reachability.views.map((view) => ({
    startLocation: view.startLocation,
    lines: indentLines(printView(limitView(view, scope(view.startLocation)), device)),
  }));
  return (
    parts
      .filter(
        ({ startLocation: location, lines }, i) =>
          lines !== '' &&
          !parts.some((other, k) => k < i && other.lines === lines && isSameEntry(other.startLocation, location)),
      )
      .map(({ startLocation: location, lines }) => {
        // The uplink of a start location is printed only if it makes a difference.
        const isUplinkIrrelevant = parts.every(
          (other) => !isSameEntry(other.startLocation, location) || other.lines === lines,
        );
        return `${printTitle(isUplinkIrrelevant ? toEntryLocation(location) : location, device)}\n${lines}`;
      })
      .join('') || 'nothing\n'
  );
}

const indentLines = (lines: readonly string[]): string => lines.map((line) => `  ${line}\n`).join('');

export const limitView = (
  { startLocation, dispositions, translations }: ReachabilityView,
  scope: PacketSet,
): ReachabilityView => ({
  startLocation,
  dispositions: dispositions.intersect(scope),
  translations: translations.intersect(scope),
});

export const printTitle = (location: StartLocation, device: Device): string =>
  `from ${printLocation(location, device)}`;

/** `the internet by wan0`, `inside by lan0, leaving by wan1`, `the device itself`, `localhost`. */
export function printLocation(location: StartLocation, device: Device): string {
  if (location.kind === 'localhost') return 'localhost';
  const uplink = location.uplink === undefined ? '' : `, leaving by ${location.uplink}`;
  if (location.kind === 'self') return `the device itself${uplink}`;
  const role = device.interfaces.find(({ name }) => name === location.name)?.role;
  return `${role === 'outside' ? 'the internet' : (role ?? 'elsewhere')} by ${location.name}${uplink}`;
}

/** Returns the lines of a view: packets that pass, then their translations. */
export function printView(view: ReachabilityView, device: Device): readonly string[] {
  const reachable = toRows(view.dispositions.map(printCaveat));
  return [
    ...reachable.map((row) => `${row.value.startsWith(':') ? 'UNKNOWN ' : ''}${printRow(row)}${row.value}`),
    ...printTranslations(view, device),
  ];
}

/** Returns the end of a row: `: REASON` if it is unknown, `, but REASON` if some clients may be kept out. */
const printCaveat = (disposition: Disposition): string =>
  disposition.is === 'unknown'
    ? `: ${disposition.reason}`
    : disposition.except === undefined
      ? ''
      : `, but ${disposition.except}`;

export function printRow(row: ReachabilityRow<unknown>): string {
  return `${printDestinations(row.destinations, row.family)} ${printService(row.protocols, row.ports, row.sourcePorts)} from ${printAddresses(row.sources, row.family)}`;
}

/** Returns lines with the translations of allowed packets. Packets that leave unchanged have none. */
function printTranslations(view: ReachabilityView, device: Device): string[] {
  const lines: { readonly at: bigint; readonly wide: boolean; readonly text: string }[] = [];
  for (const { family, ranges, below } of view.translations.intersect(view.dispositions).groupAlong('destination')) {
    const position = { at: ranges[0]!.first, wide: isWide(ranges, family) };
    const addOutcome = (sources: readonly Range[] | undefined, service: string, value: Translation): void => {
      lines.push(
        ...printOutcome(family, ranges, sources, service, value, device).map((text) => ({ ...position, text })),
      );
    };
    const perSource = below.groupAlong('source').filter((group) => group.family === family);
    const [single, ...more] = below.values;
    // A moved source is only understood beside the sources that it is moved from.
    if (single && more.length === 0 && single.source.is !== 'moved') addOutcome(undefined, '', single);
    else if (perSource.every((group) => group.below.values.length === 1)) {
      for (const [value, groups] of groupBy(perSource, (group) => group.below.values[0]!))
        addOutcome(mergeRanges(groups.flatMap((group) => group.ranges)), '', value);
    } else
      for (const row of toRows(below))
        if (row.family === family)
          addOutcome(row.sources, ` ${printService(row.protocols, row.ports, row.sourcePorts)}`, row.value);
  }
  return lines
    .sort((a, b) => Number(a.wide) - Number(b.wide) || (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
    .map(({ text }) => text);
}

function printOutcome(
  family: Family,
  destinations: readonly Range[],
  sources: readonly Range[] | undefined,
  service: string,
  value: Translation,
  device: Device,
): string[] {
  const destination =
    value.destination.is === 'kept'
      ? printOwnDestination(destinations, device)
      : ` is ${printRewrite(value.destination, destinations).join(', ')}`;
  const port = value.port === 'kept' ? '' : ` port ${value.port}`;
  const senders = sources ? ` from ${printAddresses(sources, family)}` : '';
  const translatedSource =
    value.source.is === 'kept'
      ? ''
      : `, source translated to ${printRewrite(value.source, sources ?? [FAMILY_RANGE[family]]).join(', ')}`;
  const sourcePort = value.sourcePort === 'free' ? ', source port not kept' : '';
  return destination + port + translatedSource + sourcePort === ''
    ? []
    : [
        `${printDestinations(destinations, family)}${service}${senders}${destination}${port}${translatedSource}${sourcePort}`,
      ];
}

/**
 * Returns words for the device itself only if every destination of the row is local; a row with both kinds of hosts is
 * described by its addresses.
 */
function printOwnDestination(destinations: readonly Range[], device: Device): string {
  const local = getLocalAddresses(device);
  const isLocal =
    device.forwarding &&
    destinations.every((range) => range.first === range.last && local.includes(range.first as Address));
  return isLocal ? ' is the device itself' : '';
}

/** Returns the rewritten addresses of these ranges. */
export function printRewrite(
  rewrite: Exclude<Rewrite, { is: 'kept' }>,
  ranges: readonly Range[],
  print: (range: Range) => string = printRange,
  unclear = 'UNKNOWN',
): readonly string[] {
  switch (rewrite.is) {
    case 'set':
      return [print(toSingleRange(rewrite.to))];
    case 'moved':
      return ranges.map(({ first, last }) => print({ first: first + rewrite.distance, last: last + rewrite.distance }));
    case 'unclear':
      return [`${unclear} (${rewrite.reason})`];
    default:
      return rewrite satisfies never;
  }
}
