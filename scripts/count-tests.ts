// usage: count-tests.ts JEST-REPORT COUNT-FILE: jest's own counts, in the one line that test.sh adds up.
import { readFileSync, writeFileSync } from 'node:fs';

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numRuntimeErrorTestSuites: number;
}

const [report, count] = process.argv.slice(2) as [string, string];
const found = JSON.parse(readFileSync(report, 'utf8')) as Report;
// A suite that does not even load has no tests and would otherwise count as nothing.
writeFileSync(count, `${found.numPassedTests} passed, ${found.numFailedTests + found.numRuntimeErrorTestSuites} failed\n`);
