// usage: built.ts FOLDER: fails unless FOLDER has every file that package.json promises in dist/.
import { existsSync } from 'node:fs';
import { promised } from './promised-files';

const [folder] = process.argv.slice(2) as [string];
const missing = promised().filter((path) => !existsSync(path.replace(/^dist\//, `${folder}/`)));
if (missing.length > 0) {
  console.error(`build: promised by package.json and not built: ${missing.join(', ')}`);
  process.exitCode = 1;
}
