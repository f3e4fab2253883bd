import { XmlElement } from '../../../xml/parse-xml';

/** What stays of an element: its own text in one of four ways, or children by name. What no shape names doesn't stay. */
export type KeptShape = KeptLeaf | KeptBranch;

/**
 * `text`: as it is, without credentials in URLs. `people`: free text, which is also looked at for secrets. `origin`: of a URL the scheme and
 * the host. `addresses`: words, of which URLs stay as `origin` does.
 */
export interface KeptLeaf {
  readonly is: 'text' | 'people' | 'origin' | 'addresses';
}

export interface KeptBranch {
  readonly is: 'branch';
  /** In the order in which they are written. */
  readonly children: ReadonlyMap<string, KeptShape>;
  /** For children of any other name; they stay in the order of the file. */
  readonly others?: KeptShape;
  /** Whether one of several stays at all. */
  readonly when?: (element: XmlElement) => boolean;
}

export const TEXT_LEAF: KeptLeaf = { is: 'text' };
export const FREE_TEXT_LEAF: KeptLeaf = { is: 'people' };
export const ORIGIN_LEAF: KeptLeaf = { is: 'origin' };
export const ADDRESSES_LEAF: KeptLeaf = { is: 'addresses' };

/** Names of texts, then what has another shape. */
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

/** Whatever its children are called. */
export const createAnyChild = (shape: KeptShape): KeptBranch => ({ is: 'branch', children: new Map(), others: shape });

export const splitWords = (text: string): readonly string[] => text.split(/\s+/).filter((word) => word !== '');
