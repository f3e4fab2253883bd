// Prints a reachability as a table for snapshots: each line once, with the start locations that it holds for.

import { Device, StartLocation, toEntryKey, toEntryLocation, isSameEntry } from '../net/device';
import { PacketMap } from '../net/packet-map';
import { Reachability } from './reachability';
import { LocationScope, limitView, printView } from './print-reachability';

/**
 * Prints the same lines as `printReachability`, each once, followed by the start locations that it holds for: `[wan0
 * lan0]`, or `[lan0>wan1]` if it holds only for what leaves by wan1. One more open port changes exactly one line, so
 * this is the form for snapshots.
 */
export function printTable(
  reachability: Reachability,
  device: Device,
  scope: LocationScope = () => PacketMap.ALL,
): string {
  const locationCounts = new Map<string, number>();
  for (const { startLocation: location } of reachability.views)
    locationCounts.set(toEntryKey(location), (locationCounts.get(toEntryKey(location)) ?? 0) + 1);
  const byLine = new Map<string, StartLocation[]>();
  for (const view of reachability.views) {
    for (const line of printView(limitView(view, scope(view.startLocation)), device)) {
      const locations = byLine.get(line);
      if (locations) locations.push(view.startLocation);
      else byLine.set(line, [view.startLocation]);
    }
  }
  const lines = [...byLine].map(([line, locations]) => {
    const names = locations.map((location) => {
      const isForAll =
        locations.filter((other) => isSameEntry(other, location)).length === locationCounts.get(toEntryKey(location));
      return isForAll ? nameLocation(toEntryLocation(location)) : nameLocation(location);
    });
    return `${line} [${[...new Set(names)].join(' ')}]\n`;
  });
  return lines.join('') || 'nothing\n';
}

function nameLocation(location: StartLocation): string {
  if (location.kind === 'localhost') return 'localhost';
  const name = location.kind === 'self' ? 'itself' : location.name;
  return location.uplink === undefined ? name : `${name}>${location.uplink}`;
}
