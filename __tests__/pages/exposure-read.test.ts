import { CpanelFirewallProfile, Gateway, OneToOneNat, VirtualIp } from '../../constructs/public';
import { exposureOf } from '../../constructs/testing';
import { HOST_KEY, stackOf } from '../constructs/construct-samples';
import { read } from '../walls/sources';
import { page } from './says';

const { says } = page('exposure.md');

says('`cpanel-edge/testing` puts it into your snapshots.', () => {
  const stack = stackOf('edge');
  const gateway = new Gateway(stack, 'edge', {
    ...{ owner: 'hosting', platform: 'nftables', version: '1.0.6', connection: { host: '192.0.2.2', hostKeys: [HOST_KEY] } },
    interfaces: ['wan0: outside 203.0.113.2/24', 'lan0: inside 10.0.0.1/24'],
  });
  const profile = new CpanelFirewallProfile(stack, 'mail', {
    ...{ services: ['smtp', 'smtps', 'imaps', 'https'], sources: 'anywhere' },
    management: { from: ['198.51.100.0/28'], port: 22 },
  });
  const virtualIp = new VirtualIp(stack, 'vip', { gateway, interface: 'wan0', address: '203.0.113.10', kind: 'ip-alias' });
  new OneToOneNat(stack, 'mail1', { virtualIp, inside: '10.0.0.10', profile });
  const [, shown] = /\n\n( {4}Evidence: [^]*?\n)\n(?=\S)/.exec(read('docs/exposure.md'))!;
  expect(shown!.replace(/^ {4}/gm, '')).toBe(exposureOf(stack));
});
