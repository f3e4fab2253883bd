// Parses the HTML of a report page, as a browser would.

import { createHash } from 'node:crypto';
import { DefaultTreeAdapterMap, parse } from 'parse5';

type Node = DefaultTreeAdapterMap['node'];
type Element = DefaultTreeAdapterMap['element'];

/** The digest function that commands pass. */
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64');

/** Elements that a page may have, each with its allowed attributes. Anything else came from a name. */
const ELEMENTS: Readonly<Record<string, string>> = {
  html: 'lang',
  head: '',
  meta: 'charset http-equiv content name',
  title: '',
  style: '',
  script: '',

  body: '',
  main: '',
  article: '',
  section: 'data-part',
  h1: '',
  h2: '',
  h3: '',
  p: 'class',
  span: 'class aria-hidden',
  strong: 'class',
  code: '',
  pre: '',
  ins: '',
  del: '',
  br: '',
  wbr: '',
  ul: '',
  li: 'class',
  dl: '',
  dt: '',
  dd: '',
  details: '',
  summary: '',
  form: 'hidden',
  label: '',
  input: 'type autocomplete checked value',
  output: '',

  figure: '',
  figcaption: '',
  svg: 'role aria-label viewBox',
  g: 'class',
  rect: 'x y width height rx',
  path: 'd',
  text: 'x y text-anchor',
  table: 'role',
  thead: 'role',
  tbody: 'role',
  tr: 'role',
  th: 'scope role',
  td: 'role data-column class',
};

interface Parsed {
  /** The page's errors, by their names in the HTML Standard. */
  readonly errors: readonly string[];
  /** Elements and attributes that a printer never writes, and comments, which a name would have caused. */
  readonly strange: readonly string[];
  /** All visible text, with a line for each paragraph and cell. */
  readonly text: string;
  /** The visible text while everything is folded. */
  readonly unfolded: string;
  /** The cells of all tables. */
  readonly cells: readonly string[];
  readonly elements: readonly Element[];
}

/** Parses a page as browsers do. */
export function parsed(page: string): Parsed {
  const errors: string[] = [];
  const document = parse(page, { onParseError: ({ code }) => errors.push(code) });
  const nodes = [...within(document)];
  const elements = nodes.filter((node): node is Element => 'tagName' in node);
  return {
    errors,
    strange: [
      ...nodes.filter(({ nodeName }) => nodeName === '#comment').map(() => 'a comment'),
      ...elements.flatMap(({ tagName, attrs }) => strangeIn(tagName, attrs)),
    ],
    text: textOf(document, false),
    unfolded: textOf(document, true),
    cells: elements.filter(({ tagName }) => tagName === 'td').map((cell) => textOf(cell, false)),
    elements,
  };
}

/** Returns the visible text of an element. */
export const textWithin = (element: Element): string => textOf(element, false);

export const attribute = ({ attrs }: Element, name: string): string | undefined =>
  attrs.find((one) => one.name === name)?.value;

function strangeIn(tag: string, attributes: Element['attrs']): readonly string[] {
  const known = ELEMENTS[tag];
  if (known === undefined) return [tag];
  return attributes.filter(({ name }) => !known.split(' ').includes(name)).map(({ name }) => `${tag} ${name}`);
}

function* within(node: Node): Generator<Node> {
  yield node;
  for (const child of 'childNodes' in node ? node.childNodes : []) yield* within(child);
}

/** Elements that are inline with the text around them. */
const INLINE = ['span', 'strong', 'code', 'ins', 'del', 'label', 'input'];

function textOf(node: Node, isFolded: boolean): string {
  if (node.nodeName === '#text' && 'value' in node) return node.value;
  if (['style', 'script', 'head'].includes(node.nodeName)) return '';
  const children = 'childNodes' in node ? node.childNodes : [];
  const seen =
    isFolded && node.nodeName === 'details' ? children.filter(({ nodeName }) => nodeName === 'summary') : children;
  const text = seen.map((child) => textOf(child, isFolded)).join('');
  return INLINE.includes(node.nodeName) ? text : `\n${text}\n`;
}
