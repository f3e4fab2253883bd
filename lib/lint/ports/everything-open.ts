// Finds hosts and gateways with 60,000 or more TCP ports open to the internet (lint rule ports/everything-open).

import { FAMILIES, FAMILY_NAME } from '../../net/address';
import { mergeNumbers } from '../../net/axis-nodes';
import { NumberRange } from '../../net/device';
import { PROTOCOL } from '../../net/packet';
import { PacketMap } from '../../net/packet-map';
import { toSingleRange } from '../../net/range';
import { isInternetWide, printPortList } from '../addresses';
import { listOwnerFindings } from '../owner-findings';
import { LintTarget, getFullyOpenSources, selectClientPackets, getOpenSources, getTargets } from '../lint-targets';
import { LintRule } from '../lint-rule';
import { FIREWALL_PAGE, MANUAL } from '../source-documents';

const TCP_PROTOCOL = toSingleRange(PROTOCOL.tcp);

/** One accept rule or an accepting default opens every program, now and later. */
export const everythingOpen: LintRule = {
  code: 'ports/everything-open',
  severity: 'error',
  title: 'Nothing is filtered',
  decidedBy: 'text',
  explanation: {
    why: 'Every TCP port is open to the internet: databases, panels, whatever starts tomorrow. A rule that allows all on the outside interface does this to every host with a 1:1 NAT, and rules that only accept, with a default that accepts too, do it to a host.',
    when: 'Found where 60,000 or more of the 65,535 TCP ports are open to any source; ports that are not are named. The rules about single ports stay silent there.',
    remedy: 'Open the services that are used, by name, and let everything else be denied.',
    source: `${FIREWALL_PAGE}; ${MANUAL}`,
  },
  find: (subject) =>
    listOwnerFindings(
      getTargets(subject).filter(
        ({ isUnfiltered, openPackets, family }) =>
          isUnfiltered && isInternetWide(getFullyOpenSources(selectClientPackets(openPackets), family), family),
      ),
      (targets, addressText) => ({
        what: describeOpen(targets, addressText),
        instead: targets.every(({ isHost }) => isHost)
          ? 'A default that drops, and the services that are used by name.'
          : 'A default that drops what comes to the gateway itself, and management from listed networks.',
      }),
    ),
};

function describeOpen(targets: readonly LintTarget[], addressText: string): string {
  const closedPorts = printClosedPorts(targets);
  return closedPorts === ''
    ? `Any source in the internet reaches every TCP port, or nearly every one, at ${addressText}: nothing is filtered there.`
    : `Any source in the internet reaches every TCP port at ${addressText} but ${closedPorts}: what isn't open is named by some rule, and everything else is open by default.`;
}

/** Returns the closed ports as text: `25, 3306`; if families differ, `3306 over IPv4`. */
function printClosedPorts(targets: readonly LintTarget[]): string {
  const families = FAMILIES.filter((item) => targets.some(({ family }) => family === item));
  const portTexts = families.map((item) => {
    return printPortList(
      mergeNumbers(targets.filter(({ family }) => family === item).flatMap(listClosedPorts)),
      MAX_NAMED_PORTS,
    );
  });
  if (new Set(portTexts).size === 1) return portTexts[0]!;
  return families
    .map((family, index) => (portTexts[index] === '' ? '' : `${portTexts[index]!} over ${FAMILY_NAME[family]}`))
    .filter((item) => item !== '')
    .join(' and ');
}

const MAX_NAMED_PORTS = 8;

/** Returns the TCP ports that only some sources reach, or none, while everything else is open. */
function listClosedPorts(target: LintTarget): readonly NumberRange[] {
  const { family, openPackets } = target;
  const closedPackets = PacketMap.createSet({
    family,
    protocol: [TCP_PROTOCOL],
    port: [{ first: 1, last: 65_535 }],
  }).subtract(openPackets);
  return [...closedPackets.listCells()]
    .map(({ port }) => port)
    .filter(({ first, last }) => !isInternetWide(getOpenSources(target, PROTOCOL.tcp, first, last), family));
}
