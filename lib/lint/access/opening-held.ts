import { numbersWithout } from '../../net/axes';
import { Range, joined, sizeOf, without } from '../../net/range';
import { Opening, Openings } from '../../policy/policy';
import { some } from '../addresses';
import { LintRule } from '../rule';
import { DESIGN_NOTE } from '../sources';
import { perOpenings, wishesIn } from './wishes';

const REMEDY = 'The list alone, where others are to be kept out; else the wider opening alone.';

export const openingHeld: LintRule = {
  code: 'access/opening-held',
  severity: 'note',
  title: 'A list of sources keeps nobody out',
  decidedBy: 'intent',
  explanation: {
    why: 'Openings add up. Whoever lists the sources of a service may take it for closed to everybody else, while another opening of the same profile lets more of them in.',
    when: 'Found where a service or preset is for listed sources, and all of its ports are open to these sources and to others by other openings of the same profile or mapping. Not found for `management`, which is looked at by rules of its own, and not for a preset of which some port is open to the list alone.',
    remedy: REMEDY,
    source: DESIGN_NOTE,
  },
  find: perOpenings(heldIn, (held) => ({
    what: `The sources of ${some(held)} keep nobody out: another opening lets more of them in, to the same ports.`,
    instead: REMEDY,
  })),
};

/** What has a list that changes nothing, with it. */
function heldIn(openings: Openings): readonly string[] {
  return wishesIn(openings)
    .filter((wish) => wish.entries.every((one) => openings.entries.some((other) => holds(other, one))))
    .map(({ name }) => name);
}

function holds(other: Opening, { protocol, ports, sources }: Opening): boolean {
  if (sources === 'anywhere' || other.protocol !== protocol) return false;
  const hasPorts = other.ports === 'all' || (ports !== 'all' && numbersWithout(ports, other.ports).length === 0);
  return hasPorts && hasMore(other.sources, sources);
}

const hasMore = (sources: Opening['sources'], listed: readonly Range[]): boolean =>
  sources === 'anywhere' || (without(listed, sources).length === 0 && sizeOf(joined(sources)) > sizeOf(joined(listed)));
