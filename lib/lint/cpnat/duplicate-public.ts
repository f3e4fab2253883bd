import { Range } from '../../net/range';
import { printAddress, printRange } from '../../net/address';
import { printList } from '../addresses';
import { getLeavingSources } from '../translated-hosts';
import { listGateways } from '../owners';
import { SubjectOwner } from '../lint-subject';
import { LintRule } from '../lint-rule';
import { NAT_PAGE } from '../source-documents';

/**
 * Finds several inside hosts that the gateway translates, each by itself, to one public address. cPanel's NAT file can
 * have that address once, and connections from outside reach one of the hosts.
 */
export const duplicatePublic: LintRule = {
  code: 'cpnat/duplicate-public',
  severity: 'warning',
  title: 'Several inside addresses stand behind one public address',
  decidedBy: 'text',
  explanation: {
    why: "Two inside addresses that each leave as the same public address are recorded twice in the server's NAT map; the first wins, and the second shows its private address to the world. And only one of them is reached from outside.",
    when: "Found where the gateway translates single inside addresses, one by one, to the same public address. A masquerade for a whole network isn't meant.",
    remedy: 'One public address for each inside address.',
    source: NAT_PAGE,
  },
  find: (subject) =>
    listGateways(subject).flatMap((gateway) =>
      findSharedPublics(gateway).map(([external, internals]) => ({
        where: `${gateway.name}, ${printAddress(external)}`,
        what: `${printList(internals.map(printRange))} leave as ${printAddress(external)}, one by one: only one of them can stand for it.`,
        instead: 'A public address for each of them.',
      })),
    ),
};

/** Returns the public addresses as which several single inside addresses leave. */
function findSharedPublics(gateway: SubjectOwner): readonly (readonly [outside: bigint, insides: readonly Range[]])[] {
  const internalsByExternal = new Map<bigint, Map<bigint, Range>>();
  for (const list of getLeavingSources(gateway).values())
    for (const { internal, translations } of list)
      for (const { source } of translations) {
        if (source.is !== 'moved' || internal.first !== internal.last) continue;
        const external = internal.first + source.distance;
        const sharingRanges = internalsByExternal.get(external) ?? new Map<bigint, Range>();
        internalsByExternal.set(external, sharingRanges.set(internal.first, internal));
      }
  return [...internalsByExternal].flatMap(([external, rangesByAddress]) =>
    rangesByAddress.size > 1 ? [[external, [...rangesByAddress.values()]] as const] : [],
  );
}
