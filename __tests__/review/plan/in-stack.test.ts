// Tests that the triggers of releases are found in a synthesized stack: in variables or in the resource, also of
// null_resource.

import { listStackReleases } from '../../../lib/review/plan/stack-releases';

// The triggers of one release, in both forms, written by hand.

const READ = new Map([
  [
    'terraform_data.gw_web',
    {
      'a ${b}': '%{c}',
      'host keys': 'k',
      lease: '${terraform_data.gw_web_holder.id}',
      policy: 'e30=',
      text: 'b25lCg==',
    },
  ],
]);
const MERGED =
  '${merge(var.gw_web_lines, { lease = terraform_data.gw_web_holder.id, policy = var.gw_web_policy, text = var.gw_web_text })}';
const variable = {
  gw_web_lines: { default: { 'a ${b}': '%{c}', 'host keys': 'k' } },
  gw_web_policy: { type: 'string', sensitive: true, default: 'e30=' },
  gw_web_text: { type: 'string', sensitive: true, default: 'b25lCg==' },
};
const stackWith = (triggers: unknown): object => ({
  variable,
  resource: { terraform_data: { gw_web: { triggers_replace: triggers }, gw_web_holder: { input: {} } } },
});

test('finds releases in variables', () => expect(listStackReleases(stackWith(MERGED))).toEqual(READ));

test('finds releases of a null_resource', () => {
  const stack = {
    variable,
    resource: { null_resource: { gw_web: { triggers: MERGED }, other: { triggers: { a: 'b' } } } },
  };
  expect([...listStackReleases(stack).keys()]).toEqual(['null_resource.gw_web']);
});

test('finds releases in the resource, as templates', () => {
  const lease = '${terraform_data.gw_web_holder.id}';
  const triggers = {
    'a $${b}': '%%{c}',
    'host keys': 'k',
    lease,
    policy: '${sensitive("e30=")}',
    text: '${sensitive("b25lCg==")}',
  };
  expect(listStackReleases(stackWith(triggers))).toEqual(READ);
});

test.each([
  ['another expression', stackWith(MERGED.replace('var.gw_web_text', 'var.gw_mail_text'))],
  ['no resources', { variable }],
  ['no stack', undefined],
])('finds no release: %s', (_, stack) => expect(listStackReleases(stack).size).toBe(0));

test('finds no release if its variables are missing', () => {
  expect(listStackReleases({ ...stackWith(MERGED), variable: {} }).get('terraform_data.gw_web')).toEqual({
    lease: '${terraform_data.gw_web_holder.id}',
    policy: undefined,
    text: undefined,
  });
});
