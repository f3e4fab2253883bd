import { Device, Vantage, entryKey, entryOf, sameEntry } from '../net/device';
import { PacketMap } from '../net/packet-map';
import { Exposure } from './exposure';
import { Scope, cutTo, linesOf } from './print';

/**
 * The same lines as `printExposure`, each once, with the vantages that it holds for behind it: `[wan0 lan0]`, and
 * `[lan0>wan1]` where it holds only for what leaves by wan1. One more open port changes exactly one line, which makes it the form
 * for snapshots.
 */
export function printTable(exposure: Exposure, device: Device, scope: Scope = () => PacketMap.ALL): string {
  const ways = new Map<string, number>();
  for (const { vantage } of exposure.views) ways.set(entryKey(vantage), (ways.get(entryKey(vantage)) ?? 0) + 1);
  const holding = new Map<string, Vantage[]>();
  for (const view of exposure.views) {
    for (const line of linesOf(cutTo(view, scope(view.vantage)), device)) {
      const vantages = holding.get(line);
      if (vantages) vantages.push(view.vantage);
      else holding.set(line, [view.vantage]);
    }
  }
  const lines = [...holding].map(([line, vantages]) => {
    const names = vantages.map((vantage) => {
      const every = vantages.filter((other) => sameEntry(other, vantage)).length === ways.get(entryKey(vantage));
      return every ? nameOf(entryOf(vantage)) : nameOf(vantage);
    });
    return `${line} [${[...new Set(names)].join(' ')}]\n`;
  });
  return lines.join('') || 'nothing\n';
}

function nameOf(vantage: Vantage): string {
  if (vantage.kind === 'localhost') return 'localhost';
  const name = vantage.kind === 'self' ? 'itself' : vantage.name;
  return vantage.leaving === undefined ? name : `${name}>${vantage.leaving}`;
}
