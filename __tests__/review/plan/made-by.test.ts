// Tests which program made a plan, Terraform or OpenTofu, by the providers and fields in its JSON.

import { PlanBuilder } from './plan-builder';
import { read } from './plan-samples';

// The program that made a plan. The keys are those of Terraform 1.11.4 and OpenTofu 1.10.6 for one stack.

const of = (top: Readonly<Record<string, unknown>>, provider?: string): string => {
  const config = provider === undefined ? {} : { provider_config: { null: { name: 'null', full_name: provider } } };
  return read(new PlanBuilder().with({ configuration: { ...config, root_module: {} }, ...top })).program;
};
const [HASHICORP, OPENTOFU] = ['registry.terraform.io/hashicorp/null', 'registry.opentofu.org/hashicorp/null'];
const tofu = { terraform_version: '1.10.6', applyable: undefined, complete: undefined };

test('recognises Terraform by the field that says whether the plan is applicable', () =>
  expect(of({}, HASHICORP)).toBe('Terraform 1.11.4'));
test('recognises OpenTofu by its registry, the default of a provider without one', () =>
  expect(of(tofu, OPENTOFU)).toBe('OpenTofu 1.10.6'));
test('leaves it open if the plan has built-in providers only', () => {
  expect(of(tofu, 'terraform.io/builtin/terraform')).toBe('Terraform or OpenTofu 1.10.6');
  expect(of(tofu)).toBe('Terraform or OpenTofu 1.10.6');
});
test('recognises an older Terraform, which writes fewer fields', () =>
  expect(of({ ...tofu, terraform_version: '1.7.0' }, HASHICORP)).toBe('Terraform or OpenTofu 1.7.0'));
test("allows a stack to name the other program's registry", () => {
  expect(of({}, OPENTOFU)).toBe('Terraform or OpenTofu 1.11.4');
});
