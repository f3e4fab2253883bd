// Writes a project that depends on the packed package, as a user would have it: files of `projects/` or of `cdktf
// init`, the sample main.ts, and package.json. All import the project's framework. For run-projects.ts.

import { cpSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Project } from './projects';

const TEMPLATE = 'node_modules/@cdktf/cli-core/templates/typescript';

/**
 * Writes a project to `folder`: the template's files with the names that `cdktf init` fills in, then the project's own.
 */
export function makeProject(
  { files, framework, dependencies, devDependencies }: Project,
  tarball: string,
  folder: string,
): void {
  mkdirSync(folder);
  if (files === 'template') {
    cpSync(TEMPLATE, folder, { recursive: true });
    for (const forInit of ['.hooks.sscaff.js', 'help']) rmSync(join(folder, forInit));
    renameSync(join(folder, '{{}}.gitignore'), join(folder, '.gitignore'));
    edit(join(folder, 'package.json'), (text) => text.replace('{{ $base }}', 'fresh'));
  }
  cpSync(join('scripts/package/projects', files), folder, { recursive: true });
  cpSync('scripts/package/sample/main.ts', join(folder, 'main.ts'));
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => /\.[jt]s$/.test(path)))
    edit(join(folder, file), (text) => text.replace(/(['"])cdktf\b/g, `$1${framework}`));
  const all = { dependencies: { ...dependencies, 'cpanel-edge': `file:${tarball}` }, devDependencies };
  edit(join(folder, 'package.json'), (text) => JSON.stringify({ ...(JSON.parse(text) as object), ...all }, null, 2));
}

const edit = (path: string, change: (text: string) => string): void =>
  writeFileSync(path, change(readFileSync(path, 'utf8')));
