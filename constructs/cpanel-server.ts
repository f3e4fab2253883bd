// The construct CpanelServer: a cPanel & WHM server with its own firewall.

import { Construct, IConstruct } from 'constructs';
import { DeliveredServer, DeliveredServerIntent } from '../lib/intent/delivered-server';
import { ServerIntent } from '../lib/intent/intent';
import { deviceConstructSchema, serverSchema } from '../lib/intent/intent-schemas';
import { getKeys } from '../lib/intent/schema-fields';
import { MappableServer, ServerPolicyBuilder } from '../lib/intent/server-policy-builder';
import { printAddress } from '../lib/net/address';
import { ICpanelFirewallProfile, ProfileRecord, findProfile } from './cpanel-firewall-profile';
import { type PlatformId, knownPlatforms } from '../lib/registry';
import { applyDefaults } from './defaults';
import { OwnedDevice, DeviceProps } from './owned-device';
import { readProps, findFreeId, createNotAConstruct } from './construct-props';

/** Props of a server. Some fields may come from `Defaults`. */
export interface CpanelServerProps
  extends Omit<ServerIntent, keyof DeviceProps | 'trustedNetworks' | 'replaces'>, DeviceProps {
  /**
   * Trusted networks: prefixes whose connections the policy leaves alone, such as backup, monitoring or the operator's
   * network. Required here or in `Defaults`; `none` is a valid value.
   *
   * @default that of `Defaults`
   * @example trustedNetworks: ['10.0.0.0/24']
   * @throws intent/inside-missing, intent/everything-as-prefix
   */
  readonly trustedNetworks?: ServerIntent['trustedNetworks'];
  /**
   * Other firewalls of the server that this one replaces, on platforms that can do so. They are stopped while the
   * release is armed, and start again if it is rolled back. Once it is confirmed, they stay off. Removing our last
   * release from the server brings them back.
   *
   * @default none: they keep running beside it
   * @example replaces: ['ufw', 'csf']
   * @throws intent/duplicate, intent/unknown-choice
   */
  readonly replaces?: readonly ('ufw' | PlatformId | (string & {}))[];
  /**
   * Firewall profile with all services that are open on the server.
   *
   * @example profile: mail
   * @throws intent/profile-missing, constructs/not-a-construct
   */
  readonly profile: ICpanelFirewallProfile;
}

/** A server that mappings translate to: a `CpanelServer`, or one that another app delivers. */
export interface ICpanelServer extends IConstruct {
  /** Name in plans, reports and Terraform. @example server.deviceName === 'mail1' */
  readonly deviceName: string;
  /**
   * Local addresses without prefix lengths. Empty if the props have problems.
   *
   * @example server.addresses[0] === '10.0.0.10'
   */
  readonly addresses: readonly string[];
}

/** Attributes of a server that another app delivers. */
export interface CpanelServerAttributes extends Omit<DeliveredServerIntent, 'device'> {
  /** Name in plans and reports. @default the construct's id @example device: 'web1' */
  readonly device?: string;
  /**
   * Firewall profile of the server: what its mappings open on the gateway.
   *
   * @default none: each mapping has its own `open` or `profile`
   * @example profile: mail
   * @throws constructs/not-a-construct
   */
  readonly profile?: ICpanelFirewallProfile;
}

/** A server as mappings see it. */
export interface ServerRecord {
  readonly where: string;
  readonly parts: MappableServer;
  readonly construct: ICpanelServer;
  /** Undefined if another app delivers the server. */
  readonly device: OwnedDevice | undefined;
  readonly profile: ProfileRecord | undefined;
}

const servers = new WeakMap<object, ServerRecord>();

/** Returns undefined for anything but a CpanelServer. */
export const findServer = (value: unknown): ServerRecord | undefined =>
  typeof value === 'object' && value !== null ? servers.get(value) : undefined;

/**
 * A cPanel & WHM host with its own firewall. Its mappings open on the gateway what its profile opens. Without a `host`
 * in `connection`, SSH goes to its only address, or to its only IPv4 address.
 *
 * @example
 * const server = new CpanelServer(stack, 'mail1', {
 *   addresses: ['10.0.0.10/24'],
 *   trustedNetworks: ['10.0.0.0/24'],
 *   connection: { hostKeys: ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIO3TARdtIVD8IOh+RQOd+QSay+rmqvZ3UtoGasBzNRd5'] },
 *   profile,
 * });
 * @throws constructs/no-props, constructs/id-twice, constructs/owned-twice, constructs/no-command,
 * constructs/ssh-closed, constructs/ssh-closed-to-jump, constructs/ssh-not-led-on, constructs/one-connection,
 * constructs/address-of-gateway, constructs/no-stack, constructs/no-framework, constructs/other-app
 */
export class CpanelServer extends Construct implements ICpanelServer {
  /** Makes the type nominal: the compiler accepts no other construct in its place. */
  protected readonly isServer = true;
  readonly deviceName: string;
  /** Owner of this part of the device. @example server.owner === 'hosting' */
  readonly owner: string;
  /**
   * Owner token as a Terraform expression, for an output of this stack. Another state adopts the owner by it.
   *
   * @example new TerraformOutput(stack, 'mail1-owner-token', { value: server.ownerToken })
   */
  readonly ownerToken: string;
  readonly addresses: readonly string[];

  constructor(scope: Construct, id: string, props: CpanelServerProps) {
    super(scope, findFreeId(scope, id));
    const { tree, where, props: ownProps, refusedKeys } = readProps(this, 'CpanelServer', id, props, ['profile']);
    const defaults = applyDefaults<CpanelServerProps>(this, { device: id, ...ownProps }, [
      ...getKeys(serverSchema),
      ...getKeys(deviceConstructSchema),
    ]);
    const { connection, releaseResource, profile, ...intent } = defaults.props;
    const parts = new ServerPolicyBuilder(where, intent as ServerIntent, knownPlatforms, defaults.defaultPlaces);
    const profileRecord = findProfile(profile);
    if (profileRecord) parts.addProfile(profileRecord.where, profileRecord.intent);
    else if (profile !== undefined || refusedKeys.includes('profile')) parts.markProfileRefused();
    if (!profileRecord && profile !== undefined)
      tree.record(createNotAConstruct(where, 'profile', 'CpanelFirewallProfile', profile));
    const deviceProps = { ...defaults, props: { ...intent, connection, releaseResource } as CpanelServerProps };
    const device = new OwnedDevice(this, tree, where, deviceProps, parts);
    if (profileRecord) device.recordPlace(`profile ${profileRecord.intent.name}`, profileRecord.where);
    this.deviceName = device.device;
    this.owner = device.owner;
    this.ownerToken = device.ownerToken;
    this.addresses = parts.addresses.map(printAddress);
    servers.set(this, { where, parts, construct: this, device, profile: profileRecord });
  }

  /**
   * Returns a server that another app delivers. Mappings translate to it and open what its profile opens; nothing is
   * delivered to it from here.
   *
   * @example const web2 = CpanelServer.fromAttributes(stack, 'web2', { addresses: ['10.0.0.20'], profile });
   * @throws constructs/no-props, constructs/id-twice, constructs/other-app
   */
  static fromAttributes(scope: Construct, id: string, attributes: CpanelServerAttributes): ICpanelServer {
    return new ServerOfAnotherApp(scope, id, attributes);
  }
}

class ServerOfAnotherApp extends Construct implements ICpanelServer {
  readonly deviceName: string;
  readonly addresses: readonly string[];

  constructor(scope: Construct, id: string, attributes: CpanelServerAttributes) {
    super(scope, findFreeId(scope, id));
    const readAttributes = readProps(this, 'CpanelServer', id, attributes, ['profile']);
    const { profile, ...intent } = { device: id, ...readAttributes.props };
    const profileRecord = findProfile(profile);
    const parts = new DeliveredServer(readAttributes.where, intent as DeliveredServerIntent, profileRecord?.intent);
    if (!readAttributes.isEmpty) readAttributes.tree.record(...parts.problems);
    if (!profileRecord && profile !== undefined)
      readAttributes.tree.record(
        createNotAConstruct(readAttributes.where, 'profile', 'CpanelFirewallProfile', profile),
      );
    this.deviceName = parts.device ?? id;
    this.addresses = parts.addresses.map(printAddress);
    servers.set(this, {
      where: readAttributes.where,
      parts,
      construct: this,
      device: undefined,
      profile: profileRecord,
    });
    this.node.addValidation(readAttributes.tree.validation);
  }
}
