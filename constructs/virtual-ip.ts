import { Construct } from 'constructs';
import { VirtualIpIntent } from '../lib/intent/intent';
import { GatewayConstruct, KnownGateway, gatewayBehind } from './gateway-construct';
import { given, idIn, notOne } from './given';

/** Which address it is, and how the gateway answers for it. */
export type VirtualIpProps = Omit<VirtualIpIntent, 'name'> & {
  /** The gateway that answers for it. @example gateway: edge1 @throws constructs/not-a-construct */
  readonly gateway: GatewayConstruct;
  /** In plans and reports. @default the construct's id @example name: 'mail-vip' @throws intent/duplicate */
  readonly name?: string;
};

/** A virtual IP as mappings need it. */
export interface KnownVirtualIp {
  readonly name: string;
  /** Undefined where the virtual IP was given none: that is reported with it. */
  readonly gateway: KnownGateway | undefined;
}

const known = new WeakMap<object, KnownVirtualIp>();

/** Undefined for anything but a VirtualIp. */
export const virtualIpBehind = (value: unknown): KnownVirtualIp | undefined =>
  typeof value === 'object' && value !== null ? known.get(value) : undefined;

/**
 * An extra public address, or a subnet of them, that the gateway answers for. What reaches it untranslated is dropped, unless `answers`
 * names it.
 *
 * @example const virtualIp = new VirtualIp(stack, 'mail-vip', { gateway, address: '203.0.113.11' });
 * @throws constructs/no-props, constructs/id-twice, constructs/other-app, constructs/address-of-other-gateway
 */
export class VirtualIp extends Construct {
  /** To the compiler no other construct is one. */
  protected readonly isVirtualIp = true;

  constructor(scope: Construct, id: string, props: VirtualIpProps) {
    super(scope, idIn(scope, id));
    const { tree, where, props: own, isEmpty } = given(this, 'VirtualIp', id, props, ['gateway']);
    const { gateway, ...intent } = { name: id, ...own };
    const its = gatewayBehind(gateway);
    known.set(this, { name: intent.name, gateway: its });
    if (its) {
      its.parts.addVirtualIp(where, intent as VirtualIpIntent);
      if (typeof intent.name === 'string') its.device.names(`virtual IP ${intent.name}`, where);
    } else if (!isEmpty) tree.record(notOne(where, 'gateway', 'Gateway', gateway));
  }
}
