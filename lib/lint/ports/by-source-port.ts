// Lint rule ports/by-source-port: reports many ports that the internet reaches only from certain source ports, such as
// 53.
import { mergeNumbers, subtractNumbers } from '../../net/axis-nodes';
import { NumberRange, countNumbers } from '../../net/device';
import { PROTOCOL } from '../../net/packet';
import { toSingleRange } from '../../net/range';
import { isInternetWide, printPortList } from '../addresses';
import { listOwnerFindings } from '../owner-findings';
import { LintRule } from '../lint-rule';
import { NFT_PAGE } from '../source-documents';
import { LintTarget, selectOtherPortPackets, getSourcesOfManyPorts, getTargets } from '../lint-targets';

/** The fewest ports that are reported. Fewer may belong to one service. */
const MIN_PORTS = 1000;

const PROTOCOLS = ['tcp', 'udp'] as const;

/**
 * Finds 1,000 or more ports that the internet reaches only from certain source ports, such as 53. The rule was meant
 * for answers, but every sender can choose its source port.
 */
export const bySourcePort: LintRule = {
  code: 'ports/by-source-port',
  severity: 'error',
  title: 'A source port opens nearly everything',
  decidedBy: 'text',
  explanation: {
    why: 'A rule that accepts whatever comes from port 53, 20 or 80 was meant for answers. It asks for nothing but a number that every sender may choose, so any source that sends from that port reaches all that listens: databases, panels, whatever starts tomorrow.',
    when: `Found where any source that sends from certain source ports reaches ${MIN_PORTS.toLocaleString('en-US')} or more TCP or UDP ports that a client with an ordinary source port does not. Single ports with a source port, as for NTP or DHCP, are not named.`,
    remedy:
      'No rule for answers: "established, related" lets them in, and nothing else. On a gateway or server without connection tracking, the addresses of those that answer.',
    source: `${NFT_PAGE}; RFC 6056, 2.1: ports that clients send from`,
  },
  find: (subject) => {
    const openingsByTarget = new Map(getTargets(subject).map((target) => [target, findSourcePortOpenings(target)]));
    return listOwnerFindings(
      [...openingsByTarget.keys()].filter((target) => openingsByTarget.get(target)!.length > 0),
      (targets, addressText) => ({
        what: `At ${addressText} ${PROTOCOLS.flatMap((name) =>
          describeOpening(
            name,
            targets.flatMap((target) => openingsByTarget.get(target)!),
          ),
        ).join(', and ')}.`,
        instead: 'Answers by "established, related"; no rule that asks for a source port alone.',
      }),
    );
  },
};

interface SourcePortOpening {
  readonly name: (typeof PROTOCOLS)[number];
  readonly sourcePorts: readonly NumberRange[];
  readonly ports: readonly NumberRange[];
}

const findSourcePortOpenings = ({ openPackets, family }: LintTarget): readonly SourcePortOpening[] =>
  PROTOCOLS.flatMap((name) => {
    const reachedPackets = selectOtherPortPackets(openPackets, PROTOCOL[name]);
    if (!isInternetWide(getSourcesOfManyPorts(reachedPackets, family, MIN_PORTS), family)) return [];
    const cells = [...reachedPackets.listCells()];
    return [{ name, sourcePorts: cells.map(({ sourcePort }) => sourcePort), ports: cells.map(({ port }) => port) }];
  });

function describeOpening(
  name: SourcePortOpening['name'],
  sourcePortOpenings: readonly SourcePortOpening[],
): readonly string[] {
  const sameProtocol = sourcePortOpenings.filter((sourcePortOpening) => sourcePortOpening.name === name);
  if (sameProtocol.length === 0) return [];
  const [sourcePorts, destinationPorts] = [
    mergeNumbers(sameProtocol.flatMap((sourcePortOpening) => sourcePortOpening.sourcePorts)),
    mergeNumbers(sameProtocol.flatMap((sourcePortOpening) => sourcePortOpening.ports)),
  ];
  // Nothing listens on port 0.
  const portCount = countNumbers(subtractNumbers(destinationPorts, [toSingleRange(0)])).toLocaleString('en-US');
  return [
    `a client that sends from ${name} port ${printPortList(sourcePorts, MAX_NAMED_PORTS)} reaches ${portCount} ${name} ports that others do not`,
  ];
}

const MAX_NAMED_PORTS = 8;
