// Tests that `review` calls its answer unknown if source files of the project are newer than the synthesized stack.

import { mkdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { typed } from '../built-command';
import { codes, typedReviews } from './typed-reviews';

// A failed synthesis leaves the stack and the plan of the one before.

const { built, folder, stack, judged, file } = typedReviews();

/** Writes a file that is so many seconds newer than the synthesized stack. */
function source(name: string, seconds: number): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), '// A source.\n');
  const at = statSync(join(stack(), 'cdk.tf.json')).mtimeMs / 1000 + seconds;
  utimesSync(join(folder, name), at, at);
}

test('reports unknown if sources are newer than the stack, unless a plan or a folder is named', () => {
  file('cdktf.json', '{ "language": "typescript", "app": "npx ts-node main.ts" }');
  file('tsconfig.json', '{}');
  source('main.ts', -1);
  expect([judged([]).status, codes(judged([]))]).toEqual([0, []]);
  source('stacks/edge.ts', 1);
  const { status, review } = judged([]);
  expect([status, review.unknown.map(({ code, where }) => `${code} ${where}`)]).toEqual([
    3,
    ['cli/sources-newer stacks/edge.ts'],
  ]);
  expect(review.headline).toContain('; 1 unknown');
  source('main.ts', 1);
  expect(judged([]).review.unknown.map(({ where }) => where)).toEqual(['main.ts and 1 more']);
  expect(judged(['cdktf.out']).status).toBe(0);
  for (const words of [['exposure'], ['text', 'edge']]) {
    const [alone, named] = [words, [...words, 'cdktf.out']].map((argv) => typed(built, argv, { cwd: folder }));
    expect([alone!.status, alone!.said.split('\n')[0]]).toEqual([
      2,
      expect.stringMatching(/^cli\/sources-newer at main\.ts and 1 more: /),
    ]);
    expect(named!.said).not.toContain('sources-newer');
  }
  expect(judged(['cdktf.out/stacks/edge/plan']).status).toBe(0);
});

test('ignores newer files that no stack is made of: tests, packages, compiled files, the output', () => {
  file('cdktf.json', '{}');
  file('tsconfig.json', '{}');
  for (const name of ['main.ts', 'stacks/edge.ts']) source(name, -1);
  for (const name of [
    'main.js',
    'types.d.ts',
    'edge.test.ts',
    '__tests__/edge.ts',
    'node_modules/a/b.ts',
    '.git/a.ts',
    'cdktf.out/a.ts',
    'README.md',
  ])
    source(name, 1);
  expect([judged([]).status, codes(judged([]))]).toEqual([0, []]);
});

test("counts a file that a source names, and ignores a report that isn't read", () => {
  file('cdktf.json', '{}');
  file('tsconfig.json', '{}');
  for (const name of ['main.ts', 'stacks/edge.ts']) source(name, -1);
  writeFileSync(join(folder, 'main.ts'), "// read from vpn.json\nreadFileSync('data/vpn.json', 'utf8');\n");
  const before = statSync(join(stack(), 'cdk.tf.json')).mtimeMs / 1000 - 1;
  utimesSync(join(folder, 'main.ts'), before, before);
  // main.ts contains "on" and "read" as words; the output of a command is stored here.
  for (const name of ['live.json', 'package.json', 'package-lock.json', 'on', 'read']) source(name, 1);
  expect([judged([]).status, codes(judged([]))]).toEqual([0, []]);
  source('data/vpn.json', 1);
  const { status, review } = judged([]);
  expect([status, review.unknown.map(({ where }) => where)]).toEqual([3, ['data/vpn.json']]);
  expect(review.headline).toMatch(/^the plan is out of date, and says: .*; 1 unknown/);
  rmSync(join(folder, 'data'), { recursive: true });
});

test('checks the JavaScript files that run in a JavaScript project, and nothing without a project', () => {
  rmSync(join(folder, 'tsconfig.json'));
  for (const name of ['main.js', 'types.d.ts']) source(name, 1);
  expect(judged([]).review.unknown.map(({ where }) => where)).toEqual(['main.js']);
  rmSync(join(folder, 'cdktf.json'));
  expect(judged([]).status).toBe(0);
});
