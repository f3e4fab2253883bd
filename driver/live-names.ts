import { Policy } from '../lib/policy/policy';
import { Seen } from './doctor/look';
import { Look } from './look';
import { LiveFacts } from './proof';

export const namesOf = ({ interfaces }: Policy): readonly string[] => interfaces.map(({ name }) => name);

const BEHIND = /^\d+: (\S+): <[^>]*> device (\S+)/gm;

/** What each interface is to be called instead: those whose device is one of these names. */
function renamed({ links }: LiveFacts, names: readonly string[]): ReadonlyMap<string, string> {
  const keys = [...links.matchAll(BEHIND)].map(([, key, device]): [string, string] => [key!, device!]);
  return new Map(keys.filter(([key, device]) => key !== device && names.includes(device) && !names.includes(key)));
}

/**
 * Facts with the names that an intent gives its interfaces. A box of pfSense has two for each, `wan` and `igb0`, and says both in its links;
 * everything else it says by the first.
 */
export function factsNamed(facts: LiveFacts, names: readonly string[]): LiveFacts {
  const to = renamed(facts, names);
  if (to.size === 0) return facts;
  const leading = (text: string): string =>
    text.replace(/^(\d+: )([^:\s]+)/gm, (_, at: string, name: string) => at + (to.get(name) ?? name));
  return {
    ...facts,
    addresses: leading(facts.addresses),
    links: leading(facts.links),
    routes: after(facts.routes, to),
  };
}

/** The same for all that a device said. */
export function lookNamed(look: Look, names: readonly string[]): Look {
  const to = renamed(look.facts, names);
  if (to.size === 0) return look;
  return {
    ...look,
    facts: factsNamed(look.facts, names),
    ...(look.proxies ? { proxies: look.proxies.map((line) => after(line, to)) } : {}),
  };
}

export function seenNamed({ look, looked }: Seen, names: readonly string[]): Seen {
  const to = renamed(look.facts, names);
  if (to.size === 0 || !looked) return { look: lookNamed(look, names), ...(looked ? { looked } : {}) };
  const settings = [...looked.settings].map(([name, value]): [string, string] => {
    const [what, of] = name.split(' ');
    return [`${what} ${to.get(of ?? '') ?? of}`, value];
  });
  const { inside, through, back, neighbour } = looked;
  return {
    look: lookNamed(look, names),
    looked: {
      ...looked,
      settings: new Map(settings),
      inside: after(inside, to),
      through: after(through, to),
      back: after(back, to),
      neighbour: neighbour.map((line) => after(line, to)),
    },
  };
}

const after = (text: string, to: ReadonlyMap<string, string>): string =>
  text.replace(/\b(dev|answers|silent) (\S+)/g, (_, word: string, name: string) => `${word} ${to.get(name) ?? name}`);
