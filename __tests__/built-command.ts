import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { programOf } from '../driver/program';
import { compiled } from '../scripts/typescript/compile';
import { temporaryFolder } from './temporary-folder';

/**
 * A folder with the command as Terraform starts it, cli/main.js, for the tests of one file. Compiled once, without types and without
 * the build: every start by ts-node takes seconds. `beside`: what the package has beside its code.
 */
export function builtCommand(beside?: 'docs/errors' | 'pipelines'): string {
  const root = join(__dirname, '..');
  const built = temporaryFolder();
  beforeAll(() => {
    for (const room of ['cli', 'driver', 'lib']) {
      for (const file of readdirSync(join(root, room), { recursive: true, encoding: 'utf8' }).filter((name) => /\.(ts|json)$/.test(name))) {
        const to = join(built, room, file);
        mkdirSync(dirname(to), { recursive: true });
        const text = readFileSync(join(root, room, file), 'utf8');
        if (file.endsWith('.json')) writeFileSync(to, text);
        else writeFileSync(to.replace(/ts$/, 'js'), compiled(text, join(root, room, file)));
      }
    }
    mkdirSync(join(built, 'device'));
    writeFileSync(join(built, 'device', 'cpanel-edge-device'), programOf()!.text);
    writeFileSync(join(built, 'device', 'cpanel-edge-device-pfsense'), programOf('pfsense')!.text);
    symlinkSync(join(root, 'node_modules'), join(built, 'node_modules'));
    if (beside === undefined) return;
    writeFileSync(join(built, 'package.json'), '{ "name": "cpanel-edge", "version": "3.2.1" }');
    cpSync(join(root, beside), join(built, beside), { recursive: true });
  });
  return built;
}

export interface Printed {
  readonly status: number | null;
  readonly out: string;
  readonly said: string;
}

export interface TypedIn {
  readonly cwd?: string;
  readonly input?: string;
  /** In the place of what every program needs of it. */
  readonly env?: NodeJS.ProcessEnv;
}

/** What the built command prints, what it says apart from that, and how it ends. */
export function typed(built: string, words: readonly string[], { cwd = built, input = '', env = {} }: TypedIn = {}): Printed {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(built, 'cli', 'main.js'), ...words], {
    ...{ cwd, input, encoding: 'utf8', env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env } },
    ...{ timeout: 120_000, maxBuffer: 64 * 1024 * 1024 },
  });
  return { status, out: stdout, said: stderr };
}

/** As a person reads it: in one. */
export type Said = Omit<Printed, 'out'>;
export const heard = ({ status, out, said }: Printed): Said => ({ status, said: out + said });
