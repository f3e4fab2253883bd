// Creates the label of a config.xml entry that a rule comes from, as pfSense's pages show it: `rule 7 on wan "Web"`.

import { escapeForDisplay } from '../../../../problems/problem';
import { PfLine } from '../../../../parse/pf/model';
import { XmlElement } from '../../../../xml/parse-xml';
import { getText } from './element';

/** Returns the description in the form ` "Web"`, to stand behind the kind. */
export function quoteDescription(element: XmlElement): string {
  const description = getText(element, 'descr');
  return description === '' ? '' : ` "${description.length > 80 ? `${description.slice(0, 77)}...` : description}"`;
}

/** Returns the line of an entry as its page in the box shows it: `rule 7 on wan "Web"`. */
export const createLine = (element: XmlElement, called: string): PfLine => ({
  number: element.line,
  text: escapeForDisplay(`${called}${quoteDescription(element)}`),
  isName: true,
});
