import { Range, compared, firstEnding } from '../../net/range';

/** Somebody with an address. */
export interface Holder<T> {
  readonly address: bigint;
  readonly one: T;
}

/** All of them by address, ascending: of those that have the same, in their order. */
export const holdersOf = <T>(all: readonly T[], addressesOf: (one: T) => Iterable<bigint>): readonly Holder<T>[] =>
  all
    .flatMap((one) => Array.from(addressesOf(one), (address) => ({ address, one })))
    .sort((a, b) => compared(a.address, b.address));

/** The place of the first that has an address of the range, and of the first behind it. */
export function placesIn<T>(
  { first, last }: Range,
  holders: readonly Holder<T>[],
): readonly [first: number, end: number] {
  const ending = (address: bigint): number => firstEnding(holders, address, (holder) => holder.address);
  return [ending(first), ending(last + 1n)];
}
