import { Range, compareValues, findFirstEnding } from '../../net/range';

/** Somebody with an address. */
export interface AddressEntry<T> {
  readonly address: bigint;
  readonly one: T;
}

/** All of them by address, ascending: of those that have the same, in their order. */
export const sortByAddress = <T>(
  owners: readonly T[],
  listAddresses: (owner: T) => Iterable<bigint>,
): readonly AddressEntry<T>[] =>
  owners
    .flatMap((owner) => Array.from(listAddresses(owner), (address) => ({ address, one: owner })))
    .sort((a, b) => compareValues(a.address, b.address));

/** The place of the first that has an address of the range, and of the first behind it. */
export function findIndexRange<T>(
  { first, last }: Range,
  entries: readonly AddressEntry<T>[],
): readonly [first: number, end: number] {
  const findIndex = (address: bigint): number => findFirstEnding(entries, address, (entry) => entry.address);
  return [findIndex(first), findIndex(last + 1n)];
}
