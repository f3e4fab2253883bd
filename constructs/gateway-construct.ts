import { Construct } from 'constructs';
import { GatewayPolicyBuilder } from '../lib/intent/gateway-policy-builder';
import { OwnedDevice } from './device';

/** A Gateway, for the files of the constructs that it makes itself: they cannot import its own. */
export abstract class GatewayConstruct extends Construct {
  /** To the compiler no other construct is one. */
  protected abstract readonly isGateway: true;
}

/** A gateway as the constructs that add their part to it need it. */
export interface GatewayRecord {
  readonly parts: GatewayPolicyBuilder;
  readonly device: OwnedDevice;
}

const gateways = new WeakMap<object, GatewayRecord>();

export function recordGateway(gateway: GatewayConstruct, record: GatewayRecord): void {
  gateways.set(gateway, record);
}

/** Undefined for anything but a Gateway. */
export const findGateway = (value: unknown): GatewayRecord | undefined =>
  typeof value === 'object' && value !== null ? gateways.get(value) : undefined;
