// Loads a module of lib in which one of its modules has another text, so that a mutant runs beside the real code. Also
// lists and reads the source files.

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import * as ts from 'typescript';

/** The unchanged modules. */
export const shared = createRequire(__filename);

export const ROOT = join(__dirname, '..', '..');

/** A module of `lib` with another text. */
interface Changed {
  readonly file: string;
  readonly text: string;
}

type Exports = Readonly<Record<string, unknown>>;
type Body = (exports: object, require: (specifier: string) => unknown, module: { exports: object }) => void;

export const textOf = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

/** Every file of a folder, as paths from the root. */
export const filesOf = (folder: string): readonly string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => join(folder, path))
    .sort();

/** The file of a relative import. */
function leadsTo(file: string, specifier: string): string {
  const path = relative(ROOT, resolve(ROOT, dirname(file), specifier));
  return existsSync(join(ROOT, `${path}.ts`)) ? `${path}.ts` : join(path, 'index.ts');
}

const importersOf = once((): ReadonlyMap<string, readonly string[]> => {
  const importers = new Map<string, string[]>();
  for (const file of filesOf('lib')) {
    for (const { fileName } of ts.preProcessFile(textOf(file), true, true).importedFiles) {
      if (!fileName.startsWith('.')) continue;
      const to = leadsTo(file, fileName);
      importers.set(to, [...(importers.get(to) ?? []), file]);
    }
  }
  return importers;
});

/** The file and all files that import it, directly or not. */
function dependentsOf(file: string): ReadonlySet<string> {
  const found = new Set([file]);
  for (const one of found) for (const importer of importersOf().get(one) ?? []) found.add(importer);
  return found;
}

const bodies = new Map<string, Body>();

function bodyOf(file: string, text: string): Body {
  const { outputText } = ts.transpileModule(text, {
    fileName: file,
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS },
  });
  return new Function('exports', 'require', 'module', outputText) as Body;
}

function knownBody(file: string): Body {
  let body = bodies.get(file);
  if (!body) bodies.set(file, (body = bodyOf(file, textOf(file))));
  return body;
}

/**
 * The exports of `entry` if one module has another text. Modules that don't depend on that module are the shared
 * instances, so that packet sets stay comparable; `given` replace modules as they are.
 */
export function loaded(entry: string, changed: Changed, given: Readonly<Record<string, Exports>> = {}): Exports {
  const anew = new Set([
    ...dependentsOf(changed.file),
    ...Object.keys(given).flatMap((file) => [...dependentsOf(file)]),
  ]);
  const made = new Map<string, { exports: object }>();
  const load = (file: string): unknown => {
    if (given[file]) return given[file];
    if (!anew.has(file)) return shared(join(ROOT, file));
    const known = made.get(file);
    if (known) return known.exports;
    const module = { exports: {} };
    made.set(file, module);
    const body = file === changed.file ? bodyOf(file, changed.text) : knownBody(file);
    body(
      module.exports,
      (specifier) => (specifier.startsWith('.') ? load(leadsTo(file, specifier)) : shared(specifier)),
      module,
    );
    return module.exports;
  };
  return load(entry) as Exports;
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
