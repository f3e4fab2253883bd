import { spawnSync } from 'node:child_process';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtCommand } from '../../built-command';
import { ROOT } from '../../walls/sources';

/** The command with what the package has beside its code, and with the table that scripts/build.sh writes. */
export function commandWithTable(): string {
  const built = builtCommand();
  beforeAll(() => {
    writeFileSync(join(built, 'package.json'), '{ "name": "cpanel-edge", "version": "3.2.1" }');
    cpSync(join(ROOT, 'docs/errors'), join(built, 'docs/errors'), { recursive: true });
    const table = 'JSON.stringify(require("./cli/complete").tableOf(require("./cli/commands").program([])))';
    const { stdout } = spawnSync(process.execPath, ['-p', table], { cwd: built, encoding: 'utf8' });
    writeFileSync(join(built, 'cli/completion.json'), stdout);
  });
  return built;
}
