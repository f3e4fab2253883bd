// Tests that two constructs with one id are refused with the lines of both, beside all other problems, and that one id
// in two scopes is none.

import { App, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { CpanelFirewallProfile, Gateway, OneToOneNat, DecommissionedOwner, VirtualIp } from '../../constructs/public';
import { gatewayIn, gatewayProps, profileProps, stackOf } from './construct-samples';
import { refusalOf, refusedBy } from './refused-stacks';

const here = '(__tests__/constructs/id-twice.test.ts:N)';

/** Returns the problems about ids, without line numbers. */
const twiceIn = (stack: TerraformStack): readonly string[] =>
  refusalOf(stack)
    .filter(({ code }) => code === 'constructs/id-twice')
    .map(({ where, what }) => `${where}: ${what}`.replace(/\.ts:\d+/g, '.ts:N'));

test('two constructs with one id: reports both lines beside the other problems', () => {
  const stack = stackOf();
  const gateway = gatewayIn(stack);
  const virtualIp = new VirtualIp(stack, 'mail', { gateway, address: '203.0.113.11' });
  new OneToOneNat(stack, 'mail', { virtualIp, name: 'mail-nat', internal: '10.0.0.11' });
  new OneToOneNat(stack, 'mail', { virtualIp, name: 'mail-nat-2', internal: '10.0.0.300' });
  expect(refusedBy(stack)).toEqual([
    `constructs/id-twice at OneToOneNat "mail" ${here}`,
    `constructs/id-twice at OneToOneNat "mail" ${here}`,
    `intent/bad-address at OneToOneNat "mail" ${here} internal`,
  ]);
  const said = `Its scope has a construct of the id "mail" already: VirtualIp "mail" ${here}.`;
  expect(twiceIn(stack)).toEqual([`OneToOneNat "mail" ${here}: ${said}`, `OneToOneNat "mail" ${here}: ${said}`]);
  const [first] = refusalOf(stack);
  const numbers = [...`${first!.where}${first!.what}`.matchAll(/\.ts:(\d+)/g)].map(([, line]) => Number(line));
  expect(numbers[0]! - numbers[1]!).toBe(1);
});

test("a duplicate id that is also a name isn't reported twice", () => {
  const stack = stackOf();
  gatewayIn(stack);
  new Gateway(stack, 'edge1', gatewayProps);
  new CpanelFirewallProfile(stack, 'edge1', profileProps);
  new DecommissionedOwner(stack, 'edge1', { owners: [{ device: 'edge0', owner: 'hosting' }] });
  const gateway = gatewayIn(stackOf('more', stack.node.root as App));
  for (const address of ['203.0.113.11', '203.0.113.12']) new VirtualIp(stack, 'vip', { gateway, address });
  const said = `Its scope has a construct of the id "edge1" already: Gateway "edge1" (__tests__/constructs/construct-samples.ts:N).`;
  expect(twiceIn(stack)).toEqual([
    ...['Gateway', 'CpanelFirewallProfile', 'DecommissionedOwner'].map((kind) => `${kind} "edge1" ${here}: ${said}`),
    `VirtualIp "vip" ${here}: Its scope has a construct of the id "vip" already: VirtualIp "vip" ${here}.`,
  ]);
  expect(refusalOf(stack).map(({ code }) => code)).toEqual([
    'constructs/id-twice',
    'constructs/id-twice',
    'constructs/id-twice',
    'constructs/id-twice',
  ]);
});

test('accepts one id in two scopes, names a construct of another package, and leaves an invalid id to the library', () => {
  const stack = stackOf();
  const gateway = gatewayIn(stack);
  new VirtualIp(new Construct(stack, 'more'), 'edge1', { gateway, address: '203.0.113.12' });
  expect(refusalOf(stack)).toEqual([]);
  new Construct(stack, 'web/1');
  new VirtualIp(stack, 'web/1', { gateway, name: 'web', address: '203.0.113.13' });
  expect(twiceIn(stack)).toEqual([
    `VirtualIp "web/1" ${here}: Its scope has a construct of the id "web/1" already: a construct of another package.`,
  ]);
  expect(() => new VirtualIp(stack, '', { gateway, address: '203.0.113.14' })).toThrow('empty ID');
});
