// Tests that a server on a platform which can't translate its own public addresses is refused at each place where
// reflection asks for it.

import { MappingProps } from '../../constructs/one-to-one-nat';
import { NatReflection, OneToOneNat } from '../../constructs/public';
import { gatewayIn, serverIn, stackOf } from './construct-samples';
import { refusalOf } from './refused-stacks';

/** A csf server with two addresses, which translates nothing, behind a gateway. */
function behind() {
  const stack = stackOf();
  const gateway = gatewayIn(stack);
  const server = serverIn(stack, { platform: 'csf', version: '15.10', addresses: ['10.0.0.10/24', '10.0.0.11/24'] });
  const mapping = (id: string, last: number, props: Pick<MappingProps, 'reflection'> = {}) =>
    new OneToOneNat(stack, id, {
      gateway,
      external: `192.0.2.${last}`,
      internal: { server, address: `10.0.0.${last}` },
      ...props,
    });
  const refused = (): readonly string[] =>
    refusalOf(stack).map(({ code, where }) => `${code} at ${where.replace(/:\d+\)/, ':N)')}`);
  return { stack, gateway, mapping, refused };
}

const here = '(__tests__/constructs/on-server.test.ts:N)';

describe("a server that can't translate its public addresses back is refused where reflection on it is set", () => {
  it('in a mapping', () => {
    const { mapping, refused } = behind();
    mapping('web', 10, { reflection: { mode: 'pure-nat', onServer: true } });
    expect(refused()).toEqual([`csf/own-public at OneToOneNat "web" ${here}`]);
  });

  it('in the reflection of a mapping', () => {
    const { stack, mapping, refused } = behind();
    new NatReflection(stack, 'hairpin', { mapping: mapping('web', 10), mode: 'pure-nat', onServer: true });
    expect(refused()).toEqual([`csf/own-public at NatReflection "hairpin" ${here}`]);
  });

  it('in that of the gateway, once for all its mappings', () => {
    const { stack, gateway, mapping, refused } = behind();
    mapping('web', 10);
    mapping('mail', 11);
    new NatReflection(stack, 'hairpin', { gateway, mode: 'pure-nat', onServer: true });
    expect(refused()).toEqual([`csf/own-public at NatReflection "hairpin" ${here}`]);
  });

  it('in each of them if all set it', () => {
    const { stack, gateway, mapping, refused } = behind();
    mapping('web', 10, { reflection: { mode: 'pure-nat', onServer: true } });
    mapping('mail', 11);
    new NatReflection(stack, 'hairpin', { gateway, mode: 'pure-nat', onServer: true });
    expect(refused()).toEqual([
      `csf/own-public at OneToOneNat "web" ${here}`,
      `csf/own-public at NatReflection "hairpin" ${here}`,
    ]);
  });
});
