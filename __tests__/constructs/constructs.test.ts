// Compares each construct with snapshots: the Terraform that it synthesizes, and its exposure. Also tests refusals.

import { App, TerraformStack, Testing } from 'cdktf';
import { Construct } from 'constructs';
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
import { exposureOf, portExposure } from '../../constructs/testing';
import { decodePolicy } from '../../lib/verifier/policy-codec';
import { GatewayPolicy, ServerPolicy } from '../../lib/policy/policy';
import { gatewayIn, gatewayProps, profileIn, serverIn, serverProps, stackOf, vipIn } from './construct-samples';
import { anything } from './refused-stacks';
import { readable, releasesOf, synthesized } from './synthesized';

expect.addSnapshotSerializer(portExposure);

/** A stack's snapshot: what Terraform receives, then what is reachable. */
function expectSnapshots(stack: TerraformStack): void {
  expect(readable(stack)).toMatchSnapshot('Terraform');
  expect(stack).toMatchSnapshot('exposure');
}

const gatewayPolicy = (stack: TerraformStack): GatewayPolicy =>
  decodePolicy(releasesOf(stack).get('edge1_hosting')!.policy) as GatewayPolicy;
const serverPolicy = (stack: TerraformStack): ServerPolicy =>
  decodePolicy(releasesOf(stack).get('mail1_hosting')!.policy) as ServerPolicy;

describe('each construct, synthesized', () => {
  it('Gateway', () => {
    const stack = stackOf();
    gatewayIn(stack);
    expectSnapshots(stack);
  });

  it('VirtualIp', () => {
    const stack = stackOf();
    vipIn(gatewayIn(stack));
    expectSnapshots(stack);
  });

  it('CpanelServer and CpanelFirewallProfile', () => {
    const stack = stackOf();
    serverIn(stack);
    expectSnapshots(stack);
  });

  it('OneToOneNat, to a server', () => {
    const stack = stackOf();
    const server = serverIn(stack);
    new OneToOneNat(stack, 'mail', { virtualIp: vipIn(gatewayIn(stack)), internal: server });
    expectSnapshots(stack);
  });

  it('OneToOneNat, subnet to subnet', () => {
    const stack = stackOf();
    new OneToOneNat(stack, 'customers', {
      gateway: gatewayIn(stack),
      external: '192.0.2.0/28',
      internal: '10.0.16.0/28',
      profile: profileIn(stack),
      exclude: [{ internal: '10.0.16.3' }],
    });
    expectSnapshots(stack);
  });

  it('NatReflection', () => {
    const stack = stackOf();
    const gateway = gatewayIn(stack);
    const mapping = new OneToOneNat(stack, 'mail', { virtualIp: vipIn(gateway), internal: serverIn(stack) });
    new NatReflection(stack, 'hairpin', { mapping, mode: 'disabled', onServer: true });
    expectSnapshots(stack);
  });

  it('DecommissionedOwner and HandedOverOwner', () => {
    const stack = stackOf();
    new DecommissionedOwner(stack, 'gone', { owners: [{ device: 'edge0', owner: 'hosting' }] });
    new HandedOverOwner(stack, 'moved', { owners: [{ device: 'mail0', owner: 'hosting' }] });
    expect(synthesized(stack)).toMatchSnapshot();
  });
});

it('one more port is one more line of the exposure and of the plan', () => {
  const made = (extra: { extra?: string[] }): [string, string[]] => {
    const stack = stackOf();
    new OneToOneNat(stack, 'web', {
      virtualIp: vipIn(gatewayIn(stack)),
      internal: '10.0.0.77',
      profile: profileIn(stack, extra),
    });
    return [exposureOf(stack), [...releasesOf(stack).get('edge1_hosting')!.lines]];
  };
  const [before, linesBefore] = made({});
  const [after, linesAfter] = made({ extra: ['8443/tcp'] });
  expect(linesAfter.filter((line) => !linesBefore.includes(line))).toEqual([
    'mail opens tcp 8443: from anywhere (8443/tcp)',
  ]);
  expect(linesBefore.filter((line) => !linesAfter.includes(line))).toEqual([]);
  const changed = (text: string, other: string): string[] =>
    text.split('\n').filter((line) => !other.split('\n').includes(line));
  expect(changed(after, before).length).toBeGreaterThan(0);
  expect(changed(after, before).every((line) => line.includes('8443'))).toBe(true);
});

describe('ids', () => {
  it('name device and owner, whatever the ids of the constructs are', () => {
    const stack = stackOf();
    new Gateway(stack, 'Some Construct', { ...gatewayProps, device: 'edge9', owner: 'shop' });
    expect(Object.keys((synthesized(stack)['resource'] as Record<string, object>)['terraform_data']!)).toEqual([
      'edge9_shop',
      'edge9_shop_holder',
    ]);
  });

  it("don't depend on constructs that wrap them", () => {
    const make = (scope: Construct, stack: TerraformStack): string => {
      const gateway = new Gateway(scope, 'edge1', gatewayProps);
      const profile = new CpanelFirewallProfile(scope, 'mail', {
        services: ['smtp'],
        sources: 'anywhere',
        management: { from: ['10.0.0.0/28'], port: 22 },
      });
      const server = new CpanelServer(scope, 'mail1', serverProps(profile));
      const virtualIp = new VirtualIp(scope, 'vip', {
        gateway,
        interface: 'wan0',
        address: '203.0.113.10',
        kind: 'ip-alias',
      });
      const mapping = new OneToOneNat(scope, 'mail-nat', { virtualIp, internal: server });
      new NatReflection(scope, 'hairpin', { mapping, mode: 'pure-nat' });
      return Testing.synth(stack);
    };
    const [plain, wrapped] = [stackOf(), stackOf()];
    expect(make(new Construct(new Construct(wrapped, 'site'), 'rack'), wrapped)).toBe(make(plain, plain));
  });
});

describe('parts', () => {
  it('the profile’s allow rules are the server’s and its mapping’s', () => {
    const stack = stackOf();
    new OneToOneNat(stack, 'mail', { virtualIp: vipIn(gatewayIn(stack)), internal: serverIn(stack) });
    expect(gatewayPolicy(stack).mappings[0]!.allowRules).toEqual(serverPolicy(stack).allowRules);
    expect(serverPolicy(stack).ownPublic).toHaveLength(1);
  });

  it('each of several addresses of a server can be mapped', () => {
    const stack = stackOf();
    const gateway = gatewayIn(stack);
    const server = serverIn(stack, { addresses: ['10.0.0.10', '10.0.0.11'] });
    new OneToOneNat(stack, 'one', { virtualIp: vipIn(gateway, 'vip-one'), internal: { server, address: '10.0.0.10' } });
    new OneToOneNat(stack, 'two', {
      virtualIp: vipIn(gateway, 'vip-two', '203.0.113.11'),
      internal: { server, address: '10.0.0.11' },
    });
    expect(serverPolicy(stack).ownPublic).toHaveLength(2);
  });

  it("the gateway's reflection applies to mappings without their own", () => {
    const stack = stackOf();
    const gateway = gatewayIn(stack);
    const mapping = new OneToOneNat(stack, 'one', { virtualIp: vipIn(gateway, 'vip-one'), internal: '10.0.0.20' });
    new OneToOneNat(stack, 'two', { virtualIp: vipIn(gateway, 'vip-two', '203.0.113.11'), internal: '10.0.0.21' });
    new NatReflection(stack, 'none', { gateway, mode: 'disabled' });
    new NatReflection(stack, 'own', { mapping, mode: 'pure-nat', from: ['lan0'] });
    expect(gatewayPolicy(stack).mappings.map(({ name, reflection }) => [name, reflection.mode])).toEqual([
      ['one', 'pure-nat'],
      ['two', 'disabled'],
    ]);
  });

  it('a server in another stack of the App can be mapped', () => {
    const app = new App({ stackTraces: false });
    const [edge, servers] = [stackOf('edge', app), stackOf('servers', app)];
    new OneToOneNat(edge, 'mail', { virtualIp: vipIn(gatewayIn(edge)), internal: serverIn(servers) });
    expect([...releasesOf(edge).keys()]).toEqual(['edge1_hosting']);
    expect([...releasesOf(servers).keys()]).toEqual(['mail1_hosting']);
    expect(serverPolicy(servers).ownPublic).toHaveLength(1);
    expect(exposureOf(edge)).toContain('end to end through edge1');
    expect(exposureOf(edge)).not.toContain('!');
    expect(exposureOf(servers)).not.toContain('edge1');
  });

  it("a server of another site with the same addresses isn't taken for the one behind a gateway", () => {
    const app = new App({ stackTraces: false });
    const [here, there] = [stackOf('here', app), stackOf('there', app)];
    new OneToOneNat(here, 'web', {
      virtualIp: vipIn(gatewayIn(here)),
      internal: '10.0.0.10',
      profile: profileIn(here),
    });
    serverIn(there);
    expect(exposureOf(here)).not.toContain('end to end');
    expect(exposureOf(there)).toContain('server mail1');
  });

  it('a construct added after a synthesis is in the next one', () => {
    const stack = stackOf();
    const gateway = gatewayIn(stack);
    expect(gatewayPolicy(stack).virtualIps).toHaveLength(0);
    vipIn(gateway);
    expect(gatewayPolicy(stack).virtualIps).toHaveLength(1);
  });

  it('changing props after the constructor has no effect', () => {
    const stack = stackOf();
    const props = { gateway: gatewayIn(stack), interface: 'wan0', address: '203.0.113.10', kind: 'ip-alias' as const };
    new VirtualIp(stack, 'vip', props);
    const before = Testing.synth(stack);
    props.address = '203.0.113.99';
    expect(Testing.synth(stack)).toBe(before);
  });

  it('adopts an owner token, and uses the chosen resource for the release', () => {
    const stack = stackOf();
    gatewayIn(stack, { adopt: 'f7c4-01', releaseResource: 'null_resource' });
    expect(synthesized(stack)['import']).toEqual([{ id: 'f7c4-01', to: 'terraform_data.edge1_hosting_holder' }]);
    expect(Object.keys(synthesized(stack)['resource'] as object)).toEqual(['null_resource', 'terraform_data']);
  });

  it('takes the resource of releases from the context', () => {
    const stack = stackOf('edge', new App({ stackTraces: false, context: { releaseResource: 'null_resource' } }));
    new Gateway(stack, 'edge1', { ...gatewayProps, releaseResource: anything(undefined) });
    expect(Object.keys((synthesized(stack)['resource'] as Record<string, object>)['null_resource']!)).toEqual([
      'edge1_hosting',
    ]);
  });

  it('mappings of one profile share its allow rules', () => {
    const stack = stackOf();
    const gateway = gatewayIn(stack);
    const profile = profileIn(stack);
    for (let n = 3; n < 13; n += 1)
      new OneToOneNat(stack, `m${n}`, { gateway, external: `192.0.2.${n}`, internal: `10.0.16.${n}`, profile });
    expect(new Set(gatewayPolicy(stack).mappings.map(({ allowRules }) => allowRules)).size).toBe(1);
    expect(
      releasesOf(stack)
        .get('edge1_hosting')!
        .lines.filter((line) => line.startsWith('mail opens')),
    ).toHaveLength(3);
  });
});
