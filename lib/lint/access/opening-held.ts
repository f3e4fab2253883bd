import { numbersWithout } from '../../net/axes';
import { gathered } from '../../net/gathered';
import { Range, joined, sizeOf, without } from '../../net/range';
import { remembered } from '../../net/interned';
import { Opening, Openings } from '../../policy/policy';
import { printSome, some } from '../addresses';
import { serversOf } from '../owners';
import { perGatewayOfMappings, wholeOf } from '../places';
import { LintRule, Said } from '../rule';
import { DESIGN_NOTE } from '../sources';
import { Subject } from '../subject';

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
  find: (subject) => [
    ...serversOf(subject).flatMap((server) => {
      const held = server.policy?.kind === 'server' ? heldIn(server.policy.openings) : [];
      return held.length === 0 ? [] : { where: wholeOf(server), ...said(held) };
    }),
    ...ofMappings(subject),
  ],
};

/** Of mappings whose openings are not those of a server that is judged, too. */
function ofMappings(subject: Subject): ReturnType<LintRule['find']> {
  const known = new Set(serversOf(subject).map(({ policy }) => (policy?.kind === 'server' ? policy.openings.name : undefined)));
  return perGatewayOfMappings(
    ({ mappings }) => mappings.filter(({ enabled, openings }) => enabled && !known.has(openings.name) && heldIn(openings).length > 0),
    (found) => said([...new Set(found.flatMap(({ openings }) => heldIn(openings)))]),
  )(subject);
}

const said = (held: readonly string[]): Said => ({
  what: `The sources of ${some(held)} keep nobody out: another opening lets more of them in, to the same ports.`,
  instead: REMEDY,
});

type Listed = Opening & { readonly sources: readonly Range[] };

const isListed = (one: Opening): one is Listed => one.sources !== 'anywhere' && !one.management;

/** What has a list that changes nothing, with it. Ten thousand mappings have the openings of few profiles. */
const heldIn = remembered(({ entries }: Openings): readonly string[] => {
  const wishes = gathered(entries.filter(isListed), ({ because, sources }) => `${presetOf(because)} for ${printSome(sources)}`);
  return [...wishes].filter(([, wish]) => wish.every((one) => entries.some((other) => holds(other, one)))).map(([name]) => name);
});

/** A preset stands before each of its services: `web: https`. */
const presetOf = (because: string): string => because.split(': ', 1)[0]!;

function holds(other: Opening, { protocol, ports, sources }: Listed): boolean {
  if (other.protocol !== protocol) return false;
  const hasPorts = other.ports === 'all' || (ports !== 'all' && numbersWithout(ports, other.ports).length === 0);
  return hasPorts && hasMore(other.sources, sources);
}

const hasMore = (sources: Opening['sources'], listed: readonly Range[]): boolean =>
  sources === 'anywhere' || (without(listed, sources).length === 0 && sizeOf(joined(sources)) > sizeOf(joined(listed)));
