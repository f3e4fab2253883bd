import { XmlElement, XmlError, parseXml } from '../../../xml/xml';
import { childOf, isSet, textAt } from './elements/element';
import { afterConfiguration, empty, encrypted, noInterfaces, notXml, otherRoot, unknownVersion } from './problems-text';

/** The two forms in which pfSense says what it does, and both at once. */
export type Form =
  | { readonly is: 'stored'; readonly root: XmlElement }
  | { readonly is: 'running'; readonly text: string }
  /** `first`: the number of the line on which what runs begins. */
  | { readonly is: 'both'; readonly root: XmlElement; readonly text: string; readonly first: number };

/** Configurations of 2.4 to 2.9. What a later one means by a word nobody here knows, and it might open something. */
const [OLDEST, NEWEST] = [15, 24];

const END = /^<\/pfsense>[ \t]*\r?$/m;

/** Which form a text has. Throws Refusal for XML that is none of pfSense's. */
export function formOf(text: string): Form {
  const start = text.replace(/^\ufeff/, '').trimStart();
  if (start === '') return empty();
  if (start.startsWith('---- BEGIN') || start.startsWith('Salted__')) return encrypted();
  if (!start.startsWith('<')) return { is: 'running', text };
  const end = END.exec(text);
  const after = end ? text.slice(end.index + end[0].length) : '';
  const head = after.trim() === '' ? text : text.slice(0, end!.index + end![0].length);
  const root = rootOf(head);
  const live = isSet(childOf(root, 'cpanel_edge'), 'live');
  const first = head.split('\n').length;
  if (after.trim() !== '' && !live) return afterConfiguration(first + 1);
  return live ? { is: 'both', root, text: after.replace(/^\n/, ''), first: first + 1 } : { is: 'stored', root };
}

function rootOf(text: string): XmlElement {
  let root: XmlElement;
  try {
    root = parseXml(text);
  } catch (error) {
    if (error instanceof XmlError) return notXml(error.line, error.what);
    throw error;
  }
  if (root.name !== 'pfsense') return otherRoot(root.line, root.name);
  // Nothing would be reachable by nothing, and that must not be the answer to a file that lost its middle.
  if ((childOf(root, 'interfaces')?.children.length ?? 0) === 0) return noInterfaces(root.line);
  const version = /^(\d{1,4})\./.exec(textAt(root, 'version'))?.[1];
  if (version !== undefined && (Number(version) < OLDEST || Number(version) > NEWEST))
    return unknownVersion(root.line, textAt(root, 'version'));
  return root;
}
