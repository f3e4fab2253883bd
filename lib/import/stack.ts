/** A stack for environments that were imported, for a project that has none yet: it composes the constructs of this package. */
export const STACK_TEXT = `import { LocalBackend, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { Gateway, type GatewayProps, NatReflection, OneToOneNat, type OneToOneNatProps, VirtualIp, type VirtualIpProps } from 'cpanel-edge';

/** What differs between environments, as plain data. Names stand for the parts of the same environment. */
export interface EdgeEnvironment {
  readonly backend: { readonly kind: 'local'; readonly path: string };
  readonly releaseResource: 'null_resource' | 'terraform_data';
  readonly gateway: GatewayProps & { readonly device: string };
  /** None yet: CpanelFirewallProfile and CpanelServer, for hosts whose own firewalls shall be managed, too. */
  readonly profiles: Readonly<Record<string, never>>;
  readonly servers: Readonly<Record<string, never>>;
  readonly virtualIps: Readonly<Record<string, Omit<VirtualIpProps, 'gateway'>>>;
  readonly mappings: Readonly<Record<string, EdgeMapping>>;
  /** For all mappings that have none of their own. */
  readonly reflection: NonNullable<OneToOneNatProps['reflection']>;
}

export interface EdgeMapping extends Pick<
  OneToOneNatProps,
  'destination' | 'exclude' | 'open' | 'inboundOnly' | 'reflection' | 'description' | 'enabled'
> {
  /** A virtual IP by name, or public addresses that are routed to the gateway. */
  readonly outside: { readonly virtualIp: string } | { readonly routed: string };
  readonly inside: { readonly hosts: string };
}

/** One gateway with its mappings. */
export class EdgeStack extends TerraformStack {
  constructor(scope: Construct, id: string, environment: EdgeEnvironment) {
    super(scope, id);
    this.node.setContext('releaseResource', environment.releaseResource);
    new LocalBackend(this, { path: environment.backend.path });
    const gateway = new Gateway(this, environment.gateway.device, environment.gateway);
    const virtualIps = new Map<string, VirtualIp>();
    for (const [name, props] of Object.entries(environment.virtualIps)) {
      virtualIps.set(name, new VirtualIp(this, \`vip-\${name}\`, { gateway, name, ...props }));
    }
    for (const [name, { outside, inside, ...rest }] of Object.entries(environment.mappings)) {
      const common = { name, ...rest, inside: inside.hosts };
      if ('routed' in outside) new OneToOneNat(this, \`nat-\${name}\`, { ...common, gateway, outside: outside.routed });
      else new OneToOneNat(this, \`nat-\${name}\`, { ...common, virtualIp: named(virtualIps, outside.virtualIp) });
    }
    new NatReflection(this, 'reflection', { gateway, ...environment.reflection });
  }
}

function named(parts: ReadonlyMap<string, VirtualIp>, name: string): VirtualIp {
  const part = parts.get(name);
  if (!part) throw new Error(\`The environment has no "\${name}"; it has \${[...parts.keys()].join(', ')}.\`);
  return part;
}
`;
