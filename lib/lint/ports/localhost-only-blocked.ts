import { parseAddress } from '../../net/address';
import { PROTOCOL } from '../../net/packet';
import { listServers } from '../owners';
import { SubjectOwner } from '../lint-subject';
import { LintRule } from '../lint-rule';
import { FIREWALL_PAGE } from '../source-documents';

/**
 * Finds servers that deny connections from 127.0.0.1 to cPHulk (579), SpamAssassin (783) or PowerDNS (953). Without
 * them logins hang, and mail isn't checked.
 */
export const localhostOnlyBlocked: LintRule = {
  code: 'ports/localhost-only-blocked',
  severity: 'error',
  title: 'The server cannot talk to itself',
  decidedBy: 'text',
  explanation: {
    why: "cPHulk (579), SpamAssassin (783) and PowerDNS (953) are reached by other programs of the server over 127.0.0.1. Without that, logins hang, mail isn't checked and zones aren't reloaded.",
    when: 'Found where a connection from 127.0.0.1 to 127.0.0.1 on one of those ports is not allowed.',
    remedy: 'Accept everything on the loopback interface, before any other rule.',
    source: FIREWALL_PAGE,
  },
  find: (subject) =>
    listServers(subject).flatMap((owner) => {
      const ports = findBlockedServices(owner);
      if (ports.length === 0) return [];
      return {
        where: owner.name,
        what: `Programs of the server itself can't reach ${ports.join(', ')} on 127.0.0.1.`,
        instead: 'A rule that accepts everything on the loopback interface, before all others.',
      };
    }),
};

const LOCAL_SERVICES: readonly (readonly [port: number, name: string])[] = [
  [579, 'cPHulk (579)'],
  [783, 'SpamAssassin (783)'],
  [953, 'PowerDNS control (953)'],
];

const LOOPBACK = parseAddress('127.0.0.1')!;

function findBlockedServices({ reachability }: SubjectOwner): readonly string[] {
  const view = reachability.views.find(({ startLocation }) => startLocation.kind === 'localhost');
  if (!view) return [];
  const packet = { source: LOOPBACK, destination: LOOPBACK, protocol: PROTOCOL.tcp, sourcePort: 40_000 };
  return LOCAL_SERVICES.flatMap(([port, name]) =>
    view.dispositions.findValue({ ...packet, port }) === undefined ? name : [],
  );
}
