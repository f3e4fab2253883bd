import { perOwner } from '../places';
import { targetsOf } from '../targets';
import { LintRule } from '../rule';
import { FIREWALL_PAGE, MANUAL } from '../sources';

export const everythingOpen: LintRule = {
  code: 'ports/everything-open',
  severity: 'error',
  title: 'Nothing is filtered',
  decidedBy: 'text',
  explanation: {
    why: 'Every TCP port is open to the internet: databases, panels, whatever starts tomorrow. A rule that allows all on the outside interface does this to every host with a 1:1 NAT, and rules that only accept, with a default that accepts too, do it to a host.',
    when: 'Found where 60,000 or more of the 65,535 TCP ports are open to anybody. The rules about single ports stay silent there.',
    remedy: 'Open the services that are used, by name, and let everything else be denied.',
    source: `${FIREWALL_PAGE}; ${MANUAL}`,
  },
  find: (subject) =>
    perOwner(
      targetsOf(subject).filter(({ nothingFiltered }) => nothingFiltered),
      (targets, at) => ({
        what: `Anybody in the internet reaches every TCP port, or nearly every one, at ${at}: nothing is filtered there.`,
        instead: targets.every(({ isHost }) => isHost)
          ? 'A default that drops, and the services that are used by name.'
          : 'A default that drops what comes to the gateway itself, and management from listed networks.',
      }),
    ),
};
