import { groupBy } from '../../../../net/group-by';
import { XmlElement } from '../../../../xml/parse-xml';

/** Elements as the box reads them: names in any letters, presence is true, text without the white space around it. */

/** A box has a few lists that are long, and many thousand entries that aren't: an index of each costs more than looking through it. */
const MAX_UNINDEXED_CHILDREN = 32;
const CHILD_INDEX = new WeakMap<XmlElement, ReadonlyMap<string, readonly XmlElement[]>>();

/** Its children by their names in small letters. */
export function indexChildren(element: XmlElement): ReadonlyMap<string, readonly XmlElement[]> {
  const cached = CHILD_INDEX.get(element);
  if (cached) return cached;
  const index = groupBy(element.children, ({ name }) => name.toLowerCase());
  if (element.children.length > MAX_UNINDEXED_CHILDREN) CHILD_INDEX.set(element, index);
  return index;
}

const NO_ELEMENTS: readonly XmlElement[] = [];
const hasName = (element: XmlElement, name: string): boolean =>
  element.name === name || element.name.toLowerCase() === name;

/** All children of that name, in document order. */
export function listChildren(element: XmlElement | undefined, name: string): readonly XmlElement[] {
  if (!element || element.children.length === 0) return NO_ELEMENTS;
  if (element.children.length <= MAX_UNINDEXED_CHILDREN)
    return element.children.filter((child) => hasName(child, name));
  return indexChildren(element).get(name) ?? NO_ELEMENTS;
}

export function findChild(element: XmlElement | undefined, ...path: readonly string[]): XmlElement | undefined {
  let at = element;
  for (const name of path) {
    if (!at) return undefined;
    at =
      at.children.length <= MAX_UNINDEXED_CHILDREN
        ? at.children.find((child) => hasName(child, name))
        : indexChildren(at).get(name)?.[0];
  }
  return at;
}

/** PHP's `isset`: that it is there, whatever it holds. */
export const isSet = (element: XmlElement | undefined, ...path: readonly string[]): boolean =>
  findChild(element, ...path) !== undefined;

export const getText = (element: XmlElement | undefined, ...path: readonly string[]): string =>
  getOwnText(findChild(element, ...path));

/** As `textAt`, where PHP takes the text for true: `0` is false as nothing is. */
export const getTruthyText = (element: XmlElement | undefined, ...path: readonly string[]): string => {
  const text = getText(element, ...path);
  return text === '0' ? '' : text;
};

/** An element that holds neither text nor children: the box reads a string where it expects a list. */
export const isEmpty = (element: XmlElement | undefined): boolean =>
  element !== undefined && element.children.length === 0 && element.text.trim() === '';

export function getOwnText(element: XmlElement | undefined): string {
  if (!element) return '';
  return (element.cdata && element.text.includes('&') ? decodeEntities(element.text) : element.text).trim();
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0' };

/** What stands in CDATA was escaped when it was written, and the box decodes it once more when it reads. */
const decodeEntities = (text: string): string =>
  text.replace(
    /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{1,6}));/gi,
    (entity, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined) return ENTITIES[name] ?? entity;
      const code = decimal === undefined ? parseInt(hex!, 16) : Number(decimal);
      return code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : entity;
    },
  );
