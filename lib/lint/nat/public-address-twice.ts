import { prefixRange, printRange } from '../../net/address';
import { groupBy } from '../../net/group-by';
import { Range, compared, point } from '../../net/range';
import { GatewayPolicy, VirtualIp } from '../../policy/policy';
import { isPrivate, some } from '../addresses';
import { gatewaysOf } from '../owners';
import { namedVirtualIps } from '../per-owner';
import { Finding, LintRule } from '../rule';
import { Subject, SubjectOwner } from '../subject';
import { MANUAL } from '../sources';

export const publicAddressTwice: LintRule = {
  code: 'nat/public-address-twice',
  severity: 'warning',
  title: 'Two gateways answer for one public address',
  decidedBy: 'intent',
  explanation: {
    why: 'Where two gateways on one wire have the same virtual IP, both answer ARP for it, and which of them gets a packet changes by chance. On two wires the address is led to one of them, and what the other does with it is for nothing.',
    when: "Found where virtual IPs of two devices, each of kind `ip-alias`, `carp` or `proxy-arp`, have a public address in common, whether a mapping uses it or not; or where such a virtual IP is the own address that another device has outside: what is for that gateway, SSH too, goes to either. Two of kind `carp` with one vhid share it on purpose. Kind `other` answers nobody: the provider's route decides. Private addresses may be the same at two places. A review finds it whatever servers they have. Where something else lets only one of the two answer, acknowledge it.",
    remedy:
      "The virtual IP on one of the two, and none that is a gateway's own; for a pair of gateways, kind `carp` with one vhid on both.",
    source: MANUAL,
  },
  find: (subject) => [...groupBy(sharedIn(answeringIn(subject)), pairOf).values()].map(said),
};

/** Private addresses may be the same at two places, and for what is routed to a gateway nobody has to answer. */
export function publiclyAnswered({ virtualIps, interfaces }: GatewayPolicy): readonly Answered[] {
  const answered = virtualIps.flatMap((virtualIp): Answered[] =>
    virtualIp.kind === 'other' ? [] : [{ virtualIp, range: prefixRange(virtualIp.outside) }],
  );
  const own = interfaces.flatMap(({ role, addresses }): readonly Answered[] =>
    role === 'outside' ? addresses.map(({ address }) => ({ range: point(address) })) : [],
  );
  return [...answered, ...own].filter(({ range }) => !isPrivate(range.first));
}

/** A virtual IP; none is it where a gateway has the address itself. */
export interface Answered {
  readonly range: Range;
  readonly virtualIp?: VirtualIp;
}

/** What a gateway answers for. */
interface Answering extends Answered {
  readonly gateway: SubjectOwner;
  /** Place of the gateway among all. */
  readonly at: number;
  readonly device: string;
}

/** One virtual IP in another, or as large, of another device, or an own address in one: the gateway that comes first is `one`. */
interface Shared {
  readonly one: Answering;
  readonly other: Answering;
  /** The smaller of the two. */
  readonly inner: Answering;
}

/** By first address, the larger first. */
const answeringIn = (subject: Subject): readonly Answering[] =>
  gatewaysOf(subject)
    .flatMap((gateway, at) => {
      const { policy } = gateway;
      if (policy?.kind !== 'gateway') return [];
      return publiclyAnswered(policy).map((answered) => ({ ...answered, gateway, at, device: policy.device }));
    })
    .sort((a, b) => compared(a.range.first, b.range.first) || compared(b.range.last, a.range.last) || a.at - b.at);

/** Of two prefixes that overlap one lies in the other, so each is compared with those that it lies in alone. */
function sharedIn(ascending: readonly Answering[]): readonly Shared[] {
  const around: Answering[] = [];
  return ascending.flatMap((inner) => {
    while (around.length > 0 && around.at(-1)!.range.last < inner.range.first) around.pop();
    const shared = around
      .filter((outer) => outer.device !== inner.device && !isPair(outer, inner))
      .map((outer) =>
        outer.at < inner.at ? { one: outer, other: inner, inner } : { one: inner, other: outer, inner },
      );
    around.push(inner);
    return shared;
  });
}

/** Two with one own address are copies of one site. */
const isPair = ({ virtualIp: one }: Answered, { virtualIp: other }: Answered): boolean =>
  one === undefined ? other === undefined : one.carp !== undefined && one.carp.vhid === other?.carp?.vhid;

const isOwn = ({ one, other }: Shared): boolean => one.virtualIp === undefined || other.virtualIp === undefined;

const pairOf = (shared: Shared): string => `${shared.one.at} ${shared.other.at} ${isOwn(shared)}`;

function said(found: readonly [Shared, ...Shared[]]): Finding {
  const [first] = found;
  const { one, other } = first;
  const placed = ({ gateway }: Answering): string =>
    `${gateway.name}, ${namedVirtualIps(
      gateway,
      found.map(({ inner }) => inner.range),
    )}`;
  const addresses = some(found.map(({ inner }) => printRange(inner.range)));
  return {
    where: `${placed(one)} with ${placed(other)}`,
    what: `Both ${one.gateway.name} and ${other.gateway.name} answer for ${addresses}: on one wire chance decides which of them gets a packet; on two, one of them gets none.`,
    instead: isOwn(first)
      ? 'A virtual IP that no gateway has itself.'
      : 'The virtual IP on one of the two; or kind carp with one vhid on both, where they are a pair.',
  };
}
