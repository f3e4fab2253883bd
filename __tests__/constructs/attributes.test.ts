// Tests that the attributes of constructs have the values of their props, and that a mapping can refer to a server that
// another app delivers.

import { App, TerraformOutput, Testing } from 'cdktf';
import { CpanelServer, ICpanelServer, OneToOneNat } from '../../constructs/public';
import { gatewayIn, profileIn, serverIn, stackOf, vipIn } from './construct-samples';
import { anything, saidOf } from './refused-stacks';
import { releasesOf } from './synthesized';

describe('attributes', () => {
  const stack = stackOf();
  const [gateway, server] = [gatewayIn(stack), serverIn(stack)];
  const virtualIp = vipIn(gateway);
  const mapping = new OneToOneNat(stack, 'nat', { virtualIp, internal: server });

  it('have the values of the props', () => {
    expect([gateway.deviceName, gateway.owner, server.deviceName, server.owner]).toEqual([
      'edge1',
      'hosting',
      'mail1',
      'hosting',
    ]);
    expect(server.addresses).toEqual(['10.0.0.10']);
    expect([virtualIp.address, mapping.external, mapping.internal]).toEqual([
      '203.0.113.10',
      '203.0.113.10',
      '10.0.0.10',
    ]);
    expect(profileIn(stackOf()).profileName).toBe('mail');
  });

  it('an owner token is the id of the ownership record', () => {
    new TerraformOutput(stack, 'token', { value: gateway.ownerToken });
    const { output, resource } = JSON.parse(Testing.synth(stack)) as {
      readonly output: { readonly token: { readonly value: string } };
      readonly resource: { readonly terraform_data: object };
    };
    const [, id] = /^\$\{terraform_data\.(\w+)\.id\}$/.exec(output.token.value)!;
    expect(Object.keys(resource.terraform_data)).toContain(id);
  });
});

/** Returns the gateway's release with one mapping, whose internal host `create` returns. */
const releaseWith = (create: (stack: ReturnType<typeof stackOf>) => object): unknown => {
  const stack = stackOf();
  const gateway = gatewayIn(stack);
  new OneToOneNat(stack, 'nat', { virtualIp: vipIn(gateway), ...create(stack) } as never);
  const releases = releasesOf(stack);
  expect([...releases.keys()]).toEqual(['edge1_hosting']);
  return [...releases];
};

describe('a server that another app delivers', () => {
  it('is mapped by its address with its profile, and gets no release', () => {
    const byText = releaseWith((stack) => ({ internal: '10.0.0.20', profile: profileIn(stack) }));
    expect(
      releaseWith((stack) => ({
        internal: CpanelServer.fromAttributes(stack, 'web2', {
          addresses: ['10.0.0.20/24'],
          profile: profileIn(stack),
        }),
      })),
    ).toEqual(byText);
  });

  it('has attributes, and one of its addresses can be mapped', () => {
    const stack = stackOf();
    const server: ICpanelServer = CpanelServer.fromAttributes(stack, 'web2', {
      device: 'web',
      addresses: ['10.0.0.20', '10.0.0.21'],
      profile: profileIn(stack),
    });
    const mapping = new OneToOneNat(stack, 'nat', {
      virtualIp: vipIn(gatewayIn(stack)),
      internal: { server, address: '10.0.0.21' },
    });
    expect([server.deviceName, server.addresses, mapping.internal]).toEqual([
      'web',
      ['10.0.0.20', '10.0.0.21'],
      '10.0.0.21',
    ]);
    expect(saidOf(stack)).toEqual([]);
  });

  it('is refused at its own line', () => {
    const stack = stackOf();
    const two = CpanelServer.fromAttributes(stack, 'two', { addresses: ['10.0.0.20', '10.0.0.21'] });
    gatewayIn(stack).publish(two, '203.0.113.10');
    CpanelServer.fromAttributes(stack, 'none', anything({ profile: 'web', adresses: [] }));
    expect(saidOf(stack).map((text) => text.replace(/ \(\S+\)/, '').split(': ')[0])).toEqual([
      'intent/unknown-key at CpanelServer "none"',
      'intent/missing at CpanelServer "none"',
      'constructs/not-a-construct at CpanelServer "none" profile',
      'intent/server-address-unset at OneToOneNat "nat-203-0-113-10" internal',
    ]);
  });

  it('is refused by a mapping of another App', () => {
    const other = CpanelServer.fromAttributes(stackOf('other', new App()), 'web2', { addresses: ['10.0.0.20'] });
    const stack = stackOf();
    gatewayIn(stack).publish(other, '203.0.113.10');
    expect(saidOf(stack).join('\n')).toMatch(/^constructs\/other-app at /);
  });
});
