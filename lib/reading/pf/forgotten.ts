import { Verdict, unknown } from '../../exposure/exposure';
import { Block } from '../../net/packet';
import { PacketMap, PacketSet } from '../../net/packet-map';

export type Forgotten = 'destination' | 'source' | 'sourcePort';

/** Verdicts for packets of which one field could be anything: what is the same for all its values, and unknown elsewhere. */
export function forgetting(verdicts: PacketMap<Verdict>, field: Forgotten, because: string): PacketMap<Verdict> {
  const kinds: readonly (Verdict | undefined)[] = [...verdicts.values, undefined];
  const parts = kinds.map((verdict) => ({
    verdict,
    packets: possible(verdict ? verdicts.where((one) => one === verdict) : PacketMap.ALL.apartFrom(verdicts), field),
  }));
  const undecided = unknown(because);
  return parts.reduce((all, { verdict, packets }, i) => {
    const others = parts.filter((_, k) => k !== i).map((one) => one.packets);
    const alone = packets.apartFrom(PacketMap.first(others));
    const shared = verdict ? packets.within(PacketMap.first(others)) : PacketMap.NONE;
    return all
      .or(verdict ? alone.map(() => verdict) : PacketMap.nothing<Verdict>())
      .or(shared.map(() => (verdict?.is === 'unknown' ? verdict : undecided)));
  }, PacketMap.nothing<Verdict>());
}

/** Packets that are in the set with some value of the field. */
export function possible(set: PacketSet, field: Forgotten): PacketSet {
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
