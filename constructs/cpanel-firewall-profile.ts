// The construct CpanelFirewallProfile: the services that are open on a cPanel & WHM server, written once for servers
// and mappings.

import { Construct, IConstruct } from 'constructs';
import { CpanelFirewallProfileIntent } from '../lib/intent/intent';
import { profileSchema } from '../lib/intent/intent-schemas';
import { compileProfile } from '../lib/intent/profile';
import { getKeys } from '../lib/intent/schema-fields';
import { applyDefaults } from './defaults';
import { readProps, findFreeId } from './construct-props';

/** Props of a firewall profile. `management` may come from `Defaults`. */
export type CpanelFirewallProfileProps = Omit<CpanelFirewallProfileIntent, 'name' | 'management'> & {
  /** Name in plans and reports. @default the construct's id @example name: 'mail' */
  readonly name?: string;
  /**
   * SSH access of the administrators. Its allow rule precedes all others, and `blocked` too.
   *
   * @default that of `Defaults`
   * @example management: { from: ['198.51.100.0/24'], port: 2222 }
   * @throws intent/management-missing
   */
  readonly management?: CpanelFirewallProfileIntent['management'];
};

/** A firewall profile, as servers and mappings take it. */
export interface ICpanelFirewallProfile extends IConstruct {
  /** Name in plans and reports. @example profile.profileName === 'mail' */
  readonly profileName: string;
}

export interface ProfileRecord {
  readonly where: string;
  /** One object for all users of the profile, so that it is compiled once and all hosts share one `AllowRules`. */
  readonly intent: CpanelFirewallProfileIntent;
}

const profiles = new WeakMap<object, ProfileRecord>();

/** Returns undefined for anything but a CpanelFirewallProfile. */
export const findProfile = (value: unknown): ProfileRecord | undefined =>
  typeof value === 'object' && value !== null ? profiles.get(value) : undefined;

/**
 * The complete list of services that are open on a cPanel & WHM server. It is written once, for the server's own
 * firewall and for every mapping of the server.
 *
 * @example
 * const profile = new CpanelFirewallProfile(stack, 'mail', {
 *   services: ['smtp', 'imaps', { service: 'https', from: ['198.51.100.0/24'] }],
 *   sources: 'anywhere',
 *   management: { from: ['10.0.0.0/28'], port: 22 },
 * });
 * @throws constructs/no-props, constructs/id-twice
 */
export class CpanelFirewallProfile extends Construct implements ICpanelFirewallProfile {
  /** Makes the type nominal: the compiler accepts no other construct in its place. */
  protected readonly isProfile = true;
  readonly profileName: string;

  constructor(scope: Construct, id: string, props: CpanelFirewallProfileProps) {
    super(scope, findFreeId(scope, id));
    const { tree, where, props: ownProps, isEmpty } = readProps(this, 'CpanelFirewallProfile', id, props);
    const { props: allProps, defaultPlaces } = applyDefaults<CpanelFirewallProfileProps>(
      this,
      { name: id, ...ownProps },
      getKeys(profileSchema),
    );
    const intent = allProps as CpanelFirewallProfileIntent;
    profiles.set(this, { where, intent });
    this.profileName = typeof intent.name === 'string' ? intent.name : id;
    // A profile that no server uses is checked, too. Devices refuse problems at synthesis; an app without devices does
    // so in cdktf's validation.
    if (!isEmpty) tree.record(...compileProfile(where, intent, defaultPlaces).problems);
    this.node.addValidation(tree.validation);
  }
}
