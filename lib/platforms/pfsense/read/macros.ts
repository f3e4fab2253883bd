import { Box } from './box';
import { childOf, listOf, textAt } from './element';
import { Unloadable } from './unloadable';

/**
 * Interfaces are macros by their descriptions, and so are aliases by their names: a second one of a name takes the place of the first, and
 * rules of one interface are another's. The box's own pages let nobody do this. Throws Unloadable.
 */
export function checkMacros({ root, interfaces }: Box): void {
  const known = new Set<string>();
  for (const { virtual, element, description } of interfaces) {
    if (virtual) continue;
    if (known.has(description)) throw new Unloadable(element, `two interfaces are called ${description.slice(0, 80)}`);
    known.add(description);
  }
  for (const alias of listOf(childOf(root, 'aliases'), 'alias')) {
    const name = textAt(alias, 'name');
    if (known.has(name)) throw new Unloadable(alias, `an interface and an alias are called ${name.slice(0, 80)}`);
  }
}
