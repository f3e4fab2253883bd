import { Foreign, Spread } from '../reading/foreign';
import { readables } from '../registry';

const all = Object.values(readables).flatMap(({ foreign }): readonly Spread[] => {
  const { spread }: Foreign = foreign;
  return spread ? [spread] : [];
});

/** What programs read whose rules are spread over files. */
export const SPREAD: Spread = {
  called: all.map(({ called }) => called).join(' or '),
  packedBy: all.map(({ packedBy }) => packedBy).join('; '),
  folders: all.flatMap(({ folders }) => folders),
  mayHold: (path) => all.some((one) => one.mayHold(path)),
  among: (entries) => new Set(all.flatMap((one) => [...one.among(entries)])),
};
