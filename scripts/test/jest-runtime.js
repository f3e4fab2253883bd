// Jest's runtime for this repository: loads everything that is no test by Node's own `require`, once for all suites
// of a worker.
/* eslint-disable @typescript-eslint/no-require-imports, no-undef -- Jest loads this before it can read TypeScript */
const { createRequire, isBuiltin } = require('node:module');
const { join, sep } = require('node:path');
const Runtime = require('jest-runtime').default;
const { sourceMapOf } = require('../typescript/compile.js');
require('../typescript/register.js');

const TESTS = join(__dirname, '..', '..', '__tests__') + sep;

/**
 * Loads what is not a test by Node's own `require`, which keeps it for the worker's next suites. V8 compiles and optimizes it once, too.
 * In an environment with globals of its own, Jest loads everything anew: its `Error` is another one than the program's.
 */
module.exports = class extends Runtime {
  requireModule(from, name, options, isActual) {
    const isJests = name === undefined || options?.isInternalModule || this._environment.global !== globalThis;
    if (!isJests && !isBuiltin(name)) {
      const load = createRequire(from);
      const path = load.resolve(name);
      if (!path.startsWith(TESTS)) return load(path);
    }
    return super.requireModule(from, name, options, isActual);
  }

  /** For the lines of a failure's stack. */
  getSourceMaps() {
    const ofTests = super.getSourceMaps();
    return { get: (file) => ofTests.get(file) ?? sourceMapOf(file) };
  }
};
