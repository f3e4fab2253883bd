import { Construct } from 'constructs';
import { CpanelFirewallProfileIntent } from '../lib/intent/intent';
import { compileProfile } from '../lib/intent/profile';
import { applyDefaults } from './defaults';
import { readProps, findFreeId } from './construct-props';

/** What a profile opens. `management` may come from `Defaults`. */
export type CpanelFirewallProfileProps = Omit<CpanelFirewallProfileIntent, 'name' | 'management'> & {
  /** In plans and reports. @default the construct's id @example name: 'mail' */
  readonly name?: string;
  /**
   * The way back in, before everything and also before `blocked`.
   *
   * @default that of `Defaults`
   * @example management: { from: ['198.51.100.0/24'], port: 2222 }
   * @throws intent/management-missing
   */
  readonly management?: CpanelFirewallProfileIntent['management'];
};

export interface ProfileRecord {
  readonly where: string;
  /** The same object for everybody: compiled once, and one `Openings` for all hosts that have it. */
  readonly intent: CpanelFirewallProfileIntent;
}

const profiles = new WeakMap<object, ProfileRecord>();

/** Undefined for anything but a CpanelFirewallProfile. */
export const findProfile = (value: unknown): ProfileRecord | undefined =>
  typeof value === 'object' && value !== null ? profiles.get(value) : undefined;

/**
 * What is open to a cPanel & WHM server, whole: written once, for its own firewall and for every mapping of it.
 *
 * @example
 * const profile = new CpanelFirewallProfile(stack, 'mail', {
 *   services: ['smtp', 'imaps', { service: 'https', from: ['198.51.100.0/24'] }],
 *   sources: 'anywhere',
 *   management: { from: ['10.0.0.0/28'], port: 22 },
 * });
 *
 * @throws constructs/no-props, constructs/id-twice
 */
export class CpanelFirewallProfile extends Construct {
  /** To the compiler no other construct is one. */
  protected readonly isProfile = true;

  constructor(scope: Construct, id: string, props: CpanelFirewallProfileProps) {
    super(scope, findFreeId(scope, id));
    const { tree, where, props: ownProps, isEmpty } = readProps(this, 'CpanelFirewallProfile', id, props);
    const { props: allProps, elsewhere } = applyDefaults<CpanelFirewallProfileProps>(this, { name: id, ...ownProps }, [
      'management',
      'sourceSets',
    ]);
    const intent = allProps as CpanelFirewallProfileIntent;
    profiles.set(this, { where, intent });
    // Also where nobody uses it: what is wrong in it is wrong now. Devices ask as they are synthesized; where there is none, cdktf's validation does.
    if (!isEmpty) tree.record(...compileProfile(where, intent, elsewhere).problems);
    this.node.addValidation({
      validate: () => {
        tree.refuseProblems();
        return [];
      },
    });
  }
}
