// Finds allow rules whose ports other rules of the profile open to the same sources (lint rule access/opening-twice).

import { subtractNumbers } from '../../net/axis-nodes';
import { subtractRanges } from '../../net/range';
import { AllowRule, AllowRules } from '../../policy/policy';
import { printList } from '../addresses';
import { LintRule } from '../lint-rule';
import { DESIGN_NOTE } from '../source-documents';
import { NamedAllowRules, createAllowRuleFinder, groupAllowRules } from './named-allow-rules';

const REMEDY = 'One of the names that open it.';

/** Allow rules add up: removing one that others cover closes nothing. */
export const openingTwice: LintRule = {
  code: 'access/opening-twice',
  severity: 'note',
  title: 'The same is opened by two names',
  decidedBy: 'intent',
  explanation: {
    why: 'Openings add up. Taking one of the names out, to close what it names, closes nothing: the other one opens it still.',
    when: 'Found where all that a service, preset or list of ports opens is open to the same sources by other names of the same profile or mapping, as `https` beside `web`. Of two that open the same the second one is named. Not found for `management`, and not where the other name is for more sources: that is `access/opening-held`.',
    remedy: REMEDY,
    source: DESIGN_NOTE,
  },
  find: createAllowRuleFinder(findDuplicateNames, (names) => ({
    what: `${printList(names)} ${names.length === 1 ? 'opens' : 'open'} nothing that isn't open to the same sources by another name: without ${names.length === 1 ? 'it' : 'them'} nothing closes.`,
    instead: REMEDY,
  })),
};

/** Returns the names of rules that others cover. The last rule comes first, so that one of two equal rules is left. */
function findDuplicateNames(allowRules: AllowRules): readonly string[] {
  let remainingRules = groupAllowRules(allowRules);
  const names: string[] = [];
  for (const namedRules of [...remainingRules].reverse()) {
    const otherRules = remainingRules.filter((item) => item !== namedRules);
    if (!namedRules.entries.every((item) => isAllowedBy(otherRules, item))) continue;
    remainingRules = otherRules;
    names.unshift(namedRules.name);
  }
  return names;
}

function isAllowedBy(otherRules: readonly NamedAllowRules[], { protocol, ports, sources }: AllowRule): boolean {
  const matchingRules = otherRules
    .flatMap(({ entries }) => entries)
    .filter((allowRule) => allowRule.protocol === protocol && hasSameSources(allowRule, sources));
  if (matchingRules.some((allowRule) => allowRule.ports === 'all')) return true;
  return (
    ports !== 'all' &&
    subtractNumbers(
      ports,
      matchingRules.flatMap((allowRule) => (allowRule.ports === 'all' ? [] : allowRule.ports)),
    ).length === 0
  );
}

/** Returns whether a rule allows neither fewer sources nor more. */
const hasSameSources = (otherRule: AllowRule, sources: AllowRule['sources']): boolean =>
  otherRule.sources === 'anywhere' || sources === 'anywhere'
    ? otherRule.sources === sources
    : subtractRanges(sources, otherRule.sources).length === 0 &&
      subtractRanges(otherRule.sources, sources).length === 0;
