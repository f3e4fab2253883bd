// Computes keys by which equal lists of allow rules are found, so that hosts with equal rules share one chain. Also
// selects the management rules.

import { NumberRange } from '../net/device';
import { memoize } from '../net/intern-tables';
import { Range } from '../net/range';
import { AllowRules } from '../policy/policy';

/** Returns a key that is equal for equal allow rules, whatever their name: equal rules of two profiles are one set. */
export const toAllowRulesKey = memoize(({ entries, blocked }: AllowRules): string => {
  const keys = entries.map(
    ({ protocol, ports, sources, management }) =>
      `${protocol} ${ports === 'all' ? 'all' : toRangesKey(ports)} ${sources === 'anywhere' ? 'any' : toRangesKey(sources)} ${management}`,
  );
  return `${keys.sort().join('; ')} but ${toRangesKey(blocked)}`;
});

export const toRangesKey = (ranges: readonly (Range | NumberRange)[]): string =>
  ranges.map(({ first, last }) => `${first}-${last}`).join(',');

/** Returns the allow rules that remain while a device is closed. */
export const keepManagementRules = (rules: AllowRules): AllowRules => ({
  ...rules,
  entries: rules.entries.filter(({ management }) => management),
});
