import { NumberRange } from '../net/device';
import { memoize } from '../net/intern-tables';
import { Range } from '../net/range';
import { AllowRules } from '../policy/policy';

/** One text per meaning, the name left aside: equal openings of two profiles are one set of rules. */
export const toAllowRulesKey = memoize(({ entries, blocked }: AllowRules): string => {
  const keys = entries.map(
    ({ protocol, ports, sources, management }) =>
      `${protocol} ${ports === 'all' ? 'all' : toRangesKey(ports)} ${sources === 'anywhere' ? 'any' : toRangesKey(sources)} ${management}`,
  );
  return `${keys.sort().join('; ')} but ${toRangesKey(blocked)}`;
});

export const toRangesKey = (ranges: readonly (Range | NumberRange)[]): string =>
  ranges.map(({ first, last }) => `${first}-${last}`).join(',');

/** What is left of openings where a device is closed. */
export const keepManagementRules = (rules: AllowRules): AllowRules => ({
  ...rules,
  entries: rules.entries.filter(({ management }) => management),
});
