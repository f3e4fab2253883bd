// Jest's filter for `npm test -- --changed`: leaves out slow suites.
/* eslint-disable @typescript-eslint/no-require-imports, no-undef -- Jest loads this before it can read TypeScript */
const { isSlow } = require('./slow-first');

/** For `npm test -- --changed`: a filter of Jest's. */
module.exports = (paths) => {
  const quick = paths.filter((path) => !isSlow(path));
  if (quick.length < paths.length)
    console.error(`left for npm test: ${paths.length - quick.length} slow suites that the change touches`);
  return { filtered: quick.map((test) => ({ test })) };
};
