import { Address, Family, FAMILY_RANGE, printRange } from '../net/address';
import { Device, Vantage, entryOf, localTo, sameEntry } from '../net/device';
import { PacketMap, PacketSet } from '../net/packet-map';
import { groupBy } from '../net/group-by';
import { Range, joined, point } from '../net/range';
import { Exposure, Rewrite, Translation, View } from './exposure';
import { Row, isWide, rowsOf } from './rows';
import { printAddresses, printDestinations, printService } from './words';

/** How a relation becomes text: by vantage (`printExposure`), or line by line (`printTable`). */
export type Printer = (exposure: Exposure, device: Device, scope: Scope) => string;

/** Which packets a report shows, by vantage. */
export type Scope = (vantage: Vantage) => PacketSet;

/**
 * An exposure as the text that a person reviews and a truth file holds: by vantage, what is reachable (`UNKNOWN` where
 * that can't be said, with the reason), then what it becomes. Equal exposures print alike; one more open port
 * changes one line. What isn't listed is denied.
 */
export function printExposure(exposure: Exposure, device: Device, scope: Scope = () => PacketMap.ALL): string {
  const parts = exposure.views.map((view) => ({
    vantage: view.vantage,
    lines: indented(linesOf(cutTo(view, scope(view.vantage)), device)),
  }));
  return (
    parts
      .filter(
        ({ vantage, lines }, i) =>
          lines !== '' &&
          !parts.some((other, k) => k < i && other.lines === lines && sameEntry(other.vantage, vantage)),
      )
      .map(({ vantage, lines }) => {
        // Which way the device sends things out is said only where it makes a difference.
        const indifferent = parts.every((other) => !sameEntry(other.vantage, vantage) || other.lines === lines);
        return `${titleOf(indifferent ? entryOf(vantage) : vantage, device)}\n${lines}`;
      })
      .join('') || 'nothing\n'
  );
}

const indented = (lines: readonly string[]): string => lines.map((line) => `  ${line}\n`).join('');

export const cutTo = ({ vantage, verdicts, translations }: View, scope: PacketSet): View => ({
  vantage,
  verdicts: verdicts.within(scope),
  translations: translations.within(scope),
});

export const titleOf = (vantage: Vantage, device: Device): string => `from ${vantageWords(vantage, device)}`;

/** `the internet by wan0`, `inside by lan0, leaving by wan1`, `the device itself`, `localhost`. */
export function vantageWords(vantage: Vantage, device: Device): string {
  if (vantage.kind === 'localhost') return 'localhost';
  const way = vantage.leaving === undefined ? '' : `, leaving by ${vantage.leaving}`;
  if (vantage.kind === 'self') return `the device itself${way}`;
  const role = device.interfaces.find(({ name }) => name === vantage.name)?.role;
  return `${role === 'outside' ? 'the internet' : (role ?? 'elsewhere')} by ${vantage.name}${way}`;
}

/** What passes, then what it becomes. */
export function linesOf(view: View, device: Device): readonly string[] {
  const reachable = rowsOf(
    view.verdicts.map((verdict) => (verdict.is === 'allowed' ? 'allowed' : `UNKNOWN ${verdict.because}`)),
  );
  return [
    ...reachable.map(
      (row) =>
        `${row.value === 'allowed' ? '' : 'UNKNOWN '}${printRow(row)}${row.value === 'allowed' ? '' : `: ${row.value.slice('UNKNOWN '.length)}`}`,
    ),
    ...becomes(view, device),
  ];
}

export function printRow(row: Row<unknown>): string {
  return `${printDestinations(row.destinations, row.family)} ${printService(row.protocols, row.ports, row.sourcePorts)} from ${printAddresses(row.sources, row.family)}`;
}

/** Lines that say what allowed packets are when they leave. What leaves as it came has none. */
function becomes(view: View, device: Device): string[] {
  const lines: { readonly at: bigint; readonly wide: boolean; readonly text: string }[] = [];
  for (const { family, ranges, below } of view.translations.within(view.verdicts).groups('destination')) {
    const place = { at: ranges[0]!.first, wide: isWide(ranges, family) };
    const add = (sources: readonly Range[] | undefined, service: string, value: Translation): void => {
      lines.push(...outcome(family, ranges, sources, service, value, device).map((text) => ({ ...place, text })));
    };
    const perSource = below.groups('source').filter((group) => group.family === family);
    const [only, ...more] = below.values;
    // A source that is moved is only understood beside the sources it is moved from.
    if (only && more.length === 0 && only.source.is !== 'moved') add(undefined, '', only);
    else if (perSource.every((group) => group.below.values.length === 1)) {
      for (const [value, groups] of groupBy(perSource, (group) => group.below.values[0]!))
        add(joined(groups.flatMap((group) => group.ranges)), '', value);
    } else
      for (const row of rowsOf(below))
        if (row.family === family)
          add(row.sources, ` ${printService(row.protocols, row.ports, row.sourcePorts)}`, row.value);
  }
  return lines
    .sort((a, b) => Number(a.wide) - Number(b.wide) || (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
    .map(({ text }) => text);
}

function outcome(
  family: Family,
  destinations: readonly Range[],
  sources: readonly Range[] | undefined,
  service: string,
  value: Translation,
  device: Device,
): string[] {
  const to =
    value.destination.is === 'kept'
      ? itself(destinations, device)
      : ` is ${rewritten(value.destination, destinations).join(', ')}`;
  const port = value.port === 'kept' ? '' : ` port ${value.port}`;
  const from = sources ? ` from ${printAddresses(sources, family)}` : '';
  const as =
    value.source.is === 'kept'
      ? ''
      : `, seen as ${rewritten(value.source, sources ?? [FAMILY_RANGE[family]]).join(', ')}`;
  const free = value.sourcePort === 'free' ? ', source port not kept' : '';
  return to + port + as + free === ''
    ? []
    : [`${printDestinations(destinations, family)}${service}${from}${to}${port}${as}${free}`];
}

/** Only where every destination of the row is local is it said; else the row has hosts of both kinds and is told by its address. */
function itself(destinations: readonly Range[], device: Device): string {
  const local = localTo(device);
  const covered =
    device.forwarding &&
    destinations.every((range) => range.first === range.last && local.includes(range.first as Address));
  return covered ? ' is the device itself' : '';
}

/** What addresses of these ranges become. */
export function rewritten(
  rewrite: Exclude<Rewrite, { is: 'kept' }>,
  ranges: readonly Range[],
  print: (range: Range) => string = printRange,
  unclear = 'UNKNOWN',
): readonly string[] {
  switch (rewrite.is) {
    case 'set':
      return [print(point(rewrite.to))];
    case 'moved':
      return ranges.map(({ first, last }) => print({ first: first + rewrite.by, last: last + rewrite.by }));
    case 'unclear':
      return [`${unclear} (${rewrite.because})`];
    default:
      return rewrite satisfies never;
  }
}
