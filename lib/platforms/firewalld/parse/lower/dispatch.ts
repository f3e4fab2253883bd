// Finds the zones and policies of firewalld that are in use. The type PolicyDispatch creates the rules that send a
// packet to them: `zone-dispatch.ts` before firewalld 2.0, `binding-dispatch.ts` from 2.0 on.

import { LoweredRule } from '../../../../evaluator/ruleset-model';
import { FirewalldConfiguration, ParsedFirewalldPolicy, FirewalldZone } from '../files/firewalld-configuration';
import { DispatchHook } from '../contents/chain-builder';
import { isAtLeast } from '../files/firewalld-version';

/** Creates the rules that lead a packet to its policies and its zone. */
export interface PolicyDispatch {
  createRules(hook: DispatchHook): readonly LoweredRule[];
}

export const selectZones = (names: readonly string[], { zones }: FirewalldConfiguration): readonly FirewalldZone[] =>
  zones.filter(({ name }) => names.includes(name));

const isBound = ({ interfaces, sources }: FirewalldZone): boolean => interfaces.length + sources.length > 0;

/**
 * Returns whether firewalld makes rules for the zone. From 2.0 on it does for the default zone, too, even if nothing is
 * bound to it.
 */
export const isUsed = (zone: FirewalldZone, { fallback, version }: FirewalldConfiguration): boolean =>
  isBound(zone) || (zone === fallback && isAtLeast(version, '2.0'));

/** Returns whether the policy is enabled and both of its ends are in use. */
export function isActive(
  { from, to, isDisabled }: ParsedFirewalldPolicy,
  configuration: FirewalldConfiguration,
): boolean {
  const hasUsedEnd = (names: readonly string[]): boolean =>
    names.some((name) => name === 'ANY' || name === 'HOST') ||
    selectZones(names, configuration).some((zone) => isUsed(zone, configuration));
  return !isDisabled && hasUsedEnd(from) && hasUsedEnd(to);
}
