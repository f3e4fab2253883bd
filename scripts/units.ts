// Parses the options --tier, --only and --list-json that all test programs take, and selects the units of a run
// (suites, faults, projects) by name.

import { readFileSync } from 'node:fs';

/**
 * The tier of a run: `npm test` runs the quick one, and the full one has everything. See contributing/testing.md.
 * A unit can run alone and has a unique name: a suite of the lab, a fault, a project of the package.
 */
export type Tier = 'quick' | 'full';

/** Options that every program of tests with tiers has, as parseArgs takes them. */
export const TIER_OPTIONS = {
  tier: { type: 'string' },
  'list-json': { type: 'boolean' },
  only: { type: 'string' },
} as const;

/** @throws where it is neither tier. */
export function parseTier(text: string | undefined): Tier | undefined {
  if (text === undefined || text === 'quick' || text === 'full') return text;
  throw new Error(`--tier takes quick or full, not "${text}".`);
}

/** The names in a file of --only. @throws where it isn't a JSON array of strings. */
export function readUnitNames(file: string | undefined): readonly string[] | undefined {
  if (file === undefined) return undefined;
  const names: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (Array.isArray(names) && names.every((name) => typeof name === 'string')) return names as readonly string[];
  throw new Error(`--only ${file}: a JSON array of names is expected, as --list-json prints it.`);
}

/**
 * Returns the units with these names, in the order of `units`; all units if `names` is undefined.
 * @throws with the names that no unit has.
 */
export function selectUnits<Unit>(
  units: readonly Unit[],
  getName: (unit: Unit) => string,
  names: readonly string[] | undefined,
): readonly Unit[] {
  if (names === undefined) return units;
  const known = new Set(units.map(getName));
  const unknown = names.filter((name) => !known.has(name));
  if (unknown.length > 0)
    throw new Error(`No unit of this tier has the name ${unknown.map((name) => `"${name}"`).join(', ')}.`);
  const wanted = new Set(names);
  return units.filter((unit) => wanted.has(getName(unit)));
}
