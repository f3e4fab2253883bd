// Selects the elements of config.xml that a capture keeps: those that decide about packets. Credentials are
// removed; other omitted elements, and text that looks like a secret, are reported.
import { XmlElement } from '../../../xml/parse-xml';
import { isHarmless } from './harmless-elements';
import { isLikelySecret, getOrigin, removeCredentials } from './secrets';
import { spellText } from './spell-text';
import { KeptBranch, KeptLeaf, KeptShape } from './kept-shape';

/** A kept element: its spelt text, or its children. */
export interface KeptElement {
  readonly name: string;
  readonly text: string;
  readonly children: readonly KeptElement[];
}

/** The report on a sieved configuration. */
export interface SieveReport {
  /** Paths of omitted elements that aren't known to be harmless. */
  readonly omittedParts: Set<string>;
  /** Positions of free text that looks like a secret. */
  readonly suspicious: string[];
}

interface ElementPath {
  /** The path in the file; `general` has `*` for names that may be any. */
  readonly path: string;
  readonly general: string;
}

export function filterConfiguration(root: XmlElement, shape: KeptBranch, report: SieveReport): readonly KeptElement[] {
  // A section without kept content says nothing. Within a section an empty element may be what breaks a rule.
  return sieveChildren(root, shape, { path: '', general: '' }, report).filter(
    ({ text, children }) => text !== '' || children.length > 0,
  );
}

function sieveChildren(
  element: XmlElement,
  shape: KeptBranch,
  place: ElementPath,
  report: SieveReport,
): readonly KeptElement[] {
  const order = new Map([...shape.children.keys()].map((name, index) => [name, index]));
  const children = element.children.flatMap((child): readonly KeptElement[] => {
    // The box compares names in lower case.
    const name = child.name.toLowerCase();
    const named = shape.children.get(name);
    const childShape = named ?? shape.others;
    const at = {
      path: joinPath(place.path, name),
      general: joinPath(place.general, named || !childShape ? name : '*'),
    };
    if (childShape) return sieveElement(name, child, childShape, at, report);
    if (!isHarmless(at.general)) report.omittedParts.add(at.path);
    return [];
  });
  if (element.text.trim() !== '') report.omittedParts.add(`${place.path} (text beside its elements)`);
  // The sort is stable: repeated elements keep the order of the file.
  return children.sort((a, b) => (order.get(a.name) ?? 0) - (order.get(b.name) ?? 0));
}

function sieveElement(
  name: string,
  element: XmlElement,
  shape: KeptShape,
  at: ElementPath,
  report: SieveReport,
): readonly KeptElement[] {
  if (shape.is !== 'branch') {
    for (const child of element.children) report.omittedParts.add(joinPath(at.path, child.name.toLowerCase()));
    return [{ name, text: sieveText(element, shape, at, report), children: [] }];
  }
  if (shape.when && !shape.when(element)) return [];
  return [{ name, text: '', children: sieveChildren(element, shape, at, report) }];
}

function sieveText(element: XmlElement, { is }: KeptLeaf, { path }: ElementPath, report: SieveReport): string {
  const text = spellText(element);
  if (is === 'origin') return getOrigin(text);
  if (is === 'addresses') return text.split(' ').map(getOrigin).join(' ');
  const cleaned = removeCredentials(text);
  if (is === 'people' && isLikelySecret(cleaned)) report.suspicious.push(`line ${element.line}, ${path}`);
  return cleaned;
}

const joinPath = (path: string, name: string): string => (path === '' ? name : `${path}/${name}`);
