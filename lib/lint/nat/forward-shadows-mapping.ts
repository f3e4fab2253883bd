import { createMove } from '../../reachability/reachability';
import { toRange } from '../../net/address';
import { groupBy } from '../../net/group-by';
import { covers } from '../../net/range';
import { printRangeList } from '../addresses';
import { TranslatedHost, getHosts, selectLeaving, getLeavingSources } from '../translated-hosts';
import { createHostFinder } from '../owner-findings';
import { SubjectOwner } from '../lint-subject';
import { LintRule } from '../lint-rule';
import { MANUAL } from '../source-documents';

/** Finds port forwards of a public address that a 1:1 NAT has, too. Their packets never reach the mapping's host. */
export const forwardShadowsMapping: LintRule = {
  code: 'nat/forward-shadows-mapping',
  severity: 'warning',
  title: 'A port forward takes ports away from a 1:1 NAT',
  decidedBy: 'text',
  explanation: {
    why: 'A port forward is looked at before the 1:1 NAT of the same public address. What it forwards never reaches the host of the mapping, whatever the filter says, and the mapping does not show that.',
    when: 'Found where a host leaves as a public address, one to one, and some packets to that address are translated to another host. Two mappings of one policy, for different peers, are meant and stay silent.',
    remedy: 'Remove the port forward, or move it to a public address of its own.',
    source: MANUAL,
  },
  find: createHostFinder(
    (gateway, subject) => findShadowingHosts(gateway, getHosts(subject, gateway)),
    (hosts, addressRanges) => ({
      what: `Part of what comes to ${printRangeList(addressRanges)} is translated to ${printRangeList(hosts.map(({ internal }) => internal))}, past the host that the address stands for.`,
      instead: 'The port forward removed, or on another public address.',
    }),
  ),
};

/** Returns the hosts that get packets for a public address as which another host leaves. */
function findShadowingHosts(gateway: SubjectOwner, hosts: readonly TranslatedHost[]): readonly TranslatedHost[] {
  return [...groupBy(hosts, ({ external }) => external.first).values()].flatMap((sharingHosts) =>
    sharingHosts.length > 1 && sharingHosts.some((host) => leavesAsExternal(gateway, host))
      ? sharingHosts.filter((host) => !leavesAsExternal(gateway, host) && !isMapped(gateway, host))
      : [],
  );
}

const leavesAsExternal = (gateway: SubjectOwner, { external, internal }: TranslatedHost): boolean =>
  [...getLeavingSources(gateway).values()].some((list) =>
    selectLeaving(list, internal).some(({ translations }) =>
      translations.some(({ source }) => source === createMove(external.first - internal.first)),
    ),
  );

const isMapped = ({ policy }: SubjectOwner, host: TranslatedHost): boolean =>
  policy?.kind === 'gateway' &&
  policy.mappings.some(
    ({ enabled, external, internal }) =>
      enabled &&
      covers(toRange(external), host.external) &&
      internal.first - external.first === host.internal.first - host.external.first,
  );
