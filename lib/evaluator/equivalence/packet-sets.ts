import { PacketMap, PacketSet } from '../../net/packet-map';
import { Range } from '../../net/range';
import { Condition } from '../model';
import { isAlone, Occurrences } from './occurrences';

/** Where addresses stand in conditions that are sets of packets: those alike stand in the same group of each, as a destination and as a source. */
export class PacketSets {
  private readonly known = new Set<PacketSet>();

  constructor(private readonly occurrences: Occurrences) {}

  note({ sure, may }: Condition & { readonly is: 'packets' }): void {
    for (const set of [sure, may]) this.noteSet(set);
  }

  private noteSet(set: PacketSet): void {
    if (this.known.has(set)) return;
    this.known.add(set);
    const name = `packets ${this.known.size}`;
    set.groups('destination').forEach(({ ranges, below }, i) => {
      this.noteGroup(ranges, `${name} to ${i}`);
      below.groups('source').forEach((group, j) => this.noteGroup(group.ranges, `${name} to ${i} from ${j}`));
    });
  }

  private noteGroup(ranges: readonly Range[], name: string): void {
    const note = this.occurrences.note(name);
    for (const range of ranges) this.occurrences.element(range, note);
  }
}

/** Sets without some addresses, each made once. Where an address stands in a range with others it stays: what is said of it means nothing. */
export class ReducedSets {
  private readonly made = new Map<PacketSet, PacketSet>();

  constructor(private readonly gone: ReadonlySet<bigint>) {}

  of(set: PacketSet): PacketSet {
    let found = this.made.get(set);
    if (!found) this.made.set(set, (found = this.along(set, 'destination')));
    return found;
  }

  private along(set: PacketSet, axis: 'destination' | 'source'): PacketSet {
    const groups = set.groups(axis);
    const thin = groups.map(({ family, ranges, below }) => {
      const kept = ranges.filter((one) => !(isAlone(one) && this.gone.has(one.first)));
      const rest = axis === 'destination' ? this.along(below, 'source') : below;
      if (kept.length === 0) return PacketMap.NONE;
      return rest.within(PacketMap.set({ family, [axis]: kept }));
    });
    return PacketMap.first(thin);
  }
}
