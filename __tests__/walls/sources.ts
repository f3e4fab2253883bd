// Helpers for the tests of imports between folders: list source files and their imports, and find import circles, uses
// of clock, randomness, files or environment, names of platforms in code, and state that a module changes.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';
import { parsablePlatforms } from '../../lib/registry';

export const ROOT = join(__dirname, '../..');
const GENERATED = new Set(['node_modules', 'dist', 'dist.new', 'built', 'results', 'cdktf.out', 'coverage', '.git']);

export function filesUnder(folder: string, ending: RegExp): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory())
      return GENERATED.has(entry.name) || entry.name.startsWith('cdktf.out') ? [] : filesUnder(path, ending);
    return ending.test(entry.name) ? [path] : [];
  });
}

export const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
export const importsOf = (text: string): string[] =>
  ts.preProcessFile(text, true, true).importedFiles.map((found) => found.fileName);

/** Each circle from one of its files back to it; a file that only imports a circle is in none. */
export function circlesIn(imports: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const circles: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    const from = path.indexOf(file);
    if (from >= 0) circles.push([...path.slice(from), file].join(' > '));
    if (from >= 0 || done.has(file)) return;
    const next = imports.get(file) ?? imports.get(`${file}/index`) ?? [];
    for (const one of next) visit(one, [...path, file]);
    done.add(file);
  };
  for (const file of imports.keys()) visit(file, []);
  return circles;
}

/** Globals by which a file would see a clock, randomness, a file or the environment without importing anything. */
const WORLD = [
  'process',
  'Date',
  'performance',
  'Buffer',
  'require',
  'globalThis',
  'setTimeout',
  'setInterval',
  '__dirname',
  'crypto',
  'Intl',
];

export function worldSeenBy(text: string): string[] {
  const seen: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAccessExpression(node) && node.getText(file) === 'Math.random') seen.push('Math.random');
    if (ts.isIdentifier(node) && WORLD.includes(node.text) && isReference(node)) seen.push(node.text);
    ts.forEachChild(node, visit);
  };
  const file = ts.createSourceFile('x.ts', text, ts.ScriptTarget.ES2022, true);
  visit(file);
  return seen;
}

/** Whether the name is used as a value, not as a key, a property or a declaration. */
function isReference(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isShorthandPropertyAssignment(parent)) return true;
  if (ts.isTypeNode(parent) || ts.isImportSpecifier(parent) || ts.isExportSpecifier(parent)) return false;
  return (parent as { name?: ts.Node }).name !== node;
}

/** Ids of platforms as strings and properties in code; sentences may name any platform. */
export function platformsNamedIn(text: string): string[] {
  const named: string[] = [];
  const visit = (node: ts.Node): void => {
    if ((ts.isStringLiteralLike(node) || ts.isIdentifier(node)) && Object.hasOwn(parsablePlatforms, node.text))
      named.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('x.ts', text, ts.ScriptTarget.ES2022, true));
  return named;
}

const CHANGES = ['set', 'add', 'delete', 'clear', 'push', 'pop', 'shift', 'unshift', 'splice', 'sort', 'reverse'];

/** State of a module that changes: `let`, and maps, sets and lists that grow. A weak map ends with its keys. */
export function changedByModule(text: string): string[] {
  const file = ts.createSourceFile('x.ts', text, ts.ScriptTarget.ES2022, true);
  const declared = file.statements.filter(ts.isVariableStatement).flatMap(({ declarationList }) =>
    declarationList.declarations.map(({ name, initializer }) => ({
      name: name.getText(file),
      isLet: (declarationList.flags & ts.NodeFlags.Let) !== 0,
      isWeak:
        initializer !== undefined &&
        ts.isNewExpression(initializer) &&
        /^Weak(Map|Set)$/.test(initializer.expression.getText(file)),
    })),
  );
  const held = new Set(declared.filter(({ isLet, isWeak }) => !isLet && !isWeak).map(({ name }) => name));
  const changed = new Set(declared.filter(({ isLet }) => isLet).map(({ name }) => name));
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      const { expression, name } = node.expression;
      if (ts.isIdentifier(expression) && CHANGES.includes(name.text) && held.has(expression.text))
        changed.add(expression.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return [...changed];
}
