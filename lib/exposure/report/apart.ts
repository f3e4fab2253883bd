import { Family, familyOf, parseAddress, parsePrefix, prefixRange } from '../../net/address';
import { LOOPBACK } from '../../net/device';
import { Range, covers, point } from '../../net/range';
import { familyIn } from './of-family';
import { EntryReport } from './report';
import { services } from './service-list';

type Open = Pick<EntryReport, 'to' | 'service' | 'packets' | 'families'>;

/** More are told apart nowhere: a list is cut, too. */
const MOST = 2000;

/** Whether addresses of one family differ in what is open there. Words stand for addresses of their own. */
export function differApart(open: readonly Open[]): boolean {
  const found = new Map<Family, string>();
  const known = new Map<string, string>();
  const differs = (family: Family | undefined, some: readonly Open[]): boolean => {
    if (family === undefined) return false;
    const key = some.map((one) => open.indexOf(one)).join();
    const says = known.get(key) ?? services(some);
    known.set(key, says);
    const before = found.get(family) ?? says;
    found.set(family, before);
    return before !== says;
  };
  const told = open.flatMap((one) => one.to.map((text) => ({ one, text, range: rangeIn(text) })));
  const words = [...new Set(told.flatMap(({ text, range }) => (range ? [] : [text])))];
  if (words.some((text) => open.some((one) => one.to.includes(text) && differs(familyIn(one), alike(open, text)))))
    return true;
  // Nobody in the internet sends to loopback.
  const placed = told
    .flatMap(({ one, range }) => (range && !LOOPBACK.some((own) => covers(own, range)) ? [{ one, range }] : []))
    .slice(0, MOST);
  const cuts = new Set(placed.flatMap(({ range: { first, last } }) => [first, last + 1n]));
  return [...cuts].some((first) => {
    const there = placed.filter(({ range }) => range.first <= first && first <= range.last);
    return there.length > 0 && differs(familyOf(there[0]!.range.first), [...new Set(there.map(({ one }) => one))]);
  });
}

const alike = (open: readonly Open[], text: string): readonly Open[] => open.filter(({ to }) => to.includes(text));

/** `203.0.113.10`, `203.0.113.0/28`, `203.0.113.3-203.0.113.5`, with what is said behind. Undefined for words. */
function rangeIn(text: string): Range | undefined {
  const bare = text.replace(/ \(.*\)$/, '');
  const [first, last] = bare.split('-').map(parseAddress);
  if (first !== undefined) return last === undefined ? point(first) : { first, last };
  const prefix = parsePrefix(bare);
  return prefix && prefixRange(prefix);
}
