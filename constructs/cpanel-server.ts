import { Construct } from 'constructs';
import { ConnectionIntent, ServerIntent } from '../lib/intent/intent';
import { ServerParts } from '../lib/intent/server-parts';
import { CpanelFirewallProfile, profileBehind } from './cpanel-firewall-profile';
import { knownPlatforms } from '../lib/registry';
import { Device } from './device';
import { given, notOne } from './given';

export interface CpanelServerProps extends Omit<ServerIntent, 'device'> {
  /** Default: the construct's id. Device and owner name the resources in Terraform. */
  readonly device?: string;
  readonly connection: ConnectionIntent;
  readonly profile: CpanelFirewallProfile;
  /** Default: what `releaseResource` of the context says, else `null_resource`. */
  readonly releaseResource?: 'null_resource' | 'terraform_data';
}

/** A server as mappings need it. */
export interface KnownServer {
  readonly where: string;
  readonly parts: ServerParts;
  readonly device: Device;
}

const known = new WeakMap<object, KnownServer>();

/** Undefined for anything but a CpanelServer. */
export const serverBehind = (value: unknown): KnownServer | undefined =>
  typeof value === 'object' && value !== null ? known.get(value) : undefined;

/** A cPanel & WHM host and its own firewall. What its profile opens, its mappings open on the gateway too. */
export class CpanelServer extends Construct {
  constructor(scope: Construct, id: string, props: CpanelServerProps) {
    super(scope, id);
    const { tree, where, props: own } = given(this, 'CpanelServer', props);
    const { connection, releaseResource, profile, ...intent } = { device: id, ...own };
    const parts = new ServerParts(where, intent as ServerIntent, knownPlatforms);
    const its = profileBehind(profile);
    if (its) parts.addProfile(its.where, its.intent);
    else if (profile !== undefined) tree.record(notOne(where, 'profile', 'CpanelFirewallProfile'));
    const written = { ...intent, connection, releaseResource } as CpanelServerProps;
    known.set(this, { where, parts, device: new Device(this, tree, where, written, parts) });
  }
}
