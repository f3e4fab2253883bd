// Jest's reporter for `npm test`: a line for each failed suite, a count each minute, and the failures in full at the
// end.
/* eslint-disable @typescript-eslint/no-require-imports, no-undef -- Jest loads this before it can read TypeScript */
const { writeFileSync } = require('node:fs');
const { relative } = require('node:path');

const MINUTE = 60_000;

/**
 * A reporter of Jest's, for a pipe: a line for each suite that fails, a count each minute, and the failures in full at the end.
 * CPANEL_EDGE_TEST_COUNT names a file for the counts and a line for each failure; it is kept up to date each minute.
 */
module.exports = class {
  constructor({ rootDir, ci, testNamePattern }) {
    // A pattern leaves out most tests, and so most snapshots.
    this.asksSnapshots = ci && !testNamePattern;
    this.nameOf = (path) => relative(rootDir, path);
    this.running = new Map();
    this.ended = 0;
    this.passed = 0;
    this.failed = [];
    this.messages = [];
  }

  onRunStart({ numTotalTestSuites }) {
    this.suites = numTotalTestSuites;
    this.timer = setInterval(() => this.printCount(), MINUTE);
    this.timer.unref();
  }

  printCount() {
    const now = Date.now();
    const long = [...this.running].filter(([, since]) => now - since > MINUTE);
    const names = long.map(([path, since]) => `${this.nameOf(path)} for ${Math.round((now - since) / 1000)} s`);
    print(
      `${this.ended} of ${this.suites} suites: ${this.passed} passed, ${this.failed.length} failed${names.length > 0 ? `; in ${names.join(', ')}` : ''}`,
    );
    this.writeCount(long.map(([path]) => `${this.nameOf(path)}: didn't end`));
  }

  writeCount(unfinished) {
    const file = process.env.CPANEL_EDGE_TEST_COUNT;
    if (!file) return;
    const failures = [...this.failed, ...unfinished];
    writeFileSync(file, [`${this.passed} passed, ${failures.length} failed`, ...failures, ''].join('\n'));
  }

  onTestFileStart({ path }) {
    this.running.set(path, Date.now());
  }

  onTestFileResult({ path }, result) {
    const { numPassingTests, numFailingTests, testExecError, failureMessage, testResults, snapshot } = result;
    this.running.delete(path);
    this.ended += 1;
    this.passed += numPassingTests;
    const name = this.nameOf(path);
    // A suite that fails to load has no tests, and would otherwise not be counted.
    if (testExecError) this.failed.push(`${name}: ${toLine(testExecError.message)}`);
    for (const { status, fullName, failureMessages } of testResults)
      if (status === 'failed') this.failed.push(`${name}: ${fullName}: ${toLine(failureMessages[0])}`);
    // Jest fails for them, and reports them only in its summary, which isn't printed here.
    for (const key of this.asksSnapshots ? (snapshot?.uncheckedKeys ?? []) : []) {
      this.failed.push(`${name}: obsolete snapshot: ${key}`);
      print(`FAIL ${name}: no test has the snapshot "${key}"`);
    }
    if (!testExecError && numFailingTests === 0) return;
    print(`FAIL ${name}: ${testExecError ? 'does not load' : `${numFailingTests} failed`}`);
    this.messages.push(`FAIL ${name}\n${failureMessage ?? ''}`);
  }

  onRunComplete() {
    clearInterval(this.timer);
    this.writeCount([]);
    if (this.messages.length > 0) print(`\n${this.messages.join('\n')}`);
    print(`${this.ended} suites: ${this.passed} passed, ${this.failed.length} failed`);
  }
};

const print = (text) => void process.stdout.write(`${text}\n`);
const toLine = (text = '') => text.replace(/\s+/g, ' ').slice(0, 300);
