import { App, LocalBackend, TerraformStack } from 'cdktf';
import { CpanelFirewallProfile, CpanelServer, Gateway, OneToOneNat, VirtualIp } from 'cpanel-edge';

const app = new App();
const stack = new TerraformStack(app, 'edge');
new LocalBackend(stack, {});

const connection = (host: string) => ({
  host,
  hostKeys: ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ7hKiIO8bGkNHPgzhCKsd1pmyYk8VEwDvA8Y4KvmQ0z'],
});
const gateway = new Gateway(stack, 'gateway', {
  ...{ device: 'gw1', owner: 'web', platform: 'nftables', version: '1.0.6', connection: connection('192.0.2.2') },
  interfaces: [
    { name: 'wan', role: 'outside', addresses: ['203.0.113.2/24'], publicPrefixes: [{ prefix: '203.0.113.0/24', delivery: 'on-link' }] },
    { name: 'lan', role: 'inside', addresses: ['10.0.0.1/24'] },
  ],
});
const server = new CpanelServer(stack, 'server', {
  ...{ device: 'web1', owner: 'web', platform: 'nftables', version: '1.0.6', connection: connection('10.0.0.10') },
  ...{ addresses: ['10.0.0.10/24'], inside: ['10.0.0.0/24'] },
});
new CpanelFirewallProfile(stack, 'profile', {
  ...{ name: 'web', servers: [server], services: ['http', 'https'], sources: 'anywhere' },
  management: { from: ['198.51.100.0/24'], port: 22 },
});
const virtualIp = new VirtualIp(stack, 'vip', { gateway, interface: 'wan', address: '203.0.113.10', kind: 'ip-alias' });
new OneToOneNat(stack, 'nat', { gateway, virtualIp, inside: server });
app.synth();
