import { Family, Prefix, parseAddress, prefixRange } from '../../../../net/address';
import { NumberRange } from '../../../../net/device';
import { groupBy } from '../../../../net/group-by';
import { Range } from '../../../../net/range';
import { XmlElement } from '../../../../xml/xml';
import { membersOf } from '../elements/alias-members';
import { childOf, listOf, textAt } from '../elements/element';
import { portsAt, prefixAt } from '../elements/literals';
import { ANY, Known, KnownPorts, anyPerhaps, eitherOf, inFamily, possibly, surely } from '../../../../parse/pf/known';

export interface Aliases {
  kindOf(name: string): 'addresses' | 'ports' | undefined;
  addresses(name: string, family: Family): Known;
  ports(name: string): KnownPorts;
  /** The words of all that it leads to, in order; for what takes the first alone. */
  words(name: string): readonly string[];
}

/** Past this many words in all, what the rest holds stays unknown: aliases that name each other grow without end. */
const MOST_WORDS = 1_000_000;
const PORT_KINDS = new Set(['port', 'url_ports', 'urltable_ports']);

interface Expanded {
  readonly words: readonly string[];
  /** Why it may hold more than its words. */
  readonly unknown: readonly string[];
}

export function aliasesOf(root: XmlElement): Aliases {
  const named = listOf(childOf(root, 'aliases'), 'alias').filter((alias) => textAt(alias, 'name') !== '');
  const entries = groupBy(named, (alias) => textAt(alias, 'name'));
  let left = MOST_WORDS;

  /** Every alias that it leads to, once, and the words of all, in order. Those that come back to themselves end there. */
  function expanded(name: string): Expanded {
    const words: string[] = [];
    const unknown = new Set<string>();
    const seen = new Set<string>();
    const open = [name];
    for (let word = open.pop(); word !== undefined; word = open.pop()) {
      if (--left < 0) return { words, unknown: ['aliases hold more words than are read'] };
      const same = entries.get(word);
      if (!same) words.push(word);
      if (!same || seen.has(word)) continue;
      seen.add(word);
      if (same.length > 1) unknown.add(`alias ${word} is defined ${same.length} times`);
      for (const alias of same) {
        if (textAt(alias, 'type').startsWith('urltable')) unknown.add(`alias ${word} is filled from a URL`);
        else for (const member of [...membersOf(alias)].reverse()) open.push(member);
      }
    }
    return { words, unknown: [...unknown] };
  }

  const once = <T>(make: (name: string) => T): ((name: string) => T) => {
    const made = new Map<string, T>();
    return (name) => {
      const known = made.get(name);
      if (known !== undefined) return known;
      const value = make(name);
      made.set(name, value);
      return value;
    };
  };
  const expand = once(expanded);
  const prefixes = new Map<string, Prefix | undefined>();
  const prefixOnce = (word: string): Prefix | undefined => {
    if (!prefixes.has(word)) prefixes.set(word, prefixAt(word));
    return prefixes.get(word);
  };
  const addresses = once((name) => asAddresses(name, expand(name), prefixOnce));
  const [addresses4, addresses6] = [
    once((name) => inFamily(addresses(name), 'ip')),
    once((name) => inFamily(addresses(name), 'ip6')),
  ];
  return {
    kindOf: (name) => {
      const alias = entries.get(name)?.[0];
      return alias && (PORT_KINDS.has(textAt(alias, 'type')) ? 'ports' : 'addresses');
    },
    addresses: (name, family) => (family === 'ip' ? addresses4 : addresses6)(name),
    ports: once((name) => asPorts(expand(name))),
    words: (name) => expand(name).words,
  };
}

function asAddresses(
  name: string,
  { words, unknown }: Expanded,
  prefixOf: (word: string) => Prefix | undefined,
): Known {
  const sure: Range[] = [];
  const doubtful: Known[] = [];
  for (const word of words) {
    const prefix = prefixOf(word);
    if (prefix) sure.push(prefixRange(prefix));
    else doubtful.push(doubtfulWord(name, word));
  }
  if (unknown.length > 0) doubtful.push(anyPerhaps(unknown.slice(0, 3).join('; ')));
  // Its addresses are known only one way: a table that names are looked up for holds the literal ones, too.
  return doubtful.length === 0 ? surely(sure) : eitherOf([surely(sure), ...unlessTooMany(doubtful)]);
}

/** One name that is looked up may be any address: more of them make it no wider. */
function unlessTooMany(doubtful: readonly Known[]): readonly Known[] {
  const wide = doubtful.find(({ perhaps }) => perhaps.some(({ first, last }) => last - first >= ANY.sure[0]!.last));
  return wide ? [wide] : doubtful;
}

function doubtfulWord(alias: string, word: string): Known {
  const [from, to] = word.split('-').map((part) => parseAddress(part));
  if (from !== undefined && to !== undefined && from <= to) {
    return possibly([{ first: from, last: to }], `alias ${alias} has a range that isn't a network`);
  }
  const excluded = word.startsWith('!') ? prefixAt(word.slice(1)) : undefined;
  if (excluded) return possibly([prefixRange(excluded)], `alias ${alias} leaves out an address`);
  return anyPerhaps(`alias ${alias} has the name ${word.slice(0, 80)}, whose addresses aren't known`);
}

function asPorts({ words, unknown }: Expanded): KnownPorts {
  const sure: NumberRange[] = [];
  const reasons = [...unknown];
  for (const word of words) {
    const ports = portsAt(word, ':') ?? portsAt(word, '-');
    if (!ports) reasons.push(`${word.slice(0, 80)} is no port that is known`);
    else if (ports.first <= ports.last) sure.push(ports);
  }
  const because = reasons.slice(0, 3).join('; ');
  return { sure, perhaps: because === '' ? [] : [{ first: 0, last: 65_535 }], because };
}
