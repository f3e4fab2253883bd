// Tests that a Refusal which a user's program doesn't catch is printed once, without a stack.

import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../temporary-folder';

const folder = temporaryFolder();

// A user's program: a plain App run by node, with a mistake in the intent and no catch.
test('an uncaught refusal is printed once, without a stack of our code', () => {
  const root = join(__dirname, '../..');
  writeFileSync(
    join(folder, 'main.ts'),
    [
      `import { App, TerraformStack } from '${join(root, 'node_modules', 'cdktf')}';`,
      `import { Gateway } from '${join(root, 'constructs', 'public')}';`,
      `const app = new App({ outdir: '${join(folder, 'out')}' });`,
      `new Gateway(new TerraformStack(app, 'production'), 'edge1', { owner: 'Not A Name' } as never);`,
      'app.synth();',
    ].join('\n'),
  );
  const { status, stderr } = spawnSync(
    process.execPath,
    ['-r', './scripts/typescript/register.js', join(folder, 'main.ts')],
    {
      cwd: root,
      encoding: 'utf8',
    },
  );
  expect(status).not.toBe(0);
  const found = stderr.match(/intent\/[a-z-]+ at Gateway "edge1"/g) ?? [];
  expect(found.length).toBeGreaterThan(1);
  expect(stderr).toMatch(/\n {2}instead: /);
  expect(stderr).not.toMatch(/name: 'Refusal'/);
  expect(stderr).not.toMatch(/^ {4}at .*\.(ts|js):\d+/m);
});
