import { printAddress } from '../../net/address';
import { groupBy } from '../../net/group-by';
import { ServerPolicy } from '../../policy/policy';
import { printList } from '../addresses';
import { listGateways } from '../owners';
import { Finding, LintRule } from '../lint-rule';
import { SubjectOwner } from '../lint-subject';
import { MANUAL } from '../source-documents';

/**
 * Finds servers of one stack with the same address behind its only gateway. Either of them may answer, so a port that
 * one closes may be open on the other.
 */
export const privateAddressTwice: LintRule = {
  code: 'nat/private-address-twice',
  severity: 'warning',
  title: 'Two servers behind one gateway have one address',
  decidedBy: 'intent',
  explanation: {
    why: 'On one wire two hosts with one address answer for each other by chance, so that a port which one of them closes is open on the other. Most often the second was copied from the first.',
    when: 'Found where two servers of one stack, which has one gateway, have an address in common, whether a mapping translates to it or not. Servers of other stacks may be another site that numbers alike inside.',
    remedy:
      'The address that the server has. Where one of the two stands by, or is there to replace the other, acknowledge it.',
    source: MANUAL,
  },
  find: (subject) => {
    const gateways = groupBy(listGateways(subject), ({ plan }) => plan);
    return [...groupBy(subject.owners.filter(isServer), ({ plan }) => plan)].flatMap(([plan, servers]) =>
      plan !== undefined && gateways.get(plan)?.length === 1 ? findSharedAddresses(servers) : [],
    );
  },
};

interface ServerOwner extends SubjectOwner {
  readonly policy: ServerPolicy;
}

const isServer = (owner: SubjectOwner): owner is ServerOwner => owner.policy?.kind === 'server';

/** Returns findings on servers with the same address. Each is named with the first server that has it. */
function findSharedAddresses(servers: readonly ServerOwner[]): readonly Finding[] {
  const firstOwners = new Map<bigint, ServerOwner>();
  const pairs = servers.flatMap((server) =>
    server.policy.localAddresses.flatMap((address) => {
      const earlierServer = firstOwners.get(address);
      if (earlierServer === undefined) firstOwners.set(address, server);
      // Two owners on one device share its addresses.
      return earlierServer === undefined || earlierServer.policy.device === server.policy.device
        ? []
        : [{ server, other: earlierServer, address }];
    }),
  );
  return [
    ...groupBy(pairs, ({ server, other: earlierServer }) => JSON.stringify([server.name, earlierServer.name])).values(),
  ].map((pair) => {
    const [{ server, other: earlierServer }] = pair;
    return {
      where: `${server.name} with ${earlierServer.name}`,
      what: `Both have ${printList(pair.map(({ address }) => printAddress(address)))}: chance decides which of them gets a packet, and which firewall stands before it.`,
      instead: 'The address that each of them has of its own.',
    };
  });
}
