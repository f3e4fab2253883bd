// The cdktf program (main.ts) of the lab's tests: synthesizes the stack `lab` in the variant that
// CPANEL_EDGE_LAB_VARIANT names.
import { join } from 'node:path';
import { App, LocalBackend, TerraformStack } from 'cdktf';
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
import { EdgeEnvironment, EdgeStack } from '../../stacks/edge-stack';
import { OF_DEBIAN } from '../debian';
import { lab as deployed } from '../lab-environment';
import { hostCase } from './host-case';
import { byTheGateway, serverOn, withServer } from './server-environment';

/** An absolute path: a plan file contains the path of its state, and is applied from other folders here. */
const STATE = join(process.env['CDKTF_OUTDIR'] ?? process.cwd(), 'terraform.lab.tfstate');

const lab: EdgeEnvironment = { ...deployed, backend: { kind: 'local', path: STATE } };

/**
 * Variants of the stack `lab` by name. CPANEL_EDGE_LAB_VARIANT names one of these, or a case of a server
 * (host-case.ts). CPANEL_EDGE_LAB_LEASE is the owner token for `adopting`.
 */
const VARIANTS: Readonly<Record<string, (app: App) => void>> = {
  'as it is': (app) => new EdgeStack(app, 'lab', lab),
  'imap closed': (app) => new EdgeStack(app, 'lab', withoutImap()),
  'locked out': (app) => new EdgeStack(app, 'lab', lockedOut(lab)),
  'server as before': (app) => new EdgeStack(app, 'lab', asBefore(lab)),
  'known to cPanel': (app) => new EdgeStack(app, 'lab', knownToCpanel(asBefore(lab))),
  'known to cPanel, by the gateway': (app) => new EdgeStack(app, 'lab', knownToCpanel(asBefore(byTheGateway(lab)))),
  'known to cPanel, led back by nobody': (app) =>
    new EdgeStack(app, 'lab', knownToCpanel(asBefore({ ...lab, reflection: { mode: 'disabled' } }))),
  'known to cPanel, locked out': (app) => new EdgeStack(app, 'lab', knownToCpanel(lockedOut(lab))),
  'on iptables': (app) => new EdgeStack(app, 'lab', asBefore(onIptables(lab))),
  'on iptables, imap closed': (app) => new EdgeStack(app, 'lab', asBefore(onIptables(withoutImap()))),
  'on iptables, locked out': (app) => new EdgeStack(app, 'lab', lockedOut(onIptables(lab))),
  'before firewalld': (app) => new EdgeStack(app, 'lab', listed(asBefore(byTheGateway(lab)))),
  'on firewalld': (app) => new EdgeStack(app, 'lab', listed(asBefore(onFirewalld(lab)))),
  'on firewalld, imap closed': (app) => new EdgeStack(app, 'lab', listed(asBefore(onFirewalld(withoutImap())))),
  'on firewalld, locked out': (app) => new EdgeStack(app, 'lab', listed(lockedOut(onFirewalld(lab)))),
  'on csf': (app) => new EdgeStack(app, 'lab', asBefore(onCsf(lab))),
  'on csf, imap closed': (app) => new EdgeStack(app, 'lab', asBefore(onCsf(withoutImap()))),
  'on csf, locked out': (app) => new EdgeStack(app, 'lab', lockedOut(onCsf(lab))),
  'on APF': (app) => new EdgeStack(app, 'lab', asBefore(onApf(lab))),
  'on APF, imap closed': (app) => new EdgeStack(app, 'lab', asBefore(onApf(withoutImap()))),
  'on APF, locked out': (app) => new EdgeStack(app, 'lab', lockedOut(onApf(lab))),
  'in their place': (app) => new EdgeStack(app, 'lab', inTheirPlace(asBefore(lab))),
  'in their place, imap closed': (app) => new EdgeStack(app, 'lab', inTheirPlace(asBefore(withoutImap()))),
  'in their place, locked out': (app) => new EdgeStack(app, 'lab', inTheirPlace(lockedOut(lab))),
  'on firewalld, in their place': (app) => new EdgeStack(app, 'lab', toFirewalld(asBefore(onFirewalld(lab)))),
  'on firewalld, in their place, imap closed': (app) =>
    new EdgeStack(app, 'lab', toFirewalld(asBefore(onFirewalld(withoutImap())))),
  'on firewalld, in their place, locked out': (app) =>
    new EdgeStack(app, 'lab', toFirewalld(lockedOut(onFirewalld(lab)))),
  'on csf, in its place': (app) => new EdgeStack(app, 'lab', toCsf(asBefore(onCsf(lab)))),
  'on csf, in its place, locked out': (app) => new EdgeStack(app, 'lab', toCsf(lockedOut(onCsf(lab)))),
  'gateway on iptables': (app) => new EdgeStack(app, 'lab', throughIptables(lab)),
  'gateway on iptables, imap closed': (app) => new EdgeStack(app, 'lab', throughIptables(withoutImap())),
  'gateway on iptables, second mapping': (app) => {
    const { virtualIps, mappings, ...rest } = throughIptables(lab);
    const second = {
      external: { virtualIp: 'second' },
      internal: { hosts: '10.0.0.20' },
      open: [{ service: 'http', from: 'anywhere' }],
    } as const;
    new EdgeStack(app, 'lab', {
      ...rest,
      virtualIps: { ...virtualIps, second: { interface: 'wan0', address: '203.0.113.11', kind: 'ip-alias' } },
      mappings: { ...mappings, second },
    });
  },
  'both on iptables': (app) => new EdgeStack(app, 'lab', throughIptables(asBefore(onIptables(lab)))),
  'null resource': (app) => new EdgeStack(app, 'lab', { ...lab, releaseResource: 'null_resource' }),
  'null resource, imap closed': (app) => {
    new EdgeStack(app, 'lab', { ...withoutImap(), releaseResource: 'null_resource' });
  },
  'other owner': (app) => new EdgeStack(app, 'lab', { ...lab, gateway: { ...lab.gateway, owner: 'renamed' } }),
  wrapped: (app) => parts(new Construct(stack(app), 'wrapper')),
  'gateway gone': (app) => parts(stack(app), { server: true }),
  'gateway retired': (app) => {
    const scope = stack(app);
    parts(scope, { server: true });
    new DecommissionedOwner(scope, 'retired', { owners: [{ device: 'edge1', owner: 'hosting' }] });
  },
  'server released': (app) => {
    const scope = stack(app);
    parts(scope, { gateway: true });
    new HandedOverOwner(scope, 'released', { owners: [{ device: 'web1', owner: 'hosting' }] });
  },
  adopting: (app) => parts(stack(app), { server: true }, process.env['CPANEL_EDGE_LAB_LEASE']),
  'second owner retired': (app) => {
    const scope = stack(app);
    parts(scope);
    new DecommissionedOwner(scope, 'retired', { owners: [{ device: 'edge1', owner: 'second' }] });
  },
  'two owners': (app) => {
    const scope = stack(app);
    parts(scope);
    const gateway = new Gateway(scope, 'second', { ...lab.gateway, owner: 'second' });
    const virtualIp = new VirtualIp(scope, 'vip-second', {
      gateway,
      interface: 'wan0',
      address: '203.0.113.11',
      kind: 'ip-alias',
    });
    new OneToOneNat(scope, 'nat-second', {
      virtualIp,
      internal: '10.0.0.20',
      open: [{ service: 'http', from: 'anywhere' }],
    });
  },
};

const asBefore = (environment: EdgeEnvironment): EdgeEnvironment => withServer(environment, { onRemove: 'as before' });
const knownToCpanel = (environment: EdgeEnvironment): EdgeEnvironment => withServer(environment, { cpnat: {} });
const onIptables = (environment: EdgeEnvironment): EdgeEnvironment => serverOn(environment, 'iptables');

const inTheirPlace = (environment: EdgeEnvironment): EdgeEnvironment =>
  withServer(environment, { replaces: ['ufw', 'csf', 'iptables', 'firewalld'] });

const toFirewalld = (environment: EdgeEnvironment): EdgeEnvironment =>
  withServer(listed(environment), { replaces: ['ufw', 'csf', 'iptables'] });
const toCsf = (environment: EdgeEnvironment): EdgeEnvironment => withServer(environment, { replaces: ['firewalld'] });

/** If connections from the trusted networks are unmanaged, firewalld's zones decide on them, and no proof says how. */
const listed = (environment: EdgeEnvironment): EdgeEnvironment =>
  withServer(environment, { trustedConnections: 'listed' });
const onFirewalld = (environment: EdgeEnvironment): EdgeEnvironment => serverOn(environment, 'firewalld');

/**
 * Leaves out `blocked`: for these platforms, the programs' own lists block sources of services that are open to all.
 */
function unblocked(environment: EdgeEnvironment): EdgeEnvironment {
  // eslint-disable-next-line @typescript-eslint/no-unused-vars -- what is left out
  const { blocked, ...cpanel } = environment.profiles['cpanel']!;
  return { ...environment, profiles: { cpanel } };
}

const onCsf = (environment: EdgeEnvironment): EdgeEnvironment => serverOn(unblocked(environment), 'csf');
const onApf = (environment: EdgeEnvironment): EdgeEnvironment => serverOn(unblocked(environment), 'apf');

const throughIptables = (environment: EdgeEnvironment): EdgeEnvironment => ({
  ...environment,
  gateway: { ...environment.gateway, platform: 'iptables', version: OF_DEBIAN.versions.iptables },
});

function lockedOut(environment: EdgeEnvironment): EdgeEnvironment {
  // eslint-disable-next-line @typescript-eslint/no-unused-vars -- a health check would refuse it before anything is loaded
  const { healthChecks, ...web1 } = environment.servers['web1']!;
  const { cpanel } = environment.profiles;
  // A start of csf or APF takes seconds. One that takes longer than the timeout is stopped before it is armed.
  const rollbackSeconds = web1.platform === 'csf' || web1.platform === 'apf' ? 30 : 10;
  return {
    ...environment,
    profiles: { cpanel: { ...cpanel!, management: { from: ['198.51.100.0/24'], port: 22 } } },
    servers: {
      web1: { ...web1, connection: { ...web1.connection, rollbackSeconds }, trustedNetworks: ['10.0.0.0/24'] },
    },
  };
}

function withoutImap(): EdgeEnvironment {
  const services = ['web', 'dns', 'panel', 'smtp', 'smtps', 'submission', 'pop3s'];
  return { ...lab, profiles: { cpanel: { ...lab.profiles['cpanel']!, services } } } as EdgeEnvironment;
}

function stack(app: App): TerraformStack {
  const made = new TerraformStack(app, 'lab');
  made.node.setContext('releaseResource', 'terraform_data');
  new LocalBackend(made, { path: STATE });
  return made;
}

/** Makes the parts of EdgeStack from the lab's environment, in any scope, and optionally only some of them. */
function parts(
  scope: Construct,
  only: { readonly gateway?: boolean; readonly server?: boolean } = { gateway: true, server: true },
  adopt?: string,
): void {
  const web1 = lab.servers['web1']!;
  const profile = new CpanelFirewallProfile(scope, 'profile', { name: 'cpanel', ...lab.profiles['cpanel']! });
  const server = only.server
    ? new CpanelServer(scope, 'web1', { ...web1, profile, ...(adopt ? { adopt } : {}) })
    : undefined;
  if (!only.gateway) return;
  const gateway = new Gateway(scope, 'edge1', lab.gateway);
  const virtualIp = new VirtualIp(scope, 'web', { gateway, name: 'web', ...lab.virtualIps['web']! });
  const inside = server ? { internal: { server, address: '10.0.0.10' } } : { internal: '10.0.0.10', profile };
  new OneToOneNat(scope, 'nat', { name: 'web', virtualIp, description: 'The lab server', ...inside });
  new NatReflection(scope, 'reflection', { gateway, ...lab.reflection });
}

const name = process.env['CPANEL_EDGE_LAB_VARIANT'] ?? '';
const asked = hostCase(lab, name);
const variant = asked ? (into: App) => new EdgeStack(into, 'lab', asked) : VARIANTS[name];
if (!variant) throw new Error(`There is no variant "${name}"; there are ${Object.keys(VARIANTS).join(', ')}.`);
const app = new App();
variant(app);
app.synth();
