import { XmlElement } from '../../../xml/xml';
import { isSet, textAt, truthyAt } from './element';

interface Told {
  readonly tags: ReadonlySet<string>;
  readonly schedules: ReadonlySet<string>;
}

const LIMITS = ['max', 'max-src-nodes', 'max-src-states', 'max-src-conn', 'max-src-conn-rate'];

/** Why a rule may match only some of what its addresses and ports say. */
export function doubtsOf(element: XmlElement, { tags, schedules }: Told): readonly string[] {
  const doubts: string[] = [];
  const schedule = truthyAt(element, 'sched');
  if (schedules.has(schedule)) doubts.push(`schedule ${schedule} turns it on and off`);
  const protocol = textAt(element, 'protocol').toLowerCase();
  if (protocol === 'tcp' && textAt(element, 'os') !== '') doubts.push('it asks for an operating system');
  if (tags.has(textAt(element, 'tagged'))) doubts.push(`it asks for the tag ${textAt(element, 'tagged')}`);
  if (textAt(element, 'dscp') !== '') doubts.push('it asks for a code point of the header');
  const priority = textAt(element, 'vlanprio');
  if (priority !== '' && priority !== 'none') doubts.push('it asks for a VLAN priority');
  const passes = !['block', 'reject', 'match'].includes(textAt(element, 'type'));
  if (passes && textAt(element, 'statetype') !== 'none' && LIMITS.some((limit) => textAt(element, limit) !== '')) {
    doubts.push('it limits how many connections it lets in');
  }
  if (protocol === 'tcp' && firstPacketFlags(element) !== 'as they are') doubts.push('it asks for other flags than a first packet has');
  return doubts;
}

/** A tag that nobody sets is on no packet; `nottagged` turns the question around. */
export const matchesNever = (element: XmlElement, { tags }: Told): boolean => {
  const tag = truthyAt(element, 'tagged');
  return tag !== '' && !tags.has(tag) && !isSet(element, 'nottagged');
};

/** The first packet of a connection has SYN and nothing else. */
function firstPacketFlags(element: XmlElement): 'as they are' | 'others' {
  if (isSet(element, 'tcpflags_any') || truthyAt(element, 'tcpflags2') === '') return 'as they are';
  const flags = (field: string): readonly string[] =>
    textAt(element, field)
      .toLowerCase()
      .split(',')
      .filter((flag) => flag !== '');
  const [set, asked] = [flags('tcpflags1'), flags('tcpflags2')];
  const wanted = asked.includes('syn') ? ['syn'] : [];
  return set.length === wanted.length && set.every((flag) => wanted.includes(flag)) ? 'as they are' : 'others';
}
