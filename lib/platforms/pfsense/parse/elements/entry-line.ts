import { escapeForDisplay } from '../../../../problems/problem';
import { PfLine } from '../../../../parse/pf/model';
import { XmlElement } from '../../../../xml/parse-xml';
import { getText } from './element';

/** ` "Web"`: what a person called it, behind what it is. */
export function quoteDescription(element: XmlElement): string {
  const description = getText(element, 'descr');
  return description === '' ? '' : ` "${description.length > 80 ? `${description.slice(0, 77)}...` : description}"`;
}

/** `rule 7 on wan "Web"`: an entry as its page in the box shows it. */
export const createLine = (element: XmlElement, called: string): PfLine => ({
  number: element.line,
  text: escapeForDisplay(`${called}${quoteDescription(element)}`),
  isName: true,
});
