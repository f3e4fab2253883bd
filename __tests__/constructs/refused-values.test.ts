// Tests refused values of constructs: one network with two prefix lengths in two constructs, public addresses inside
// another network, a wrong owner token, texts in place of true and false, and a wrong profile that no server has.

import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { App, TerraformStack } from 'cdktf';
import { Gateway, NatReflection, OneToOneNat, VirtualIp } from '../../constructs/public';
import { temporaryFolder } from '../temporary-folder';
import { HOST_KEY, gatewayIn, gatewayProps, profileIn, serverIn, stackOf } from './construct-samples';
import { anything, filesUnder, refusalOf, saidOf } from './refused-stacks';

const folder = temporaryFolder();
const samples = '(__tests__/constructs/construct-samples.ts:N)';

describe('a network with two prefix lengths', () => {
  it("names both the new network and the gateway's", () => {
    const stack = stackOf();
    const gateway = gatewayIn(stack);
    gateway.publish(serverIn(stack, { addresses: ['10.0.0.10/16'] }), '203.0.113.10');
    expect(saidOf(stack)).toEqual([
      `intent/network-differs at CpanelServer "mail1" ${samples}: 10.0.0.10/16 is in 10.0.0.0/16, and by lan0 of the gateway that maps it (10.0.0.1/24) in 10.0.0.0/24.`,
    ]);
  });

  it.each(['10.0.0.10', '10.0.0.10/32', '10.0.16.2/29'])('is accepted as %s: alone, or behind a route', (address) => {
    const stack = stackOf();
    gatewayIn(stack).publish(
      serverIn(stack, { addresses: [address], connection: { hostKeys: [HOST_KEY] } }),
      '203.0.113.10',
    );
    expect(saidOf(stack)).toEqual([]);
  });
});

describe("public addresses that are routed to the gateway and are in an inside interface's network", () => {
  const gatewayOf = (stack: TerraformStack, addresses: readonly string[]): Gateway =>
    gatewayIn(stack, {
      interfaces: [
        {
          name: 'wan0',
          role: 'outside',
          addresses: ['203.0.113.2/24'],
          publicPrefixes: [{ prefix: '192.0.2.0/24', delivery: 'routed' }],
        },
        { name: 'lan0', role: 'inside', addresses: ['10.0.0.1/24', ...addresses] },
      ],
    });
  const inside = (wrote: string): string =>
    `${wrote} is in a network of the interface lan0, which is inside: hosts there look for it on their own wire, where no host answers, or one of them has it.`;

  it('are refused as a virtual IP, and as the external address of a mapping without one', () => {
    const stack = stackOf();
    const gateway = gatewayOf(stack, ['192.0.2.129/25']);
    new VirtualIp(stack, 'a', { gateway, address: '192.0.2.192/28', kind: 'other' });
    new OneToOneNat(stack, 'b', { gateway, external: '192.0.2.130', internal: '10.0.0.11' });
    expect(refusalOf(stack).map(({ code, where, what }) => [code, where.replace(/ \(.*\)/, ''), what])).toEqual([
      ['intent/public-on-other-interface', 'VirtualIp "a" address', inside('192.0.2.192/28')],
      ['intent/public-on-other-interface', 'OneToOneNat "b" external', inside('192.0.2.130')],
    ]);
  });

  it('are accepted beside that network', () => {
    const stack = stackOf();
    const gateway = gatewayOf(stack, ['192.0.2.129/25']);
    new VirtualIp(stack, 'a', { gateway, address: '192.0.2.16/28', kind: 'other' });
    new OneToOneNat(stack, 'b', { gateway, external: '192.0.2.100', internal: '10.0.0.11' });
    expect(saidOf(stack)).toEqual([]);
  });
});

describe('a wrong owner token is refused', () => {
  it.each(['yes', 'true', 'adopt-it'])('%s', (adopt) => {
    const stack = stackOf();
    gatewayIn(stack, { adopt });
    expect(saidOf(stack)).toEqual([
      `intent/bad-lease at Gateway "edge1" ${samples} adopt: This is not an owner token.`,
    ]);
  });
});

describe('texts in place of true and false', () => {
  it('are refused everywhere', () => {
    const stack = stackOf();
    const [enabled, wanted] = [anything('yes'), 'This is the text "yes".'];
    const interfaces = gatewayProps.interfaces.map((one) => Object.assign({}, one, { terminatesVpn: 'yes' }));
    const connection = { ...gatewayProps.connection, userConfiguration: enabled };
    const gateway = gatewayIn(stack, { interfaces: anything(interfaces), connection });
    gateway.publish('10.0.0.11', '203.0.113.10', { enabled, inboundOnly: enabled });
    new NatReflection(stack, 'r', { gateway, mode: 'pure-nat', onServer: enabled, globalHelper: enabled });
    const server = serverIn(stack, {
      facts: anything({ hasAccounts: 'yes', redirectsToTls: 'yes' }),
      connection: { hostKeys: [HOST_KEY], userConfiguration: enabled },
    });
    expect(server).toBeDefined();
    const problems = refusalOf(stack);
    expect(problems.map(({ code, what, instead }) => `${code}: ${what} ${instead}`)).toEqual(
      Array.from({ length: 10 }, () => `intent/wrong-type: ${wanted} The value true or false.`),
    );
  });
});

it('a wrong profile is refused before anything is written, though no server has it', () => {
  const outdir = mkdtempSync(join(folder, 'out-'));
  const app = new App({ outdir, stackTraces: false });
  profileIn(stackOf('alone', app), { services: ['nothing like it'] });
  expect(() => app.synth()).toThrow('intent/unknown-service at CpanelFirewallProfile "profile"');
  expect(filesUnder(outdir)).toEqual([]);
});
