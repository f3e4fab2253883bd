// Tests which framework's elements a stack gets, and that the elements of null_resource equal those that the generated
// package @cdktf/provider-null makes.
import { NullProvider } from '@cdktf/provider-null/lib/provider';
import { Resource } from '@cdktf/provider-null/lib/resource';
import { App, TerraformStack, Testing } from 'cdktf';
import { Construct } from 'constructs';
import { Gateway } from '../../constructs/gateway';
import { emitDelivery } from '../../constructs/internal/emit-delivery';
import { findFramework } from '../../constructs/internal/framework';
import { HandedOverOwner } from '../../constructs/removed-owners';
import { connectionOf, releaseOf } from '../driver/samples';
import { problemsOf } from '../problems';
import { gatewayProps } from './construct-samples';

/** A stack of a framework of this name that isn't installed. */
function stackOf(fqn: string): TerraformStack {
  class Base extends TerraformStack {}
  Object.defineProperty(Base, Symbol.for('jsii.rtti'), { value: { fqn, version: '0.24.0' } });
  // The prototype chain without cdktf's class.
  Object.setPrototypeOf(Base, Construct);
  class EdgeStack extends Base {}
  const stack = new TerraformStack(new App({ stackTraces: false }), 'edge');
  Object.defineProperty(stack, 'constructor', { value: EdgeStack });
  return stack;
}

it('the framework of a stack is that of its class, also through a jsii class in between', () => {
  class Between extends TerraformStack {}
  Object.defineProperty(Between, Symbol.for('jsii.rtti'), { value: { fqn: 'others.Stack', version: '1.0.0' } });
  class EdgeStack extends Between {}
  expect(findFramework(new EdgeStack(new App(), 'edge'))).toEqual({ name: 'cdktf', isFound: true });
});

it.each([
  [
    'cdktn.TerraformStack',
    'Its stack is of cdktn, and not of the cdktn that is found under this name: the package is installed under another name, or twice.',
    '"cdktn" among the dependencies of package.json, under its own name and once; the stack’s file imports from \'cdktn\'.',
  ],
  [
    'others.TerraformStack',
    'Its stack is of neither cdktf nor cdktn.',
    'cdktf or cdktn among the dependencies of package.json, under its own name and once; the stack’s file imports from it.',
  ],
])("a stack of %s whose framework isn't found is refused, with its line", (fqn, what, instead) => {
  const here = String.raw`\(__tests__/constructs/framework\.test\.ts:\d+\)$`;
  const problem = { code: 'constructs/no-framework', what, instead };
  expect(problemsOf(() => new Gateway(stackOf(fqn), 'edge1', gatewayProps))).toEqual([
    { ...problem, where: expect.stringMatching(new RegExp(`^Gateway "edge1" ${here}`)) },
  ]);
  const owners = [{ device: 'edge1', owner: 'hosting' }];
  expect(problemsOf(() => new HandedOverOwner(stackOf(fqn), 'moved', { owners }))).toEqual([
    { ...problem, where: expect.stringMatching(new RegExp(`^HandedOverOwner "moved" ${here}`)) },
  ]);
});

it('null_resource and its provider equal those of the generated package', () => {
  const [ours, generated] = [0, 1].map(() => new TerraformStack(new App({ stackTraces: false }), 'edge'));
  emitDelivery(ours!, { device: 'gw', owner: 'web' }, 'null_resource', () => ({
    release: releaseOf(),
    connection: connectionOf(),
  }));
  const text = Testing.synth(ours!);
  const { resource, provider, terraform } = JSON.parse(text) as Record<string, Record<string, never>>;
  new NullProvider(generated!, 'null');
  const release = (resource as unknown as { null_resource: { gw_web: Record<string, never> } }).null_resource.gw_web;
  class Release extends Resource {
    protected override synthesizeAttributes(): Record<string, unknown> {
      return { triggers: release['triggers'] };
    }
  }
  const { provisioner, '//': comment } = release;
  const resourceOfPackage = new Release(generated!, 'release', { lifecycle: { createBeforeDestroy: true } });
  resourceOfPackage.overrideLogicalId('gw_web');
  resourceOfPackage.addOverride('//', comment);
  resourceOfPackage.addOverride('provisioner', provisioner);
  const made = JSON.parse(Testing.synth(generated!)) as typeof resource;
  expect(made).toEqual({ provider, terraform, resource: { null_resource: { gw_web: release } } });
});
