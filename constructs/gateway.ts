import { Construct } from 'constructs';
import { GatewayParts } from '../lib/intent/gateway-parts';
import { GatewayIntent } from '../lib/intent/intent';
import { knownPlatforms } from '../lib/registry';
import { defaulted } from './defaults';
import { Device, DeviceConnection, DeviceProps, OF_DEVICES } from './device';
import { GatewayConstruct, knowGateway } from './gateway-construct';
import { given } from './given';
import { OneToOneNatProps } from './one-to-one-nat';
import { Earlier, PublishOptions, Published, publishOn } from './publish';

export interface GatewayProps extends Omit<GatewayIntent, keyof DeviceProps>, DeviceProps {
  readonly connection: DeviceConnection;
}

/** The firewall that owns the public addresses. One owner's part of it: other owners are other Gateways, in this state or in others. */
export class Gateway extends GatewayConstruct {
  protected readonly isGateway = true;
  /** By public addresses. */
  private readonly published = new Map<string, Earlier>();

  constructor(scope: Construct, id: string, props: GatewayProps) {
    super(scope, id);
    const { tree, where, props: own } = given(this, 'Gateway', props);
    const all = defaulted<GatewayProps>(this, { device: id, ...own }, OF_DEVICES);
    const { connection, releaseResource, ...intent } = all.props;
    const parts = new GatewayParts(where, intent as GatewayIntent, knownPlatforms, all.elsewhere);
    const written = { ...all, props: { ...intent, connection, releaseResource } as GatewayProps };
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
