import { Construct } from 'constructs';
import { GatewayPolicyBuilder } from '../lib/intent/gateway-policy-builder';
import { OwnedDevice } from './device';

/** Base of `Gateway`, for the constructs that `Gateway` creates itself: importing it would be circular. */
export abstract class GatewayConstruct extends Construct {
  /** Makes the type nominal: the compiler accepts no other construct in its place. */
  protected abstract readonly isGateway: true;
}

/** A gateway as its mappings and virtual IPs see it. */
export interface GatewayRecord {
  readonly parts: GatewayPolicyBuilder;
  readonly device: OwnedDevice;
}

const gateways = new WeakMap<object, GatewayRecord>();

export function recordGateway(gateway: GatewayConstruct, record: GatewayRecord): void {
  gateways.set(gateway, record);
}

/** Returns undefined for anything but a Gateway. */
export const findGateway = (value: unknown): GatewayRecord | undefined =>
  typeof value === 'object' && value !== null ? gateways.get(value) : undefined;
