import { Construct } from 'constructs';
import { GatewayParts } from '../lib/intent/gateway-parts';
import { Device } from './device';

/** A Gateway, for the files of the constructs that it makes itself: they cannot import its own. */
export abstract class GatewayConstruct extends Construct {
  /** To the compiler no other construct is one. */
  protected abstract readonly isGateway: true;
}

/** A gateway as the constructs that add their part to it need it. */
export interface KnownGateway {
  readonly parts: GatewayParts;
  readonly device: Device;
}

const known = new WeakMap<object, KnownGateway>();

export function knowGateway(gateway: GatewayConstruct, its: KnownGateway): void {
  known.set(gateway, its);
}

/** Undefined for anything but a Gateway. */
export const gatewayBehind = (value: unknown): KnownGateway | undefined =>
  typeof value === 'object' && value !== null ? known.get(value) : undefined;
