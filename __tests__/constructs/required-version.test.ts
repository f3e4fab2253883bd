// Tests the `required_version` of a stack: the Terraform version that its resources need, unless the stack has one of
// its own.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, TerraformStack, Testing } from 'cdktf';
import { Construct } from 'constructs';
import { HandedOverOwner, DecommissionedOwner } from '../../constructs/public';
import { gatewayIn, stackOf } from './construct-samples';
import { synthesized } from './synthesized';
import { temporaryFolder } from '../temporary-folder';
import { runTerraform } from '../terraform';

// Terraform knows `removed` from 1.7, and provisioners in it from 1.9. OpenTofu knows both from 1.10.

const folder = temporaryFolder();
const requiredOf = (stack: TerraformStack): unknown =>
  (synthesized(stack)['terraform'] as { required_version?: unknown } | undefined)?.required_version;
const retired = (scope: Construct, device = 'edge0') =>
  new DecommissionedOwner(scope, `gone-${device}`, { owners: [{ device, owner: 'hosting' }] });
const released = (scope: Construct, device = 'mail0') =>
  new HandedOverOwner(scope, `moved-${device}`, { owners: [{ device, owner: 'hosting' }] });

it.each<[string, string | undefined, ((scope: Construct) => unknown)[]]>([
  ['without either', undefined, []],
  ['with DecommissionedOwner', '>= 1.9', [retired]],
  ['with HandedOverOwner', '>= 1.7', [released]],
  ['with both, DecommissionedOwner first', '>= 1.9', [retired, released]],
  ['with both, HandedOverOwner first', '>= 1.9', [released, retired]],
  ['several', '>= 1.9', [released, retired, (scope) => released(scope, 'mail1'), (scope) => retired(scope, 'edge5')]],
  ['with one inside another construct', '>= 1.9', [(scope) => retired(new Construct(scope, 'rack')), released]],
])('%s: a stack requires %s', (_, version, made) => {
  const stack = stackOf();
  gatewayIn(stack);
  for (const make of made) make(stack);
  expect(requiredOf(stack)).toBe(version);
});

it('each stack requires what it needs, also a nested one', () => {
  const app = new App({ stackTraces: false });
  const [one, other] = [stackOf('one', app), stackOf('other', app)];
  const inner = new TerraformStack(one, 'inner');
  released(one);
  retired(inner);
  gatewayIn(other);
  expect([one, inner, other].map(requiredOf)).toEqual(['>= 1.7', '>= 1.9', undefined]);
});

it('keeps the rest of the block', () => {
  const stack = stackOf();
  stack.addOverride('terraform.backend.local.path', 'state');
  retired(stack);
  const { terraform } = JSON.parse(Testing.synth(stack)) as { terraform: unknown };
  expect(terraform).toEqual({ backend: { local: { path: 'state' } }, required_version: '>= 1.9' });
});

describe('a version that the stack requires itself', () => {
  it.each(['~> 1.11.0', '>= 1.5'])('%s is kept alone, set before or after', (own) => {
    const [before, after] = [stackOf(), stackOf()];
    before.addOverride('terraform.required_version', own);
    for (const stack of [before, after]) retired(stack);
    after.addOverride('terraform.required_version', own);
    expect([before, after].map(requiredOf)).toEqual([own, own]);
  });

  it('may be removed', () => {
    const stack = stackOf();
    retired(stack);
    stack.addOverride('terraform.required_version', undefined);
    expect(requiredOf(stack)).toBeUndefined();
  });
});

it('is the only error of an init by an older Terraform', () => {
  const stack = stackOf();
  retired(stack);
  // Terraform 1.6 would refuse the version and the unknown block.
  const text = Testing.synth(stack).replace('">= 1.9"', '">= 99"').replace('"removed"', '"unheard"');
  writeFileSync(join(folder, 'cdk.tf.json'), text);
  const { status, text: said } = runTerraform(folder, ['init', '-no-color', '-input=false']);
  expect(status).toBe(1);
  expect(said.match(/Error: .*/g)).toEqual(['Error: Unsupported Terraform Core version']);
});
