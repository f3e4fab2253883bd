// Occurrences of addresses in packet sets: notes them to find equivalent hosts, and removes all but a representative.

import { PacketMap, PacketSet } from '../../net/packet-map';
import { Range } from '../../net/range';
import { Condition } from '../ruleset-model';
import { isSingleIpv4, Occurrences } from './occurrences';

/**
 * Notes where addresses stand in conditions that are packet sets. Equivalent addresses stand in the same group of each
 * set, as a destination and as a source.
 */
export class PacketSetOccurrences {
  private readonly notedSets = new Set<PacketSet>();

  constructor(private readonly occurrences: Occurrences) {}

  note({ must, may }: Condition & { readonly is: 'packets' }): void {
    for (const set of [must, may]) this.noteSet(set);
  }

  private noteSet(set: PacketSet): void {
    if (this.notedSets.has(set)) return;
    this.notedSets.add(set);
    const name = `packets ${this.notedSets.size}`;
    set.groupAlong('destination').forEach(({ ranges, below }, i) => {
      this.noteGroup(ranges, `${name} to ${i}`);
      below.groupAlong('source').forEach((group, j) => this.noteGroup(group.ranges, `${name} to ${i} from ${j}`));
    });
  }

  private noteGroup(ranges: readonly Range[], name: string): void {
    const note = this.occurrences.getNote(name);
    for (const range of ranges) this.occurrences.addElement(range, note);
  }
}

/**
 * Removes addresses from packet sets, each set once. An address that stands in a range with others stays: results for
 * it mean nothing.
 */
export class PacketSetReducer {
  private readonly reducedSets = new Map<PacketSet, PacketSet>();

  constructor(private readonly removed: ReadonlySet<bigint>) {}

  reduce(set: PacketSet): PacketSet {
    let reducedSet = this.reducedSets.get(set);
    if (!reducedSet) this.reducedSets.set(set, (reducedSet = this.reduceAxis(set, 'destination')));
    return reducedSet;
  }

  private reduceAxis(set: PacketSet, axis: 'destination' | 'source'): PacketSet {
    const groups = set.groupAlong(axis);
    const reducedGroups = groups.map(({ family, ranges, below }) => {
      const remaining = ranges.filter((range) => !(isSingleIpv4(range) && this.removed.has(range.first)));
      const lower = axis === 'destination' ? this.reduceAxis(below, 'source') : below;
      if (remaining.length === 0) return PacketMap.NONE;
      return lower.intersect(PacketMap.createSet({ family, [axis]: remaining }));
    });
    return PacketMap.mergeFirst(reducedGroups);
  }
}
