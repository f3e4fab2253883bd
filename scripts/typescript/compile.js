// Compiles TypeScript to JavaScript without type checks, and keeps the result in a cache, for register.js and Jest.
/* eslint-disable @typescript-eslint/no-require-imports, no-undef -- Node loads this before it can read TypeScript */
const { createHash } = require('node:crypto');
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const { dirname, join, relative } = require('node:path');

const ROOT = join(__dirname, '..', '..');
const CACHE = join(ROOT, 'node_modules', '.cache', 'cpanel-edge');
const read = (...path) => readFileSync(join(ROOT, ...path), 'utf8');
const TSCONFIG = read('tsconfig.json');
const settings = `${TSCONFIG}\n${read('node_modules', 'typescript', 'package.json')}\n${read('scripts', 'typescript', 'compile.js')}\n`;

const keyOf = (text) => createHash('sha256').update(settings).update(text).digest('hex');

/** A file's text as JavaScript, without a look at its types. One of this checkout is compiled once for all processes that run it. */
function compiled(text, file) {
  const within = relative(ROOT, file);
  if (within.startsWith('..')) return transpiled(text, file);
  const kept = join(CACHE, `${within}.js`);
  const key = keyOf(text);
  const before = readOrNothing(kept);
  if (before.startsWith(key)) return before.slice(key.length + 1);
  const code = transpiled(text, file);
  try {
    mkdirSync(dirname(kept), { recursive: true });
    const [, map] = /sourceMappingURL=data:application\/json;base64,(\S+)\s*$/.exec(code);
    replaceFile(sourceMapOf(file), Buffer.from(map, 'base64'));
    replaceFile(kept, `${key}\n${code}`);
  } catch {
    // The cache may belong to another user, for example after `sudo npm start`: the result is the same without it.
  }
  return code;
}

/** The path at which `compiled` keeps the source map of a file, as JSON. */
const sourceMapOf = (file) => join(CACHE, `${relative(ROOT, file)}.map`);

/** Others may read or write it at this moment. */
function replaceFile(file, content) {
  writeFileSync(`${file}.${process.pid}`, content);
  renameSync(`${file}.${process.pid}`, file);
}

function readOrNothing(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function transpiled(text, fileName) {
  const ts = require('typescript');
  const { config } = ts.parseConfigFileTextToJson('tsconfig.json', TSCONFIG);
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, ROOT);
  const compilerOptions = { ...options, noEmit: false, inlineSourceMap: true, inlineSources: true };
  return ts.transpileModule(text, { compilerOptions, fileName }).outputText;
}

module.exports = {
  compiled,
  sourceMapOf,
  process: (text, file) => ({ code: compiled(text, file) }),
  getCacheKey: (text, file) => keyOf(`${file}\n${text}`),
};
