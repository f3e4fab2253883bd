import { NumberRange } from '../net/device';
import { remembered } from '../net/interned';
import { Range } from '../net/range';
import { Openings } from '../policy/policy';

/** One text per meaning, the name left aside: equal openings of two profiles are one set of rules. */
export const openingsKey = remembered(({ entries, blocked }: Openings): string => {
  const keys = entries.map(
    ({ protocol, ports, sources, management }) =>
      `${protocol} ${ports === 'all' ? 'all' : rangesKey(ports)} ${sources === 'anywhere' ? 'any' : rangesKey(sources)} ${management}`,
  );
  return `${keys.sort().join('; ')} but ${rangesKey(blocked)}`;
});

export const rangesKey = (ranges: readonly (Range | NumberRange)[]): string =>
  ranges.map(({ first, last }) => `${first}-${last}`).join(',');

/** What is left of openings where a device is closed. */
export const managementAlone = (openings: Openings): Openings => ({
  ...openings,
  entries: openings.entries.filter(({ management }) => management),
});
