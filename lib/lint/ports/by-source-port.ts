import { printNumbers } from '../../exposure/words';
import { joinedNumbers } from '../../net/axes';
import { NumberRange, countOf } from '../../net/device';
import { PROTOCOL } from '../../net/packet';
import { isAnybody, some } from '../addresses';
import { perOwner } from '../places';
import { LintRule } from '../rule';
import { NFT_PAGE } from '../sources';
import { Target, fromOtherPorts, sourcesOfMany, targetsOf } from '../targets';

/** Fewer may be one service's. */
const MANY = 1000;

const PROTOCOLS = [
  ['tcp', PROTOCOL.tcp],
  ['udp', PROTOCOL.udp],
] as const;

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
  find: (subject) =>
    perOwner(
      targetsOf(subject).filter((target) => PROTOCOLS.some(([, protocol]) => foundAt(target, protocol) !== undefined)),
      (targets, at) => ({
        what: `At ${at} ${PROTOCOLS.flatMap(([name, protocol]) => saying(name, protocol, targets)).join(', and ')}.`,
        instead: 'Answers by "established, related"; no rule that asks for a source port alone.',
      }),
    ),
};

interface Found {
  readonly from: readonly NumberRange[];
  readonly to: readonly NumberRange[];
}

function foundAt({ open, family }: Target, protocol: number): Found | undefined {
  const reached = fromOtherPorts(open, protocol);
  if (!isAnybody(sourcesOfMany(reached, family, MANY), family)) return undefined;
  const cells = [...reached.cells()];
  return { from: joinedNumbers(cells.map(({ sourcePort }) => sourcePort)), to: joinedNumbers(cells.map(({ port }) => port)) };
}

function saying(name: string, protocol: number, targets: readonly Target[]): readonly string[] {
  const found = targets.flatMap((target) => foundAt(target, protocol) ?? []);
  if (found.length === 0) return [];
  const [from, to] = [joinedNumbers(found.flatMap((one) => one.from)), joinedNumbers(found.flatMap((one) => one.to))];
  const ports = some(
    from.map((range) => printNumbers([range])),
    MOST_NAMED,
  );
  return [`whoever sends from ${name} port ${ports} reaches ${countOf(to).toLocaleString('en-US')} ${name} ports that others do not`];
}

const MOST_NAMED = 8;
