// Finds allow rules with a list of sources that restricts nothing, because other rules of the profile open the same
// ports to more sources (lint rule access/opening-held).

import { subtractNumbers } from '../../net/axis-nodes';
import { Range, mergeRanges, countAddresses, subtractRanges } from '../../net/range';
import { AllowRule, AllowRules } from '../../policy/policy';
import { printList } from '../addresses';
import { LintRule } from '../lint-rule';
import { DESIGN_NOTE } from '../source-documents';
import { createAllowRuleFinder, groupAllowRules } from './named-allow-rules';

const REMEDY = 'The list alone, where others are to be kept out; else the wider opening alone.';

/** Allow rules add up: a list of sources denies no other source. */
export const openingHeld: LintRule = {
  code: 'access/opening-held',
  severity: 'note',
  title: 'A list of sources keeps no address out',
  decidedBy: 'intent',
  explanation: {
    why: 'Openings add up. A service with listed sources may be taken for closed to all others, while another opening of the same profile lets more of them in.',
    when: 'Found where a service or preset is for listed sources, and all of its ports are open to these sources and to others by other openings of the same profile or mapping. Not found for `management`, which is looked at by rules of its own, and not for a preset of which some port is open to the list alone.',
    remedy: REMEDY,
    source: DESIGN_NOTE,
  },
  find: createAllowRuleFinder(findIneffectiveLists, (names) => ({
    what: `The sources of ${printList(names)} keep no address out: another opening lets more sources in, to the same ports.`,
    instead: REMEDY,
  })),
};

/** Returns the names of rules with a source list that changes nothing; the name includes the list. */
function findIneffectiveLists(allowRules: AllowRules): readonly string[] {
  return groupAllowRules(allowRules)
    .filter((namedRules) =>
      namedRules.entries.every((allowRule) => allowRules.entries.some((otherRule) => coversRule(otherRule, allowRule))),
    )
    .map(({ name }) => name);
}

function coversRule(otherRule: AllowRule, { protocol, ports, sources }: AllowRule): boolean {
  if (sources === 'anywhere' || otherRule.protocol !== protocol) return false;
  const hasPorts =
    otherRule.ports === 'all' || (ports !== 'all' && subtractNumbers(ports, otherRule.ports).length === 0);
  return hasPorts && hasMoreSources(otherRule.sources, sources);
}

const hasMoreSources = (sources: AllowRule['sources'], listedSources: readonly Range[]): boolean =>
  sources === 'anywhere' ||
  (subtractRanges(listedSources, sources).length === 0 &&
    countAddresses(mergeRanges(sources)) > countAddresses(mergeRanges(listedSources)));
