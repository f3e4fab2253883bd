// Builds the package (dist/) if a source file is newer, for `npm start`, the lab's tests and the fault tests.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { RunOptions, must } from '../command';

const SOURCES = ['constructs', 'lib', 'driver', 'cli', 'agent', 'package.json', 'tsconfig.json', 'tsconfig.build.json'];

function newest(path: string): number {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return 0;
  return stat.isDirectory()
    ? Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))))
    : stat.mtimeMs;
}

/** Builds the package: Terraform starts the built command, which must be that of these sources. */
export async function build(
  repository: string,
  options: Pick<RunOptions, 'watch' | 'group'> = {},
): Promise<'built' | 'up to date'> {
  const built = statSync(join(repository, 'dist/cli/main.js'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (built > Math.max(...SOURCES.map((path) => newest(join(repository, path))))) return 'up to date';
  await must(['npm', 'run', '--silent', 'build'], { cwd: repository, seconds: 600, ...options });
  return 'built';
}
