// The construct Gateway: one owner's part of the firewall that has the public addresses.

import { Construct } from 'constructs';
import { GatewayPolicyBuilder } from '../lib/intent/gateway-policy-builder';
import { GatewayIntent } from '../lib/intent/intent';
import { deviceConstructSchema, gatewaySchema } from '../lib/intent/intent-schemas';
import { getKeys } from '../lib/intent/schema-fields';
import { knownPlatforms } from '../lib/registry';
import { applyDefaults } from './defaults';
import { OwnedDevice, DeviceConnection, DeviceProps } from './owned-device';
import { IGateway, recordGateway } from './gateway-reference';
import { getCapturePlaces, mergeCapture } from './merge-capture';
import { readProps, findFreeId } from './construct-props';
import { MappingProps, OneToOneNat, OneToOneNatProps } from './one-to-one-nat';
import { EarlierPublish, PublishOptions, Published, addGateway, publishAddress } from './publish';
import { VirtualIp, VirtualIpProps } from './virtual-ip';

/** Props of a gateway. Some fields may come from `Defaults`. */
export interface GatewayProps extends Omit<GatewayIntent, keyof DeviceProps>, DeviceProps {
  /**
   * SSH connection to the gateway. All fields but `host` may come from `Defaults`.
   *
   * @example connection: { host: '192.0.2.2', user: 'deploy' }
   */
  readonly connection: DeviceConnection;
}

/** Props of a gateway that a capture doesn't contain. */
export type FromCaptureProps = Omit<GatewayProps, 'platform' | 'version' | 'interfaces' | 'capturedConfig'> & {
  /**
   * Interfaces in place of the captured ones.
   *
   * @default the captured interfaces, with their addresses and routes
   * @example interfaces: ['wan0: outside 203.0.113.2/24', 'lan0: inside 10.0.0.1/24']
   */
  readonly interfaces?: GatewayProps['interfaces'];
};

/** Props of a mapping on the gateway of the call. Exactly one of `external` and `virtualIp`. */
export type AddedMappingProps = MappingProps &
  (
    | {
        /**
         * External addresses: public addresses that are routed to the gateway, or a part of a virtual IP.
         *
         * @default the virtual IP's addresses
         * @example external: '203.0.113.10'
         * @throws intent/no-virtual-ip
         */
        readonly external: string;
      }
    | {
        /**
         * Virtual IP of the gateway, whose addresses are the external ones as a whole.
         *
         * @default `external`
         * @example virtualIp: gateway.addVirtualIp('web-vip', { address: '203.0.113.14' })
         * @throws constructs/other-gateway
         */
        readonly virtualIp: VirtualIp;
      }
  );

/**
 * The firewall that owns the public addresses. Each Gateway is one owner's part of it. Other owners have Gateways of
 * their own, in this state or in another.
 *
 * @example
 * const gateway = new Gateway(stack, 'edge1', {
 *   owner: 'hosting',
 *   platform: 'nftables',
 *   version: '1.0.6',
 *   interfaces: ['wan0: outside 203.0.113.2/24', 'lan0: inside 10.0.0.1/24'],
 *   connection: { host: '10.0.0.1', hostKeys: ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIO3TARdtIVD8IOh+RQOd+QSay+rmqvZ3UtoGasBzNRd5'] },
 * });
 * @throws constructs/no-props, constructs/id-twice, constructs/owned-twice, constructs/no-command,
 * constructs/host-published, constructs/host-virtual-ip, constructs/one-connection,
 * constructs/address-of-other-gateway, constructs/no-stack, constructs/no-framework
 */
export class Gateway extends Construct implements IGateway {
  readonly deviceName: string;
  readonly owner: string;
  readonly ownerToken: string;
  /** Results of `publish`, by public address. */
  private readonly published = new Map<string, EarlierPublish>();

  constructor(scope: Construct, id: string, props: GatewayProps) {
    super(scope, findFreeId(scope, id));
    const { tree, where, props: ownProps } = readProps(this, 'Gateway', id, props);
    const defaults = applyDefaults<GatewayProps>(this, { device: id, ...ownProps }, [
      ...getKeys(gatewaySchema),
      ...getKeys(deviceConstructSchema),
    ]);
    const { connection, releaseResource, ...intent } = defaults.props;
    const parts = new GatewayPolicyBuilder(where, intent as GatewayIntent, knownPlatforms, {
      ...getCapturePlaces(props),
      ...defaults.defaultPlaces,
    });
    const deviceProps = { ...defaults, props: { ...intent, connection, releaseResource } as GatewayProps };
    const device = new OwnedDevice(this, tree, where, deviceProps, parts);
    this.deviceName = device.device;
    this.owner = device.owner;
    this.ownerToken = device.ownerToken;
    recordGateway(this, { parts, device });
  }

  /**
   * Creates a gateway from the text that `cpanel-edge capture` wrote of a pfSense. The capture gives platform, version,
   * interfaces and `capturedConfig`; `props` override it. A text that can't be parsed is refused by its own codes, and
   * none of these fields is then reported as missing.
   *
   * @example
   * const connection = { host: '192.0.2.3', hostKeys: ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIO3TARdtIVD8IOh+RQOd+QSay+rmqvZ3UtoGasBzNRd5'] };
   * Gateway.fromCapture(stack, 'edge2', readFileSync('edge2.captured.xml', 'utf8'), { connection });
   * @throws constructs/no-capture
   */
  static fromCapture(scope: Construct, id: string, capture: string, props: FromCaptureProps): Gateway {
    return new Gateway(scope, id, mergeCapture(scope, id, capture, props) as GatewayProps);
  }

  /**
   * Adds a public address that the gateway answers for. Equals `new VirtualIp` with this gateway.
   *
   * @example gateway.addVirtualIp('shop-vip', { address: '203.0.113.13' });
   * @throws constructs/said-by-publish
   */
  addVirtualIp(id: string, props: Omit<VirtualIpProps, 'gateway'>): VirtualIp {
    return new VirtualIp(this, id, addGateway(this, 'addVirtualIp', props) as VirtualIpProps);
  }

  /**
   * Adds a mapping of external to internal addresses. Equals `new OneToOneNat` with this gateway. `publish` makes the
   * virtual IP, too.
   *
   * @example
   * const listVip = gateway.addVirtualIp('list-vip', { address: '203.0.113.12' });
   * gateway.addMapping('list', { virtualIp: listVip, internal: '10.0.0.12', profile });
   * @throws constructs/said-by-publish
   */
  addMapping(id: string, props: AddedMappingProps): OneToOneNat {
    return new OneToOneNat(this, id, addGateway(this, 'addMapping', props) as OneToOneNatProps);
  }

  /**
   * Gives a server a public address. Makes a VirtualIp and a OneToOneNat, whose ids contain the address. No VirtualIp
   * is made for an address that is routed to the gateway or is in a virtual IP already.
   *
   * @example gateway.publish(server, '203.0.113.10', { description: 'Mail' });
   * @throws constructs/no-address, constructs/arguments-swapped, constructs/name-needed, constructs/said-by-publish,
   * constructs/no-virtual-ip-made, constructs/not-a-construct, constructs/other-app
   */
  publish(server: OneToOneNatProps['internal'], address: string, options: PublishOptions = {}): Published {
    return publishAddress(this, this.published, server, address, options);
  }
}
