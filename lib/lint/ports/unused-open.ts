import { PROTOCOL } from '../../net/packet';
import { mergeNumbers, subtractNumbers } from '../../net/axis-nodes';
import { NumberRange } from '../../net/device';
import { PacketMap } from '../../net/packet-map';
import { toSingleRange } from '../../net/range';
import { printList } from '../addresses';
import { DEFAULT_PASSIVE_FTP, getFacts, isListening } from '../server-facts';
import { createTargetFinder } from '../open-services';
import { LintRule } from '../lint-rule';
import { FIREWALL_PAGE } from '../source-documents';
import { LintTarget } from '../lint-targets';

/**
 * Finds open ports on which no program listened when the facts were captured. The next program that does is reachable
 * at once.
 */
export const unusedOpen: LintRule = {
  code: 'ports/unused-open',
  severity: 'warning',
  title: 'Ports are open on which nothing listens',
  decidedBy: 'facts',
  explanation: {
    why: 'An unused open port waits for a program that uses it: one is started for a test, and the internet has it.',
    when: 'Found where TCP or UDP ports are open to whomever, and nothing listened there when the facts were captured. Not found for the passive ports of an FTP server that listens, which opens them as it needs them, nor for 26 and 2091, which have rules of their own; of UDP below 1024 alone.',
    remedy: 'Open only what is used; or capture again, where the service was not running.',
    source: FIREWALL_PAGE,
  },
  find: createTargetFinder(findUnusedPorts, (unusedPorts, addressText) => ({
    what: `Nothing listens on ${printList(unusedPorts, 8)}, open at ${addressText}.`,
    instead: 'The profile without them; or facts captured again, once the services run.',
  })),
};

const PORTS_WITH_OWN_RULES = [26, 2091];
/** Ports from which programs send. A capture can't tell these from ports on which programs listen. */
const EPHEMERAL_PORTS = { first: 1024, last: 65_535 };

function findUnusedPorts(target: LintTarget): readonly string[] {
  if (!getFacts(target.owner).listens) return [];
  return [['tcp', PROTOCOL.tcp] as const, ['udp', PROTOCOL.udp] as const].flatMap(([name, protocol]) =>
    subtractNumbers(listOpenPorts(target, protocol), [
      ...listUsedPorts(target, protocol),
      ...(protocol === PROTOCOL.udp ? [EPHEMERAL_PORTS] : []),
    ]).map(({ first, last }) => `${name} ${first === last ? first : `${first}-${last}`}`),
  );
}

function listOpenPorts({ openPackets }: LintTarget, protocol: number): readonly NumberRange[] {
  const protocolPackets = openPackets.intersect(PacketMap.createSet({ protocol: [toSingleRange(protocol)] }));
  return mergeNumbers([...protocolPackets.listCells()].map(({ port }) => port));
}

function listUsedPorts({ owner }: LintTarget, protocol: number): readonly NumberRange[] {
  const { listens = [], passiveFtp = DEFAULT_PASSIVE_FTP } = getFacts(owner);
  const ports = [
    ...listens.flatMap((listener) => (listener.protocol === protocol ? [listener.port] : [])),
    ...PORTS_WITH_OWN_RULES,
  ];
  const passiveRanges = protocol === PROTOCOL.tcp && isListening(owner, PROTOCOL.tcp, 21) === true ? [passiveFtp] : [];
  return mergeNumbers([...ports.map(toSingleRange), ...passiveRanges]);
}
