import { App, TerraformStack } from 'cdktf';
import { CpanelFirewallProfile, CpanelServer, Defaults, Gateway } from 'cpanel-edge';

const app = new App();
const stack = new TerraformStack(app, 'edge');
const gw1 = { host: '192.0.2.2', hostKeys: ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIO3TARdtIVD8IOh+RQOd+QSay+rmqvZ3UtoGasBzNRd5'] };
const web1 = { hostKeys: ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIN5mr2Ll9urYbyf5VSqjwUDFmpcojyAz7RUYBVmH7Kda'] };
Defaults.on(stack, { owner: 'shop', platform: 'nftables', version: '1.0.6', management: { from: ['198.51.100.0/24'], port: 22 } });

const gateway = new Gateway(stack, 'gw1', { connection: gw1, interfaces: ['wan: outside 203.0.113.2/24', 'lan: inside 10.0.0.1/24'] });
const profile = new CpanelFirewallProfile(stack, 'web', { services: ['http', 'https'], sources: 'anywhere' });
const server = new CpanelServer(stack, 'web1', { connection: web1, addresses: ['10.0.0.10/24'], trustedNetworks: ['10.0.0.0/24'], profile });
gateway.publish(server, '203.0.113.10');
app.synth();
