import { PROTOCOL } from '../../net/packet';
import { PacketMap } from '../../net/packet-map';
import { point } from '../../net/range';
import { serversOf, viewsFrom } from '../owners';
import { SubjectOwner } from '../subject';
import { LintRule } from '../rule';
import { FIREWALL_PAGE } from '../sources';
import { localTo } from '../../net/device';

export const adminLockout: LintRule = {
  code: 'access/admin-lockout',
  severity: 'error',
  title: 'Nobody can log in to change it',
  decidedBy: 'text',
  explanation: {
    why: 'When neither SSH nor WHM can be reached by anybody, the next change needs the console, and so does the next mistake.',
    when: 'Found for a host whose text lets nobody reach SSH (22) or WHM (2086, 2087); of a host with a policy, nobody who is listed under `management` reaches its port. A profile without management is refused before that: intent/management-missing.',
    remedy: "Accept SSH from the operators' networks before everything else.",
    source: FIREWALL_PAGE,
  },
  find: (subject) =>
    serversOf(subject).flatMap((owner) =>
      hasWayIn(owner)
        ? []
        : {
            where: owner.name,
            what: 'Nobody reaches SSH or WHM on it: without the console there is no way back in.',
            instead: owner.policy
              ? INTENDED
              : "A rule that accepts SSH from the operators' networks, before all others.",
          },
    ),
};

const INTENDED =
  'management: { from, port } of its profile with networks of the operators that reach it: of the family of its addresses, and in no blocked list.';

function hasWayIn(owner: SubjectOwner): boolean {
  const { policy, device } = owner;
  const entries = policy?.kind === 'server' ? policy.openings.entries.filter(({ management }) => management) : [];
  const destination = localTo(device).map(point);
  const ways =
    policy?.kind === 'server'
      ? entries.map(({ protocol, ports, sources }) =>
          PacketMap.set({
            destination,
            protocol: [point(protocol)],
            ...(ports === 'all' ? {} : { port: ports }),
            ...(sources === 'anywhere' ? {} : { source: sources }),
          }),
        )
      : [PacketMap.set({ destination, protocol: [point(PROTOCOL.tcp)], port: LOGINS })];
  const views = viewsFrom(owner, true);
  // `unknown` may be the way in: a lock-out is said only where it is sure.
  return views.length === 0 || views.some(({ verdicts }) => ways.some((way) => !verdicts.within(way).isEmpty));
}

const LOGINS = [22, 2086, 2087].map(point);
