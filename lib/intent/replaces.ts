import { KnownPlatform } from './device-parts';
import { Place, entriesOf, textOf } from './fields';
import * as say from './problems/shape';

/** It has no platform of its own: it is read by what runs. */
const UFW = 'ufw';

/** Firewalls of a server that give way, each once and in one order, however they were written. */
export function replacesOf(value: unknown, place: Place, platforms: readonly KnownPlatform[]): readonly string[] {
  const firewalls = [UFW, ...platforms.flatMap(({ id, givesWay }) => (givesWay ? [id] : []))];
  const told = new Map<string, string>();
  entriesOf(value, place, 'A list such as ["ufw"]', 'At least one firewall, or no "replaces" at all.', (entry, at) => {
    const firewall = textOf(entry, at, firewalls.map((one) => `"${one}"`).join(' or '));
    if (firewall === undefined) return undefined;
    if (!firewalls.includes(firewall)) return at.add(say.unknownChoice(at.where, firewall, firewalls));
    const earlier = told.get(firewall);
    if (earlier !== undefined) return at.add(say.duplicate(at.where, 'a firewall', firewall, earlier));
    told.set(firewall, at.where);
    return undefined;
  });
  return firewalls.filter((one) => told.has(one));
}
