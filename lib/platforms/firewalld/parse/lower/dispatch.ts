import { LoweredRule } from '../../../../evaluator/model';
import { Configuration, Policy, Zone } from '../files/configuration';
import { Way } from '../contents/contents';
import { atLeast } from '../files/version';

/** How a packet comes to the policies and the zone that decide about it. */
export interface Dispatch {
  led(way: Way): readonly LoweredRule[];
}

export const zonesOf = (names: readonly string[], { zones }: Configuration): readonly Zone[] =>
  zones.filter(({ name }) => names.includes(name));

const isBound = ({ interfaces, sources }: Zone): boolean => interfaces.length + sources.length > 0;

/** Zones that rules are made for: from 2.0 on the default zone, too, where nothing is bound to it. */
export const isUsed = (zone: Zone, { fallback, version }: Configuration): boolean =>
  isBound(zone) || (zone === fallback && atLeast(version, '2.0'));

/** Whether each end of it is used. */
export function isActive({ from, to, isDisabled }: Policy, configuration: Configuration): boolean {
  const isThere = (names: readonly string[]): boolean =>
    names.some((name) => name === 'ANY' || name === 'HOST') ||
    zonesOf(names, configuration).some((zone) => isUsed(zone, configuration));
  return !isDisabled && isThere(from) && isThere(to);
}
