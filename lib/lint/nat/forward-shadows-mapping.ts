import { moved } from '../../reachability/exposure';
import { prefixRange } from '../../net/address';
import { groupBy } from '../../net/group-by';
import { covers } from '../../net/range';
import { printSome } from '../addresses';
import { Host, hostsOf, leavingIn, leavingOf } from '../hosts';
import { perGatewayOfHosts } from '../per-owner';
import { SubjectOwner } from '../subject';
import { LintRule } from '../rule';
import { MANUAL } from '../sources';

export const forwardShadowsMapping: LintRule = {
  code: 'nat/forward-shadows-mapping',
  severity: 'warning',
  title: 'A port forward takes ports away from a 1:1 NAT',
  decidedBy: 'text',
  explanation: {
    why: 'A port forward is looked at before the 1:1 NAT of the same public address. What it forwards never reaches the host of the mapping, whatever the filter says, and nobody sees that in the mapping.',
    when: 'Found where a host leaves as a public address, one to one, and some packets to that address lead to another host. Two mappings of one policy, for different peers, are meant and stay silent.',
    remedy: 'Remove the port forward, or move it to a public address of its own.',
    source: MANUAL,
  },
  find: perGatewayOfHosts(
    (gateway, subject) => shadowed(gateway, hostsOf(subject, gateway)),
    (found, at) => ({
      what: `Part of what comes to ${printSome(at)} is led to ${printSome(found.map(({ inside }) => inside))}, past the host that the address stands for.`,
      instead: 'The port forward removed, or on another public address.',
    }),
  ),
};

/** Hosts that get packets for a public address which another host leaves as. */
function shadowed(gateway: SubjectOwner, hosts: readonly Host[]): readonly Host[] {
  return [...groupBy(hosts, ({ outside }) => outside.first).values()].flatMap((alike) =>
    alike.length > 1 && alike.some((host) => leavesAsIt(gateway, host))
      ? alike.filter((host) => !leavesAsIt(gateway, host) && !isMapped(gateway, host))
      : [],
  );
}

const leavesAsIt = (gateway: SubjectOwner, { outside, inside }: Host): boolean =>
  [...leavingOf(gateway).values()].some((list) =>
    leavingIn(list, inside).some(({ translations }) =>
      translations.some(({ source }) => source === moved(outside.first - inside.first)),
    ),
  );

const isMapped = ({ policy }: SubjectOwner, host: Host): boolean =>
  policy?.kind === 'gateway' &&
  policy.mappings.some(
    ({ enabled, outside, inside }) =>
      enabled &&
      covers(prefixRange(outside), host.outside) &&
      inside.first - outside.first === host.inside.first - host.outside.first,
  );
