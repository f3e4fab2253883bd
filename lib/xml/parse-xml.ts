// Parses well-formed XML 1.0 to a tree of elements with line numbers and offsets, and escapes text for XML. The only
// file around the XML library (sax: strict, knows lines and CDATA). It refuses document types: without one a text
// defines no entity, so nothing expands.

import { SAXOptions, parser as saxParser } from 'sax';

/** An element as it stands in the file. */
export interface XmlElement {
  readonly name: string;
  /** The line of its opening tag, from 1. */
  readonly line: number;
  /** Its begin and end in the parsed text: an editor removes that part. */
  readonly start: number;
  readonly end: number;
  readonly attributes: Readonly<Record<string, string>>;
  /** Its own text without that of its children; entities and CDATA are resolved once, as any XML parser does. */
  readonly text: string;
  /** Whether all its text other than white space stood in CDATA. */
  readonly cdata: boolean;
  readonly children: readonly XmlElement[];
}

/** The text isn't XML, or exceeds a limit. `line` counts from 1. */
export class XmlError extends Error {
  constructor(
    readonly line: number,
    readonly what: string,
  ) {
    super(`line ${line}: ${what}`);
  }
}

/** Without strictEntities the library would accept the entities of HTML, too. Its types don't have that option. */
const STRICT_OPTIONS: SAXOptions & { readonly strictEntities: boolean } = { position: true, strictEntities: true };

/** No configuration is deeper; a file made to exhaust the stack is. */
const MAX_LEVELS = 64;

/** Ten thousand mappings and their rules make 170,000. Each takes some two hundred bytes. */
const MAX_ELEMENTS = 1_000_000;

/**
 * After each piece the library checks that names, attributes and comments are no longer than 64 KiB, which no real file
 * exceeds.
 */
const PIECE_CHARACTERS = 32_768;

/**
 * An element that is still open. It becomes the finished one in place, since a configuration has a hundred thousand.
 */
interface OpenElement extends Mutable<XmlElement> {
  children: XmlElement[];
}
type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const NO_CHILDREN: readonly XmlElement[] = [];
const NO_ATTRIBUTES: Readonly<Record<string, string>> = {};

/** Characters that XML 1.0 can't hold; the library lets them through. Source: XML 1.0, section 2.2. */
// eslint-disable-next-line no-control-regex -- they are what is looked for
const INVALID_CHARACTER = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff\ufffe\uffff]/u;

const INVALID_CHARACTER_MESSAGE = 'a character that XML can not hold';
const SPACE_MESSAGE = 'white space before a name';

/** A valid XML declaration. The library accepts one anywhere, with any contents. Source: XML 1.0, section 2.8. */
const DECLARATION =
  /^version\s*=\s*(["'])1\.\d+\1(\s+encoding\s*=\s*(["'])[A-Za-z][\w.-]*\3)?(\s+standalone\s*=\s*(["'])(yes|no)\5)?\s*$/;

/** Markup that may hold "]]>"; the rest of a text may not. */
const MARKUP_WITH_FREE_TEXT = /<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<\?[\s\S]*?\?>|<(?:"[^"]*"|'[^']*'|[^>"'])*>/g;

/**
 * Returns the root element.
 *
 * @throws XmlError for text that isn't one well-formed document.
 */
export function parseXml(text: string): XmlElement {
  const lineAt = (at: number): number => text.slice(0, at).split('\n').length;
  const invalid = INVALID_CHARACTER.exec(text);
  if (invalid) throw new XmlError(lineAt(invalid.index), INVALID_CHARACTER_MESSAGE);
  // A text without invalid characters can still name one by its number.
  const hasCharacterReferences = text.includes('&#');
  const parser = saxParser(true, STRICT_OPTIONS);
  const line = (): number => parser.line + 1;
  const open: OpenElement[] = [];
  let root: XmlElement | undefined;
  const bomLength = text.startsWith('\ufeff') ? 1 : 0;
  let tagLine = 1;
  let tagStart = 0;
  let elements = 0;
  let cdataSections = 0;
  // White space between children belongs to no element's text: it would be most of the memory.
  let blank = '';
  /** Checks parts of a tag that the library doesn't; of two attributes with one name it keeps the first. */
  const checkTag = (tag: string, attributes: number): void => {
    if (/^<\s/.test(tag)) throw new XmlError(line(), SPACE_MESSAGE);
    if (tag.includes('<', 1)) throw new XmlError(line(), '"<" in a tag');
    // Outside of quotes every equals sign belongs to an attribute.
    if (attributes > 0 && tag.replace(/"[^"]*"|'[^']*'/g, '').split('=').length - 1 > attributes)
      throw new XmlError(line(), 'an attribute twice');
  };
  const addText = (piece: string, cdata: boolean): void => {
    const top = open.at(-1);
    if (!top) return;
    if (hasCharacterReferences && INVALID_CHARACTER.test(piece)) throw new XmlError(line(), INVALID_CHARACTER_MESSAGE);
    const isBlank = !cdata && piece.trim() === '';
    if (isBlank && top.text === '') {
      blank = top.children.length === 0 ? blank + piece : '';
      return;
    }
    top.cdata = cdata ? top.cdata || top.text === '' : top.cdata && isBlank;
    top.text += blank + piece;
    blank = '';
  };
  parser.onerror = (error) => {
    throw new XmlError(line(), error.message.split('\n')[0]!.toLowerCase().replace(/\.$/, ''));
  };
  parser.ondoctype = () => {
    throw new XmlError(line(), 'a document type, which could define entities');
  };
  parser.onsgmldeclaration = () => {
    throw new XmlError(line(), 'a declaration');
  };
  parser.onprocessinginstruction = ({ name, body }) => {
    if (!/^[\p{L}_:]/u.test(name)) throw new XmlError(line(), 'a processing instruction without a name');
    if (name.toLowerCase() !== 'xml') return;
    if (text.lastIndexOf('<?', parser.position + bomLength) !== bomLength)
      throw new XmlError(line(), 'an XML declaration that does not stand first');
    if (name !== 'xml' || !DECLARATION.test(body)) throw new XmlError(line(), 'an XML declaration that is none');
  };
  parser.onclosecdata = () => {
    cdataSections += 1;
  };
  parser.onopencdata = () => {
    if (open.length === 0) throw new XmlError(line(), 'CDATA outside of the element');
  };
  parser.onopentagstart = () => {
    tagLine = line();
    // The library counts from behind the `<`.
    tagStart = parser.startTagPosition - 1 + bomLength;
  };
  parser.onopentag = ({ name, attributes }) => {
    if (open.length >= MAX_LEVELS) throw new XmlError(line(), `more than ${MAX_LEVELS} levels`);
    if (++elements > MAX_ELEMENTS) throw new XmlError(line(), `more than ${MAX_ELEMENTS} elements`);
    if (root) throw new XmlError(line(), 'a second element beside the first');
    blank = '';
    const checkedAttributes =
      Object.keys(attributes).length === 0 ? NO_ATTRIBUTES : (attributes as Record<string, string>);
    checkTag(text.slice(tagStart, parser.position + bomLength), Object.keys(checkedAttributes).length);
    if (hasCharacterReferences && Object.values(checkedAttributes).some((value) => INVALID_CHARACTER.test(value)))
      throw new XmlError(line(), INVALID_CHARACTER_MESSAGE);
    open.push({
      name,
      line: tagLine,
      start: tagStart,
      end: 0,
      attributes: checkedAttributes,
      children: [],
      text: '',
      cdata: false,
    });
  };
  parser.ontext = (piece) => addText(piece, false);
  parser.oncdata = (piece) => addText(piece, true);
  parser.onclosetag = () => {
    const element: Mutable<XmlElement> = open.pop()!;
    element.end = parser.position + bomLength;
    const closingTagStart = text.lastIndexOf('<', element.end - 1);
    if (/^<\/\s/.test(text.slice(closingTagStart, closingTagStart + 3))) throw new XmlError(line(), SPACE_MESSAGE);
    if (element.children.length === 0) {
      element.text = element.text === '' ? blank : element.text;
      element.children = NO_CHILDREN;
    }
    blank = '';
    const parent = open.at(-1);
    if (parent) parent.children.push(element);
    else root = element;
  };
  for (let at = bomLength, end = at; at < text.length; at = end) {
    end = at + PIECE_CHARACTERS;
    // A piece must not end with half of a character.
    if (/[\ud800-\udbff]/.test(text[end - 1] ?? '')) end += 1;
    parser.write(text.slice(at, end));
  }
  parser.close();
  // Comments, instructions and attributes may hold it, too. Every tag is closed here.
  if (text.split(']]>').length - 1 > cdataSections) {
    const end = text.replace(MARKUP_WITH_FREE_TEXT, (piece) => ' '.repeat(piece.length)).indexOf(']]>');
    if (end >= 0) throw new XmlError(lineAt(end), '"]]>" outside of CDATA');
  }
  if (!root) throw new XmlError(line(), 'no element at all');
  return root;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Escapes text for an element or an attribute. The caller must refuse characters that XML can't hold at all. */
export const escapeXml = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);
