import { Foreign, Spread } from '../../parse/foreign';
import { readables } from '../../registry';

const all = Object.values(readables).flatMap(({ foreign }): readonly Spread[] => {
  const { spread }: Foreign = foreign;
  return spread ? [spread] : [];
});

/** What to type for the files of each program whose rules are spread over files. */
export const PACKED_BY: readonly string[] = all.map(({ packedBy }) => packedBy);

/** What such programs read. */
export const SPREAD: Spread = {
  called: all.map(({ called }) => called).join(' or '),
  packedBy: PACKED_BY.join('; '),
  folders: all.flatMap(({ folders }) => folders),
  mayHold: (path) => all.some((one) => one.mayHold(path)),
  among: (entries) => new Set(all.flatMap((one) => [...one.among(entries)])),
};
