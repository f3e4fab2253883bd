import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';
import { printHtml } from '../../lib/review/print/html';
import { parsed, sha256 } from '../printing/parsed';
import { sampleStack } from '../review/plan/sample-stack';
import { huge } from '../review/print/samples';
import { typedReviews } from '../review/typed-reviews';
import { terraform } from '../terraform';
import { read } from '../walls/sources';
import { page } from './says';
import { typedProjects } from './typed-project';

const { says } = page('review.md');

describe('the line that wrote it', () => {
  const { folder, planned, review, file } = typedReviews();

  says('for the JSON of a plan the stack has to lie beside it, or to be given with `--synthesized`', () => {
    const stack = JSON.parse(sampleStack()) as { resource: { terraform_data: Record<string, object> } };
    const places = { 'mapping mail': 'stacks/edge.ts:41' };
    stack.resource.terraform_data['edge1_hosting'] = { ...stack.resource.terraform_data['edge1_hosting'], '//': { places } };
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

describe('a project', () => {
  const { folder, type } = typedProjects();

  says('A project that runs compiled files has the lines of those, unless node reads its source maps', () => {
    const [, example] = /```ts\n([^]*?)```/.exec(read('README.md'))!;
    const compiled = ts.transpileModule(`// A line that no compiler keeps.\ntype None = never;\n${example!}`, {
      fileName: 'main.ts',
      compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS, sourceMap: true, removeComments: true },
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

says('25 objections and 100 findings of lint are told, and the others counted.', () => {
  const lint = Array.from({ length: 150 }, (_, n) => ({
    ...({ code: `lint/x${n}`, where: 'gateway edge', what: 'It is.', instead: 'Another.', severity: 'warning', page: 'p' } as const),
  }));
  const { text } = parsed(printHtml({ ...huge, lint }, sha256));
  expect([huge.objections.length, lint.length]).toEqual([5_000, 150]);
  for (const left of ['4,975 more of “Objections” left out', '50 more of “New warnings” left out']) expect(text.includes(left)).toBe(true);
});
