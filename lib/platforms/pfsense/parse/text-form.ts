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

/** The two forms in which pfSense says what it does, and both at once. */
export type PfsenseForm =
  | { readonly is: 'stored'; readonly root: XmlElement }
  | { readonly is: 'running'; readonly text: string }
  /** `first`: the number of the line on which what runs begins. */
  | { readonly is: 'both'; readonly root: XmlElement; readonly text: string; readonly first: number };

/** Configurations of 2.4 to 2.9. What a later one means by a word nobody here knows, and it might open something. */
const [OLDEST, NEWEST] = [15, 24];

const CONFIGURATION_END = /^<\/pfsense>[ \t]*\r?$/m;

/** Which form a text has. Throws Refusal for XML that is none of pfSense's. */
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
  // Nothing would be reachable by nothing, and that must not be the answer to a file that lost its middle.
  if ((findChild(root, 'interfaces')?.children.length ?? 0) === 0) return refuseNoInterfaces(root.line);
  const version = /^(\d{1,4})\./.exec(getText(root, 'version'))?.[1];
  if (version !== undefined && (Number(version) < OLDEST || Number(version) > NEWEST))
    return refuseUnknownVersion(root.line, getText(root, 'version'));
  return root;
}
