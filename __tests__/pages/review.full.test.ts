// Tests what docs/how-to/review.md says of source lines: a review names the line that wrote a change, by the stack
// beside the plan or by --synthesized, also in compiled projects.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';
import { sampleStack } from '../review/plan/sample-stack';
import { typedReviews } from '../review/typed-reviews';
import { terraform } from '../terraform';
import { read } from '../walls/sources';
import { typedProjects } from './typed-project';

describe('the source line of a change', () => {
  const { folder, planned, review, file } = typedReviews();

  test("is known for a plan in its stack's folder; for a plan's JSON with --synthesized", () => {
    const stack = JSON.parse(sampleStack()) as { resource: { terraform_data: Record<string, object> } };
    const places = { 'mapping mail': 'stacks/edge.ts:41' };
    stack.resource.terraform_data['edge1_hosting'] = {
      ...stack.resource.terraform_data['edge1_hosting'],
      '//': { places },
    };
    const json = terraform(planned('written.out', 'edge', JSON.stringify(stack)), 'show', '-json', 'plan');
    file('rules.json', JSON.stringify({ format: 1, forbidden: ['https'] }));
    file('alone.json', json);
    file('written.out/stacks/edge/plan.json', json);
    const saysIt = (...words: readonly string[]): boolean =>
      review([...words, '--rules', 'rules.json']).out.includes('written    stacks/edge.ts:41\n');
    expect(existsSync(join(folder, 'cdk.tf.json'))).toBe(false);
    expect(saysIt('alone.json')).toBe(false);
    expect(saysIt('alone.json', '--synthesized', 'written.out')).toBe(true);
    expect(saysIt('written.out/stacks/edge/plan.json')).toBe(true);
  });
});

describe('the source line in a project', () => {
  const { folder, type } = typedProjects();

  test('of compiled files is the compiled one, unless node reads source maps', () => {
    const [, example] = /```ts\n([^]*?)```/.exec(read('README.md'))!;
    const compiled = ts.transpileModule(`// A line that no compiler keeps.\ntype None = never;\n${example!}`, {
      fileName: 'main.ts',
      compilerOptions: {
        target: ts.ScriptTarget.ES2022,
        module: ts.ModuleKind.CommonJS,
        sourceMap: true,
        removeComments: true,
      },
    });
    mkdirSync(join(folder, 'out'));
    writeFileSync(join(folder, 'out/main.js'), compiled.outputText);
    writeFileSync(join(folder, 'out/main.js.map'), compiled.sourceMapText!.replace('"main.ts"', '"../main.ts"'));
    const line = (before: string): string => {
      expect(type(`node -r "$COMPILING" -e '${before} require("./out/main.js")'`).status).toBe(0);
      const stack = readFileSync(join(folder, 'cdktf.out/stacks/edge/cdk.tf.json'), 'utf8');
      return /"profile web": "(.*)"/.exec(stack)![1]!;
    };
    const at = (text: string): number => text.split('\n').findIndex((one) => one.includes("'web', {")) + 1;
    expect(line('process.setSourceMapsEnabled(false);')).toBe(`out/main.js:${at(compiled.outputText)}`);
    expect(line('')).toBe(`main.ts:${at(example!) + 2}`);
  });
});
