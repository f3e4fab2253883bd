import { Family } from '../../../../net/address';
import { familyNamed, isAddressOf, isCard, isPorted, portsOf, protocolOf } from './conditions';
import { Element } from '../files/files';
import { priorityOf } from '../files/grammar';

/** A rich rule that firewalld takes. */
export interface Rich {
  readonly family: Family | undefined;
  readonly priority: number;
  readonly source: End | undefined;
  readonly destination: End | undefined;
  /** What it is of, if it isn't of everything. */
  readonly is: Element | undefined;
  readonly does: 'accept' | 'drop' | 'nothing';
  readonly isLimited: boolean;
  /** It rejects by a reset, which TCP alone has. */
  readonly isReset: boolean;
}

interface End {
  readonly text: string;
  readonly inverted: boolean;
}

const ELEMENTS = 'service port source-port protocol icmp-block icmp-type masquerade forward-port tcp-mss-clamp'.split(
  ' ',
);
const LOGS = ['log', 'nflog'];
const PARTS = [['source'], ['destination'], ELEMENTS, ['accept', 'reject', 'drop', 'mark'], LOGS, ['audit']];
/** It has no action beside what it is. */
export const isAlone = (is: Element | undefined): boolean =>
  /^(icmp-block|masquerade|forward-port|tcp-mss-clamp)$/.test(is?.name ?? '');
const RESETS = /^tcp-(reset|rst)$/;

/** The first of each that stands in a rule, and whether it is the only one. */
export function partsOf({ children }: Element) {
  const all = PARTS.map((names) => children.filter(({ name }) => names.includes(name)));
  const [source, destination, is, action, log, audit] = all.map(([first]) => first);
  return { source, destination, is, action, log, audit, areOnce: all.every(({ length }) => length <= 1) };
}

/**
 * One that firewalld may ignore at its start, of which isn't known what it does; one with which it doesn't load the file. Source: Rich_Rule.check of
 * firewall/core/rich.py, 1.3.3; each seen with it.
 */
export const readRich = (element: Element): Rich | 'ignored' | 'refused' =>
  isUnreadable(element) ? 'refused' : (taken(element) ?? 'ignored');

/** What isn't understood as a rule at all. The prefix of a log is read a second time, as a part of a text. */
function isUnreadable({ attributes, children }: Element): boolean {
  if (!/^[+-]?\d+$/.test(attributes['priority'] ?? '0')) return true;
  return children.some(({ name, attributes: { address, mac, ipset, prefix = '' } }) =>
    name === 'source'
      ? address === undefined && mac === undefined && ipset === undefined
      : LOGS.includes(name) && /[="\\]/.test(prefix),
  );
}

function taken(rule: Element): Rich | undefined {
  const { family: word, priority: written = '0' } = rule.attributes;
  const family = familyNamed(word);
  const { source, destination, is, action, log, audit, areOnce } = partsOf(rule);
  if (!areOnce) return undefined;
  const priority = priorityOf(written);
  if (priority === undefined) return undefined;
  if (word !== undefined && !family) return undefined;
  const [from, to] = [source && endOf(source, family), destination && endOf(destination, family)];
  if ((source && !from) || (destination && !(to && family !== undefined))) return undefined;
  if (is && !isReadable(is, family)) return undefined;
  if (isAlone(is) && action !== undefined) return undefined;
  if (is?.name === 'masquerade' && from && isCard(from.text)) return undefined;
  if (!is && !from && !to && priority === 0 && action !== undefined) return undefined;
  if ((log && !isLog(log)) || (audit && !isLimit(audit))) return undefined;
  if (action && !isLimit(action)) return undefined;
  if (action?.name === 'mark' && audit) return undefined;
  const rejects = action?.attributes['type'];
  if (rejects !== undefined && (family === undefined || !isReject(family, rejects))) return undefined;
  const drops = is?.name === 'icmp-block' || action?.name === 'reject' || action?.name === 'drop';
  return {
    family,
    priority,
    source: from,
    destination: to,
    is,
    // Without an action it logs, if anything.
    does: action?.name === 'accept' ? 'accept' : drops ? 'drop' : 'nothing',
    isLimited: action?.children.some((one) => one.name === 'limit') ?? false,
    isReset: RESETS.test(rejects ?? ''),
  };
}

/** What a zone refuses, a rule is ignored for. */
function isReadable({ name, attributes }: Element, family: Family | undefined): boolean {
  const { port = '', protocol = '', value = '', 'to-port': toPort = '', 'to-addr': to = '' } = attributes;
  switch (name) {
    case 'port':
    case 'source-port':
      return portsOf(port) !== undefined && isPorted(protocol);
    case 'protocol':
      return protocolOf(value) !== undefined;
    case 'forward-port':
      if (!family || !portsOf(port) || !isPorted(protocol) || (toPort === '' && to === '')) return false;
      return (
        (toPort === '' || portsOf(toPort) !== undefined) &&
        (to === '' || (isAddressOf(family, to) && !to.includes('/')))
      );
    default:
      return true;
  }
}

function isLog(log: Element): boolean {
  const { level, prefix, group = '0', 'queue-size': queue = '0' } = log.attributes;
  if (level !== undefined && !/^(emerg|alert|crit|error|warning|notice|info|debug)$/.test(level)) return false;
  // The rule is read again from a text with the prefix in it.
  if (prefix !== undefined && !/^[^="\\]{1,127}$/.test(prefix)) return false;
  return [group, queue].every((one) => /^(0|[1-9]\d{0,4})$/.test(one) && Number(one) <= 65_535) && isLimit(log);
}

const limitsOf = ({ children }: Element): readonly Element[] => children.filter((one) => one.name === 'limit');
const isLimit = (of: Element): boolean => limitsOf(of).length <= 1 && limitsOf(of).every(isRate);
const isRate = ({ attributes: { value, burst = '0' } }: Element): boolean =>
  LIMIT.test(value!) && value !== '1/d' && isBurst(burst);
/** Whether a limit of it is none: from 2.2 on such a rule is not ignored any more. */
export const hasOddLimit = ({ children }: Element): boolean => !children.flatMap(limitsOf).every(isRate);

const isBurst = (text: string): boolean => /^\d{1,8}$/.test(text) && Number(text) <= MOST_BURST;
const MOST_BURST = 10_000_000;

const LIMIT = /^[1-9]\d{0,3}\/(s|m|h|d|second|minute|hour)$/;

function endOf({ attributes }: Element, family: Family | undefined): End | undefined {
  const { address, mac, ipset, invert = '' } = attributes;
  const given = [address, mac, ipset].filter((one) => one !== undefined);
  if (given.length !== 1) return undefined;
  if (address !== undefined && !(family && isAddressOf(family, address))) return undefined;
  if ((mac !== undefined && !isCard(mac)) || (ipset !== undefined && (ipset === '' || ipset.length > 31)))
    return undefined;
  return { text: ipset === undefined ? given[0]! : `ipset:${ipset}`, inverted: /^(yes|true)$/i.test(invert) };
}

const V4 =
  'icmp-host-prohibited host-prohib icmp-net-unreachable net-unreach icmp-host-unreachable host-unreach icmp-port-unreachable port-unreach icmp-proto-unreachable proto-unreach icmp-net-prohibited net-prohib tcp-reset tcp-rst icmp-admin-prohibited admin-prohib';
const V6 =
  'icmp6-adm-prohibited adm-prohibited icmp6-no-route no-route icmp6-addr-unreachable addr-unreach icmp6-port-unreachable port-unreach tcp-reset';
const isReject = (family: Family, type: string): boolean => (family === 'ip' ? V4 : V6).split(' ').includes(type);
