import { Construct } from 'constructs';
import { ServerIntent } from '../lib/intent/intent';
import { ServerParts } from '../lib/intent/server-parts';
import { CpanelFirewallProfile, KnownProfile, profileBehind } from './cpanel-firewall-profile';
import { type PlatformId, knownPlatforms } from '../lib/registry';
import { defaulted } from './defaults';
import { Device, DeviceProps, OF_DEVICES } from './device';
import { given, idIn, notOne } from './given';

/** What a server is, and how it is reached. What `Defaults` take may come from there. */
export interface CpanelServerProps extends Omit<ServerIntent, keyof DeviceProps | 'inside' | 'replaces'>, DeviceProps {
  /**
   * Prefixes whose connections aren't ours to close: backup, monitoring, the operator's network. `none` is an answer, leaving it out is not.
   *
   * @default that of `Defaults`
   * @example inside: ['10.0.0.0/24']
   * @throws intent/inside-missing, intent/everything-as-prefix
   */
  readonly inside?: ServerIntent['inside'];
  /**
   * Other firewalls of the server whose place this takes, on platforms that can. They are stopped while the release is on trial, start again where
   * nobody confirms it, and don't start any more once it is confirmed; a retract that leaves nothing of ours brings them back.
   *
   * @default none: what runs stays beside
   * @example replaces: ['ufw', 'csf']
   * @throws intent/duplicate, intent/unknown-choice
   */
  readonly replaces?: readonly ('ufw' | PlatformId | (string & {}))[];
  /** All that is open to it. @example profile: mail @throws intent/profile-missing, constructs/not-a-construct */
  readonly profile: CpanelFirewallProfile;
}

/** A server as mappings need it. */
export interface KnownServer {
  readonly where: string;
  readonly parts: ServerParts;
  readonly device: Device;
  readonly profile: KnownProfile | undefined;
}

const known = new WeakMap<object, KnownServer>();

/** Undefined for anything but a CpanelServer. */
export const serverBehind = (value: unknown): KnownServer | undefined =>
  typeof value === 'object' && value !== null ? known.get(value) : undefined;

/**
 * A cPanel & WHM host and its own firewall. What its profile opens, its mappings open on the gateway too. Without a `host` in its connection
 * it is reached at its only address, or its only one of IPv4.
 *
 * @example
 * const server = new CpanelServer(stack, 'mail1', {
 *   addresses: ['10.0.0.10/24'],
 *   inside: ['10.0.0.0/24'],
 *   connection: { hostKeys: ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIO3TARdtIVD8IOh+RQOd+QSay+rmqvZ3UtoGasBzNRd5'] },
 *   profile,
 * });
 *
 * @throws constructs/no-props, constructs/id-twice, constructs/owned-twice, constructs/no-command, constructs/ssh-closed,
 * constructs/ssh-closed-to-jump, constructs/ssh-not-led-on, constructs/one-connection, constructs/address-of-gateway, constructs/no-stack,
 * constructs/other-app
 */
export class CpanelServer extends Construct {
  /** To the compiler no other construct is one. */
  protected readonly isServer = true;

  constructor(scope: Construct, id: string, props: CpanelServerProps) {
    super(scope, idIn(scope, id));
    const { tree, where, props: own, refused } = given(this, 'CpanelServer', id, props, ['profile']);
    const all = defaulted<CpanelServerProps>(this, { device: id, ...own }, [...OF_DEVICES, 'inside']);
    const { connection, releaseResource, profile, ...intent } = all.props;
    const parts = new ServerParts(where, intent as ServerIntent, knownPlatforms, all.elsewhere);
    const its = profileBehind(profile);
    if (its) parts.addProfile(its.where, its.intent);
    else if (profile !== undefined || refused.includes('profile')) parts.refuseProfile();
    if (!its && profile !== undefined) tree.record(notOne(where, 'profile', 'CpanelFirewallProfile', profile));
    const written = { ...all, props: { ...intent, connection, releaseResource } as CpanelServerProps };
    const device = new Device(this, tree, where, written, parts);
    if (its) device.names(`profile ${its.intent.name}`, its.where);
    known.set(this, { where, parts, device, profile: its });
  }
}
