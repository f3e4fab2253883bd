// The stack EdgeStack: a gateway, servers and mappings of one environment, with its Terraform backend. main.ts makes
// one for each environment.

import { LocalBackend, PgBackend, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import {
  CpanelFirewallProfile,
  type CpanelFirewallProfileProps,
  CpanelServer,
  type CpanelServerProps,
  Gateway,
  type GatewayProps,
  NatReflection,
  OneToOneNat,
  type OneToOneNatProps,
  HandedOverOwner,
  type RemovedOwnersProps,
  DecommissionedOwner,
  VirtualIp,
  type VirtualIpProps,
} from '../constructs/public';

/** The Terraform backend of the state. Both kinds lock it, so that two applies never run at once. */
export type Backend =
  | { readonly kind: 'local'; readonly path: string }
  /** PG_CONN_STR has the connection string, because it contains a password. */
  | { readonly kind: 'pg'; readonly schema: string };

/** The settings of one environment, as plain data. Names refer to other parts of the same environment. */
export interface EdgeEnvironment {
  readonly backend: Backend;
  /** Terraform resource of a release. `terraform_data` needs no provider registry. */
  readonly releaseResource: 'null_resource' | 'terraform_data';
  readonly gateway: GatewayProps & { readonly device: string };
  readonly profiles: Readonly<Record<string, CpanelFirewallProfileProps>>;
  readonly servers: Readonly<Record<string, Omit<CpanelServerProps, 'profile'> & { readonly profile: string }>>;
  readonly virtualIps: Readonly<Record<string, Omit<VirtualIpProps, 'gateway'>>>;
  readonly mappings: Readonly<Record<string, EdgeMapping>>;
  /** NAT reflection of all mappings that have none of their own. */
  readonly reflection: NonNullable<OneToOneNatProps['reflection']>;
  /** Owners to remove from their devices, and owners that another state takes over. */
  readonly decommissioned?: RemovedOwnersProps['owners'];
  readonly handedOver?: RemovedOwnersProps['owners'];
}

/** A mapping of an environment. Its gateway is that of the environment. */
export interface EdgeMapping extends Pick<
  OneToOneNatProps,
  'destination' | 'exclude' | 'open' | 'inboundOnly' | 'reflection' | 'description' | 'enabled'
> {
  /** External address: a virtual IP by name, or public addresses that are routed to the gateway. */
  readonly external: { readonly virtualIp: string } | { readonly routed: string };
  /** Internal address: a server by name, one of its addresses, or hosts without a managed server. */
  readonly internal:
    { readonly server: string; readonly address?: string } | { readonly hosts: string; readonly profile?: string };
}

/** A stack with one gateway and the servers behind it. */
export class EdgeStack extends TerraformStack {
  constructor(scope: Construct, id: string, environment: EdgeEnvironment) {
    super(scope, id);
    this.node.setContext('releaseResource', environment.releaseResource);
    keepState(this, environment.backend);

    const gateway = new Gateway(this, environment.gateway.device, environment.gateway);
    const profiles = made(
      environment.profiles,
      (name, props) => new CpanelFirewallProfile(this, `profile-${name}`, { name, ...props }),
    );
    const servers = made(environment.servers, (name, { profile, ...props }) => {
      return new CpanelServer(this, name, { ...props, profile: named(profiles, profile) });
    });
    const virtualIps = made(
      environment.virtualIps,
      (name, props) => new VirtualIp(this, `vip-${name}`, { gateway, name, ...props }),
    );

    made(environment.mappings, (name, { external, internal, ...rest }) => {
      const from =
        'virtualIp' in external
          ? { virtualIp: named(virtualIps, external.virtualIp) }
          : { gateway, external: external.routed };
      return new OneToOneNat(this, `nat-${name}`, {
        name,
        ...rest,
        ...from,
        ...toInternal(internal, servers, profiles),
      });
    });
    new NatReflection(this, 'reflection', { gateway, ...environment.reflection });
    if (environment.decommissioned) new DecommissionedOwner(this, 'retired', { owners: environment.decommissioned });
    if (environment.handedOver) new HandedOverOwner(this, 'released', { owners: environment.handedOver });
  }
}

function toInternal(
  internal: EdgeMapping['internal'],
  servers: ReadonlyMap<string, CpanelServer>,
  profiles: ReadonlyMap<string, CpanelFirewallProfile>,
): Pick<OneToOneNatProps, 'internal' | 'profile'> {
  if ('hosts' in internal) {
    return internal.profile === undefined
      ? { internal: internal.hosts }
      : { internal: internal.hosts, profile: named(profiles, internal.profile) };
  }
  const server = named(servers, internal.server);
  return { internal: internal.address === undefined ? server : { server, address: internal.address } };
}

function keepState(stack: TerraformStack, backend: Backend): void {
  if (backend.kind === 'local') new LocalBackend(stack, { path: backend.path });
  // The constructor requires a connection string, and Terraform would prefer it to PG_CONN_STR.
  else new PgBackend(stack, { connStr: '', schemaName: backend.schema }).addOverride('conn_str', undefined);
}

function made<Props, Part>(
  wanted: Readonly<Record<string, Props>>,
  make: (name: string, props: Props) => Part,
): ReadonlyMap<string, Part> {
  return new Map(Object.entries(wanted).map(([name, props]) => [name, make(name, props)]));
}

function named<Part>(parts: ReadonlyMap<string, Part>, name: string): Part {
  const part = parts.get(name);
  if (!part) throw new Error(`The environment has no "${name}"; it has ${[...parts.keys()].join(', ')}.`);
  return part;
}
