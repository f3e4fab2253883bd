import { Construct } from 'constructs';
import { GatewayParts } from '../lib/intent/gateway-parts';
import { ConnectionIntent, GatewayIntent } from '../lib/intent/intent';
import { knownPlatforms } from '../lib/registry';
import { Device } from './device';
import { GatewayConstruct, knowGateway } from './gateway-construct';
import { given } from './given';
import { OneToOneNatProps } from './one-to-one-nat';
import { PublishOptions, Published, publishOn } from './publish';
import { VirtualIp } from './virtual-ip';

export interface GatewayProps extends Omit<GatewayIntent, 'device'> {
  /** Default: the construct's id. Device and owner name the resources in Terraform. */
  readonly device?: string;
  readonly connection: ConnectionIntent;
  /** Default: what `releaseResource` of the context says, else `null_resource`. */
  readonly releaseResource?: 'null_resource' | 'terraform_data';
}

/** The firewall that owns the public addresses. One owner's part of it: other owners are other Gateways, in this state or in others. */
export class Gateway extends GatewayConstruct {
  protected readonly isGateway = true;
  /** By the public addresses as they were written. */
  private readonly published = new Map<string, VirtualIp>();

  constructor(scope: Construct, id: string, props: GatewayProps) {
    super(scope, id);
    const { tree, where, props: own } = given(this, 'Gateway', props);
    const { connection, releaseResource, ...intent } = { device: id, ...own };
    const parts = new GatewayParts(where, intent as GatewayIntent, knownPlatforms);
    const written = { ...intent, connection, releaseResource } as GatewayProps;
    knowGateway(this, { parts, device: new Device(this, tree, where, written, parts) });
  }

  /**
   * Gives a server a public address: the VirtualIp and the OneToOneNat that `new` would make, with ids of the address. Where the address is
   * routed to the gateway, or is in a virtual IP already, no other is made.
   *
   * @example gateway.publish(server, '203.0.113.10', { description: 'Mail' });
   */
  publish(server: OneToOneNatProps['inside'], address: string, options: PublishOptions = {}): Published {
    return publishOn(this, this.published, server, address, options);
  }
}
