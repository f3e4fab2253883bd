// The type `IGateway` by which mappings, virtual IPs and reflections refer to a gateway, and the lookup of the
// construct behind it.
import { IConstruct } from 'constructs';
import { GatewayPolicyBuilder } from '../lib/intent/gateway-policy-builder';
import { OwnedDevice } from './owned-device';

/** A gateway, as mappings, virtual IPs and reflections take it. */
export interface IGateway extends IConstruct {
  /** Name in plans, reports and Terraform. @example gateway.deviceName === 'edge1' */
  readonly deviceName: string;
  /** Owner of this part of the device. @example gateway.owner === 'hosting' */
  readonly owner: string;
  /**
   * Owner token as a Terraform expression, for an output of this stack. Another state adopts the owner by it.
   *
   * @example new TerraformOutput(stack, 'edge1-owner-token', { value: gateway.ownerToken })
   */
  readonly ownerToken: string;
}

/** A gateway as its mappings and virtual IPs see it. */
export interface GatewayRecord {
  readonly parts: GatewayPolicyBuilder;
  readonly device: OwnedDevice;
}

const gateways = new WeakMap<object, GatewayRecord>();

export function recordGateway(gateway: IGateway, record: GatewayRecord): void {
  gateways.set(gateway, record);
}

/** Returns undefined for anything but a Gateway. */
export const findGateway = (value: unknown): GatewayRecord | undefined =>
  typeof value === 'object' && value !== null ? gateways.get(value) : undefined;
