/* eslint-disable @typescript-eslint/no-require-imports, no-undef -- Jest loads this before it can read TypeScript */
const { writeFileSync } = require('node:fs');
const { relative } = require('node:path');

/** A reporter of Jest's: its counts in the line that test.sh adds up, and a line for whatever failed or came to no end. */
module.exports = class {
  constructor({ rootDir }) {
    this.begun = new Map();
    this.passed = 0;
    this.failed = [];
    this.nameOf = (path) => relative(rootDir, path);
    // A suite that hangs keeps its worker for ever. What stops it then has to be able to say which.
    process.once('SIGTERM', () => {
      for (const [path, since] of this.begun) this.failed.push(`${this.nameOf(path)}: not ended after ${seconds(since)} s`);
      this.onRunComplete();
      process.exit(143);
    });
  }

  onTestFileStart({ path }) {
    this.begun.set(path, Date.now());
  }

  onTestFileResult({ path }, { numPassingTests, testExecError, testResults }) {
    this.begun.delete(path);
    this.passed += numPassingTests;
    // A suite that does not even load has no tests and would otherwise count as nothing.
    if (testExecError) this.failed.push(`${this.nameOf(path)}: ${inALine(testExecError.message)}`);
    for (const { status, fullName, failureMessages } of testResults)
      if (status === 'failed') this.failed.push(`${this.nameOf(path)}: ${fullName}: ${inALine(failureMessages[0])}`);
  }

  onRunComplete() {
    writeFileSync(
      process.env.CPANEL_EDGE_TEST_COUNT,
      [`${this.passed} passed, ${this.failed.length} failed`, ...this.failed, ''].join('\n'),
    );
  }
};

const seconds = (since) => Math.round((Date.now() - since) / 1000);
const inALine = (text = '') => text.replace(/\s+/g, ' ').slice(0, 300);
