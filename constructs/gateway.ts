import { Construct } from 'constructs';
import { GatewayParts } from '../lib/intent/gateway-parts';
import { GatewayIntent } from '../lib/intent/intent';
import { knownPlatforms } from '../lib/registry';
import { defaulted } from './defaults';
import { Device, DeviceConnection, DeviceProps, OF_DEVICES } from './device';
import { GatewayConstruct, knowGateway } from './gateway-construct';
import { given, idIn } from './given';
import { OneToOneNatProps } from './one-to-one-nat';
import { Earlier, PublishOptions, Published, publishOn } from './publish';

/** What a gateway is, and how it is reached. What `Defaults` take may come from there. */
export interface GatewayProps extends Omit<GatewayIntent, keyof DeviceProps>, DeviceProps {
  /** How the driver reaches it; all but `host` may come from `Defaults`, field by field. */
  readonly connection: DeviceConnection;
}

/**
 * The firewall that owns the public addresses. One owner's part of it: other owners are other Gateways, in this state or in others.
 *
 * @example
 * const gateway = new Gateway(stack, 'edge1', {
 *   owner: 'hosting',
 *   platform: 'nftables',
 *   version: '1.0.6',
 *   interfaces: ['wan0: outside 203.0.113.2/24', 'lan0: inside 10.0.0.1/24'],
 *   connection: { host: '10.0.0.1', hostKeys: ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIO3TARdtIVD8IOh+RQOd+QSay+rmqvZ3UtoGasBzNRd5'] },
 * });
 *
 * @throws constructs/no-props, constructs/id-twice, constructs/owned-twice, constructs/no-command, constructs/host-published,
 * constructs/host-virtual-ip, constructs/one-connection, constructs/no-stack
 */
export class Gateway extends GatewayConstruct {
  protected readonly isGateway = true;
  /** By public addresses. */
  private readonly published = new Map<string, Earlier>();

  constructor(scope: Construct, id: string, props: GatewayProps) {
    super(scope, idIn(scope, id));
    const { tree, where, props: own } = given(this, 'Gateway', id, props);
    const all = defaulted<GatewayProps>(this, { device: id, ...own }, [...OF_DEVICES, 'sourceSets']);
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
   * @throws constructs/no-address, constructs/arguments-swapped, constructs/name-needed, constructs/said-by-publish, constructs/no-virtual-ip-made,
   * constructs/not-a-construct, constructs/other-app
   */
  publish(server: OneToOneNatProps['inside'], address: string, options: PublishOptions = {}): Published {
    return publishOn(this, this.published, server, address, options);
  }
}
