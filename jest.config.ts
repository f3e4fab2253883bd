// Jest's configuration: which suites the two tiers have, how TypeScript is compiled, reporters, workers and time
// limits.

import { availableParallelism } from 'node:os';
import type { Config } from 'jest';

// V8 would optimize functions that a suite calls a few times, and its threads for collecting compete with the other workers: with these arguments
// the suites take a quarter less time. Jest starts its workers with these arguments.
process.execArgv.push('--interrupt-budget=1000000', '--max-semi-space-size=64', '--max-lazy', '--single-threaded-gc');

const config: Config = {
  // A worker loads the program once for all of its suites: they take half the time. A suite that mocks a module, or that loads one anew, begins
  // with `@jest-environment node` and gets everything for itself.
  testEnvironment: 'node-single-context',
  runtime: '<rootDir>/scripts/test/jest-runtime.js',
  roots: ['<rootDir>/__tests__'],
  // Jest's default would run support.ts and every intent.ts as a suite.
  testMatch: ['<rootDir>/__tests__/**/*.test.ts'],
  // A suite of the full tier alone is named *.full.test.ts; __tests__/tier.ts has what else differs between the tiers.
  testPathIgnorePatterns: process.env['CPANEL_EDGE_TIER'] === 'quick' ? ['[.]full[.]test[.]ts$'] : [],
  transform: { '\\.ts$': '<rootDir>/scripts/typescript/compile.js' },
  // On a terminal a person watches the suites; a log has room for what failed.
  reporters:
    process.stdout.isTTY && !process.env['CPANEL_EDGE_TEST_COUNT']
      ? ['default']
      : ['<rootDir>/scripts/test/jest-reporter.js'],
  cacheDirectory: '<rootDir>/node_modules/.cache/cpanel-edge/jest',
  testSequencer: '<rootDir>/__tests__/slow-first.js',
  // Many suites wait for devices: as many workers as processors would leave some of them with nothing to do.
  maxWorkers: availableParallelism() * 2,
  workerIdleMemoryLimit: '1.5GB',
  // It catches hangs alone: seconds of a test with a kernel are minutes on a busy machine.
  testTimeout: 300_000,
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/bench/built/'],
};

export default config;
