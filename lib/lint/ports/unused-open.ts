import { PROTOCOL } from '../../net/packet';
import { joinedNumbers, numbersWithout } from '../../net/axes';
import { NumberRange } from '../../net/device';
import { PacketMap } from '../../net/packet-map';
import { point } from '../../net/range';
import { some } from '../addresses';
import { PASSIVE_FTP, factsOf, listensOn } from '../facts';
import { whereSome } from '../open-services';
import { LintRule } from '../rule';
import { FIREWALL_PAGE } from '../sources';
import { Target } from '../targets';

export const unusedOpen: LintRule = {
  code: 'ports/unused-open',
  severity: 'warning',
  title: 'Ports are open on which nothing listens',
  decidedBy: 'facts',
  explanation: {
    why: 'An open port that nobody uses waits for the program that will: somebody starts one for a test, and the internet has it.',
    when: 'Found where TCP or UDP ports are open to whomever, and nothing listened there when the facts were captured. Not found for the passive ports of an FTP server that listens, which opens them as it needs them, nor for 26 and 2091, which have rules of their own; of UDP below 1024 alone.',
    remedy: 'Open only what is used; or capture again, where the service was not running.',
    source: FIREWALL_PAGE,
  },
  find: whereSome(unused, (found, at) => ({
    what: `Nothing listens on ${some(found, 8)}, open at ${at}.`,
    instead: 'The profile without them; or facts captured again, once the services run.',
  })),
};

const OWN_RULES = [26, 2091];
/** Which of these somebody asks from, and which somebody waits at, a capture can't tell. */
const GIVEN_OUT = { first: 1024, last: 65_535 };

function unused(target: Target): readonly string[] {
  if (!factsOf(target.owner).listens) return [];
  return [['tcp', PROTOCOL.tcp] as const, ['udp', PROTOCOL.udp] as const].flatMap(([name, protocol]) =>
    numbersWithout(openPorts(target, protocol), [
      ...usedOf(target, protocol),
      ...(protocol === PROTOCOL.udp ? [GIVEN_OUT] : []),
    ]).map(({ first, last }) => `${name} ${first === last ? first : `${first}-${last}`}`),
  );
}

function openPorts({ open }: Target, protocol: number): readonly NumberRange[] {
  const mine = open.within(PacketMap.set({ protocol: [point(protocol)] }));
  return joinedNumbers([...mine.cells()].map(({ port }) => port));
}

function usedOf({ owner }: Target, protocol: number): readonly NumberRange[] {
  const { listens = [], passiveFtp = PASSIVE_FTP } = factsOf(owner);
  const ports = [...listens.flatMap((one) => (one.protocol === protocol ? [one.port] : [])), ...OWN_RULES];
  const passive = protocol === PROTOCOL.tcp && listensOn(owner, PROTOCOL.tcp, 21) === true ? [passiveFtp] : [];
  return joinedNumbers([...ports.map(point), ...passive]);
}
