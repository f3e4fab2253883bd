// Tests that `exposure` starts without loading the schema library (zod): a library that a command doesn't need would
// make every start slower.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(__dirname, '../..');

it("exposure starts without loading the intent's schemas", () => {
  const program = `require('./cli/exposure'); console.log(Object.keys(require.cache).filter((path) => path.includes('/zod/')).length)`;
  const { stdout } = spawnSync(process.execPath, ['-r', './scripts/typescript/register.js', '-e', program], {
    cwd: root,
    encoding: 'utf8',
    timeout: 240_000,
  });
  expect(stdout).toBe('0\n');
});
