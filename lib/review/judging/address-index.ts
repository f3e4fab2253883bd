// Sorts the addresses of all owners and finds those in a range. Review uses it to find the servers behind a
// gateway.
import { Range, compareValues, findFirstEnding } from '../../net/range';

/** One address of an owner. */
export interface AddressEntry<T> {
  readonly address: bigint;
  readonly item: T;
}

/** Returns all entries sorted by address, ascending. Equal addresses keep the order of their owners. */
export const sortByAddress = <T>(
  owners: readonly T[],
  listAddresses: (owner: T) => Iterable<bigint>,
): readonly AddressEntry<T>[] =>
  owners
    .flatMap((owner) => Array.from(listAddresses(owner), (address) => ({ address, item: owner })))
    .sort((a, b) => compareValues(a.address, b.address));

/** Returns the index of the first entry in the range, and of the first entry behind it. */
export function findIndexRange<T>(
  { first, last }: Range,
  entries: readonly AddressEntry<T>[],
): readonly [first: number, end: number] {
  const findIndex = (address: bigint): number => findFirstEnding(entries, address, (entry) => entry.address);
  return [findIndex(first), findIndex(last + 1n)];
}
