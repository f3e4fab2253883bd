import { FoundEntry } from '../../../reading/found';
import { printable } from '../../../problems/problem';
import { XmlElement } from '../../../xml/xml';
import { textAt } from '../read/element';

/** `rule "Web" of wan`: the kind, what a person called it, and more by which it is found. */
export function entryOf(element: XmlElement, kind: string, more = ''): FoundEntry {
  const description = textAt(element, 'descr').trim();
  const shown = description.length > 80 ? `${description.slice(0, 77)}...` : description;
  return { line: element.line, called: printable(`${kind}${shown === '' ? '' : ` "${shown}"`}${more === '' ? '' : ` ${more}`}`) };
}

/** Whose an entry of this package is. */
export const ownerOf = (element: XmlElement): string | undefined => /^cpanel-edge:([^/\s]+)\//.exec(textAt(element, 'descr'))?.[1];

export const oursAlready = (owner: string): string =>
  `the owner ${owner} of this package has it already; its own stack says what it is for`;
