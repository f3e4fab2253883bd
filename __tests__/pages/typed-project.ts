// Creates projects in which tests type what a page of docs/ says.

import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { builtCommand, Printed } from '../built-command';
import { temporaryFolder } from '../temporary-folder';
import { terraformEnvironment } from '../terraform';
import { ROOT } from '../walls/sources';

const COMPILING = join(ROOT, 'scripts/typescript/register.js');

/**
 * Projects in a folder of their own, in which tests type a page's commands. `npm install` has already run, and `cdktf
 * synth` is replaced by the program alone.
 */
export function typedProjects() {
  const built = builtCommand();
  const folder = temporaryFolder();
  const modules = join(folder, 'node_modules');

  function program(name: string, ...lines: readonly string[]): void {
    const path = join(modules, '.bin', name);
    writeFileSync(path, ['#!/bin/sh', ...lines, ''].join('\n'));
    chmodSync(path, 0o755);
  }

  beforeAll(() => {
    for (const name of ['package.json', 'pipelines', 'docs']) symlinkSync(join(ROOT, name), join(built, name));
    mkdirSync(join(modules, '.bin'), { recursive: true });
    mkdirSync(join(modules, 'cpanel-edge'));
    for (const name of ['cdktf', 'constructs', '@cdktf'])
      symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
    writeFileSync(
      join(modules, 'cpanel-edge/index.js'),
      `module.exports = require('${join(ROOT, 'constructs/public')}');\n`,
    );
    program('cdktf', `exec '${process.execPath}' -r '${COMPILING}' main.ts`);
    program('cpanel-edge', `exec '${process.execPath}' '${join(built, 'cli/main.js')}' "$@"`);
    program('npx', '[ "$1" = --no-install ] && shift', 'exec "$@"');
    program(
      'npm',
      `exec sh -c "$('${process.execPath}' -p 'require("./package.json").scripts[process.argv[1]]' "$2")"`,
    );
  });

  /** Runs a line of a page as it is typed in a folder. */
  function type(line: string, at = '.', env: NodeJS.ProcessEnv = {}): Printed {
    const { status, stdout, stderr } = spawnSync('sh', ['-c', line], {
      cwd: join(folder, at),
      encoding: 'utf8',
      timeout: 240_000,
      maxBuffer: 1 << 26,
      env: terraformEnvironment({ COMPILING, PATH: `${join(modules, '.bin')}:${process.env['PATH']!}`, ...env }),
    });
    return { status, out: stdout, said: stderr };
  }

  return {
    folder,
    type,
    read: (path: string): string => readFileSync(join(folder, path), 'utf8'),
    write: (path: string, text: string): void => {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    },
  };
}
