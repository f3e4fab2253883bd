// Anchors, tables and rules of pfSense itself in running pf rules (output of pfctl): which anchors may hold rules,
// which tables are ban lists, and which rules the evaluation leaves out.

import { parsePrefix, toRange } from '../../../../net/address';
import { ParsedPfFilterRule, ParsedPfMatch, ParsedPf, ParsedPfEndpoint } from '../../../../parse/pf/text/syntax-tree';
import { PfDeviceContext } from '../../../../parse/pf/resolve/address-resolver';
import { XmlElement } from '../../../../xml/parse-xml';
import { findChild, isSet } from '../elements/element';

/**
 * Anchors that pfSense has on every box and that stay empty unless a feature fills them: hooks for hand-made rules, and
 * rules that tunnels and the TFTP proxy add for one session. Anchors of captive portals exist only with a portal.
 * FreeBSD's own ftp-proxy adds the rules of one client's transfer, and removes them afterwards. Source: FreeBSD,
 * ftp-proxy(8).
 */
const EMPTY_ANCHOR = /^(natearly|natrules|userrules|openvpn|ipsec|relayd|tftp-proxy|ftp-proxy)(\/\*)?$/;
/** Returns whether the anchor is a hook that no other pf firewall has. */
export const isDefaultAnchor = (anchor: string): boolean => /^(natearly|natrules|userrules)\/\*$/.test(anchor);
const PORT_MAPPING = 'miniupnpd';

/**
 * Returns whether port mapping is on. Its anchor for redirects exists on every box, its filter anchor only if it is on.
 */
const hasPortMapping = (text: ParsedPf, root: XmlElement | undefined): boolean =>
  isSet(findChild(root, 'installedpackages', PORT_MAPPING, 'config'), 'enable') ||
  text.rules.some((rule) => rule.is === 'anchor' && rule.kind === 'filter' && rule.name === PORT_MAPPING);

export function createAnchorLookup(text: ParsedPf, root?: XmlElement): PfDeviceContext['mayHold'] {
  const passes = hasPortMapping(text, root) ? 'passes' : 'nothing';
  return (anchor) => (EMPTY_ANCHOR.test(anchor) ? 'nothing' : anchor === PORT_MAPPING ? passes : 'anything');
}

const BAN_TABLES = new Set([
  'snort2c',
  'virusprot',
  'sshguard',
  'sshlockout',
  'webConfiguratorlockout',
  'crowdsec_blacklists',
  'crowdsec6_blacklists',
]);

/**
 * Returns whether programs on the box fill the table with clients that they ban for a while. Without its content the
 * table counts as empty, like elements with a timeout elsewhere: the clients get in again later.
 */
export const isBanTable = (table: string): boolean => BAN_TABLES.has(table);

/**
 * Returns the rules without lines of the box's own that no intent is about: port 0, which no client uses, and CARP, by
 * which boxes of one group announce themselves. A box with a virtual IP lets CARP through on every interface, and a
 * configuration doesn't contain that either.
 */
export const removeBoxRules = (text: ParsedPf): ParsedPf => ({
  ...text,
  rules: text.rules.filter((rule) => {
    if (rule.is === 'anchor') return true;
    if (rule.is !== 'filter') return !(rule.no && rule.match.on === undefined && isCarp(rule.match));
    return !(isEverywhere(rule) && (isAboutPortZero(rule) || (!rule.state && isCarp(rule.match))));
  }),
});

const isEverywhere = ({ match, quick }: ParsedPfFilterRule): boolean =>
  quick && match.on === undefined && match.enclosingAnchors.length === 0;

const isZero = ({ ports }: ParsedPfEndpoint): boolean =>
  ports?.length === 1 && ports[0]!.ranges.every(({ first, last }) => first === 0 && last === 0);

const isAboutPortZero = ({ action, match }: ParsedPfFilterRule): boolean =>
  action === 'block' && (isZero(match.from) || isZero(match.to));

const isCarp = ({ protocols }: ParsedPfMatch): boolean => protocols?.length === 1 && protocols[0] === CARP_PROTOCOL;
const CARP_PROTOCOL = 112;

/**
 * Returns the rules without parts that a configuration doesn't contain either: temporary bans, and the block of
 * link-local addresses.
 */
export const removeTransientRules = (text: ParsedPf): ParsedPf => ({
  ...text,
  tables: new Map([...text.tables].filter(([name]) => !isBanTable(name))),
  rules: text.rules.filter((rule) => rule.is !== 'filter' || !(isEverywhere(rule) && isAboutLinkLocal(rule))),
});

const LINK_LOCAL = toRange(parsePrefix('169.254.0.0/16')!);

const isAboutLinkLocal = ({ action, match }: ParsedPfFilterRule): boolean =>
  action === 'block' && [match.from, match.to].some(({ hosts }) => hosts?.length === 1 && isRange(hosts[0]!));

const isRange = ({ negated, host }: NonNullable<ParsedPfEndpoint['hosts']>[number]): boolean =>
  !negated && host.is === 'range' && host.range.first === LINK_LOCAL.first && host.range.last === LINK_LOCAL.last;
