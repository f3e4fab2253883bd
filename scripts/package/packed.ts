// usage: packed.ts TARBALL REPOSITORY: checks the packed tarball. Its files are exactly the expected ones, its
// programs are executable, its links lead to files in it, its declarations import no framework, and no file in it
// names the folder REPOSITORY. Also, README.md shows scripts/package/sample/main.ts.
import { deepStrictEqual, ok } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systems } from '../../lib/device-systems';
import { brokenLinks } from './broken-links';
import { promised } from './promised-files';

const [tarball, repository] = process.argv.slice(2) as [string, string];
const tar = (...args: readonly string[]): string => execFileSync('tar', args, { encoding: 'utf8', maxBuffer: 1 << 28 });

const files = tar('-tzf', tarball)
  .trim()
  .split('\n')
  .map((line) => line.replace(/^package\//, ''));
const surprising = files.filter(
  (file) =>
    !/^(package\.json|LICENSE|(CHANGELOG|README|SECURITY)\.md|dist\/(constructs|lib|driver|cli)\/[a-z0-9/-]+(\.d)?\.[jt]s|dist\/cli\/completion\.json|dist\/agent\/cpanel-edge-device(-[a-z]+)?|docs\/(README\.md|[a-z0-9/-]+\.(md|json))|pipelines\/(github|gitlab)\/cpanel-edge\.yml)$/.test(
      file,
    ),
);
deepStrictEqual(surprising, [], 'unexpected files are in the tarball');

const programs = Object.values(systems).map(({ agentProgram }) => `dist/agent/${agentProgram.built}`);
const expected = [
  ...promised(),
  ...programs,
  'dist/cli/completion.json',
  'CHANGELOG.md',
  'LICENSE',
  'README.md',
  'SECURITY.md',
  'docs/how-to/review.md',
  'docs/reference/schemas/rules-1.json',
  'pipelines/github/cpanel-edge.yml',
];
deepStrictEqual(
  expected.filter((file) => !files.includes(file)),
  [],
  'files that package.json promises are not in the tarball',
);

const modes = tar('-tvzf', tarball).split('\n');
for (const program of ['dist/cli/main.js', ...programs]) {
  ok(
    modes.some((line) => line.startsWith('-rwxr-xr-x') && line.endsWith(`/${program}`)),
    `${program} is not executable in the tarball`,
  );
}
ok(!tar('-xzOf', tarball).includes(repository), `the tarball names this machine's folder ${repository}`);

const unpacked = mkdtempSync(join(tmpdir(), 'cpanel-edge-packed-'));
try {
  tar('-xzf', tarball, '-C', unpacked);
  const declarations = files.filter((file) => file.endsWith('.d.ts'));
  deepStrictEqual(
    declarations.filter((file) =>
      /(?:from|import|require)\W+cdkt[fn]\b/.test(readFileSync(join(unpacked, 'package', file), 'utf8')),
    ),
    [],
    'declarations that import a framework, which a project may not have',
  );
  deepStrictEqual(brokenLinks(join(unpacked, 'package')), [], 'links lead to nothing in the tarball');
} finally {
  rmSync(unpacked, { recursive: true });
}

const sample = readFileSync('scripts/package/sample/main.ts', 'utf8');
ok(sample.split('\n').filter((line) => line !== '').length <= 12, 'the sample has more than 12 lines');
ok(
  readFileSync('README.md', 'utf8').includes(`\`\`\`ts\n${sample}\`\`\``),
  'the example in README.md is not scripts/package/sample/main.ts',
);
console.log(`package: ${files.length} files, all of them expected, and every link leads to one`);
