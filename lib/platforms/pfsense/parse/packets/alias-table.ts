// Expands the aliases of pfSense's config.xml to addresses, ports or words. Content that isn't in the config, such as
// host names and URL tables, is unknown.

import { Family, Prefix, parseAddress, toRange } from '../../../../net/address';
import { NumberRange } from '../../../../net/device';
import { groupBy } from '../../../../net/group-by';
import { Range } from '../../../../net/range';
import { XmlElement } from '../../../../xml/parse-xml';
import { listMembers } from '../elements/alias-members';
import { findChild, listChildren, getText } from '../elements/element';
import { parsePortRange, parsePrefixLiteral } from '../elements/parse-literals';
import {
  ANY_ADDRESS,
  RangeBounds,
  PortBounds,
  createUnknown,
  createUntoldList,
  uniteBounds,
  narrowToFamily,
  createUncertain,
  createMergedCertain,
} from '../../../../parse/pf/range-bounds';

export interface AliasTable {
  getKind(name: string): 'addresses' | 'ports' | undefined;
  addresses(name: string, family: Family): RangeBounds;
  ports(name: string): PortBounds;
  /**
   * Returns the words of all aliases that the name expands to, in order; the box uses only the first in some places.
   */
  words(name: string): readonly string[];
}

/** Limit of words in total; the content beyond is unknown. Aliases that name each other grow without end. */
const MAX_ALIAS_WORDS = 1_000_000;
const PORT_KINDS = new Set(['port', 'url_ports', 'urltable_ports']);

interface ExpandedAlias {
  readonly words: readonly string[];
  /** Reasons why it may hold more than its words. */
  readonly unknown: readonly string[];
}

export function createAliasTable(root: XmlElement): AliasTable {
  const named = listChildren(findChild(root, 'aliases'), 'alias').filter((alias) => getText(alias, 'name') !== '');
  const entries = groupBy(named, (alias) => getText(alias, 'name'));
  let wordsLeft = MAX_ALIAS_WORDS;

  /**
   * Returns the words of every alias that the name expands to, in order, each alias once. A cycle ends at its first
   * repetition.
   */
  function expandAlias(name: string): ExpandedAlias {
    const words: string[] = [];
    const unknown = new Set<string>();
    const visited = new Set<string>();
    const pending = [name];
    for (let word = pending.pop(); word !== undefined; word = pending.pop()) {
      if (--wordsLeft < 0) return { words, unknown: ['aliases hold more words than are read'] };
      const definitions = entries.get(word);
      if (!definitions) words.push(word);
      if (!definitions || visited.has(word)) continue;
      visited.add(word);
      if (definitions.length > 1) unknown.add(`alias ${word} is defined ${definitions.length} times`);
      for (const alias of definitions) {
        if (getText(alias, 'type').startsWith('urltable')) unknown.add(`alias ${word} ${FILLED}`);
        else for (const member of [...listMembers(alias)].reverse()) pending.push(member);
      }
    }
    return { words, unknown: [...unknown] };
  }

  const memoize = <T>(make: (name: string) => T): ((name: string) => T) => {
    const results = new Map<string, T>();
    return (name) => {
      const cached = results.get(name);
      if (cached !== undefined) return cached;
      const value = make(name);
      results.set(name, value);
      return value;
    };
  };
  const expand = memoize(expandAlias);
  const prefixes = new Map<string, Prefix | undefined>();
  const prefixOnce = (word: string): Prefix | undefined => {
    if (!prefixes.has(word)) prefixes.set(word, parsePrefixLiteral(word));
    return prefixes.get(word);
  };
  const addresses = memoize((name) => toAddresses(name, expand(name), prefixOnce));
  const [addresses4, addresses6] = [
    memoize((name) => narrowToFamily(addresses(name), 'ip')),
    memoize((name) => narrowToFamily(addresses(name), 'ip6')),
  ];
  return {
    getKind: (name) => {
      const alias = entries.get(name)?.[0];
      return alias && (PORT_KINDS.has(getText(alias, 'type')) ? 'ports' : 'addresses');
    },
    addresses: (name, family) => (family === 'ip' ? addresses4 : addresses6)(name),
    ports: memoize((name) => toPorts(expand(name))),
    words: (name) => expand(name).words,
  };
}

function toAddresses(
  name: string,
  { words, unknown }: ExpandedAlias,
  findPrefix: (word: string) => Prefix | undefined,
): RangeBounds {
  const sure: Range[] = [];
  const uncertain: RangeBounds[] = [];
  for (const word of words) {
    const prefix = findPrefix(word);
    if (prefix) sure.push(toRange(prefix));
    else uncertain.push(toUncertainAddresses(name, word));
  }
  if (unknown.length > 0)
    uncertain.push((isFilledOnly(unknown) ? createUntoldList : createUnknown)(unknown.slice(0, 3).join('; ')));
  if (uncertain.length === 0) return createMergedCertain(sure);
  // Known addresses are certain only to be in it: a table with looked-up names holds the literal addresses, too.
  const { newClient, ...bounds } = uniteBounds([createMergedCertain(sure), ...limitUncertain(uncertain)]);
  return newClient && uncertain.every((part) => part.newClient) ? { ...bounds, newClient } : bounds;
}

const FILLED = 'is filled from a URL';
const isFilledOnly = (unknown: readonly string[]): boolean => unknown.every((reason) => reason.endsWith(FILLED));

/** Returns one looked-up name if it may be any address: more names make the bounds no wider. */
function limitUncertain(uncertain: readonly RangeBounds[]): readonly RangeBounds[] {
  const wide = uncertain.find(({ uncertain }) =>
    uncertain.some(({ first, last }) => last - first >= ANY_ADDRESS.must[0]!.last),
  );
  return wide ? [wide] : uncertain;
}

function toUncertainAddresses(alias: string, word: string): RangeBounds {
  const [from, to] = word.split('-').map((part) => parseAddress(part));
  if (from !== undefined && to !== undefined && from <= to) {
    return createUncertain([{ first: from, last: to }], `alias ${alias} has a range that isn't a network`);
  }
  const excluded = word.startsWith('!') ? parsePrefixLiteral(word.slice(1)) : undefined;
  if (excluded) return createUncertain([toRange(excluded)], `alias ${alias} leaves out an address`);
  return createUntoldList(`alias ${alias} has the name ${word.slice(0, 80)}, whose addresses aren't known`);
}

function toPorts({ words, unknown }: ExpandedAlias): PortBounds {
  const must: NumberRange[] = [];
  const reasons = [...unknown];
  for (const word of words) {
    const ports = parsePortRange(word, ':') ?? parsePortRange(word, '-');
    if (!ports) reasons.push(`${word.slice(0, 80)} is no port that is known`);
    else if (ports.first <= ports.last) must.push(ports);
  }
  const reason = reasons.slice(0, 3).join('; ');
  return { must, uncertain: reason === '' ? [] : [{ first: 0, last: 65_535 }], reason };
}
