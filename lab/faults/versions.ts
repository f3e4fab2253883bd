// The cdktf program (main.ts) of the fault tests: synthesizes the stack `lab` in one of two versions. The second one
// closes a port and opens another. A variable of the environment selects version and variant.
import { join } from 'node:path';
import { App, LocalBackend, PgBackend, TerraformStack } from 'cdktf';
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
import { platforms } from '../../lib/registry';
import { lab } from '../lab-environment';
import { EdgeEnvironment } from '../../stacks/edge-stack';
import { OPERATOR6, ROLLBACK_SECONDS, VERSIONS, Wanted, wantedVariable } from './version-options';

/** The version and the variant of the stack that are synthesized. */
const wanted = JSON.parse(process.env[wantedVariable] ?? '{}') as Wanted;

const app = new App();
const stack = new TerraformStack(app, 'lab');
stack.node.setContext('releaseResource', wanted.releaseResource ?? 'terraform_data');
if (wanted.postgres)
  new PgBackend(stack, { connStr: '', schemaName: wanted.postgres }).addOverride('conn_str', undefined);
else new LocalBackend(stack, { path: join(process.env['CDKTF_OUTDIR'] ?? process.cwd(), 'terraform.tfstate') });
if (wanted.retired) new DecommissionedOwner(stack, 'retired', { owners: wanted.retired });
if (wanted.released) new HandedOverOwner(stack, 'released', { owners: wanted.released });
const { server } = platforms[wanted.platforms.web1.platform as keyof typeof platforms].capabilities;
build(stack, {
  ...lab,
  // If the server doesn't translate its packets to its own public addresses, the gateway does.
  reflection: { ...lab.reflection, onServer: server?.ownPublic === true },
  gateway: { ...lab.gateway, ...wanted.platforms.edge1 },
  servers: { web1: { ...lab.servers['web1']!, ...wanted.platforms.web1 } },
});
app.synth();

function build(scope: Construct, environment: EdgeEnvironment): void {
  const {
    rollbackSeconds = ROLLBACK_SECONDS,
    owner = 'hosting',
    only = ['edge1', 'web1'],
    version,
    adopt = {},
    management,
  } = wanted;
  const { cpanel } = environment.profiles;
  const profile = new CpanelFirewallProfile(scope, 'profile', {
    name: 'cpanel',
    ...cpanel!,
    services: ['web', 'dns', 'panel', 'smtp', 'smtps', 'submission', VERSIONS[version].service],
    ...(management ? { management: { from: management, port: 22 } } : {}),
  });
  const { healthChecks: usual, ...web1 } = environment.servers['web1']!;
  // The health check of the operator is left out if the operator is to be locked out.
  const healthChecks = wanted.witnesses?.web1 ?? (management ? undefined : usual);
  const server = only.includes('web1')
    ? new CpanelServer(scope, 'web1', {
        ...web1,
        ...(management ? { trustedNetworks: ['10.0.0.0/24'] } : {}),
        ...(wanted.operator6 ? by6(web1, wanted.operator6) : {}),
        ...(healthChecks ? { healthChecks } : {}),
        ...(wanted.cpnat ? { cpnat: {} } : {}),
        ...(wanted.replaces ? { replaces: wanted.replaces, onRemove: 'as before' } : {}),
        owner,
        profile,
        connection: { ...web1.connection, rollbackSeconds },
        ...(adopt.web1 ? { adopt: adopt.web1 } : {}),
      })
    : undefined;
  if (!only.includes('edge1')) return;
  const gateway = new Gateway(scope, 'edge1', {
    ...environment.gateway,
    owner,
    healthChecks: wanted.witnesses?.edge1 ?? environment.gateway.healthChecks!,
    connection: { ...environment.gateway.connection, rollbackSeconds },
    ...(adopt.edge1 ? { adopt: adopt.edge1 } : {}),
  });
  const { publicAddress = '203.0.113.10', insideAddress = '10.0.0.10' } = wanted;
  const virtualIp = new VirtualIp(scope, 'web', {
    gateway,
    name: 'web',
    ...environment.virtualIps['web']!,
    address: publicAddress,
  });
  const inside = server ? { internal: { server, address: insideAddress } } : { internal: insideAddress, profile };
  new OneToOneNat(scope, 'nat', { name: 'web', virtualIp, ...inside });
  new NatReflection(scope, 'reflection', { gateway, ...environment.reflection });
  if (wanted.guest) guest(scope, environment, wanted.guest);
}

/** Adds an IPv6 address to the IPv4 one, on the operator's interface. */
function by6({ interfaces, trustedNetworks }: EdgeEnvironment['servers'][string], operator6: 'open' | 'closed') {
  const addresses = (each: NonNullable<typeof interfaces>[number]) =>
    each.name === 'mgmt0' ? { ...each, addresses: [...each.addresses, `${OPERATOR6.web1}/64`] } : each;
  return {
    interfaces: interfaces!.map(addresses),
    trustedNetworks:
      operator6 === 'open' && Array.isArray(trustedNetworks) ? [...trustedNetworks, OPERATOR6.prefix] : trustedNetworks,
  };
}

function guest(
  scope: Construct,
  environment: EdgeEnvironment,
  { owner, publicAddress, insideAddress }: NonNullable<Wanted['guest']>,
): void {
  const gateway = new Gateway(scope, 'guest', { ...environment.gateway, owner });
  const virtualIp = new VirtualIp(scope, 'vip-guest', {
    gateway,
    ...environment.virtualIps['web']!,
    address: publicAddress,
  });
  new OneToOneNat(scope, 'nat-guest', {
    virtualIp,
    internal: insideAddress,
    open: [{ service: 'http', from: 'anywhere' }],
  });
}
