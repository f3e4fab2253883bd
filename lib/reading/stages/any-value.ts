import { Block } from '../../net/packet';
import { PacketMap, PacketSet } from '../../net/packet-map';
import { Outcome, either } from './outcomes';

export type Forgotten = 'destination' | 'source' | 'sourcePort';

/** What is said to packets of which one field could be anything: what is the same for all its values, and unknown elsewhere. Defined everywhere. */
export function forgetting(said: PacketMap<Outcome>, field: Forgotten, because: string): PacketMap<Outcome> {
  const [first, ...others] = said.values.map((outcome) =>
    somewhere(
      said.where((one) => one === outcome),
      field,
    ).map(() => outcome),
  );
  if (!first) return said;
  return others.reduce((all, one) => all.with(one, (a, b) => either(a, b, because)), first);
}

/** Packets that are in the set with some value of the field. */
export function somewhere(set: PacketSet, field: Forgotten): PacketSet {
  const groups = set.groups('destination');
  if (field === 'destination') return PacketMap.first(groups.map(({ below }) => below));
  return PacketMap.first(
    groups.map(({ family, ranges, below }) => {
      const there = PacketMap.set({ family, destination: ranges });
      return (field === 'source' ? PacketMap.first(below.groups('source').map((one) => one.below)) : withoutSourcePort(below)).within(
        there,
      );
    }),
  );
}

function withoutSourcePort(set: PacketSet): PacketSet {
  const blocks: Block[] = [];
  for (const { family, source, protocol, port } of set.cells())
    blocks.push({ family, source: [source], protocol: [protocol], port: [port] });
  return PacketMap.first(blocks.map((block) => PacketMap.set(block)));
}
