// Groups allow rules by the service, preset or ports that the intent names, so that findings speak of `web` or `mysql
// for 192.0.2.0/24`. Creates the finders of lint rules on the allow rules of profiles and mappings.

import { groupBy } from '../../net/group-by';
import { memoize } from '../../net/intern-tables';
import { AllowRule, AllowRules } from '../../policy/policy';
import { printRangeList } from '../addresses';
import { listServers } from '../owners';
import { createMappingFinder, printOwner } from '../owner-findings';
import { LintFinder, FindingText } from '../lint-rule';

/**
 * Allow rules by what the intent calls them: a service, preset or ports, and the sources. `web`, `mysql for
 * 192.0.2.0/24`.
 */
export interface NamedAllowRules {
  readonly name: string;
  readonly entries: readonly AllowRule[];
}

/**
 * Returns the allow rules in the order of the intent, without those for management. Memoized: ten thousand mappings
 * have the rules of few profiles.
 */
export const groupAllowRules = memoize(({ entries }: AllowRules): readonly NamedAllowRules[] =>
  [
    ...groupBy(
      entries.filter(({ management }) => !management),
      getRuleName,
    ),
  ].map(([name, allowRules]) => ({ name, entries: allowRules })),
);

/** Returns the name of a rule. A preset stands before each of its services: `web: https`. */
const getRuleName = ({ origin, sources }: AllowRule): string => {
  const [preset = ''] = origin.split(': ', 1);
  return sources === 'anywhere' ? preset : `${preset} for ${printRangeList(sources)}`;
};

/**
 * Creates a finder for profiles of servers, and for mappings whose allow rules aren't those of a server that is judged,
 * too. `findNames` runs once per profile.
 */
export function createAllowRuleFinder(
  findNames: (allowRules: AllowRules) => readonly string[],
  describe: (matches: readonly string[]) => FindingText,
): LintFinder {
  const find = memoize(findNames);
  return (subject) => {
    const servers = listServers(subject).flatMap((server) =>
      server.policy?.kind === 'server' ? [{ server, openings: server.policy.allowRules }] : [],
    );
    const serverProfiles = new Set(servers.map(({ openings }) => openings.name));
    const findInMappings = createMappingFinder(
      ({ mappings }) =>
        mappings.filter(
          ({ enabled, allowRules }) => enabled && !serverProfiles.has(allowRules.name) && find(allowRules).length > 0,
        ),
      (matches) => describe([...new Set(matches.flatMap(({ allowRules }) => find(allowRules)))]),
    );
    return [
      ...servers.flatMap(({ server, openings }) => {
        const matches = find(openings);
        return matches.length === 0 ? [] : [{ where: printOwner(server), ...describe(matches) }];
      }),
      ...findInMappings(subject),
    ];
  };
}
