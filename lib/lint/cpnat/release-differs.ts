import { Translation } from '../../reachability/exposure';
import { printAddress } from '../../net/address';
import { point } from '../../net/range';
import { some } from '../addresses';
import { leavingIn, leavingOf } from '../hosts';
import { gatewaysOf, serversOf } from '../owners';
import { LintRule } from '../rule';
import { NAT_PAGE } from '../sources';
import { SubjectOwner } from '../subject';

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
    serversOf(subject).flatMap(({ name, policy }) => {
      if (policy?.kind !== 'server' || !policy.cpnat) return [];
      const wrong = gatewaysOf(subject).flatMap((gateway) =>
        policy.cpnat!.pairs.flatMap((pair) => {
          const seen = leavesAs(gateway, pair.local);
          if (seen.size === 0 || seen.has(pair.public)) return [];
          return [
            `${printAddress(pair.local)} is told to be ${printAddress(pair.public)} and leaves ${gateway.name} as ${some([...seen].map(printAddress))}`,
          ];
        }),
      );
      return wrong.length === 0
        ? []
        : [
            {
              where: `${name}, cpnat`,
              what: `${some(wrong)}.`,
              instead: 'pairs as the gateway translates, or none at all.',
            },
          ];
    }),
};

/** As whom one address leaves for the internet; nobody where a gateway doesn't have it behind it. */
const leavesAs = (gateway: SubjectOwner, local: bigint): ReadonlySet<bigint> =>
  new Set(
    [...leavingOf(gateway).values()]
      .flatMap((list) => leavingIn(list, point(local)))
      .flatMap(({ translations }) => translations.flatMap((one) => sourceOf(one, local))),
  );

function sourceOf({ source }: Translation, local: bigint): readonly bigint[] {
  if (source.is === 'set') return [source.to];
  return source.is === 'moved' ? [local + source.by] : [];
}
