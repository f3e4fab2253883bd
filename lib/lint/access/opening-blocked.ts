// Finds allow rules whose sources are all in the profile's `blocked` list (lint rule access/opening-blocked).

import { subtractRanges } from '../../net/range';
import { AllowRules } from '../../policy/policy';
import { printList } from '../addresses';
import { LintRule } from '../lint-rule';
import { DESIGN_NOTE } from '../source-documents';
import { createAllowRuleFinder, groupAllowRules } from './named-allow-rules';

const REMEDY = 'The sources out of `blocked`, or the opening out of the services.';

/** `blocked` is evaluated before the allow rules, so such a service is open to none of its sources. */
export const openingBlocked: LintRule = {
  code: 'access/opening-blocked',
  severity: 'note',
  title: 'All sources of an opening are blocked',
  decidedBy: 'intent',
  explanation: {
    why: 'What is blocked comes before what is open. A reader of the list takes the service for open to its sources, and none of them gets in.',
    when: 'Found where a service, preset or list of ports is for listed sources, and every one of them is blocked by the same profile. While an address is blocked for a time it is right that way, so this is a note. Not found for `management`, which comes before `blocked`.',
    remedy: REMEDY,
    source: DESIGN_NOTE,
  },
  find: createAllowRuleFinder(findBlockedNames, (names) => ({
    what: `No source is let in by ${printList(names)}: all of its sources are blocked.`,
    instead: REMEDY.replaceAll('`', '"'),
  })),
};

function findBlockedNames(allowRules: AllowRules): readonly string[] {
  return groupAllowRules(allowRules)
    .filter(({ entries }) =>
      entries.every(
        ({ sources }) => sources !== 'anywhere' && subtractRanges(sources, allowRules.blocked).length === 0,
      ),
    )
    .map(({ name }) => name);
}
