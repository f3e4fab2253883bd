import { Construct } from 'constructs';
import { GatewayParts } from '../lib/intent/gateway-parts';
import { ConnectionIntent, GatewayIntent } from '../lib/intent/intent';
import { knownPlatforms } from '../lib/registry';
import { Device } from './device';
import { given } from './given';

export interface GatewayProps extends Omit<GatewayIntent, 'device'> {
  /** Default: the construct's id. Device and owner name the resources in Terraform. */
  readonly device?: string;
  readonly connection: ConnectionIntent;
  /** Default: what `releaseResource` of the context says, else `null_resource`. */
  readonly releaseResource?: 'null_resource' | 'terraform_data';
}

/** A gateway as the constructs that add their part to it need it. */
export interface KnownGateway {
  readonly parts: GatewayParts;
  readonly device: Device;
}

const known = new WeakMap<object, KnownGateway>();

/** Undefined for anything but a Gateway. */
export const gatewayBehind = (value: unknown): KnownGateway | undefined =>
  typeof value === 'object' && value !== null ? known.get(value) : undefined;

/** The firewall that owns the public addresses. One owner's part of it: other owners are other Gateways, in this state or in others. */
export class Gateway extends Construct {
  constructor(scope: Construct, id: string, props: GatewayProps) {
    super(scope, id);
    const { tree, where, props: own } = given(this, 'Gateway', props);
    const { connection, releaseResource, ...intent } = { device: id, ...own };
    const parts = new GatewayParts(where, intent as GatewayIntent, knownPlatforms);
    const written = { ...intent, connection, releaseResource } as GatewayProps;
    known.set(this, { parts, device: new Device(this, tree, where, written, parts) });
  }
}
