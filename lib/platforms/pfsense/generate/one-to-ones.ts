import { FAMILY_RANGE, printPrefix } from '../../../net/address';
import { Range, compared, sameRange } from '../../../net/range';
import { Mapping } from '../../../policy/policy';
import { Part, Peers, peersKey } from '../../../generate/parts';
import { Aliases } from './aliases';
import { ANY, End, OneToOne } from './model';
import { Names } from './names';
import { descriptionText } from './description';

/** A part of a mapping, and how the box reflects it. */
export interface Translated {
  readonly part: Part;
  readonly key: string;
  /** The number of the part, where its mapping has several. */
  readonly number: number | undefined;
  /** Undefined: as the box does by default. */
  readonly reflection: OneToOne['reflection'] | undefined;
}

/** All of it, in two halves: an alias of both is everybody, and is another destination than `any` to a kernel that drops duplicates. */
const HALVES: readonly Range[] = [
  { first: FAMILY_RANGE.ip.first, last: 0x7fffffffn },
  { first: 0x80000000n, last: FAMILY_RANGE.ip.last },
];

/**
 * The first that matches translates: restricted ones before those for everybody, and what is inbound only behind all that its hosts go
 * out by. Sorted by addresses within, so that the order in the policy doesn't show.
 */
export function oneToOnes(parts: readonly Translated[], names: Names, aliases: Aliases): readonly OneToOne[] {
  const uses = new Map<string, number>();
  return [...parts].sort(inOrder).map(({ part, key, number, reflection }): OneToOne => {
    const { mapping } = part;
    const kind = `${key} ${printPrefix(part.inside)} ${peersKey(part.peers)}`;
    const copy = mapping.enabled ? (uses.get(kind) ?? 0) : 0;
    if (mapping.enabled) uses.set(kind, copy + 1);
    const what = number === undefined ? mapping.name : `${mapping.name}.${number}`;
    return {
      interface: key,
      external: part.outside.first,
      source: part.inside,
      destination: destinationOf(part.peers, copy, `${mapping.name}_peers`, aliases),
      ...(reflection === undefined ? {} : { reflection }),
      disabled: !mapping.enabled,
      descr: names.descr(what, descriptionText(mapping.description)),
    };
  });
}

const rank = ({ inboundOnly, peers }: Mapping): number => (inboundOnly ? 2 : 0) + (peers === 'anywhere' ? 1 : 0);

const inOrder = (a: Translated, b: Translated): number =>
  rank(a.part.mapping) - rank(b.part.mapping) ||
  compared(a.part.outside.first, b.part.outside.first) ||
  a.part.outside.length - b.part.outside.length ||
  compared(a.part.inside.first, b.part.inside.first) ||
  compared(a.part.mapping.name, b.part.mapping.name);

/** A kernel that drops duplicates asks for the names of tables, not for what is in them. */
function destinationOf(peers: Peers, copy: number, what: string, aliases: Aliases): End {
  switch (peers.is) {
    case 'anywhere':
      return copy === 0 ? ANY : { is: 'alias', name: aliases.network('everybody', HALVES, copy) };
    case 'except':
      return aliases.but(what, peers.ranges, copy);
    case 'among':
      if (copy > 0) return { is: 'alias', name: aliases.network(what, peers.ranges, copy) };
      return sameRange(peers.ranges[0]!, FAMILY_RANGE.ip) ? ANY : aliases.end(what, peers.ranges);
    default:
      return peers satisfies never;
  }
}
