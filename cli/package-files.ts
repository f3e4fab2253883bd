// Returns the version of this package, and the texts of its files that aren't code.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Returns the folder and the version of this package: the nearest package.json above is its own, built or not. */
function findPackage(): { readonly folder: string; readonly version: string } | undefined {
  for (let folder = __dirname; folder !== dirname(folder); folder = dirname(folder)) {
    try {
      const { name, version: packageVersion } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
        name?: string;
        version?: string;
      };
      if (name === 'cpanel-edge' && packageVersion !== undefined) return { folder, version: packageVersion };
    } catch {
      continue;
    }
  }
  return undefined;
}

export const getVersion = (): string => findPackage()?.version ?? 'unknown';

/**
 * Returns the text of a file of the package that is no code, by its path in the package.
 * @throws where the file isn't there: then the installation is broken
 */
export const readPackaged = (path: string): string => readFileSync(resolveInPackage(path), 'utf8');

const resolveInPackage = (path: string): string => join(findPackage()?.folder ?? __dirname, path);
