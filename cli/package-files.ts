import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Of this package: the folder of the nearest package.json above, which is the package's own, built or not. */
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

/** A file of the package that is no code, by its path in it. Throws where it isn't there: then the installation is broken. */
export const readPackaged = (path: string): string => readFileSync(resolveInPackage(path), 'utf8');

/** The texts of all files in one of its folders. */
export function readPackagedFolder(folder: string): readonly string[] {
  const at = resolveInPackage(folder);
  return readdirSync(at).map((name) => readFileSync(join(at, name), 'utf8'));
}

const resolveInPackage = (path: string): string => join(findPackage()?.folder ?? __dirname, path);
