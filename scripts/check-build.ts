// usage: check-build.ts FOLDER: everything that package.json promises to be in dist/ must be in FOLDER.
import { existsSync, readFileSync } from 'node:fs';

interface Package {
  readonly bin: Record<string, string>;
  readonly exports: Record<string, string | Record<string, string>>;
}

const [folder] = process.argv.slice(2) as [string];
const { bin, exports } = JSON.parse(readFileSync('package.json', 'utf8')) as Package;
const promised = [
  ...Object.values(bin),
  ...Object.values(exports).flatMap((entry) => (typeof entry === 'string' ? [entry] : Object.values(entry))),
];
const missing = promised.filter((path) => !existsSync(path.replace(/^(\.\/)?dist\//, `${folder}/`)));
if (missing.length > 0) {
  console.error(`build: promised by package.json and not built: ${missing.join(', ')}`);
  process.exitCode = 1;
}
