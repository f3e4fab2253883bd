// Tests that docs/reference/commands.md has exactly what the --help of the commands prints. UPDATE_GOLDENS=1 writes it.

import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createProgram } from '../../cli/commands';
import { COMMANDS_PAGE, printCommandsPage } from '../../scripts/api/commands-page';
import { ROOT, read } from '../walls/sources';

it('the page of commands has the output of their help (UPDATE_GOLDENS=1 writes it)', () => {
  const made = printCommandsPage(createProgram([]));
  const path = join(ROOT, COMMANDS_PAGE);
  if (process.env['UPDATE_GOLDENS'] === '1' && process.env['CI'] === undefined) writeFileSync(path, made);
  expect(existsSync(path) ? read(COMMANDS_PAGE) : undefined).toBe(made);
});
