// Tests that `Defaults` may name source sets, for profiles, gateways and management, and that a profile's own set of
// the same name wins.

import { CpanelFirewallProfile, CpanelServer, Defaults, OneToOneNat, VirtualIp } from '../../constructs/public';
import { TerraformStack } from 'cdktf';
import { gatewayIn, serverProps, stackOf } from './construct-samples';
import { releasesOf } from './synthesized';

const OFFICE = ['198.51.100.0/28', '198.51.100.77'];

/** Returns the texts of a server whose operators are a named set, and of a mapping that opens a service to them. */
function made(defaults: boolean, ...own: readonly (readonly [string, readonly string[]])[]): readonly string[] {
  const stack: TerraformStack = stackOf();
  const sets = Object.fromEntries(own);
  const management = { from: ['office'], port: 22 };
  if (defaults) Defaults.on(stack, { management, sourceSets: { office: OFFICE, lab: ['192.0.2.0/28'] } });
  const gateway = gatewayIn(stack);
  const virtualIp = new VirtualIp(stack, 'vip', {
    gateway,
    interface: 'wan0',
    address: '203.0.113.10',
    mask: 24,
    kind: 'ip-alias',
  });
  const from = defaults ? ['lab'] : ['192.0.2.0/28'];
  new OneToOneNat(stack, 'printer', { virtualIp, internal: '10.0.0.77', open: [{ service: '631/tcp', from }] });
  const profile = new CpanelFirewallProfile(stack, 'shop', {
    services: ['https'],
    sources: 'anywhere',
    ...(defaults ? { sourceSets: sets } : { management: { ...management, from: sets['office'] ?? [] } }),
  });
  new CpanelServer(stack, 'web1', serverProps(profile));
  return [...releasesOf(stack).values()].map(({ text }) => text);
}

test('defaults accept names of source sets, for management, profiles and gateways', () => {
  expect(made(true)).toEqual(made(false, ['office', OFFICE]));
  expect(made(true)).toHaveLength(2);
});

test('a profile’s own sets are added to them, and win over one of the same name', () => {
  expect(made(true, ['other', ['192.0.2.99']])).toEqual(made(true));
  expect(made(true, ['office', ['192.0.2.99']])).toEqual(made(false, ['office', ['192.0.2.99']]));
  expect(made(true, ['office', ['192.0.2.99']])).not.toEqual(made(true));
});
