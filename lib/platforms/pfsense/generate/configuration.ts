import { Refusal } from '../../../problems/problem';
import { XmlElement, XmlError, parseXml } from '../../../xml/xml';
import { tagOf } from './names';
import * as problems from './problems-box';
import { HELPER } from './render';

/** A box's configuration as it stands in a repository. */
export interface Configuration {
  readonly text: string;
  readonly root: XmlElement;
  /** Undefined for a text that nobody marked: a box's own file. */
  readonly mark: Mark | undefined;
}

interface Mark {
  readonly element: XmlElement;
  readonly kind: 'captured' | 'assumed' | 'live';
  /** Switches that the release in the text needs, and those of them that were on without it. */
  readonly sets: readonly string[];
  readonly had: readonly string[];
}

const KINDS = ['captured', 'assumed', 'live'] as const;

/** Throws Refusal for what is no configuration of pfSense. */
export function opened(text: string, where: string): Configuration {
  const root = parsed(text, where);
  if (root.name !== 'pfsense') throw new Refusal([problems.notAConfiguration(where, `its root is <${root.name}>`)]);
  const [element, ...others] = children(root, 'cpanel_edge');
  if (!element) return { text, root, mark: undefined };
  const kinds = KINDS.filter((kind) => child(element, kind) !== undefined);
  const [sets, had] = ['sets', 'had'].map((name) => children(element, name).map((one) => one.text.trim())) as [
    string[],
    string[],
  ];
  // The device takes nothing that is marked otherwise, and nobody should be shown what it wouldn't take.
  const strange = others.length > 0 || kinds.length !== 1 || [...sets, ...had].some((one) => one !== HELPER);
  if (strange) throw new Refusal([problems.strangeMark(where, element.line)]);
  return { text, root, mark: { element, kind: kinds[0]!, sets, had } };
}

function parsed(text: string, where: string): XmlElement {
  try {
    return parseXml(text);
  } catch (error) {
    if (error instanceof XmlError) throw new Refusal([problems.notAConfiguration(where, error.message)]);
    throw error;
  }
}

export const children = (element: XmlElement, name: string): readonly XmlElement[] =>
  element.children.filter((one) => one.name === name);

export const child = (element: XmlElement | undefined, name: string): XmlElement | undefined =>
  element?.children.find((one) => one.name === name);

export const textOf = (element: XmlElement | undefined, name: string): string =>
  child(element, name)?.text.trim() ?? '';

/** On the box presence alone is true. */
export const has = (element: XmlElement | undefined, name: string): boolean => child(element, name) !== undefined;

export const isOf = (owner: string, element: XmlElement): boolean => textOf(element, 'descr').startsWith(tagOf(owner));

const ANY_OWNER = /^cpanel-edge:[^/]+\//;

export const isOfAnyOwner = (element: XmlElement): boolean => ANY_OWNER.test(textOf(element, 'descr'));

/** An entry of somebody else, as a person finds it. */
export const called = (element: XmlElement): string => {
  const descr = unescaped(textOf(element, 'descr'));
  return `${descr === '' ? `<${element.name}>` : `"${descr}"`} in line ${element.line}`;
};

/** The box decodes entities once more than XML does. */
const unescaped = (text: string): string =>
  text.replaceAll(
    /&(amp|lt|gt|quot|#0?39|apos);/g,
    (_, name: string) => ({ amp: '&', lt: '<', gt: '>', quot: '"' })[name] ?? "'",
  );
