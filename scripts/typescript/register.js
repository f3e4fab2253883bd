// Lets Node run TypeScript: node -r ./scripts/typescript/register.js FILE.ts. Files that were compiled before come
// from the cache.
/* eslint-disable @typescript-eslint/no-require-imports, no-undef -- Node loads this before it can read TypeScript */
const { readFileSync } = require('node:fs');
const { compiled } = require('./compile');

process.setSourceMapsEnabled(true);
require.extensions['.ts'] = (module, file) => module._compile(compiled(readFileSync(file, 'utf8'), file), file);
