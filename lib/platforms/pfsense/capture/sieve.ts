import { XmlElement } from '../../../xml/xml';
import { isHarmless } from './harmless';
import { looksSecret, originOf, withoutCredentials } from './secrets';
import { spelling } from './spelling';
import { Branch, Leaf, Shape } from './shape';

/** An element as it stays: its text as it is spelt, or children. */
export interface Stays {
  readonly name: string;
  readonly text: string;
  readonly children: readonly Stays[];
}

/** What is said of a sieved configuration. */
export interface Said {
  /** Paths of what was left out and isn't known to be harmless. */
  readonly leftOut: Set<string>;
  /** Where free text stands that looks like a secret. */
  readonly suspicious: string[];
}

interface Place {
  /** As the file has it, and with `*` for names that may be any. */
  readonly path: string;
  readonly general: string;
}

export function sieved(root: XmlElement, shape: Branch, said: Said): readonly Stays[] {
  // Sections of which nothing stays say nothing; within them an empty element may be what breaks a rule.
  return childrenOf(root, shape, { path: '', general: '' }, said).filter(
    ({ text, children }) => text !== '' || children.length > 0,
  );
}

function childrenOf(element: XmlElement, shape: Branch, place: Place, said: Said): readonly Stays[] {
  const order = new Map([...shape.children.keys()].map((name, index) => [name, index]));
  const found = element.children.flatMap((child): readonly Stays[] => {
    // The box compares names in small letters.
    const name = child.name.toLowerCase();
    const known = shape.children.get(name);
    const below = known ?? shape.others;
    const at = { path: join(place.path, name), general: join(place.general, known || !below ? name : '*') };
    if (below) return stays(name, child, below, at, said);
    if (!isHarmless(at.general)) said.leftOut.add(at.path);
    return [];
  });
  if (element.text.trim() !== '') said.leftOut.add(`${place.path} (text beside its elements)`);
  // Stable: what may repeat keeps the order of the file.
  return found.sort((a, b) => (order.get(a.name) ?? 0) - (order.get(b.name) ?? 0));
}

function stays(name: string, element: XmlElement, shape: Shape, at: Place, said: Said): readonly Stays[] {
  if (shape.is !== 'branch') {
    for (const child of element.children) said.leftOut.add(join(at.path, child.name.toLowerCase()));
    return [{ name, text: textOf(element, shape, at, said), children: [] }];
  }
  if (shape.when && !shape.when(element)) return [];
  return [{ name, text: '', children: childrenOf(element, shape, at, said) }];
}

function textOf(element: XmlElement, { is }: Leaf, { path }: Place, said: Said): string {
  const text = spelling(element);
  if (is === 'origin') return originOf(text);
  if (is === 'addresses') return text.split(' ').map(originOf).join(' ');
  const kept = withoutCredentials(text);
  if (is === 'people' && looksSecret(kept)) said.suspicious.push(`line ${element.line}, ${path}`);
  return kept;
}

const join = (path: string, name: string): string => (path === '' ? name : `${path}/${name}`);
