// Lists the values that an unknown field of a packet (destination, source or source port) may have, as far as rules
// tell them apart. The trace walks the rules for each of these variants.
import { FAMILY_RANGE, getFamily } from '../../net/address';
import { Packet } from '../../net/packet';
import { PacketMap, PacketSet } from '../../net/packet-map';
import { contains, toSingleRange } from '../../net/range';
import { RoutingTable } from '../routing-table';
import { BaseChain, listChains, LoweredRule } from '../ruleset-model';

const MAX_VARIANTS = 256;

const listRules = (base: BaseChain): readonly LoweredRule[] => [...listChains([base])].flatMap(({ rules }) => rules);

/**
 * Returns whether rules compare packets with packet sets. A field that isn't known may then be any of the values that
 * these sets tell apart.
 */
export const needsSetComparison = (base: BaseChain): boolean =>
  listRules(base).some(({ conditions }) => conditions.some((condition) => condition.is === 'packets'));

/**
 * Returns variants of a packet, of which one field has each value that rules tell apart. Rules do to all values what
 * they do to these. Undefined: there are too many to walk the rules for each.
 */
export function listVariants(
  base: BaseChain,
  packet: Required<Packet>,
  field: 'destination' | 'source' | 'sourcePort',
  routing: RoutingTable,
): readonly Required<Packet>[] | undefined {
  const { destination, source, protocol, port } = packet;
  // A packet whose destination or source isn't known may have any source and source port when it leaves.
  const fixedFields: PacketSet = PacketMap.createSet({
    family: getFamily(destination),
    ...(field === 'destination' ? {} : { destination: [toSingleRange(destination)] }),
    ...(field === 'sourcePort' ? { source: [toSingleRange(source)] } : {}),
    protocol: [toSingleRange(protocol)],
    port: [toSingleRange(port)],
  });
  const values = new Set(field === 'source' ? listNamedSources(base, routing) : []);
  if (values.size > MAX_VARIANTS) return undefined;
  for (const condition of listRules(base).flatMap(({ conditions }) => conditions)) {
    if (condition.is !== 'packets') continue;
    const { must, may } = condition;
    for (const set of must === may ? [must] : [must, may]) {
      for (const edge of set.intersect(fixedFields).collectBoundaries(field, getFamily(destination))) values.add(edge);
      if (values.size > MAX_VARIANTS) return undefined;
    }
  }
  return [packet, ...[...values].flatMap((value) => setField(packet, field, value) ?? [])];
}

function setField(
  packet: Required<Packet>,
  field: 'destination' | 'source' | 'sourcePort',
  value: bigint,
): Required<Packet> | undefined {
  if (field === 'sourcePort') return value > 65_535n ? undefined : { ...packet, sourcePort: Number(value) };
  const address = value as Packet['source'];
  return contains(FAMILY_RANGE[getFamily(packet.destination)], value) ? { ...packet, [field]: address } : undefined;
}

/** Returns the addresses at which rules that look at a packet's source may tell one from the next. */
function listNamedSources(base: BaseChain, routing: RoutingTable): readonly bigint[] {
  return listRules(base).flatMap(({ conditions, action }) => {
    const tests = conditions.flatMap((condition) =>
      condition.is === 'member' ? [{ fields: condition.fields, tuples: condition.members.tuples }] : [],
    );
    if (action?.is === 'choose') tests.push({ fields: action.fields, tuples: action.choices });
    return tests.flatMap(({ fields, tuples }) =>
      fields.flatMap(({ looksAt }, i) => {
        if (looksAt.is === 'returns' || (looksAt.is === 'routed' && looksAt.axis === 'source'))
          return routing.listBoundaries().flatMap(({ first, last }) => [first, last + 1n]);
        if (looksAt.is !== 'address' || looksAt.axis !== 'source') return [];
        return tuples.flatMap(({ values }) => {
          const value = values[i]!;
          return value.is === 'addresses' ? [value.range.first, value.range.last + 1n] : [];
        });
      }),
    );
  });
}
