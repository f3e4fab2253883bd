// Tests that docs/reference/versions.md has the versions that the tests run and the package is installed with.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, read } from '../walls/sources';

/** Returns the row of one program. */
const rowOf = (name: string): string =>
  new RegExp(`^\\| ${name}[^|]*\\|([^|]*)\\|([^|]*)\\|$`, 'm').exec(read('docs/reference/versions.md'))![0];
const json = (path: string): Record<string, unknown> =>
  JSON.parse(readFileSync(join(ROOT, path), 'utf8')) as Record<string, unknown>;

test('the versions that tests run are on the page', () => {
  const dev = json('package.json')['devDependencies'] as Readonly<Record<string, string>>;
  expect(rowOf('Terraform')).toContain(json('scripts/terraform/release.json')['version']);
  expect(rowOf('cdktf')).toContain(dev['cdktf']);
  // Programs that are downloaded; 1.3.3 and 2.3.1 belong to the tested Debians.
  const fetched = [...read('scripts/need.sh').matchAll(/\bfirewalld_(\d+\.\d+\.\d+)-/g)].map(([, version]) => version!);
  expect(new Set(fetched).size).toBeGreaterThan(1);
  for (const version of fetched)
    expect(read('docs/reference/versions.md')).toMatch(new RegExp(`^\\|.*\\b${version}\\b.*\\| tests: `, 'm'));
});

test('the versions that the step package installs are on the page', () => {
  const projects = read('scripts/package/projects.ts') + read('scripts/package/installers.ts');
  const versions = (row: string): readonly string[] =>
    [...rowOf(row).matchAll(/\b\d+\.\d+\.\d+\b/g)].map(([version]) => version);
  const all = [
    ...versions('cdktn'),
    ...versions('constructs'),
    ...versions('TypeScript'),
    ...versions('what installs'),
  ];
  expect(all.length).toBeGreaterThan(9);
  expect(all.filter((version) => !projects.includes(version))).toEqual([]);
});
