import { Family } from '../../../net/address';
import { PROTOCOL } from '../../../net/packet';
import { Opening } from '../../../policy/policy';
import { Problem } from '../../../problems/problem';
import { icmpType } from './icmp-types';

// What is firewalld's own: the rest is `writing/refuse`.

const FAMILIES: Readonly<Record<number, Family>> = { [PROTOCOL.icmp]: 'ip', [PROTOCOL.icmpv6]: 'ip6' };
const MOST_NAMED = 5;

/** Types of ICMP without a name. */
export const namelessTypes = (
  version: string,
  openings: string,
  entries: readonly Pick<Opening, 'protocol' | 'ports'>[],
): readonly Problem[] =>
  Object.entries(FAMILIES).flatMap(([protocol, family]) => {
    const ranges = entries
      .filter((one) => one.protocol === Number(protocol))
      .flatMap(({ ports }) => (ports === 'all' ? [] : ports));
    const types = [
      ...new Set(ranges.flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, at) => first + at))),
    ];
    const nameless = types.filter((type) => icmpType(family, type, version) === undefined);
    return nameless.length === 0
      ? []
      : [
          {
            code: 'firewalld/icmp-type',
            where: `openings ${openings}`,
            what: `firewalld ${version} has no name for ${family === 'ip' ? 'ICMP' : 'ICMPv6'} type ${nameless.slice(0, MOST_NAMED).join(', ')}${nameless.length > MOST_NAMED ? ', …' : ''}, and its rules know types by name.`,
            instead: 'types that it names (docs/firewalld.md), or no types, which is all of them.',
          },
        ];
  });
