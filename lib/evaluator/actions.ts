import { FAMILY_RANGE, familyOf } from '../net/address';
import { Range, point } from '../net/range';
import { PacketMap } from '../net/packet-map';
import { NewAddress, Outcome, Possible, intern, possible } from './outcomes';
import { Region, addressConstraint, boxOf } from './packets/regions';
import { End } from './model';

/**
 * The action of a translation to one target. Where all packets it can see have one address (or one block of the target's
 * size) on the rewritten side, it is a move, so that mappings with one distance are one action.
 */
export function actionOf(
  { kind, to, random, skipsFilter }: Omit<End & { is: 'translate' }, 'is'>,
  region: Region | undefined,
  line: number,
): Outcome {
  const skips = skipsFilter ? { skipsFilter } : {};
  const pool = (what: string): Outcome => intern<Outcome>({ is: 'pool', because: `line ${line}: ${what}` });
  const { addresses, ports, prefix } = to;
  let address: NewAddress | undefined;
  if (addresses) {
    const from = region?.box.get(kind === 'dnat' ? 'destination' : 'source')?.addresses;
    const only = from?.length === 1 ? from[0] : undefined;
    const single = addresses.first === addresses.last;
    if (!single && !prefix) return pool(`${kind} to several addresses picks one`);
    if (only && size(only) === size(addresses) && familyOf(only.first) === familyOf(addresses.first)) {
      address = { is: 'moved', by: addresses.first - only.first };
    } else if (single) address = { is: 'set', to: addresses.first as never };
    else address = { is: 'block', first: addresses.first as never, size: size(addresses) };
  }
  if (kind === 'snat')
    return intern<Outcome>({
      is: 'rewrite',
      ...(address ? { address } : {}),
      freePort: random || ports !== undefined,
      ...skips,
    });
  if (ports && ports.first !== ports.last) return pool('dnat to several ports picks one');
  return intern<Outcome>({
    is: 'rewrite',
    ...(address ? { address } : {}),
    ...(ports ? { port: ports.first } : {}),
    freePort: random,
    ...skips,
  });
}

export const oneOfSome = ({ because, among, port, skipsFilter }: End & { is: 'one of' }): Outcome =>
  intern<Outcome>({
    is: 'pool',
    because,
    ...(among ? { among } : {}),
    ...(port === undefined ? {} : { port }),
    ...(skipsFilter ? { skipsFilter } : {}),
  });

const size = (range: Range): bigint => range.last - range.first + 1n;

/** Where a range of addresses comes to lie, or undefined where it isn't one range. */
export function rewritten(address: NewAddress, range: Range): Range | undefined {
  switch (address.is) {
    case 'set':
      return point(address.to);
    case 'moved': {
      const moved = { first: range.first + address.by, last: range.last + address.by };
      const whole = FAMILY_RANGE[familyOf(range.first)];
      return moved.first >= whole.first && moved.last <= whole.last ? moved : undefined;
    }
    case 'block': {
      const start = FAMILY_RANGE[familyOf(range.first)].first;
      const within = (range.first - start) % address.size;
      if (within + size(range) > address.size) return undefined;
      return { first: address.first + within, last: address.first + within + size(range) - 1n };
    }
  }
}

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
