// Checks that firewalld has a name for each ICMP type of a policy, because rules of firewalld match types by name.

import { Family } from '../../../net/address';
import { PROTOCOL } from '../../../net/packet';
import { AllowRule } from '../../../policy/policy';
import { Problem } from '../../../problems/problem';
import { findIcmpTypeName } from './icmp-types';

const FAMILY_BY_PROTOCOL: Readonly<Record<number, Family>> = { [PROTOCOL.icmp]: 'ip', [PROTOCOL.icmpv6]: 'ip6' };
const MAX_NAMED_TYPES = 5;

/** Returns a problem if an entry uses an ICMP type for which firewalld has no name. */
export const checkIcmpTypes = (
  version: string,
  rulesName: string,
  entries: readonly Pick<AllowRule, 'protocol' | 'ports'>[],
): readonly Problem[] =>
  Object.entries(FAMILY_BY_PROTOCOL).flatMap(([protocol, family]) => {
    const ranges = entries
      .filter((entry) => entry.protocol === Number(protocol))
      .flatMap(({ ports }) => (ports === 'all' ? [] : ports));
    const types = [
      ...new Set(
        ranges.flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, offset) => first + offset)),
      ),
    ];
    const nameless = types.filter((type) => findIcmpTypeName(family, type, version) === undefined);
    return nameless.length === 0
      ? []
      : [
          {
            code: 'firewalld/icmp-type',
            where: `openings ${rulesName}`,
            what: `firewalld ${version} has no name for ${family === 'ip' ? 'ICMP' : 'ICMPv6'} type ${nameless.slice(0, MAX_NAMED_TYPES).join(', ')}${nameless.length > MAX_NAMED_TYPES ? ', …' : ''}, and its rules know types by name.`,
            instead: 'types that it names (docs/how-to/platforms/firewalld.md), or no types, which is all of them.',
          },
        ];
  });
