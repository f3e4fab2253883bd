import { availableParallelism } from 'node:os';
import type { Config } from 'jest';

// Every suite loads its modules anew. V8 would compile and optimize the same functions in each, and its threads for collecting compete with the
// other workers: with these arguments a worker takes a third less time. Jest starts its workers with these arguments.
process.execArgv.push('--interrupt-budget=1000000', '--max-semi-space-size=64', '--max-lazy', '--single-threaded-gc');

const config: Config = {
  testEnvironment: 'node',
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
  // Jest looks a global up in its sandbox each time. With these handed to every file, what decides over packets takes a third of the time.
  // Number and String are not among them: cdktf's readable-stream has constants of these names.
  sandboxInjectedGlobals: ['Array', 'BigInt', 'JSON', 'Map', 'Math', 'Object', 'RegExp', 'Set', 'WeakMap', 'WeakRef'],
  // It catches hangs alone: seconds of a test with a kernel are minutes on a busy machine.
  testTimeout: 300_000,
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/bench/built/'],
};

export default config;
