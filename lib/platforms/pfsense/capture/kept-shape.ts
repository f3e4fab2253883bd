// Types and constructors of the lists that say which XML elements of config.xml a capture keeps. `kept-elements.ts`
// is such a list, `select-elements.ts` applies it.

import { XmlElement } from '../../../xml/parse-xml';

/**
 * The part of an element that stays: its own text in one of four ways, or children by name. Children without a shape
 * are dropped.
 */
export type KeptShape = KeptLeaf | KeptBranch;

/**
 * `text`: the text without credentials in URLs. `people`: free text, which is also searched for secrets. `origin`:
 * scheme and host of a URL. `addresses`: words, of which URLs are cut like in `origin`.
 */
export interface KeptLeaf {
  readonly is: 'text' | 'people' | 'origin' | 'addresses';
}

export interface KeptBranch {
  readonly is: 'branch';
  /** Shapes of the children by name, in the order of the output. */
  readonly children: ReadonlyMap<string, KeptShape>;
  /** Shape of children with any other name; they stay in the order of the file. Undefined: they are dropped. */
  readonly others?: KeptShape;
  /** Whether one element of several stays at all. Undefined: all stay. */
  readonly when?: (element: XmlElement) => boolean;
}

export const TEXT_LEAF: KeptLeaf = { is: 'text' };
export const FREE_TEXT_LEAF: KeptLeaf = { is: 'people' };
export const ORIGIN_LEAF: KeptLeaf = { is: 'origin' };
export const ADDRESSES_LEAF: KeptLeaf = { is: 'addresses' };

/** Returns a branch of texts, by their names, and of other shapes. */
export const createBranch = (
  texts: string,
  shapes: Readonly<Record<string, KeptShape>> = {},
  when?: KeptBranch['when'],
): KeptBranch => ({
  is: 'branch',
  children: new Map([
    ...splitWords(texts).map((name): [string, KeptShape] => [name, TEXT_LEAF]),
    ...Object.entries(shapes),
  ]),
  ...(when ? { when } : {}),
});

/** Returns a branch whose children have one shape and any name. */
export const createAnyChild = (shape: KeptShape): KeptBranch => ({ is: 'branch', children: new Map(), others: shape });

export const splitWords = (text: string): readonly string[] => text.split(/\s+/).filter((word) => word !== '');
