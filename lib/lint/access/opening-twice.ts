import { numbersWithout } from '../../net/axes';
import { without } from '../../net/range';
import { Opening, Openings } from '../../policy/policy';
import { some } from '../addresses';
import { LintRule } from '../rule';
import { DESIGN_NOTE } from '../sources';
import { Wish, perOpenings, wishesIn } from './wishes';

const REMEDY = 'One of the names that open it.';

export const openingTwice: LintRule = {
  code: 'access/opening-twice',
  severity: 'note',
  title: 'The same is opened by two names',
  decidedBy: 'intent',
  explanation: {
    why: 'Openings add up. Whoever takes one of the names out, to close what it names, closes nothing: the other one opens it still.',
    when: 'Found where all that a service, preset or list of ports opens is open to the same sources by other names of the same profile or mapping, as `https` beside `web`. Of two that open the same the second one is named. Not found for `management`, and not where the other name is for more sources: that is `access/opening-held`.',
    remedy: REMEDY,
    source: DESIGN_NOTE,
  },
  find: perOpenings(twiceIn, (found) => ({
    what: `${some(found)} ${found.length === 1 ? 'opens' : 'open'} nothing that isn't open to the same sources by another name: without ${found.length === 1 ? 'it' : 'them'} nothing closes.`,
    instead: REMEDY,
  })),
};

/** From the last one on, so that of two that are the same one is left. */
function twiceIn(openings: Openings): readonly string[] {
  let left = wishesIn(openings);
  const found: string[] = [];
  for (const wish of [...left].reverse()) {
    const others = left.filter((one) => one !== wish);
    if (!wish.entries.every((one) => isOpenBy(others, one))) continue;
    left = others;
    found.unshift(wish.name);
  }
  return found;
}

function isOpenBy(others: readonly Wish[], { protocol, ports, sources }: Opening): boolean {
  const same = others
    .flatMap(({ entries }) => entries)
    .filter((one) => one.protocol === protocol && isFor(one, sources));
  if (same.some((one) => one.ports === 'all')) return true;
  return (
    ports !== 'all' &&
    numbersWithout(
      ports,
      same.flatMap((one) => (one.ports === 'all' ? [] : one.ports)),
    ).length === 0
  );
}

/** To neither fewer sources nor more. */
const isFor = (other: Opening, sources: Opening['sources']): boolean =>
  other.sources === 'anywhere' || sources === 'anywhere'
    ? other.sources === sources
    : without(sources, other.sources).length === 0 && without(other.sources, sources).length === 0;
