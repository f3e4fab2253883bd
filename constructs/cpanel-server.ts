import { Construct } from 'constructs';
import { ServerIntent } from '../lib/intent/intent';
import { ServerPolicyBuilder } from '../lib/intent/server-policy-builder';
import { CpanelFirewallProfile, ProfileRecord, findProfile } from './cpanel-firewall-profile';
import { type PlatformId, knownPlatforms } from '../lib/registry';
import { applyDefaults } from './defaults';
import { OwnedDevice, DeviceProps, DEVICE_KEYS } from './device';
import { readProps, findFreeId, createNotAConstruct } from './construct-props';

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
export interface ServerRecord {
  readonly where: string;
  readonly parts: ServerPolicyBuilder;
  readonly device: OwnedDevice;
  readonly profile: ProfileRecord | undefined;
}

const servers = new WeakMap<object, ServerRecord>();

/** Undefined for anything but a CpanelServer. */
export const findServer = (value: unknown): ServerRecord | undefined =>
  typeof value === 'object' && value !== null ? servers.get(value) : undefined;

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
    super(scope, findFreeId(scope, id));
    const { tree, where, props: ownProps, refused } = readProps(this, 'CpanelServer', id, props, ['profile']);
    const defaults = applyDefaults<CpanelServerProps>(this, { device: id, ...ownProps }, [...DEVICE_KEYS, 'inside']);
    const { connection, releaseResource, profile, ...intent } = defaults.props;
    const parts = new ServerPolicyBuilder(where, intent as ServerIntent, knownPlatforms, defaults.elsewhere);
    const profileRecord = findProfile(profile);
    if (profileRecord) parts.addProfile(profileRecord.where, profileRecord.intent);
    else if (profile !== undefined || refused.includes('profile')) parts.markProfileRefused();
    if (!profileRecord && profile !== undefined)
      tree.record(createNotAConstruct(where, 'profile', 'CpanelFirewallProfile', profile));
    const written = { ...defaults, props: { ...intent, connection, releaseResource } as CpanelServerProps };
    const device = new OwnedDevice(this, tree, where, written, parts);
    if (profileRecord) device.recordPlace(`profile ${profileRecord.intent.name}`, profileRecord.where);
    servers.set(this, { where, parts, device, profile: profileRecord });
  }
}
