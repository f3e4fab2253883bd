import { SYN } from '../../../../parse/pf/lower/flags';
import { PfFlags } from '../../../../parse/pf/model';
import { XmlElement } from '../../../../xml/xml';
import { isSet, textAt, truthyAt } from '../elements/element';

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
  if (written(element)?.every(({ wanted, among }) => (SYN & among) === wanted) === false)
    doubts.push('it asks for other flags than a first packet has');
  return doubts;
}

/** A tag that nobody sets is on no packet; `nottagged` turns the question around. */
export const matchesNever = (element: XmlElement, { tags }: Told): boolean => {
  const tag = truthyAt(element, 'tagged');
  return tag !== '' && !tags.has(tag) && !isSet(element, 'nottagged');
};

const LETTERS = ['fin', 'syn', 'rst', 'psh', 'ack', 'urg', 'ece', 'cwr'];

/** What it asks of the flags of TCP; undefined where it says nothing, or what no first packet has: then all of it is in doubt. */
export function flagsOf(element: XmlElement): readonly PfFlags[] | undefined {
  const flags = written(element);
  return flags?.every(({ wanted, among }) => (SYN & among) === wanted) ? flags : undefined;
}

function written(element: XmlElement): readonly PfFlags[] | undefined {
  if (textAt(element, 'protocol').toLowerCase() !== 'tcp') return undefined;
  if (isSet(element, 'tcpflags_any')) return [];
  if (truthyAt(element, 'tcpflags2') === '') return undefined;
  const bits = (field: string): number =>
    textAt(element, field)
      .toLowerCase()
      .split(',')
      .reduce((all, flag) => (LETTERS.includes(flag) ? all | (1 << LETTERS.indexOf(flag)) : all), 0);
  return [{ wanted: bits('tcpflags1'), among: bits('tcpflags2') }];
}
