// Reads children and texts of config.xml elements as pfSense does in PHP: names in any case, an element that exists is
// true, text without surrounding white space.

import { groupBy } from '../../../../net/group-by';
import { XmlElement } from '../../../../xml/parse-xml';

/** A box has a few long lists and many thousand short entries. An index of a short entry costs more than a search. */
const MAX_UNINDEXED_CHILDREN = 32;
const CHILD_INDEX = new WeakMap<XmlElement, ReadonlyMap<string, readonly XmlElement[]>>();

/** Returns the children by their names in lower case. */
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

/** Returns all children of that name, in document order. */
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

/** Returns PHP's `isset`: whether the element exists, whatever it holds. */
export const isSet = (element: XmlElement | undefined, ...path: readonly string[]): boolean =>
  findChild(element, ...path) !== undefined;

export const getText = (element: XmlElement | undefined, ...path: readonly string[]): string =>
  getOwnText(findChild(element, ...path));

/** Returns the same text as `getText` if PHP takes it for true: `0` is false, like an empty text. */
export const getTruthyText = (element: XmlElement | undefined, ...path: readonly string[]): string => {
  const text = getText(element, ...path);
  return text === '0' ? '' : text;
};

/** Returns whether an element holds neither text nor children: the box reads a string where it expects a list. */
export const isEmpty = (element: XmlElement | undefined): boolean =>
  element !== undefined && element.children.length === 0 && element.text.trim() === '';

export function getOwnText(element: XmlElement | undefined): string {
  if (!element) return '';
  return (element.cdata && element.text.includes('&') ? decodeEntities(element.text) : element.text).trim();
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0' };

/** Decodes entities of CDATA: the box escapes text there when it writes, and decodes it once more when it reads. */
const decodeEntities = (text: string): string =>
  text.replace(
    /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{1,6}));/gi,
    (entity, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined) return ENTITIES[name] ?? entity;
      const code = decimal === undefined ? parseInt(hex!, 16) : Number(decimal);
      return code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : entity;
    },
  );
