// The settings by which the quick and the full tier of tests differ.

/**
 * The tier that runs. `npm test` runs the quick one: every suite but those named `*.full.test.ts`, with the settings below. Everything else
 * runs the full one, a single suite by `npx jest PATH` too.
 */
export const IS_QUICK = process.env['CPANEL_EDGE_TIER'] === 'quick';

/** The shells that stand for a device's /bin/sh: Debian's, and that of Enterprise Linux. */
export const DEVICE_SHELLS: readonly string[] = IS_QUICK ? ['dash'] : ['dash', 'bash'];

/** Seconds that each random property and each random walk may take; a suite has some of them. `RANDOM_SECONDS` names another number. */
export const RANDOM_SECONDS = Number(process.env['RANDOM_SECONDS'] ?? (IS_QUICK ? 0.25 : 60));

/**
 * Returns the rows of a table: the quick tier has `rows`, one of each kind and those of fixed bugs; the full tier adds
 * `more`.
 */
export function addFullRows<Row extends readonly unknown[] | readonly [unknown]>(
  rows: readonly Row[],
  more: readonly Row[],
): readonly Row[];
export function addFullRows<Row>(rows: readonly Row[], more: readonly Row[]): readonly Row[];
export function addFullRows<Row>(rows: readonly Row[], more: readonly Row[]): readonly Row[] {
  return IS_QUICK ? rows : [...rows, ...more];
}
