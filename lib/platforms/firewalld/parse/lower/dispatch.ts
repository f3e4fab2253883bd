import { LoweredRule } from '../../../../evaluator/ruleset-model';
import { FirewalldConfiguration, ParsedFirewalldPolicy, FirewalldZone } from '../files/configuration';
import { DispatchHook } from '../contents/chain-builder';
import { isAtLeast } from '../files/firewalld-version';

/** How a packet comes to the policies and the zone that decide about it. */
export interface PolicyDispatch {
  createRules(hook: DispatchHook): readonly LoweredRule[];
}

export const selectZones = (names: readonly string[], { zones }: FirewalldConfiguration): readonly FirewalldZone[] =>
  zones.filter(({ name }) => names.includes(name));

const isBound = ({ interfaces, sources }: FirewalldZone): boolean => interfaces.length + sources.length > 0;

/** Zones that rules are made for: from 2.0 on the default zone, too, where nothing is bound to it. */
export const isUsed = (zone: FirewalldZone, { fallback, version }: FirewalldConfiguration): boolean =>
  isBound(zone) || (zone === fallback && isAtLeast(version, '2.0'));

/** Whether each end of it is used. */
export function isActive(
  { from, to, isDisabled }: ParsedFirewalldPolicy,
  configuration: FirewalldConfiguration,
): boolean {
  const hasUsedEnd = (names: readonly string[]): boolean =>
    names.some((name) => name === 'ANY' || name === 'HOST') ||
    selectZones(names, configuration).some((zone) => isUsed(zone, configuration));
  return !isDisabled && hasUsedEnd(from) && hasUsedEnd(to);
}
