import { XmlElement } from '../../../xml/xml';

/** What stays of an element: its own text in one of four ways, or children by name. What no shape names doesn't stay. */
export type Shape = Leaf | Branch;

/**
 * `text`: as it is, without credentials in URLs. `people`: free text, which is also looked at for secrets. `origin`: of a URL the scheme and
 * the host. `addresses`: words, of which URLs stay as `origin` does.
 */
export interface Leaf {
  readonly is: 'text' | 'people' | 'origin' | 'addresses';
}

export interface Branch {
  readonly is: 'branch';
  /** In the order in which they are written. */
  readonly children: ReadonlyMap<string, Shape>;
  /** For children of any other name; they stay in the order of the file. */
  readonly others?: Shape;
  /** Whether one of several stays at all. */
  readonly when?: (element: XmlElement) => boolean;
}

export const TEXT: Leaf = { is: 'text' };
export const PEOPLE: Leaf = { is: 'people' };
export const ORIGIN: Leaf = { is: 'origin' };
export const ADDRESSES: Leaf = { is: 'addresses' };

/** Names of texts, then what has another shape. */
export const branch = (texts: string, shapes: Readonly<Record<string, Shape>> = {}, when?: Branch['when']): Branch => ({
  is: 'branch',
  children: new Map([...words(texts).map((name): [string, Shape] => [name, TEXT]), ...Object.entries(shapes)]),
  ...(when ? { when } : {}),
});

/** Whatever its children are called. */
export const each = (others: Shape): Branch => ({ is: 'branch', children: new Map(), others });

export const words = (text: string): readonly string[] => text.split(/\s+/).filter((word) => word !== '');
