// Detects the form of a pfSense text: config.xml, the running rules that pfctl prints, or both one after the other.

import { XmlElement, XmlError, parseXml } from '../../../xml/parse-xml';
import { findChild, isSet, getText } from './elements/element';
import {
  refuseTrailingText,
  refuseEmpty,
  refuseEncrypted,
  refuseNoInterfaces,
  refuseNotXml,
  refuseOtherRoot,
  refuseUnknownVersion,
} from './text-problems';

/** The two forms of a pfSense text, and both at once. */
export type PfsenseForm =
  | { readonly is: 'stored'; readonly root: XmlElement }
  | { readonly is: 'running'; readonly text: string }
  /** `first`: number of the line on which the running config begins. */
  | { readonly is: 'both'; readonly root: XmlElement; readonly text: string; readonly first: number };

/**
 * Configuration versions of 2.4 to 2.9. A later version may use a word with another meaning, which might open
 * something.
 */
const [OLDEST, NEWEST] = [15, 24];

const CONFIGURATION_END = /^<\/pfsense>[ \t]*\r?$/m;

/**
 * Returns the form of a text.
 *
 * @throws Refusal for XML that isn't pfSense's.
 */
export function detectForm(text: string): PfsenseForm {
  const start = text.replace(/^\ufeff/, '').trimStart();
  if (start === '') return refuseEmpty();
  if (start.startsWith('---- BEGIN') || start.startsWith('Salted__')) return refuseEncrypted();
  if (!start.startsWith('<')) return { is: 'running', text };
  const end = CONFIGURATION_END.exec(text);
  const after = end ? text.slice(end.index + end[0].length) : '';
  const head = after.trim() === '' ? text : text.slice(0, end!.index + end![0].length);
  const root = parseRoot(head);
  const live = isSet(findChild(root, 'cpanel_edge'), 'live');
  const first = head.split('\n').length;
  if (after.trim() !== '' && !live) return refuseTrailingText(first + 1);
  return live ? { is: 'both', root, text: after.replace(/^\n/, ''), first: first + 1 } : { is: 'stored', root };
}

function parseRoot(text: string): XmlElement {
  let root: XmlElement;
  try {
    root = parseXml(text);
  } catch (error) {
    if (error instanceof XmlError) return refuseNotXml(error.line, error.what);
    throw error;
  }
  if (root.name !== 'pfsense') return refuseOtherRoot(root.line, root.name);
  // Without interfaces nothing would be reachable. A file that lost its middle must not get that answer.
  if ((findChild(root, 'interfaces')?.children.length ?? 0) === 0) return refuseNoInterfaces(root.line);
  const version = /^(\d{1,4})\./.exec(getText(root, 'version'))?.[1];
  if (version !== undefined && (Number(version) < OLDEST || Number(version) > NEWEST))
    return refuseUnknownVersion(root.line, getText(root, 'version'));
  return root;
}
