import { PacketMap } from '../../net/packet-map';
import { Range } from '../../net/range';
import { actionOf } from './actions';
import { Possible, possible } from './outcomes';
import { addressConstraint, boxOf } from './packets/regions';
import { End } from './model';

/** The usual map, from one address to another: made in one go. */
export function byAddress(
  { fields, entries, kind, random, learned }: End & { is: 'look up' },
  line: number,
): PacketMap<Possible> | undefined {
  const looksAt = fields.length === 1 ? fields[0]!.looksAt : undefined;
  if (
    looksAt?.is !== 'address' ||
    learned ||
    fields[0]!.tracked ||
    entries.some(({ fleeting, values: [value] }) => fleeting || value?.is !== 'addresses')
  )
    return undefined;
  const ranges: { range: Range; value: Possible }[] = [];
  for (const { values, to } of entries) {
    const [value] = values;
    if (value?.is !== 'addresses') return undefined;
    const region = boxOf(addressConstraint(looksAt.axis, [value.range]));
    ranges.push({ range: value.range, value: possible(actionOf({ kind, to, random }, region, line)) });
  }
  ranges.sort((a, b) => (a.range.first < b.range.first ? -1 : 1));
  for (let i = 1; i < ranges.length; i++) if (ranges[i]!.range.first <= ranges[i - 1]!.range.last) return undefined;
  return PacketMap.along(looksAt.axis, ranges);
}
