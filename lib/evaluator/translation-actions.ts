// Computes the outcome of a NAT action for the packets that it gets: a fixed address, a move by a distance (prefix to
// prefix), a pool, or a map of addresses.

import { FAMILY_RANGE, getFamily } from '../net/address';
import { Range, toSingleRange } from '../net/range';
import { PacketMap } from '../net/packet-map';
import { AddressRewrite, ChainOutcome, ChainResult, internOutcome, createChainResult } from './chain-outcomes';
import { Region, createAddressConstraint, createRegion } from './packets/regions';
import { RuleAction } from './ruleset-model';

/**
 * Returns the outcome of a translation to one target. It is a move if all packets that it can see have one address (or
 * one block of the target's size) on the rewritten side. Mappings with one distance are then one outcome.
 */
export function createTranslateAction(
  { kind, to, random, skipsFilter }: Omit<RuleAction & { is: 'translate' }, 'is'>,
  region: Region | undefined,
  line: number,
): ChainOutcome {
  const skipFlags = skipsFilter ? { skipsFilter } : {};
  const createPool = (reason: string): ChainOutcome =>
    internOutcome<ChainOutcome>({ is: 'pool', reason: `line ${line}: ${reason}` });
  const { addresses, ports, prefix } = to;
  let address: AddressRewrite | undefined;
  if (addresses) {
    const ranges = region?.box.get(kind === 'dnat' ? 'destination' : 'source')?.addresses;
    const sourceRange = ranges?.length === 1 ? ranges[0] : undefined;
    const isSingle = addresses.first === addresses.last;
    if (!isSingle && !prefix) return createPool(`${kind} to several addresses picks one`);
    if (
      sourceRange &&
      countAddresses(sourceRange) === countAddresses(addresses) &&
      getFamily(sourceRange.first) === getFamily(addresses.first)
    ) {
      address = { is: 'moved', distance: addresses.first - sourceRange.first };
    } else if (isSingle) address = { is: 'set', to: addresses.first as never };
    else address = { is: 'block', first: addresses.first as never, size: countAddresses(addresses) };
  }
  if (kind === 'snat')
    return internOutcome<ChainOutcome>({
      is: 'rewrite',
      ...(address ? { address } : {}),
      hasFreeSourcePort: random || ports !== undefined,
      ...skipFlags,
    });
  if (ports && ports.first !== ports.last) return createPool('dnat to several ports picks one');
  return internOutcome<ChainOutcome>({
    is: 'rewrite',
    ...(address ? { address } : {}),
    ...(ports ? { port: ports.first } : {}),
    hasFreeSourcePort: random,
    ...skipFlags,
  });
}

export const createPoolAction = ({ reason, pool, port, skipsFilter }: RuleAction & { is: 'one of' }): ChainOutcome =>
  internOutcome<ChainOutcome>({
    is: 'pool',
    reason,
    ...(pool ? { pool } : {}),
    ...(port === undefined ? {} : { port }),
    ...(skipsFilter ? { skipsFilter } : {}),
  });

const countAddresses = (range: Range): bigint => range.last - range.first + 1n;

/** Returns the range that a range of addresses is rewritten to, or undefined if the result isn't one range. */
export function rewriteRange(address: AddressRewrite, range: Range): Range | undefined {
  switch (address.is) {
    case 'set':
      return toSingleRange(address.to);
    case 'moved': {
      const moved = { first: range.first + address.distance, last: range.last + address.distance };
      const familyRange = FAMILY_RANGE[getFamily(range.first)];
      return moved.first >= familyRange.first && moved.last <= familyRange.last ? moved : undefined;
    }
    case 'block': {
      const start = FAMILY_RANGE[getFamily(range.first)].first;
      const offset = (range.first - start) % address.size;
      if (offset + countAddresses(range) > address.size) return undefined;
      return { first: address.first + offset, last: address.first + offset + countAddresses(range) - 1n };
    }
  }
}

/**
 * Returns the results of the usual map, from one address to another, made in one go. Undefined: the map is another one.
 */
export function buildAddressMap(
  { fields, entries, kind, random, dynamic }: RuleAction & { is: 'look up' },
  line: number,
): PacketMap<ChainResult> | undefined {
  const looksAt = fields.length === 1 ? fields[0]!.looksAt : undefined;
  if (
    looksAt?.is !== 'address' ||
    dynamic ||
    fields[0]!.tracked ||
    entries.some(({ expires, values: [value] }) => expires || value?.is !== 'addresses')
  )
    return undefined;
  const ranges: { range: Range; value: ChainResult }[] = [];
  for (const { values, to } of entries) {
    const [value] = values;
    if (value?.is !== 'addresses') return undefined;
    const region = createRegion(createAddressConstraint(looksAt.axis, [value.range]));
    ranges.push({
      range: value.range,
      value: createChainResult(createTranslateAction({ kind, to, random }, region, line)),
    });
  }
  ranges.sort((a, b) => (a.range.first < b.range.first ? -1 : 1));
  for (let i = 1; i < ranges.length; i++) if (ranges[i]!.range.first <= ranges[i - 1]!.range.last) return undefined;
  return PacketMap.createAlong(looksAt.axis, ranges);
}
