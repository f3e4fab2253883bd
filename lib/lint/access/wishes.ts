import { groupBy } from '../../net/group-by';
import { remembered } from '../../net/interned';
import { Opening, Openings } from '../../policy/policy';
import { printSome } from '../addresses';
import { serversOf } from '../owners';
import { perGatewayOfMappings, wholeOf } from '../per-owner';
import { Find, Said } from '../rule';

/** A service, preset or ports, and for whom, as somebody wrote them: `web`, `mysql for 192.0.2.0/24`. */
export interface Wish {
  readonly name: string;
  readonly entries: readonly Opening[];
}

/** In the order in which they were written, without the way back in. Ten thousand mappings have the openings of few profiles. */
export const wishesIn = remembered(({ entries }: Openings): readonly Wish[] =>
  [
    ...groupBy(
      entries.filter(({ management }) => !management),
      nameOf,
    ),
  ].map(([name, its]) => ({ name, entries: its })),
);

/** A preset stands before each of its services: `web: https`. */
const nameOf = ({ because, sources }: Opening): string => {
  const [preset = ''] = because.split(': ', 1);
  return sources === 'anywhere' ? preset : `${preset} for ${printSome(sources)}`;
};

/** Of profiles of servers, and of mappings whose openings are not those of a server that is judged, too. `each`: asked once of those of one profile. */
export function perOpenings(
  each: (openings: Openings) => readonly string[],
  say: (found: readonly string[]) => Said,
): Find {
  const find = remembered(each);
  return (subject) => {
    const servers = serversOf(subject).flatMap((server) =>
      server.policy?.kind === 'server' ? [{ server, openings: server.policy.openings }] : [],
    );
    const known = new Set(servers.map(({ openings }) => openings.name));
    const ofMappings = perGatewayOfMappings(
      ({ mappings }) =>
        mappings.filter(({ enabled, openings }) => enabled && !known.has(openings.name) && find(openings).length > 0),
      (found) => say([...new Set(found.flatMap(({ openings }) => find(openings)))]),
    );
    return [
      ...servers.flatMap(({ server, openings }) => {
        const found = find(openings);
        return found.length === 0 ? [] : [{ where: wholeOf(server), ...say(found) }];
      }),
      ...ofMappings(subject),
    ];
  };
}
