import { parsePrefix, toRange } from '../../../../net/address';
import { ParsedPfFilterRule, ParsedPfMatch, ParsedPf, ParsedPfEndpoint } from '../../../../parse/pf/text/syntax-tree';
import { PfDeviceContext } from '../../../../parse/pf/resolve/address-resolver';
import { XmlElement } from '../../../../xml/parse-xml';
import { findChild, isSet } from '../elements/element';

/**
 * Anchors that pfSense writes on every box, and that stay empty where nothing is set up that fills them: hooks for hand-made rules, and
 * what tunnels and the TFTP proxy add for one session. Those of captive portals are there only where a portal is. FreeBSD's own ftp-proxy
 * adds what one client's transfer needs, and takes it off behind it. Source: FreeBSD, ftp-proxy(8).
 */
const EMPTY_ANCHOR = /^(natearly|natrules|userrules|openvpn|ipsec|relayd|tftp-proxy|ftp-proxy)(\/\*)?$/;
/** Hooks that no other firewall of pf's has. */
export const isDefaultAnchor = (anchor: string): boolean => /^(natearly|natrules|userrules)\/\*$/.test(anchor);
const PORT_MAPPING = 'miniupnpd';

/** Port mapping has its anchor for redirects on every box, and the one that lets them through only where it is on. */
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
 * Tables that programs on the box fill with clients that they keep out for a while. Without their content they count as empty, as
 * elements with a timeout do elsewhere: whom they keep out now they let in later.
 */
export const isBanTable = (table: string): boolean => BAN_TABLES.has(table);

/**
 * Without lines of the box's own that no wish is about: port 0, which no client uses, and CARP, by which boxes of one group tell each
 * other that they are there. A box with a virtual IP lets that through by every interface, and a configuration doesn't say it either.
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
  quick && match.on === undefined && match.within.length === 0;

const isZero = ({ ports }: ParsedPfEndpoint): boolean =>
  ports?.length === 1 && ports[0]!.ranges.every(({ first, last }) => first === 0 && last === 0);

const isAboutPortZero = ({ action, match }: ParsedPfFilterRule): boolean =>
  action === 'block' && (isZero(match.from) || isZero(match.to));

const isCarp = ({ protocols }: ParsedPfMatch): boolean => protocols?.length === 1 && protocols[0] === CARP_PROTOCOL;
const CARP_PROTOCOL = 112;

/** Without what a configuration doesn't say either: who is banned for a while, and that link-local addresses are not routed. */
export const removeTransientRules = (text: ParsedPf): ParsedPf => ({
  ...text,
  tables: new Map([...text.tables].filter(([name]) => !isBanTable(name))),
  rules: text.rules.filter((rule) => rule.is !== 'filter' || !(isEverywhere(rule) && isAboutLinkLocal(rule))),
});

const LINK_LOCAL = toRange(parsePrefix('169.254.0.0/16')!);

const isAboutLinkLocal = ({ action, match }: ParsedPfFilterRule): boolean =>
  action === 'block' && [match.from, match.to].some(({ hosts }) => hosts?.length === 1 && isRange(hosts[0]!));

const isRange = ({ not, host }: NonNullable<ParsedPfEndpoint['hosts']>[number]): boolean =>
  !not && host.is === 'range' && host.range.first === LINK_LOCAL.first && host.range.last === LINK_LOCAL.last;
