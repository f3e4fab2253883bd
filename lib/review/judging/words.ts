import { vantageWords } from '../../reachability/print';
import { limited as cutTo, printAddresses } from '../../reachability/words';
import { FAMILY_RANGE, Family, pairsApart, printRange } from '../../net/address';
import { Device, Vantage, entryOf } from '../../net/device';
import { groupBy } from '../../net/group-by';
import { Range, joined, sizeOf, without } from '../../net/range';

/** Of a list, so many are said; then how many more there are. */
export const MOST_SAID = 20;

export const limited = (items: readonly string[], most = MOST_SAID): readonly string[] => cutTo(items, most);

/** `anywhere but A, B`: past some exceptions how many more there are; a reader of a list of thousands learns nothing from it. */
export function addressItems(ranges: readonly Range[], family: Family, anywhere: string): readonly string[] {
  const whole = FAMILY_RANGE[family];
  const all = joined(ranges);
  if (sizeOf(all) * 2n <= whole.last - whole.first) return pairsApart(all).map(printRange);
  const holes = without([whole], all);
  return holes.length <= MOST_SAID
    ? [printAddresses(all, family, anywhere, pairsApart)]
    : [`${anywhere} but ${limited(holes.map(printRange)).join(', ')}`];
}

export const sourceWords = (ranges: readonly Range[], family: Family): string =>
  limited(addressItems(ranges, family, 'anywhere')).join(', ');

/** `the internet by wan0`, `inside by lan0, lan1`, `inside by lan0, lan1, leaving by wan0 or wan1`, `the device itself`. */
export function vantagesWords(vantages: readonly Vantage[], device: Device): string {
  const entries = [...groupBy(vantages, (vantage) => vantageWords(entryOf(vantage), device))].map(([words, ways]) => {
    const [, who = words, by] = /^(.*?) by (.*)$/.exec(words) ?? [];
    const leaving = ways.flatMap((way) => (way.kind === 'localhost' ? [] : (way.leaving ?? []))).join(' or ');
    return { who, by, leaving: leaving === '' ? '' : `, leaving by ${leaving}` };
  });
  return [...groupBy(entries, ({ who, leaving }) => JSON.stringify([who, leaving])).values()]
    .map((alike) => {
      const [{ who, leaving }] = alike;
      const by = alike.flatMap((one) => one.by ?? []).join(', ');
      return `${who}${by === '' ? '' : ` by ${by}`}${leaving}`;
    })
    .join('; ');
}
