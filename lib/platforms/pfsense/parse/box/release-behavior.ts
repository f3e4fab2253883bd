// The differences between pfSense releases in the rules that they make of a configuration, and the releases that a
// config.xml may be of.

import { XmlElement } from '../../../../xml/parse-xml';
import { getText } from '../elements/element';

/**
 * The generation of rules by one release, where releases differ. The numbers are those of reference/pfsense.md, section
 * 0: pfSense's own generator at work.
 */
export interface ReleaseBehavior {
  readonly name: string;
  /** An empty `<source></source>` stops the generator: PHP 8 takes no field of a string. (7) */
  readonly stopsAtEmptyAddress: boolean;
  /** A rule without `<interface>` stops the generator. (7) */
  readonly stopsWithoutInterface: boolean;
  /** The box writes `any` as protocol, and pfctl refuses `proto any`. (2) */
  readonly writesAnyProtocol: boolean;
  /**
   * Until 2.7.0: a negated network with a virtual IP in a second subnet becomes `{ !A !B }`, which matches everything.
   * (5)
   */
  readonly negatesEach: boolean;
  /** An interface group serves as network, since 2.7.1. (6) */
  readonly groupNetworks: boolean;
  /**
   * A floating rule on `any` is on every interface. Earlier releases find no interface of that name and omit the rule.
   */
  readonly knowsAnyInterface: boolean;
  /** Rules with a gateway get a companion without one for the networks of VPNs. (8) */
  readonly negateNetworks: boolean;
  /** User groups, in the order of `<ifgroups>`, come before the tabs of OpenVPN and IPsec. (9) */
  readonly groupsFirst: boolean;
  /** The box loses the `!` of a 1:1 source. Later releases write it, and pfctl's treatment of it isn't known. (11) */
  readonly losesNegatedSource: boolean;
  /**
   * Since 2.7.1: a 1:1 entry that is restricted to an interface's network is for that interface's own subnet, without
   * those of virtual IPs. If a group is named, the entry is for no peer. In earlier releases several networks are a
   * list, which pfctl accepts in no binat.
   */
  readonly peersOwnSubnet: boolean;
  /**
   * An alias whose name is a number has no macro. Since 2.7.1 the box makes comments of the rules and the outbound NAT
   * that name it. Source: alias_expand, filter_generate_user_rule, filter_nat_rules_generate.
   */
  readonly omitsNumericAliases: boolean;
  /** Outbound NAT: destination in `network` and the mask in `target_subnet`, since configuration version 23.0. (20) */
  readonly newOutbound: boolean;
  /** Aliases like `_private4_`. (21) */
  readonly builtInAliases: boolean;
  /**
   * The kernel doesn't load a translation rule that differs from an earlier one in its target alone. Undefined: not
   * known. (14)
   */
  readonly refusesDuplicates: boolean | undefined;
}

const CE_26: ReleaseBehavior = {
  name: 'CE 2.6',
  stopsAtEmptyAddress: false,
  stopsWithoutInterface: false,
  writesAnyProtocol: true,
  negatesEach: true,
  groupNetworks: false,
  knowsAnyInterface: false,
  negateNetworks: true,
  groupsFirst: false,
  losesNegatedSource: true,
  peersOwnSubnet: false,
  omitsNumericAliases: false,
  newOutbound: false,
  builtInAliases: false,
  refusesDuplicates: false,
};
const CE_270: ReleaseBehavior = {
  ...CE_26,
  name: 'CE 2.7.0',
  stopsAtEmptyAddress: true,
  writesAnyProtocol: false,
  knowsAnyInterface: true,
  negateNetworks: false,
  refusesDuplicates: undefined,
};
const CE_272: ReleaseBehavior = {
  ...CE_270,
  name: 'CE 2.7.2',
  negatesEach: false,
  groupNetworks: true,
  losesNegatedSource: false,
  peersOwnSubnet: true,
  omitsNumericAliases: true,
  newOutbound: true,
};
const NEWEST: ReleaseBehavior = {
  ...CE_272,
  name: '2.9 in development',
  stopsWithoutInterface: true,
  groupsFirst: true,
  builtInAliases: true,
  refusesDuplicates: true,
};

/** Returns a sentence that names the releases whose rules apply to a configuration. */
export function describeReleases(root: XmlElement): string {
  const version = getText(root, 'version').slice(0, 40);
  const versionWords = version === '' ? 'its version is not told' : `its version is ${version}`;
  const [firstName, ...moreNames] = findReleases(root).map(({ name }) => name);
  if (moreNames.length === 0) return `rules are made of it as ${firstName} makes them: ${versionWords}`;
  return `rules are made of it as ${[firstName, ...moreNames.slice(0, -1)].join(', ')} and ${moreNames.at(-1)} make them, and where these differ it is UNKNOWN: ${versionWords}`;
}

/**
 * Returns the releases whose rules a configuration may get, by its `<version>`: one release if its behavior for that
 * version is known, else the known releases around it. Differences between these are unknown. Source: `latest_config`
 * of the releases (22.2 is 2.6.0, 22.9 is 2.7.0, 23.3 is 2.7.2, 24.5 was 2.9's).
 */
export function findReleases(root: XmlElement): readonly ReleaseBehavior[] {
  const text = getText(root, 'version');
  const parts = /^(\d{1,4})\.(\d{1,4})$/.exec(text);
  if (!parts) return [CE_26, CE_270, CE_272, NEWEST];
  const [major, minor] = [Number(parts[1]), Number(parts[2])];
  if (major < 22 || (major === 22 && minor < 9)) return major === 22 && minor === 2 ? [CE_26] : [CE_26, CE_270];
  if (major === 22) return [CE_270];
  if (major === 23) return [CE_272];
  return major === 24 && minor >= 5 ? [NEWEST] : [CE_272, NEWEST];
}
