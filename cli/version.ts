import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** This package's version: of the nearest package.json above, which is the package's own, built or not. */
export function version(): string {
  for (let folder = __dirname; folder !== dirname(folder); folder = dirname(folder)) {
    try {
      const { name, version: found } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
        name?: string;
        version?: string;
      };
      if (name === 'cpanel-edge' && found !== undefined) return found;
    } catch {
      continue;
    }
  }
  return 'unknown';
}
