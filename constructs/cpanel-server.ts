import { Construct } from 'constructs';
import { ServerIntent } from '../lib/intent/intent';
import { ServerParts } from '../lib/intent/server-parts';
import { CpanelFirewallProfile, profileBehind } from './cpanel-firewall-profile';
import { knownPlatforms } from '../lib/registry';
import { defaulted } from './defaults';
import { Device, DeviceProps, OF_DEVICES } from './device';
import { given, notOne } from './given';

export interface CpanelServerProps extends Omit<ServerIntent, keyof DeviceProps | 'inside'>, DeviceProps {
  /** Prefixes whose connections aren't ours to close: backup, monitoring, the operator's network. Here or in defaults. */
  readonly inside?: ServerIntent['inside'];
  readonly profile: CpanelFirewallProfile;
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
    const all = defaulted<CpanelServerProps>(this, { device: id, ...own }, [...OF_DEVICES, 'inside']);
    const { connection, releaseResource, profile, ...intent } = all.props;
    const parts = new ServerParts(where, intent as ServerIntent, knownPlatforms, all.elsewhere);
    const its = profileBehind(profile);
    if (its) parts.addProfile(its.where, its.intent);
    else if (profile !== undefined) tree.record(notOne(where, 'profile', 'CpanelFirewallProfile'));
    const written = { ...all, props: { ...intent, connection, releaseResource } as CpanelServerProps };
    const device = new Device(this, tree, where, written, parts);
    if (its) device.names(`profile ${its.intent.name}`, its.where);
    known.set(this, { where, parts, device });
  }
}
