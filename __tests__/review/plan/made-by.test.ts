// Tests which program made a plan, Terraform or OpenTofu, by the providers and fields in its JSON.

import { PlanBuilder } from './plan-builder';
import { read } from './planned';

// Which program made a plan. The keys are those that Terraform 1.11.4 and OpenTofu 1.10.6 wrote of one stack.

const of = (top: Readonly<Record<string, unknown>>, provider?: string): string => {
  const config = provider === undefined ? {} : { provider_config: { null: { name: 'null', full_name: provider } } };
  return read(new PlanBuilder().with({ configuration: { ...config, root_module: {} }, ...top })).program;
};
const [HASHICORP, OPENTOFU] = ['registry.terraform.io/hashicorp/null', 'registry.opentofu.org/hashicorp/null'];
const tofu = { terraform_version: '1.10.6', applyable: undefined, complete: undefined };

test('Terraform says whether it can be applied', () => expect(of({}, HASHICORP)).toBe('Terraform 1.11.4'));
test('OpenTofu takes what names no registry from its own', () => expect(of(tofu, OPENTOFU)).toBe('OpenTofu 1.10.6'));
test('with providers of the program alone it may be either', () => {
  expect(of(tofu, 'terraform.io/builtin/terraform')).toBe('Terraform or OpenTofu 1.10.6');
  expect(of(tofu)).toBe('Terraform or OpenTofu 1.10.6');
});
test('an older Terraform said less', () =>
  expect(of({ ...tofu, terraform_version: '1.7.0' }, HASHICORP)).toBe('Terraform or OpenTofu 1.7.0'));
test('a stack may name the other registry', () => {
  expect(of({}, OPENTOFU)).toBe('Terraform or OpenTofu 1.11.4');
});
