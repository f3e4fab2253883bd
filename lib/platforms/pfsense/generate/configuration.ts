// Parses a captured or assumed config.xml of pfSense for the generator, and finds an owner's entries in it.

import { Refusal } from '../../../problems/problem';
import { XmlElement, XmlError, parseXml } from '../../../xml/parse-xml';
import { getOwnerTag } from './entry-names';
import * as problems from './box-problems';
import { REFLECTION_HELPER } from './render';

/** The configuration of a box in the repository. */
export interface PfsenseConfiguration {
  readonly text: string;
  readonly root: XmlElement;
  /** Undefined for a text without our mark: a box's own file. */
  readonly mark: ConfigurationMark | undefined;
}

interface ConfigurationMark {
  readonly element: XmlElement;
  readonly kind: 'captured' | 'assumed' | 'live';
  /** Switches that the release in the text needs; `had` holds those of them that were on without it. */
  readonly sets: readonly string[];
  readonly had: readonly string[];
}

const MARK_KINDS = ['captured', 'assumed', 'live'] as const;

/**
 * Returns the parsed configuration and its mark.
 *
 * @throws Refusal if the text isn't a configuration of pfSense.
 */
export function parseConfiguration(text: string, where: string): PfsenseConfiguration {
  const root = parseXmlOrRefuse(text, where);
  if (root.name !== 'pfsense')
    throw new Refusal([problems.createNotAConfiguration(where, `its root is <${root.name}>`)]);
  const [element, ...moreMarks] = listChildren(root, 'cpanel_edge');
  if (!element) return { text, root, mark: undefined };
  const kinds = MARK_KINDS.filter((kind) => findChild(element, kind) !== undefined);
  const [sets, had] = ['sets', 'had'].map((name) => listChildren(element, name).map((item) => item.text.trim())) as [
    string[],
    string[],
  ];
  // The device accepts no other mark, so a text that it would refuse isn't shown as valid.
  const isStrange =
    moreMarks.length > 0 || kinds.length !== 1 || [...sets, ...had].some((item) => item !== REFLECTION_HELPER);
  if (isStrange) throw new Refusal([problems.createStrangeMark(where, element.line)]);
  return { text, root, mark: { element, kind: kinds[0]!, sets, had } };
}

function parseXmlOrRefuse(text: string, where: string): XmlElement {
  try {
    return parseXml(text);
  } catch (error) {
    if (error instanceof XmlError) throw new Refusal([problems.createNotAConfiguration(where, error.message)]);
    throw error;
  }
}

export const listChildren = (element: XmlElement, name: string): readonly XmlElement[] =>
  element.children.filter((candidate) => candidate.name === name);

export const findChild = (element: XmlElement | undefined, name: string): XmlElement | undefined =>
  element?.children.find((candidate) => candidate.name === name);

export const getText = (element: XmlElement | undefined, name: string): string =>
  findChild(element, name)?.text.trim() ?? '';

/** Returns whether the element exists: the box takes presence alone as true. */
export const hasChild = (element: XmlElement | undefined, name: string): boolean =>
  findChild(element, name) !== undefined;

export const isOwnedBy = (owner: string, element: XmlElement): boolean =>
  getText(element, 'descr').startsWith(getOwnerTag(owner));

const OWNER_TAG = /^cpanel-edge:[^/]+\//;

export const isOwned = (element: XmlElement): boolean => OWNER_TAG.test(getText(element, 'descr'));

/** Returns the description or the element's name, with its line, to find an unmanaged entry by. */
export const describeEntry = (element: XmlElement): string => {
  const descr = unescapeEntities(getText(element, 'descr'));
  return `${descr === '' ? `<${element.name}>` : `"${descr}"`} in line ${element.line}`;
};

/** Decodes entities again: the box decodes them once more than XML does. */
const unescapeEntities = (text: string): string =>
  text.replaceAll(
    /&(amp|lt|gt|quot|#0?39|apos);/g,
    (_, name: string) => ({ amp: '&', lt: '<', gt: '>', quot: '"' })[name] ?? "'",
  );
