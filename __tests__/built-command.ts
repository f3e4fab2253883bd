import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { deviceProgram } from '../driver/program';
import { compiled } from '../scripts/typescript/compile';

/**
 * A folder with the command as Terraform starts it, cli/main.js, for the tests of one file. Compiled once, without types and without
 * the build: every start by ts-node takes seconds.
 */
export function builtCommand(): string {
  const root = join(__dirname, '..');
  const built = mkdtempSync(join(tmpdir(), 'cpanel-edge-test-'));
  afterAll(() => rmSync(built, { recursive: true }));
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
    writeFileSync(join(built, 'device', 'cpanel-edge-device'), deviceProgram().text);
    writeFileSync(join(built, 'device', 'cpanel-edge-device-pfsense'), deviceProgram('pfsense').text);
    symlinkSync(join(root, 'node_modules'), join(built, 'node_modules'));
  });
  return built;
}
