import { FAMILY_RANGE, familyOf } from '../../net/address';
import { Packet } from '../../net/packet';
import { PacketMap, PacketSet } from '../../net/packet-map';
import { contains, point } from '../../net/range';
import { Surroundings } from '../surroundings';
import { BaseChain, everyChain, LoweredRule } from '../model';

const MOST_VARIANTS = 256;

const rulesOf = (base: BaseChain): readonly LoweredRule[] => [...everyChain([base])].flatMap(({ rules }) => rules);

/** Whether rules compare packets with sets of them, so that a field which isn't known may be any of the values that these tell apart. */
export const comparesSets = (base: BaseChain): boolean =>
  rulesOf(base).some(({ conditions }) => conditions.some((one) => one.is === 'packets'));

/**
 * Packets of which one field is each value that rules tell apart: what they say of these they say of all. Undefined where there are too
 * many to walk the rules for each.
 */
export function variants(
  base: BaseChain,
  packet: Required<Packet>,
  field: 'destination' | 'source' | 'sourcePort',
  surroundings: Surroundings,
): readonly Required<Packet>[] | undefined {
  const { destination, source, protocol, port } = packet;
  // Whose destination or source isn't known may have any source, and port of it, when it leaves.
  const rest: PacketSet = PacketMap.set({
    family: familyOf(destination),
    ...(field === 'destination' ? {} : { destination: [point(destination)] }),
    ...(field === 'sourcePort' ? { source: [point(source)] } : {}),
    protocol: [point(protocol)],
    port: [point(port)],
  });
  const values = new Set(field === 'source' ? sourcesNamed(base, surroundings) : []);
  if (values.size > MOST_VARIANTS) return undefined;
  for (const condition of rulesOf(base).flatMap(({ conditions }) => conditions)) {
    if (condition.is !== 'packets') continue;
    const { sure, may } = condition;
    for (const set of sure === may ? [sure] : [sure, may]) {
      for (const edge of set.within(rest).edges(field, familyOf(destination))) values.add(edge);
      if (values.size > MOST_VARIANTS) return undefined;
    }
  }
  return [packet, ...[...values].flatMap((value) => withField(packet, field, value) ?? [])];
}

function withField(
  packet: Required<Packet>,
  field: 'destination' | 'source' | 'sourcePort',
  value: bigint,
): Required<Packet> | undefined {
  if (field === 'sourcePort') return value > 65_535n ? undefined : { ...packet, sourcePort: Number(value) };
  const address = value as Packet['source'];
  return contains(FAMILY_RANGE[familyOf(packet.destination)], value) ? { ...packet, [field]: address } : undefined;
}

/** Where rules that look at a packet's source may tell one from the next. */
function sourcesNamed(base: BaseChain, surroundings: Surroundings): readonly bigint[] {
  return rulesOf(base).flatMap(({ conditions, end }) => {
    const tests = conditions.flatMap((one) =>
      one.is === 'member' ? [{ fields: one.fields, tuples: one.members.tuples }] : [],
    );
    if (end?.is === 'choose') tests.push({ fields: end.fields, tuples: end.choices });
    return tests.flatMap(({ fields, tuples }) =>
      fields.flatMap(({ looksAt }, i) => {
        if (looksAt.is === 'returns' || (looksAt.is === 'routed' && looksAt.axis === 'source'))
          return surroundings.boundaries().flatMap(({ first, last }) => [first, last + 1n]);
        if (looksAt.is !== 'address' || looksAt.axis !== 'source') return [];
        return tuples.flatMap(({ values }) => {
          const value = values[i]!;
          return value.is === 'addresses' ? [value.range.first, value.range.last + 1n] : [];
        });
      }),
    );
  });
}
