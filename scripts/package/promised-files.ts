// Lists the files that package.json promises in `bin` and `exports`, for the checks of the build and of the packed
// package.

import { readFileSync } from 'node:fs';

interface Package {
  readonly bin: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
}

/** Returns the files that `bin` and `exports` of package.json name, relative to it. */
export function promised(): string[] {
  const { bin, exports } = JSON.parse(readFileSync('package.json', 'utf8')) as Package;
  const paths = [
    ...Object.values(bin),
    ...Object.values(exports).flatMap((entry) => (typeof entry === 'string' ? [entry] : Object.values(entry))),
  ];
  return paths.map((path) => path.replace(/^\.\//, ''));
}
