// Parses firewalld's rich rules in XML: the match, the action, and whether firewalld loads, ignores or refuses the
// rule.

import { Family } from '../../../../net/address';
import {
  parseFamily,
  isAddressInFamily,
  isMacAddress,
  hasPorts,
  parsePortRange,
  parseProtocol,
} from './match-conditions';
import { FirewalldElement } from '../files/firewalld-files';
import { parsePriority } from '../files/file-grammars';

/** A rich rule that firewalld loads. */
export interface RichRule {
  readonly family: Family | undefined;
  readonly priority: number;
  readonly source: RichRuleAddress | undefined;
  readonly destination: RichRuleAddress | undefined;
  /** The element that the rule matches. Undefined: the rule matches every packet. */
  readonly is: FirewalldElement | undefined;
  readonly does: 'accept' | 'drop' | 'nothing';
  readonly isLimited: boolean;
  /** True if it rejects with a reset, which only TCP has. */
  readonly isReset: boolean;
}

interface RichRuleAddress {
  readonly text: string;
  readonly inverted: boolean;
}

const RULE_ELEMENTS =
  'service port source-port protocol icmp-block icmp-type masquerade forward-port tcp-mss-clamp'.split(' ');
const LOG_ELEMENTS = ['log', 'nflog'];
const RULE_PARTS = [
  ['source'],
  ['destination'],
  RULE_ELEMENTS,
  ['accept', 'reject', 'drop', 'mark'],
  LOG_ELEMENTS,
  ['audit'],
];
/** Returns whether the element itself is the action. */
export const hasImplicitAction = (is: FirewalldElement | undefined): boolean =>
  /^(icmp-block|masquerade|forward-port|tcp-mss-clamp)$/.test(is?.name ?? '');
const RESET_TYPE = /^tcp-(reset|rst)$/;

/** Returns the first element of each kind in a rule, and whether each is the only one of its kind. */
export function splitRule({ children }: FirewalldElement) {
  const groups = RULE_PARTS.map((names) => children.filter(({ name }) => names.includes(name)));
  const [source, destination, is, action, log, audit] = groups.map(([first]) => first);
  return { source, destination, is, action, log, audit, areOnce: groups.every(({ length }) => length <= 1) };
}

/**
 * Parses a rich rule. Returns `ignored` if firewalld may ignore it at its start: its effect is unknown. Returns
 * `refused` if firewalld doesn't load the file. Source: Rich_Rule.check of firewall/core/rich.py, 1.3.3; each case was
 * tried with it.
 */
export const parseRichRule = (element: FirewalldElement): RichRule | 'ignored' | 'refused' =>
  isUnreadable(element) ? 'refused' : (parseAcceptedRule(element) ?? 'ignored');

/** Returns whether firewalld can't parse the rule at all. It parses a log's prefix a second time, as part of a text. */
function isUnreadable({ attributes, children }: FirewalldElement): boolean {
  if (!/^[+-]?\d+$/.test(attributes['priority'] ?? '0')) return true;
  return children.some(({ name, attributes: { address, mac, ipset, prefix = '' } }) =>
    name === 'source'
      ? address === undefined && mac === undefined && ipset === undefined
      : LOG_ELEMENTS.includes(name) && /[="\\]/.test(prefix),
  );
}

function parseAcceptedRule(rule: FirewalldElement): RichRule | undefined {
  const { family: familyName, priority: priorityText = '0' } = rule.attributes;
  const family = parseFamily(familyName);
  const { source, destination, is, action, log, audit, areOnce } = splitRule(rule);
  if (!areOnce) return undefined;
  const priority = parsePriority(priorityText);
  if (priority === undefined) return undefined;
  if (familyName !== undefined && !family) return undefined;
  const [from, to] = [source && parseRuleAddress(source, family), destination && parseRuleAddress(destination, family)];
  if ((source && !from) || (destination && !(to && family !== undefined))) return undefined;
  if (is && !isValidElement(is, family)) return undefined;
  if (hasImplicitAction(is) && action !== undefined) return undefined;
  if (is?.name === 'masquerade' && from && isMacAddress(from.text)) return undefined;
  if (!is && !from && !to && priority === 0 && action !== undefined) return undefined;
  if ((log && !isValidLog(log)) || (audit && !hasValidLimit(audit))) return undefined;
  if (action && !hasValidLimit(action)) return undefined;
  if (action?.name === 'mark' && audit) return undefined;
  const rejectType = action?.attributes['type'];
  if (rejectType !== undefined && (family === undefined || !isRejectType(family, rejectType))) return undefined;
  const drops = is?.name === 'icmp-block' || action?.name === 'reject' || action?.name === 'drop';
  return {
    family,
    priority,
    source: from,
    destination: to,
    is,
    // A rule without an action only logs, if anything.
    does: action?.name === 'accept' ? 'accept' : drops ? 'drop' : 'nothing',
    isLimited: action?.children.some((child) => child.name === 'limit') ?? false,
    isReset: RESET_TYPE.test(rejectType ?? ''),
  };
}

/** Returns whether the element is valid. A rich rule with an invalid one is ignored; a zone with it is refused. */
function isValidElement({ name, attributes }: FirewalldElement, family: Family | undefined): boolean {
  const { port = '', protocol = '', value = '', 'to-port': toPort = '', 'to-addr': toAddress = '' } = attributes;
  switch (name) {
    case 'port':
    case 'source-port':
      return parsePortRange(port) !== undefined && hasPorts(protocol);
    case 'protocol':
      return parseProtocol(value) !== undefined;
    case 'forward-port':
      if (!family || !parsePortRange(port) || !hasPorts(protocol) || (toPort === '' && toAddress === '')) return false;
      return (
        (toPort === '' || parsePortRange(toPort) !== undefined) &&
        (toAddress === '' || (isAddressInFamily(family, toAddress) && !toAddress.includes('/')))
      );
    default:
      return true;
  }
}

function isValidLog(log: FirewalldElement): boolean {
  const { level, prefix, group = '0', 'queue-size': queue = '0' } = log.attributes;
  if (level !== undefined && !/^(emerg|alert|crit|error|warning|notice|info|debug)$/.test(level)) return false;
  // firewalld parses the rule again from a text that contains the prefix.
  if (prefix !== undefined && !/^[^="\\]{1,127}$/.test(prefix)) return false;
  return (
    [group, queue].every((number) => /^(0|[1-9]\d{0,4})$/.test(number) && Number(number) <= 65_535) &&
    hasValidLimit(log)
  );
}

const listLimits = ({ children }: FirewalldElement): readonly FirewalldElement[] =>
  children.filter((child) => child.name === 'limit');
const hasValidLimit = (element: FirewalldElement): boolean =>
  listLimits(element).length <= 1 && listLimits(element).every(isValidRate);
const isValidRate = ({ attributes: { value, burst = '0' } }: FirewalldElement): boolean =>
  RATE_FORM.test(value!) && value !== '1/d' && isValidBurst(burst);
/** Returns whether the rule has an invalid limit: from 2.2 on such a rule is no longer ignored. */
export const hasOddLimit = ({ children }: FirewalldElement): boolean =>
  !children.flatMap(listLimits).every(isValidRate);

const isValidBurst = (text: string): boolean => /^\d{1,8}$/.test(text) && Number(text) <= MAX_BURST;
const MAX_BURST = 10_000_000;

const RATE_FORM = /^[1-9]\d{0,3}\/(s|m|h|d|second|minute|hour)$/;

function parseRuleAddress({ attributes }: FirewalldElement, family: Family | undefined): RichRuleAddress | undefined {
  const { address, mac, ipset, invert = '' } = attributes;
  const values = [address, mac, ipset].filter((value) => value !== undefined);
  if (values.length !== 1) return undefined;
  if (address !== undefined && !(family && isAddressInFamily(family, address))) return undefined;
  if ((mac !== undefined && !isMacAddress(mac)) || (ipset !== undefined && (ipset === '' || ipset.length > 31)))
    return undefined;
  return { text: ipset === undefined ? values[0]! : `ipset:${ipset}`, inverted: /^(yes|true)$/i.test(invert) };
}

const IPV4_REJECT_TYPES =
  'icmp-host-prohibited host-prohib icmp-net-unreachable net-unreach icmp-host-unreachable host-unreach icmp-port-unreachable port-unreach icmp-proto-unreachable proto-unreach icmp-net-prohibited net-prohib tcp-reset tcp-rst icmp-admin-prohibited admin-prohib';
const IPV6_REJECT_TYPES =
  'icmp6-adm-prohibited adm-prohibited icmp6-no-route no-route icmp6-addr-unreachable addr-unreach icmp6-port-unreachable port-unreach tcp-reset';
const isRejectType = (family: Family, type: string): boolean =>
  (family === 'ip' ? IPV4_REJECT_TYPES : IPV6_REJECT_TYPES).split(' ').includes(type);
