// Creates the label of an entry of pfSense's config.xml for the report of an import, such as `rule "Web" of wan`.
// Recognises entries that an owner of this package has written.

import { ImportableEntry } from '../../../parse/config-importer';
import { escapeForDisplay } from '../../../problems/problem';
import { XmlElement } from '../../../xml/parse-xml';
import { getText } from '../parse/elements/element';
import { quoteDescription } from '../parse/elements/entry-line';

/** Returns an entry called like `rule "Web" of wan`: the kind, the description, and more to find it by. */
export const createImportableEntry = (element: XmlElement, kind: string, more = ''): ImportableEntry => ({
  line: element.line,
  label: escapeForDisplay(`${kind}${quoteDescription(element)}${more === '' ? '' : ` ${more}`}`),
});

/** Returns the owner of an entry, or undefined for an entry that isn't ours. */
export const findOwner = (element: XmlElement): string | undefined =>
  /^cpanel-edge:([^/\s]+)\//.exec(getText(element, 'descr'))?.[1];

export const explainOwned = (owner: string): string =>
  `the owner ${owner} of this package has it already; its own stack says what it is for`;
