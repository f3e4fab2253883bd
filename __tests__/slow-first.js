// Jest's sequencer that starts slow suites first, by what their text uses (processes, kernels, random tests).
/* eslint-disable @typescript-eslint/no-require-imports, no-undef -- Jest loads this before it can read TypeScript */
const { readFileSync } = require('node:fs');
const { default: Sequencer } = require('@jest/test-sequencer');

/** Asks for more time than Jest gives, starts processes, has a device or a kernel, or tries random things. */
const isSlow = (path) =>
  /^jest\.setTimeout\(|from '(node:child_process|[./]+(randomly|built-command|terraform)|[./]+[\w/-]*(daemon|kernel|real-terraform|under-shell|machine|namespaces|place))'/m.test(
    readFileSync(path, 'utf8'),
  );

/** One that is slow and begun last would leave all processors but one with nothing to do. */
module.exports = class extends Sequencer {
  static isSlow = isSlow;

  sort(tests) {
    const sorted = super.sort(tests);
    return [...sorted.filter(({ path }) => isSlow(path)), ...sorted.filter(({ path }) => !isSlow(path))];
  }
};
