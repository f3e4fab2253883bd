import { FAMILIES, FAMILY_NAME } from '../../net/address';
import { joinedNumbers } from '../../net/axes';
import { NumberRange } from '../../net/device';
import { PROTOCOL } from '../../net/packet';
import { PacketMap } from '../../net/packet-map';
import { point } from '../../net/range';
import { isAnybody, printSomePorts } from '../addresses';
import { perOwner } from '../per-owner';
import { Target, everythingOpenTo, fromClients, openTo, targetsOf } from '../targets';
import { LintRule } from '../rule';
import { FIREWALL_PAGE, MANUAL } from '../sources';

const TCP = point(PROTOCOL.tcp);

export const everythingOpen: LintRule = {
  code: 'ports/everything-open',
  severity: 'error',
  title: 'Nothing is filtered',
  decidedBy: 'text',
  explanation: {
    why: 'Every TCP port is open to the internet: databases, panels, whatever starts tomorrow. A rule that allows all on the outside interface does this to every host with a 1:1 NAT, and rules that only accept, with a default that accepts too, do it to a host.',
    when: 'Found where 60,000 or more of the 65,535 TCP ports are open to anybody; ports that are not are named. The rules about single ports stay silent there.',
    remedy: 'Open the services that are used, by name, and let everything else be denied.',
    source: `${FIREWALL_PAGE}; ${MANUAL}`,
  },
  find: (subject) =>
    perOwner(
      targetsOf(subject).filter(
        ({ nothingFiltered, open, family }) =>
          nothingFiltered && isAnybody(everythingOpenTo(fromClients(open), family), family),
      ),
      (targets, at) => ({
        what: saying(targets, at),
        instead: targets.every(({ isHost }) => isHost)
          ? 'A default that drops, and the services that are used by name.'
          : 'A default that drops what comes to the gateway itself, and management from listed networks.',
      }),
    ),
};

function saying(targets: readonly Target[], at: string): string {
  const named = namedOf(targets);
  return named === ''
    ? `Anybody in the internet reaches every TCP port, or nearly every one, at ${at}: nothing is filtered there.`
    : `Anybody in the internet reaches every TCP port at ${at} but ${named}: what isn't open is named by some rule, and everything else is open by default.`;
}

/** `25, 3306`; where families differ, `3306 over IPv4`. */
function namedOf(targets: readonly Target[]): string {
  const families = FAMILIES.filter((one) => targets.some(({ family }) => family === one));
  const said = families.map((one) => {
    return printSomePorts(joinedNumbers(targets.filter(({ family }) => family === one).flatMap(notOpen)), MOST_NAMED);
  });
  if (new Set(said).size === 1) return said[0]!;
  return families
    .map((family, at) => (said[at] === '' ? '' : `${said[at]!} over ${FAMILY_NAME[family]}`))
    .filter((one) => one !== '')
    .join(' and ');
}

const MOST_NAMED = 8;

/** TCP ports that only some can reach, or nobody, where everything else is open. */
function notOpen(target: Target): readonly NumberRange[] {
  const { family, open } = target;
  const rest = PacketMap.set({ family, protocol: [TCP], port: [{ first: 1, last: 65_535 }] }).apartFrom(open);
  return [...rest.cells()]
    .map(({ port }) => port)
    .filter(({ first, last }) => !isAnybody(openTo(target, PROTOCOL.tcp, first, last), family));
}
