// The construct VirtualIp: a further public address, or a subnet, that the gateway answers for.

import { Construct } from 'constructs';
import { VirtualIpIntent } from '../lib/intent/intent';
import { printPrefix } from '../lib/net/address';
import { IGateway, GatewayRecord, findGateway } from './gateway-reference';
import { readProps, findFreeId, createNotAConstruct } from './construct-props';

/** Props of a virtual IP: its address, and how the gateway answers for it. */
export type VirtualIpProps = Omit<VirtualIpIntent, 'name'> & {
  /** Gateway that answers for the address. @example gateway: edge1 @throws constructs/not-a-construct */
  readonly gateway: IGateway;
  /** Name in plans and reports. @default the construct's id @example name: 'mail-vip' @throws intent/duplicate */
  readonly name?: string;
};

/** A virtual IP as mappings see it. */
export interface VirtualIpRecord {
  readonly name: string;
  /** Undefined if the virtual IP has no gateway. The virtual IP's own problem reports that. */
  readonly gateway: GatewayRecord | undefined;
}

const virtualIps = new WeakMap<object, VirtualIpRecord>();

/** Returns undefined for anything but a VirtualIp. */
export const findVirtualIp = (value: unknown): VirtualIpRecord | undefined =>
  typeof value === 'object' && value !== null ? virtualIps.get(value) : undefined;

/**
 * A further public address, or a subnet of them, that the gateway answers for. Packets to it that no mapping translates
 * are dropped, unless `answers` allows them.
 *
 * @example const virtualIp = new VirtualIp(stack, 'mail-vip', { gateway, address: '203.0.113.11' });
 * @throws constructs/no-props, constructs/id-twice, constructs/other-app, constructs/address-of-other-gateway
 */
export class VirtualIp extends Construct {
  /** Makes the type nominal: the compiler accepts no other construct in its place. */
  protected readonly isVirtualIp = true;
  /**
   * Address, or prefix of several. Empty if the props have problems.
   *
   * @example virtualIp.address === '203.0.113.11'
   */
  readonly address: string = '';

  constructor(scope: Construct, id: string, props: VirtualIpProps) {
    super(scope, findFreeId(scope, id));
    const { tree, where, props: ownProps, isEmpty } = readProps(this, 'VirtualIp', id, props, ['gateway']);
    const { gateway, ...intent } = { name: id, ...ownProps };
    const gatewayRecord = findGateway(gateway);
    virtualIps.set(this, { name: intent.name, gateway: gatewayRecord });
    if (gatewayRecord) {
      const prefix = gatewayRecord.parts.addVirtualIp(where, intent as VirtualIpIntent);
      if (prefix) this.address = printPrefix(prefix);
      if (typeof intent.name === 'string') gatewayRecord.device.recordPlace(`virtual IP ${intent.name}`, where);
    } else if (!isEmpty) tree.record(createNotAConstruct(where, 'gateway', 'Gateway', gateway));
  }
}
