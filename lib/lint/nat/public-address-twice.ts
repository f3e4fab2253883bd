// Lint rule nat/public-address-twice: finds public addresses for which two gateways answer, as a virtual IP (of every
// kind but `other`, which the provider routes) or as an own address of an outside interface.

import { toRange, printRange } from '../../net/address';
import { groupBy } from '../../net/group-by';
import { Range, compareValues, toSingleRange } from '../../net/range';
import { GatewayPolicy, VirtualIp } from '../../policy/policy';
import { isPrivate, printList } from '../addresses';
import { listGateways } from '../owners';
import { printVirtualIps } from '../owner-findings';
import { Finding, LintRule } from '../lint-rule';
import { LintSubject, SubjectOwner } from '../lint-subject';
import { MANUAL } from '../source-documents';

export const publicAddressTwice: LintRule = {
  code: 'nat/public-address-twice',
  severity: 'warning',
  title: 'Two gateways answer for one public address',
  decidedBy: 'intent',
  explanation: {
    why: 'Where two gateways on one wire have the same virtual IP, both answer ARP for it, and which of them gets a packet changes by chance. On two wires the address is routed to one of them, and what the other does with it is for nothing.',
    when: "Found where virtual IPs of two devices, each of kind `ip-alias`, `carp` or `proxy-arp`, have a public address in common, whether a mapping uses it or not; or where such a virtual IP is the own address that another device has outside: what is for that gateway, SSH too, goes to either. Two of kind `carp` with one vhid share it on purpose. Kind `other` answers no ARP request: the provider's route decides. Private addresses may be the same at two places. A review finds it whatever servers they have. Where something else lets only one of the two answer, acknowledge it.",
    remedy:
      "The virtual IP on one of the two, and none that is a gateway's own; for a pair of gateways, kind `carp` with one vhid on both.",
    source: MANUAL,
  },
  find: (subject) =>
    [...groupBy(findSharedRanges(listAnsweredByGateway(subject)), getPairKey).values()].map(createFinding),
};

/**
 * Returns the public ranges that a gateway answers for. Private addresses may be the same at two sites, and no gateway
 * has to answer for what is routed to it.
 */
export function listAnsweredRanges({ virtualIps, interfaces }: GatewayPolicy): readonly AnsweredRange[] {
  const virtualRanges = virtualIps.flatMap((virtualIp): AnsweredRange[] =>
    virtualIp.kind === 'other' ? [] : [{ virtualIp, range: toRange(virtualIp.external) }],
  );
  const ownRanges = interfaces.flatMap(({ role, addresses }): readonly AnsweredRange[] =>
    role === 'outside' ? addresses.map(({ address }) => ({ range: toSingleRange(address) })) : [],
  );
  return [...virtualRanges, ...ownRanges].filter(({ range }) => !isPrivate(range.first));
}

/** A range that a gateway answers for. `virtualIp` is undefined if the gateway has the address itself. */
export interface AnsweredRange {
  readonly range: Range;
  readonly virtualIp?: VirtualIp;
}

/** A range with the gateway that answers for it. */
interface GatewayAnsweredRange extends AnsweredRange {
  readonly gateway: SubjectOwner;
  /** Index of the gateway among all. */
  readonly index: number;
  readonly device: string;
}

/**
 * Two ranges of different devices: a virtual IP within another or equal to it, or an own address within one. `first`
 * belongs to the gateway that comes first.
 */
interface SharedRange {
  readonly first: GatewayAnsweredRange;
  readonly second: GatewayAnsweredRange;
  /** The smaller of the two. */
  readonly smaller: GatewayAnsweredRange;
}

/** Returns the ranges by first address, the larger first. */
const listAnsweredByGateway = (subject: LintSubject): readonly GatewayAnsweredRange[] =>
  listGateways(subject)
    .flatMap((gateway, index) => {
      const { policy } = gateway;
      if (policy?.kind !== 'gateway') return [];
      return listAnsweredRanges(policy).map((answeredRange) => ({
        ...answeredRange,
        gateway,
        index,
        device: policy.device,
      }));
    })
    .sort(
      (a, b) =>
        compareValues(a.range.first, b.range.first) || compareValues(b.range.last, a.range.last) || a.index - b.index,
    );

/**
 * Returns ranges that overlap. Of two prefixes that overlap one lies in the other, so each is compared only with those
 * that enclose it.
 */
function findSharedRanges(ascending: readonly GatewayAnsweredRange[]): readonly SharedRange[] {
  const enclosingRanges: GatewayAnsweredRange[] = [];
  return ascending.flatMap((innerRange) => {
    while (enclosingRanges.length > 0 && enclosingRanges.at(-1)!.range.last < innerRange.range.first)
      enclosingRanges.pop();
    const sharedRanges = enclosingRanges
      .filter((outerRange) => outerRange.device !== innerRange.device && !isPair(outerRange, innerRange))
      .map((outerRange) =>
        outerRange.index < innerRange.index
          ? { first: outerRange, second: innerRange, smaller: innerRange }
          : { first: innerRange, second: outerRange, smaller: innerRange },
      );
    enclosingRanges.push(innerRange);
    return sharedRanges;
  });
}

/** Returns whether two ranges are shared on purpose. Two gateways with one own address are copies of one site. */
const isPair = ({ virtualIp }: AnsweredRange, { virtualIp: otherVirtualIp }: AnsweredRange): boolean =>
  virtualIp === undefined
    ? otherVirtualIp === undefined
    : virtualIp.carp !== undefined && virtualIp.carp.vhid === otherVirtualIp?.carp?.vhid;

const includesOwnAddress = ({ first: firstRange, second: secondRange }: SharedRange): boolean =>
  firstRange.virtualIp === undefined || secondRange.virtualIp === undefined;

const getPairKey = (sharedRange: SharedRange): string =>
  `${sharedRange.first.index} ${sharedRange.second.index} ${includesOwnAddress(sharedRange)}`;

function createFinding(sharedRanges: readonly [SharedRange, ...SharedRange[]]): Finding {
  const [firstShared] = sharedRanges;
  const { first: firstRange, second: secondRange } = firstShared;
  const printPlace = ({ gateway }: GatewayAnsweredRange): string =>
    `${gateway.name}, ${printVirtualIps(
      gateway,
      sharedRanges.map(({ smaller }) => smaller.range),
    )}`;
  const addresses = printList(sharedRanges.map(({ smaller }) => printRange(smaller.range)));
  return {
    where: `${printPlace(firstRange)} with ${printPlace(secondRange)}`,
    what: `Both ${firstRange.gateway.name} and ${secondRange.gateway.name} answer for ${addresses}: on one wire chance decides which of them gets a packet; on two, one of them gets none.`,
    instead: includesOwnAddress(firstShared)
      ? 'A virtual IP that no gateway has itself.'
      : 'The virtual IP on one of the two; or kind carp with one vhid on both, where they are a pair.',
  };
}
