// Creates the problems of policies that only iptables has: ICMP type 255, and too many rules.
// `lib/generate/policy-problems.ts` has those of every platform.

import { PROTOCOL } from '../../../net/packet';
import { AllowRule } from '../../../policy/policy';
import { Problem } from '../../../problems/problem';

/**
 * Returns a problem if an entry names ICMP type 255, unless the entry covers all types: those need no type in the rule.
 */
export const checkIcmpTypes = ({
  name,
  entries,
}: {
  readonly name: string;
  readonly entries: readonly Pick<AllowRule, 'protocol' | 'ports'>[];
}): readonly Problem[] =>
  entries.some(
    ({ protocol, ports }) =>
      protocol === PROTOCOL.icmp && ports !== 'all' && ports.some(({ first, last }) => last >= 255 && first > 0),
  )
    ? [
        {
          code: 'iptables/icmp-type-255',
          where: `openings ${name}`,
          what: 'ICMP type 255 is every type in a rule of iptables.',
          instead: 'the types that are meant, or "all".',
        },
      ]
    : [];

export const createTooManyRulesProblem = (where: string): Problem => ({
  code: 'iptables/too-many-rules',
  where,
  what: 'Each range of a destination restriction or an exclusion is a rule for each mapping and each interface that it is reached by: more than 250,000 rules.',
  instead: 'fewer, larger ranges; or platform nftables, where a list of ranges is one set.',
});
