// Tests the JSON that `import --json` prints: outcome, exposure changes and written files.

import { join } from 'node:path';
import { builtCommand, typed } from '../built-command';
import { temporaryFolder } from '../temporary-folder';

const built = builtCommand();
const folder = temporaryFolder();

const box = (name: string): string => join(__dirname, '../platforms/pfsense/wild', `${name}.xml`);
const run = (words: readonly string[]): string => typed(built, ['import', ...words], { cwd: folder }).out;

it.each([[['--json']], [['--format', 'json']]])('%j prints what was found and written', (words) => {
  const json = (name: string, into: string): unknown =>
    JSON.parse(run([box(name), '-o', into, '--force', '--global-helper', ...words]));
  expect(json('reflection', 'data')).toMatchObject({
    schema: 2,
    device: 'edge1',
    outcome: 'unchanged',
    whole: true,
    opened: [],
    closed: [],
    unknown: [],
    problems: [],
    host: '10.0.1.1',
    suspicious: [],
    report: 'data/edge1.report.md',
    files: ['data/edge1.captured.xml', 'data/edge1.ts', 'data/edge1.report.md'],
  });
  expect(json('allow-all', 'data')).toMatchObject({
    outcome: 'differs',
    whole: false,
    closed: expect.arrayContaining([expect.stringContaining('from the internet')]),
  });
  expect(json('forwards', 'nothing-data')).toMatchObject({
    schema: 2,
    outcome: 'nothing',
    problems: [{ code: 'cli/nothing-imported' }],
    files: ['nothing-data/edge1.report.md'],
    skipped: [expect.stringMatching(/^port forward "cameras"/), expect.stringMatching(/^port forward "web"/)],
  });
});
