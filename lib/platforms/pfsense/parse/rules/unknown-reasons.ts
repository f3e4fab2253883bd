// Lists why a pfSense filter rule may match fewer packets than the addresses and ports in it say: a schedule, an OS, a
// tag, DSCP, a VLAN priority, TCP flags or a connection limit. Parses the TCP flags.

import { SYN } from '../../../../parse/pf/lower/tcp-flags';
import { PfFlags } from '../../../../parse/pf/model';
import { XmlElement } from '../../../../xml/parse-xml';
import { isSet, getText, getTruthyText } from '../elements/element';

interface KnownTags {
  readonly tags: ReadonlySet<string>;
  readonly schedules: ReadonlySet<string>;
}

const STATE_LIMITS = ['max', 'max-src-nodes', 'max-src-states', 'max-src-conn', 'max-src-conn-rate'];

/** Returns the reasons why a rule may match only a part of its addresses and ports. */
export function listUnknownReasons(element: XmlElement, { tags, schedules }: KnownTags): readonly string[] {
  const reasons: string[] = [];
  const schedule = getTruthyText(element, 'sched');
  if (schedules.has(schedule)) reasons.push(`schedule ${schedule} turns it on and off`);
  const protocol = getText(element, 'protocol').toLowerCase();
  if (protocol === 'tcp' && getText(element, 'os') !== '') reasons.push('it asks for an operating system');
  if (tags.has(getText(element, 'tagged'))) reasons.push(`it asks for the tag ${getText(element, 'tagged')}`);
  if (getText(element, 'dscp') !== '') reasons.push('it asks for a code point of the header');
  const priority = getText(element, 'vlanprio');
  if (priority !== '' && priority !== 'none') reasons.push('it asks for a VLAN priority');
  if (parseWrittenFlags(element)?.every(({ set, mask }) => (SYN & mask) === set) === false)
    reasons.push('it asks for other flags than a first packet has');
  return reasons;
}

/** Returns the limits on connections of a rule that lets them in. */
export const listLimitReasons = (element: XmlElement): readonly string[] =>
  !['block', 'reject', 'match'].includes(getText(element, 'type')) &&
  getText(element, 'statetype') !== 'none' &&
  STATE_LIMITS.some((limit) => getText(element, limit) !== '')
    ? ['it limits how many connections it lets in']
    : [];

/** Returns whether no packet can have the rule's tag because no rule sets it; `nottagged` inverts the condition. */
export const isNeverMatched = (element: XmlElement, { tags }: KnownTags): boolean => {
  const tag = getTruthyText(element, 'tagged');
  return tag !== '' && !tags.has(tag) && !isSet(element, 'nottagged');
};

const FLAG_NAMES = ['fin', 'syn', 'rst', 'psh', 'ack', 'urg', 'ece', 'cwr'];

/**
 * Returns the rule's condition on TCP flags. Undefined without a condition, or if no first packet fulfils it: then the
 * whole match is unknown.
 */
export function parseFlags(element: XmlElement): readonly PfFlags[] | undefined {
  const flags = parseWrittenFlags(element);
  return flags?.every(({ set, mask }) => (SYN & mask) === set) ? flags : undefined;
}

function parseWrittenFlags(element: XmlElement): readonly PfFlags[] | undefined {
  if (getText(element, 'protocol').toLowerCase() !== 'tcp') return undefined;
  if (isSet(element, 'tcpflags_any')) return [];
  if (getTruthyText(element, 'tcpflags2') === '') return undefined;
  const bits = (field: string): number =>
    getText(element, field)
      .toLowerCase()
      .split(',')
      .reduce((mask, flag) => (FLAG_NAMES.includes(flag) ? mask | (1 << FLAG_NAMES.indexOf(flag)) : mask), 0);
  return [{ set: bits('tcpflags1'), mask: bits('tcpflags2') }];
}
