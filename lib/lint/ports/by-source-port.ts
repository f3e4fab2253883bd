import { joinedNumbers, numbersWithout } from '../../net/axes';
import { NumberRange, countOf } from '../../net/device';
import { PROTOCOL } from '../../net/packet';
import { point } from '../../net/range';
import { isAnybody, printSomePorts } from '../addresses';
import { perOwner } from '../per-owner';
import { LintRule } from '../rule';
import { NFT_PAGE } from '../sources';
import { Target, fromOtherPorts, sourcesOfMany, targetsOf } from '../targets';

/** Fewer may be one service's. */
const MANY = 1000;

const PROTOCOLS = ['tcp', 'udp'] as const;

export const bySourcePort: LintRule = {
  code: 'ports/by-source-port',
  severity: 'error',
  title: 'A source port opens nearly everything',
  decidedBy: 'text',
  explanation: {
    why: 'A rule that accepts whatever comes from port 53, 20 or 80 was meant for answers. It asks for nothing but a number that every sender may choose, so whoever sends from that port reaches all that listens: databases, panels, whatever starts tomorrow.',
    when: `Found where anybody who sends from certain source ports reaches ${MANY.toLocaleString('en-US')} or more TCP or UDP ports that a client with an ordinary source port does not. Single ports with a source port, as for NTP or DHCP, are not named.`,
    remedy:
      'No rule for answers: "established, related" lets them in, and nothing else. On a gateway or server without connection tracking, the addresses of those that answer.',
    source: `${NFT_PAGE}; RFC 6056, 2.1: ports that clients send from`,
  },
  find: (subject) => {
    const found = new Map(targetsOf(subject).map((target) => [target, foundAt(target)]));
    return perOwner(
      [...found.keys()].filter((target) => found.get(target)!.length > 0),
      (targets, at) => ({
        what: `At ${at} ${PROTOCOLS.flatMap((name) =>
          saying(
            name,
            targets.flatMap((target) => found.get(target)!),
          ),
        ).join(', and ')}.`,
        instead: 'Answers by "established, related"; no rule that asks for a source port alone.',
      }),
    );
  },
};

interface Found {
  readonly name: (typeof PROTOCOLS)[number];
  readonly from: readonly NumberRange[];
  readonly to: readonly NumberRange[];
}

const foundAt = ({ open, family }: Target): readonly Found[] =>
  PROTOCOLS.flatMap((name) => {
    const reached = fromOtherPorts(open, PROTOCOL[name]);
    if (!isAnybody(sourcesOfMany(reached, family, MANY), family)) return [];
    const cells = [...reached.cells()];
    return [{ name, from: cells.map(({ sourcePort }) => sourcePort), to: cells.map(({ port }) => port) }];
  });

function saying(name: Found['name'], all: readonly Found[]): readonly string[] {
  const found = all.filter((one) => one.name === name);
  if (found.length === 0) return [];
  const [from, to] = [joinedNumbers(found.flatMap((one) => one.from)), joinedNumbers(found.flatMap((one) => one.to))];
  // Nothing listens on port 0.
  const many = countOf(numbersWithout(to, [point(0)])).toLocaleString('en-US');
  return [
    `whoever sends from ${name} port ${printSomePorts(from, MOST_NAMED)} reaches ${many} ${name} ports that others do not`,
  ];
}

const MOST_NAMED = 8;
