// The table of the steps of `npm test` and `npm run test:full`: command, tier, time limit, and the steps that come
// before.

import { readdirSync } from 'node:fs';
import { Tier } from '../units';

/** One part of a test run: a program that ends with status 0 if everything in it passed. */
export interface Step {
  readonly name: string;
  /** The steps that have to end before this one begins. Steps that wait for none of each other run at once. */
  readonly after: readonly string[];
  /** The step that has to pass, too. */
  readonly needs?: string;
  /** The tiers that have it. */
  readonly tiers: readonly Tier[];
  /**
   * A step that takes longer is ended and has failed: a test that hangs must not take a pipeline's time without a word.
   */
  readonly limitSeconds: number;
  readonly command: (tier: Tier) => readonly string[];
  readonly pieces?: Pieces;
}

/** The parts of a step that can run alone. A slice is made of them. */
export interface Pieces {
  /** A function that returns the names of all pieces of the full tier, or the command that prints them as JSON. */
  readonly list: (() => readonly string[]) | readonly string[];
  /** Seconds that one piece takes on average, on two processors. Only the size of slices depends on it. */
  readonly averageSeconds: (name: string) => number;
  /** The command that runs these pieces; `file` holds their names as a JSON array. */
  readonly command: (names: readonly string[], file: string) => readonly string[];
}

const BOTH: readonly Tier[] = ['quick', 'full'];
const node = (program: string, ...more: readonly string[]): readonly string[] => [
  'node',
  '-r',
  './scripts/typescript/register.js',
  program,
  ...more,
];
const lab = (program: string, ...more: readonly string[]): readonly string[] => [
  'sh',
  'scripts/lab-test.sh',
  program,
  ...more,
];
const unit = (...more: readonly string[]): readonly string[] => [
  'sh',
  'scripts/test/contained.sh',
  'npx',
  '--no-install',
  'jest',
  ...more,
];

export const STEPS: readonly Step[] = [
  {
    name: 'types',
    after: [],
    tiers: BOTH,
    limitSeconds: 1800,
    command: () => [
      'npx',
      '--no-install',
      'tsc',
      '--noEmit',
      '--incremental',
      '--tsBuildInfoFile',
      'node_modules/.cache/cpanel-edge/types',
    ],
  },
  { name: 'lint', after: [], tiers: BOTH, limitSeconds: 1800, command: () => ['sh', 'scripts/lint.sh'] },
  {
    name: 'build',
    after: ['types'],
    tiers: BOTH,
    limitSeconds: 1800,
    command: () => ['sh', 'scripts/build.sh', '--checked'],
  },
  {
    name: 'unit',
    after: ['build'],
    tiers: BOTH,
    limitSeconds: 7200,
    command: () => unit(),
    pieces: {
      list: listUnitSuites,
      averageSeconds: estimateSuite,
      command: (names) => unit('--runTestsByPath', ...names),
    },
  },
  {
    name: 'package',
    after: ['build'],
    needs: 'build',
    tiers: BOTH,
    limitSeconds: 3600,
    command: (tier) => ['sh', 'scripts/package-test.sh', '--tier', tier],
    pieces: {
      list: ['sh', 'scripts/package-test.sh', '--tier', 'full', '--list-json'],
      averageSeconds: () => 15,
      command: (_, file) => ['sh', 'scripts/package-test.sh', '--tier', 'full', '--only', file],
    },
  },
  {
    name: 'null-provider',
    after: ['package'],
    tiers: ['full'],
    limitSeconds: 1800,
    command: () => ['sh', 'scripts/null-provider/test.sh'],
    pieces: {
      list: () => ['all'],
      averageSeconds: () => 10,
      command: () => ['sh', 'scripts/null-provider/test.sh'],
    },
  },
  {
    // The lab waits for timers and connections for half of its time, so it runs beside unit.
    name: 'lab',
    after: ['package', 'null-provider'],
    needs: 'build',
    tiers: BOTH,
    limitSeconds: 7200,
    command: (tier) => lab('lab/tests/run.ts', '--tier', tier, '--jobs', tier === 'quick' ? '3' : '4'),
    pieces: {
      list: node('lab/tests/run.ts', '--tier', 'full', '--list-json'),
      averageSeconds: () => 35,
      command: (_, file) => lab('lab/tests/run.ts', '--tier', 'full', '--jobs', '4', '--only', file),
    },
  },
  {
    name: 'faults',
    after: ['lab'],
    needs: 'build',
    tiers: BOTH,
    limitSeconds: 7200,
    command: (tier) => lab('lab/faults/run.ts', '--tier', tier, '--jobs', '3'),
    pieces: {
      list: node('lab/faults/run.ts', '--tier', 'full', '--list-json'),
      averageSeconds: () => 6,
      command: (_, file) => lab('lab/faults/run.ts', '--tier', 'full', '--jobs', '3', '--only', file),
    },
  },
];

/** Exhaustive suites of agents start thousands of programs, under two shells. */
function estimateSuite(path: string): number {
  if (!path.endsWith('.full.test.ts')) return 1.2;
  return /\/(agent|program)\//.test(path) ? 18 : 8;
}

export function listUnitSuites(): readonly string[] {
  return readdirSync('__tests__', { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.test.ts'))
    .map((path) => `__tests__/${path}`);
}
