import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Of this package: the folder of the nearest package.json above, which is the package's own, built or not. */
function own(): { readonly folder: string; readonly version: string } | undefined {
  for (let folder = __dirname; folder !== dirname(folder); folder = dirname(folder)) {
    try {
      const { name, version: found } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
        name?: string;
        version?: string;
      };
      if (name === 'cpanel-edge' && found !== undefined) return { folder, version: found };
    } catch {
      continue;
    }
  }
  return undefined;
}

export const version = (): string => own()?.version ?? 'unknown';

/** A file of the package that is no code, by its path in it. Throws where it isn't there: then the installation is broken. */
export const packaged = (path: string): string => readFileSync(inPackage(path), 'utf8');

/** The texts of all files in one of its folders. */
export function packagedIn(folder: string): readonly string[] {
  const at = inPackage(folder);
  return readdirSync(at).map((name) => readFileSync(join(at, name), 'utf8'));
}

const inPackage = (path: string): string => join(own()?.folder ?? __dirname, path);
