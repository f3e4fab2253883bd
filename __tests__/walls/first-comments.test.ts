// Tests that every source file begins with a comment about it.

import { filesUnder, read } from './sources';

const ROOMS = ['agent', 'bench', 'cli', 'constructs', 'driver', 'lab', 'lib', 'scripts', 'stacks'];

const IMPORTS =
  /^(?:\s*(?:\/\* eslint[^\n]*\*\/\s*\n|import [^;]*;\s*\n|export (?:\*|\{[^}]*\}|type \{[^}]*\}) from [^;]*;\s*\n))+/;

/** Whether a file begins with a header, or its first declaration is an export with a docstring. */
function saysFirst(file: string): boolean {
  const text = read(file).replace(/^(?:#![^\n]*\n)?(?:<\?php\s*\n)?/, '');
  if (!file.endsWith('.ts')) return /^\s*(?:#|\/\/)/.test(text);
  return (
    /^\s*\/\/|^\/\*\*(?:(?!\*\/)[^])*\*\/\n\n/.test(text) ||
    /^\s*\/\*\*(?:(?!\*\/)[^])*\*\/\s*\n\s*export\b/.test(text.replace(IMPORTS, ''))
  );
}

test('every file begins with a comment about its content', () => {
  // The README shows the sample as it is.
  const files = ROOMS.flatMap((room) => filesUnder(room, /\.(ts|sh|php)$/)).filter(
    (file) => file !== 'scripts/package/sample/main.ts',
  );
  expect(files.length).toBeGreaterThan(1000);
  expect(files.filter((file) => !saysFirst(file))).toEqual([]);
});
