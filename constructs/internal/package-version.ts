import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

let cachedVersion: { readonly version: string | undefined } | undefined;

/**
 * Returns the version of this package, from the nearest package.json with its name. Undefined if this file is bundled
 * into another program.
 */
export const getPackageVersion = (): string | undefined => (cachedVersion ??= { version: findVersion() }).version;

function findVersion(): string | undefined {
  for (let folder = __dirname; folder !== dirname(folder); folder = dirname(folder)) {
    try {
      const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<
        string,
        unknown
      >;
      if (name === 'cpanel-edge' && typeof version === 'string') return version;
    } catch {
      continue;
    }
  }
  return undefined;
}
