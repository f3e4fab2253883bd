// Tests that constructs refuse values of wrong types, as JavaScript may pass them, by the line that wrote them, and run
// no code in them.

import { App, TerraformStack } from 'cdktf';
import {
  CpanelFirewallProfile,
  CpanelServer,
  Gateway,
  NatReflection,
  OneToOneNat,
  HandedOverOwner,
  DecommissionedOwner,
  VirtualIp,
} from '../../constructs/public';
import { gatewayIn, gatewayProps, serverIn, stackOf, vipIn } from './construct-samples';
import { anything, refusedBy } from './refused-stacks';
import { problemsOf } from '../problems';

const here = '(__tests__/constructs/errors-wrong-types.test.ts:N)';

describe('wrong types from JavaScript', () => {
  const make: Record<string, (stack: TerraformStack, props: never, id?: string) => unknown> = {
    Gateway: (stack, props, id = 'x') => new Gateway(stack, id, props),
    CpanelServer: (stack, props, id = 'x') => new CpanelServer(stack, id, props),
    CpanelFirewallProfile: (stack, props, id = 'x') => new CpanelFirewallProfile(stack, id, props),
    VirtualIp: (stack, props, id = 'x') => new VirtualIp(stack, id, props),
    OneToOneNat: (stack, props, id = 'x') => new OneToOneNat(stack, id, props),
    NatReflection: (stack, props, id = 'x') => new NatReflection(stack, id, props),
    DecommissionedOwner: (stack, props, id = 'x') => new DecommissionedOwner(stack, id, props),
    HandedOverOwner: (stack, props, id = 'x') => new HandedOverOwner(stack, id, props),
  };
  const throwing = new Proxy(
    {},
    {
      ownKeys: () => {
        throw new Error('mine');
      },
    },
  );
  const values = [undefined, null, 1, 'text', true, [], () => 1, Symbol('s'), {}, throwing, new Date()];

  it.each(Object.keys(make))('%s refuses any wrong third argument', (kind) => {
    for (const value of values) {
      const stack = stackOf();
      // A stack by itself has no element that could refuse.
      gatewayIn(stack);
      expect(() => make[kind]!(stack, anything(value))).not.toThrow();
      const problems = refusedBy(stack);
      expect(problems.length).toBeGreaterThan(0);
      expect(problems.every((problem) => problem.includes(`${kind} "x" ${here}`))).toBe(true);
    }
  });

  it.each(Object.keys(make))('%s refuses or accepts any value in any field, and never throws anything else', (kind) => {
    const fields = [
      'gateway',
      'virtualIp',
      'mapping',
      'inside',
      'profile',
      'name',
      'device',
      'owner',
      'connection',
      'releaseResource',
      'owners',
      'mode',
    ];
    const stack = stackOf();
    gatewayIn(stack);
    for (const field of fields) {
      values.forEach((value, index) => {
        expect(() => make[kind]!(stack, anything({ [field]: value }), `${field}-${index}`)).not.toThrow();
      });
    }
    const refused = refusedBy(stack);
    for (const field of fields) {
      values.forEach((_, index) =>
        expect(refused).toContainEqual(expect.stringContaining(`${kind} "${field}-${index}" ${here}`)),
      );
    }
  });

  it('objects that run code and names that are no text are refused like other values', () => {
    const gotcha = (key: string): object => ({
      get [key](): never {
        throw new TypeError('gotcha');
      },
    });
    const stack = stackOf();
    const gateway = gatewayIn(stack);
    const server = serverIn(stack);
    const virtualIp = vipIn(gateway);
    new OneToOneNat(stack, 'one', { virtualIp, internal: anything(gotcha('server')) });
    new OneToOneNat(stack, 'three', {
      virtualIp,
      internal: anything(Object.defineProperties({ server }, Object.getOwnPropertyDescriptors(gotcha('address')))),
    });
    new OneToOneNat(stack, 'four', { virtualIp, internal: server, name: anything(Symbol('x')) });
    new VirtualIp(stack, 'five', {
      gateway,
      interface: 'wan0',
      address: '203.0.113.11',
      kind: 'ip-alias',
      name: anything(Symbol('x')),
    });
    expect(refusedBy(stack)).toEqual(
      expect.arrayContaining([
        `intent/unreadable at OneToOneNat "one" ${here}`,
        `intent/wrong-type at OneToOneNat "three" ${here} internal.server`,
        `intent/wrong-type at OneToOneNat "four" ${here} name`,
        `intent/wrong-type at VirtualIp "five" ${here} name`,
      ]),
    );
  });

  it('values in an App without a stack are refused with their lines', () => {
    const app = new App({ stackTraces: false });
    expect(problemsOf(() => new Gateway(app as never, 'edge1', gatewayProps))).toEqual([
      {
        code: 'constructs/no-stack',
        where: expect.stringMatching(/^Gateway "edge1" \(__tests__\/constructs\/errors-wrong-types\.test\.ts:\d+\)$/),
        what: 'It stands in no stack: its scope is the App, or something that is in none.',
        instead: 'new …(this, id, { … }) in the constructor of a TerraformStack, or the stack as the scope.',
      },
    ]);
  });

  it('a construct of another kind is named', () => {
    const stack = stackOf();
    const [gateway, server] = [gatewayIn(stack), serverIn(stack)];
    const virtualIp = vipIn(gateway);
    new VirtualIp(stack, 'a', {
      gateway: anything(server),
      interface: 'wan0',
      address: '203.0.113.9',
      kind: 'ip-alias',
    });
    new OneToOneNat(stack, 'b', { virtualIp: anything(gateway), internal: '10.0.0.9' });
    new OneToOneNat(stack, 'c', { gateway: anything(virtualIp), external: '192.0.2.1', internal: '10.0.0.9' });
    new OneToOneNat(stack, 'd', { gateway, external: '192.0.2.1', internal: '10.0.16.1', profile: anything(server) });
    new OneToOneNat(stack, 'e', anything({ internal: '10.0.0.9' }));
    new NatReflection(stack, 'f', { gateway: anything(server), mode: 'disabled' });
    new NatReflection(stack, 'g', anything({ gateway, mapping: gateway, mode: 'disabled' }));
    new NatReflection(stack, 'h', { mapping: anything(virtualIp), mode: 'disabled' });
    expect(refusedBy(stack)).toEqual([
      `constructs/not-a-construct at VirtualIp "a" ${here} gateway`,
      `constructs/not-a-construct at OneToOneNat "b" ${here} virtualIp`,
      `constructs/not-a-construct at OneToOneNat "c" ${here} gateway`,
      `constructs/not-a-construct at OneToOneNat "d" ${here} profile`,
      `constructs/no-gateway at OneToOneNat "e" ${here}`,
      `constructs/not-a-construct at NatReflection "f" ${here} gateway`,
      `constructs/gateway-or-mapping at NatReflection "g" ${here}`,
      `constructs/not-a-construct at NatReflection "h" ${here} mapping`,
    ]);
  });

  it("a mapping with another gateway than its virtual IP's is refused", () => {
    const stack = stackOf();
    const other = new Gateway(stack, 'edge2', gatewayProps);
    new OneToOneNat(
      stack,
      'web',
      anything({ virtualIp: vipIn(gatewayIn(stack)), gateway: other, internal: '10.0.0.9' }),
    );
    expect(refusedBy(stack)).toEqual([`constructs/other-gateway at OneToOneNat "web" ${here}`]);
  });
});
