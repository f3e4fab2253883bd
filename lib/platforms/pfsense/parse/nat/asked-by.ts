import { Family } from '../../../../net/address';
import { XmlElement } from '../../../../xml/xml';
import { childOf, isSet, textAt } from '../elements/element';
import { prefixAt } from '../elements/literals';

/** What the kernel compares of a translation: two entries with the same differ in their targets alone. */
export function askedBy(element: XmlElement, on: string, family: Family, ...more: readonly string[]): string {
  const side = (name: string): string => {
    const at = childOf(element, name);
    const any = isSet(at, 'any');
    const words = any ? 'any' : textAt(at, 'network') || masked(textAt(at, 'address'));
    return `${isSet(at, 'not') && !any ? '!' : ''}${words} ${textAt(at, 'port')}`;
  };
  const no = ['nobinat', 'nordr', 'nonat'].some((each) => isSet(element, each)) ? 'no' : '';
  return [no, on, family, textAt(element, 'protocol').toLowerCase(), side('source'), side('destination'), ...more].join(
    '|',
  );
}

function masked(text: string): string {
  const prefix = prefixAt(text);
  return prefix ? `${prefix.first}/${prefix.length}` : text;
}
