// Tests that the refusals which docs/reference/errors.md and the tutorial show are those that the commands print.

import { join } from 'node:path';
import { Command } from 'commander';
import { createProgram } from '../../cli/commands';
import { answer } from '../review/live-samples';
import { PlanBuilder, data, held } from '../review/plan/plan-builder';
import { sampleRelease, sampleStack } from '../review/plan/sample-stack';
import { read } from '../walls/sources';
import { typedProjects } from './typed-project';

const { folder, type, write } = typedProjects();

describe('a refused intent', () => {
  const shown = /```text\n(intent\/host-bits-set [^]*?)```/.exec(read('docs/reference/errors.md'))![1]!;

  test('is printed as on the page, with the line that wrote it', () => {
    const [, example] = /```ts\n([^]*?)```/.exec(read('README.md'))!;
    const [before, behind] = example!.replace("(stack, 'web', {", "(stack, 'sites', {").split('gateway.publish');
    const stack = `${before!}new OneToOneNat(stack, 'web', { gateway, external: '203.0.113.10', internal: '10.0.0.10/24', profile });\ngateway.publish${behind!}`;
    // Up to the line that the page names.
    const above = 41 - stack.slice(0, stack.indexOf('new OneToOneNat')).split('\n').length;
    write('stacks/edge.ts', '\n'.repeat(above) + stack.replace('Defaults, Gateway', 'Defaults, Gateway, OneToOneNat'));
    write('main.ts', "import './stacks/edge';\n");
    expect(type('cdktf synth').said).toContain(shown.trimEnd());
    const other = /^ {4}(intent\/host-bits-set .*\n) {4}(.*\n)/m.exec(read('docs/tutorials/first-gateway.md'))!;
    expect(other[1]! + other[2]!).toBe(shown);
  });

  test('is printed on standard output, too, with --json', () => {
    const { status, out, said } = type('cpanel-edge exposure nowhere.nft --json');
    const { schema, problems } = JSON.parse(out) as { schema: number; problems: Record<string, string>[] };
    expect([status, schema, Object.keys(problems[0]!)]).toEqual([2, 2, ['code', 'where', 'what', 'instead']]);
    expect(said).toContain(`${problems[0]!['code']} at `);
  });
});

describe('wrong inputs of exposure and review', () => {
  const refused = (...words: readonly string[]): Promise<Command> =>
    createProgram(words).parseAsync(words, { from: 'user' });

  test("a stack's file in place of its folder", async () => {
    write('stack.json', sampleStack());
    await expect(refused('exposure', join(folder, 'stack.json'))).rejects.toThrow(
      /^cli\/stack-by-folder at .*stack\.json: .*\n {2}instead: the folder that holds cdk\.tf\.json\./,
    );
  });

  test('a stack that names a device without a release is UNKNOWN', () => {
    const stack = JSON.parse(sampleStack()) as { resource: { terraform_data: Record<string, object> } };
    delete stack.resource.terraform_data['mail1_hosting'];
    write('cut/cdk.tf.json', JSON.stringify(stack));
    const { status, out } = type('cpanel-edge exposure cut --service mysql');
    expect([status, out]).toEqual([
      3,
      expect.stringContaining(
        '\nassumed: hosting on mail1: The stack holds no release for it, so what it exposes is not shown.\n',
      ),
    ]);
  });

  test('a plan with an unreadable policy, beside an answer of the device', async () => {
    const release = sampleRelease();
    const [input, after] = [
      held({ device: release.device, owner: release.owner }),
      data({ text: release.text, policy: 'e30=' }),
    ];
    const id = `${release.device}_${release.owner}`;
    const plan = new PlanBuilder()
      .kept(`terraform_data.${id}_holder`, ['no-op'], input, input)
      .kept(`terraform_data.${id}`, ['no-op'], after, after)
      .ours({ ...release, policy: 'e30=' }, id);
    write('plan.json', JSON.stringify(plan.json()));
    write('live.json', JSON.stringify(answer));
    await expect(refused('review', join(folder, 'plan.json'), '--live', join(folder, 'live.json'))).rejects.toThrow(
      /^cli\/live-without-policy at .*live\.json: The plan's policies for edge1 can't be read/,
    );
  });
});
