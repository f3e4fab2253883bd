import { FoundEntry } from '../../../parse/importing';
import { printable } from '../../../problems/problem';
import { XmlElement } from '../../../xml/xml';
import { textAt } from '../parse/elements/element';
import { quoted } from '../parse/elements/line-of';

/** `rule "Web" of wan`: the kind, what a person called it, and more by which it is found. */
export const entryOf = (element: XmlElement, kind: string, more = ''): FoundEntry => ({
  line: element.line,
  called: printable(`${kind}${quoted(element)}${more === '' ? '' : ` ${more}`}`),
});

/** Whose an entry of this package is. */
export const ownerOf = (element: XmlElement): string | undefined =>
  /^cpanel-edge:([^/\s]+)\//.exec(textAt(element, 'descr'))?.[1];

export const oursAlready = (owner: string): string =>
  `the owner ${owner} of this package has it already; its own stack says what it is for`;
