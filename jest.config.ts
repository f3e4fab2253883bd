import type { Config } from 'jest';

const config: Config = {
  testEnvironment: 'node',
  roots: ['<rootDir>/__tests__'],
  // Jest's default would run support.ts and every intent.ts as a suite.
  testMatch: ['<rootDir>/__tests__/**/*.test.ts'],
  transform: { '\\.ts$': '<rootDir>/scripts/typescript/compile.js' },
  testSequencer: '<rootDir>/__tests__/slow-first.js',
  // Many suites wait for devices, and Jest's default leaves one processor of two alone.
  maxWorkers: '100%',
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/bench/built/'],
};

export default config;
