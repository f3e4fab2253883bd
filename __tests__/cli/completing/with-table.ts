// Builds the command with the completion table that scripts/build.sh writes.

import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtCommand } from '../../built-command';

/** The built command with the package's other files, and with the table that scripts/build.sh writes. */
export function commandWithTable(): string {
  const built = builtCommand();
  beforeAll(() => {
    const table = 'JSON.stringify(require("./cli/complete").createTable(require("./cli/commands").createProgram([])))';
    const { stdout } = spawnSync(process.execPath, ['-p', table], { cwd: built, encoding: 'utf8' });
    writeFileSync(join(built, 'cli/completion.json'), stdout);
  });
  return built;
}
