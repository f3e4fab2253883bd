import { PROTOCOL } from '../../net/packet';
import { PacketMap } from '../../net/packet-map';
import { toSingleRange } from '../../net/range';
import { listServers, selectViews } from '../owners';
import { SubjectOwner } from '../lint-subject';
import { LintRule } from '../lint-rule';
import { FIREWALL_PAGE } from '../source-documents';
import { getLocalAddresses } from '../../net/device';

/**
 * Finds hosts on which no source can reach SSH or WHM, or no administrator the management port. The next change then
 * needs the console.
 */
export const adminLockout: LintRule = {
  code: 'access/admin-lockout',
  severity: 'error',
  title: 'No administrator can log in to change it',
  decidedBy: 'text',
  explanation: {
    why: 'When neither SSH nor WHM can be reached from any source, the next change needs the console, and so does the next mistake.',
    when: 'Found for a host whose text lets no source reach SSH (22) or WHM (2086, 2087); of a host with a policy, where no source that is listed under `management` reaches its port. A profile without management is refused before that: intent/management-missing.',
    remedy: "Accept SSH from the operators' networks before everything else.",
    source: FIREWALL_PAGE,
  },
  find: (subject) =>
    listServers(subject).flatMap((owner) =>
      hasLoginAccess(owner)
        ? []
        : {
            where: owner.name,
            what: 'No source reaches SSH or WHM on it: without the console there is no way back in.',
            instead: owner.policy
              ? INTENT_REMEDY
              : "A rule that accepts SSH from the operators' networks, before all others.",
          },
    ),
};

const INTENT_REMEDY =
  'management: { from, port } of its profile with networks of the operators that reach it: of the family of its addresses, and in no blocked list.';

function hasLoginAccess(owner: SubjectOwner): boolean {
  const { policy, device } = owner;
  const entries = policy?.kind === 'server' ? policy.allowRules.entries.filter(({ management }) => management) : [];
  const destination = getLocalAddresses(device).map(toSingleRange);
  const loginPackets =
    policy?.kind === 'server'
      ? entries.map(({ protocol, ports, sources }) =>
          PacketMap.createSet({
            destination,
            protocol: [toSingleRange(protocol)],
            ...(ports === 'all' ? {} : { port: ports }),
            ...(sources === 'anywhere' ? {} : { source: sources }),
          }),
        )
      : [PacketMap.createSet({ destination, protocol: [toSingleRange(PROTOCOL.tcp)], port: LOGIN_PORTS })];
  const views = selectViews(owner, true);
  // `unknown` may be the way in: a lock-out is reported only if it is certain.
  return (
    views.length === 0 ||
    views.some(({ dispositions }) => loginPackets.some((packets) => !dispositions.intersect(packets).isEmpty))
  );
}

const LOGIN_PORTS = [22, 2086, 2087].map(toSingleRange);
