import { printable } from '../../../problems/problem';
import { PfLine } from '../../../reading/pf/model';
import { XmlElement } from '../../../xml/xml';
import { textAt } from './element';

/** `rule 7 on wan "Web"`: an entry as its page in the box shows it. */
export function lineOf(element: XmlElement, called: string): PfLine {
  const description = textAt(element, 'descr');
  const shown = description.length > 80 ? `${description.slice(0, 77)}...` : description;
  return { number: element.line, text: printable(shown === '' ? called : `${called} "${shown}"`), isName: true };
}
