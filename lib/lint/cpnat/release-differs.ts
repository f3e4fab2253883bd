import { Translation } from '../../reachability/reachability';
import { printAddress } from '../../net/address';
import { toSingleRange } from '../../net/range';
import { printList } from '../addresses';
import { selectLeaving, getLeavingSources } from '../translated-hosts';
import { listGateways, listServers } from '../owners';
import { LintRule } from '../lint-rule';
import { NAT_PAGE } from '../source-documents';
import { SubjectOwner } from '../lint-subject';

/**
 * Finds servers whose `cpnat` pairs have another public address than the gateway translates them to. DNS zones, mail
 * and licence then have a wrong address.
 */
export const cpnatReleaseDiffers: LintRule = {
  code: 'cpnat/release-differs',
  severity: 'error',
  title: 'A release tells cPanel another public address than the one its server leaves as',
  decidedBy: 'intent',
  explanation: {
    why: "`cpnat` of a server writes its NAT map. Where the gateway makes the server leave as another address than the map says, build_cpnat would write that other one with its next run, and until then DNS zones, mail and licence have an address that isn't the server's.",
    when: 'Found where a gateway among the stacks translates a local address of the server for the internet, and never to the address that `pairs` have for it. What comes from mappings agrees with them.',
    remedy: 'Correct the pair, or the mapping; without `pairs` they are one.',
    source: NAT_PAGE,
  },
  find: (subject) =>
    listServers(subject).flatMap(({ name, policy }) => {
      if (policy?.kind !== 'server' || !policy.cpnat) return [];
      const mismatches = listGateways(subject).flatMap((gateway) =>
        policy.cpnat!.pairs.flatMap((pair) => {
          const publicAddresses = getLeavingAddresses(gateway, pair.local);
          if (publicAddresses.size === 0 || publicAddresses.has(pair.public)) return [];
          return [
            `${printAddress(pair.local)} is told to be ${printAddress(pair.public)} and leaves ${gateway.name} as ${printList([...publicAddresses].map(printAddress))}`,
          ];
        }),
      );
      return mismatches.length === 0
        ? []
        : [
            {
              where: `${name}, cpnat`,
              what: `${printList(mismatches)}.`,
              instead: 'pairs as the gateway translates, or none at all.',
            },
          ];
    }),
};

/**
 * Returns the addresses as which an inside address leaves for the internet; none if the gateway doesn't have it behind
 * it.
 */
const getLeavingAddresses = (gateway: SubjectOwner, localAddress: bigint): ReadonlySet<bigint> =>
  new Set(
    [...getLeavingSources(gateway).values()]
      .flatMap((list) => selectLeaving(list, toSingleRange(localAddress)))
      .flatMap(({ translations }) =>
        translations.flatMap((translation) => getTranslatedSource(translation, localAddress)),
      ),
  );

function getTranslatedSource({ source }: Translation, localAddress: bigint): readonly bigint[] {
  if (source.is === 'set') return [source.to];
  return source.is === 'moved' ? [localAddress + source.distance] : [];
}
