import { printable } from '../../../../problems/problem';
import { PfLine } from '../../../../parse/pf/model';
import { XmlElement } from '../../../../xml/xml';
import { textAt } from './element';

/** ` "Web"`: what a person called it, behind what it is. */
export function quoted(element: XmlElement): string {
  const description = textAt(element, 'descr');
  return description === '' ? '' : ` "${description.length > 80 ? `${description.slice(0, 77)}...` : description}"`;
}

/** `rule 7 on wan "Web"`: an entry as its page in the box shows it. */
export const lineOf = (element: XmlElement, called: string): PfLine => ({
  number: element.line,
  text: printable(`${called}${quoted(element)}`),
  isName: true,
});
