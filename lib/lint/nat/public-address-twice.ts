import { prefixRange, printPrefix } from '../../net/address';
import { gathered } from '../../net/gathered';
import { Range, compared } from '../../net/range';
import { GatewayPolicy, VirtualIp } from '../../policy/policy';
import { isPrivate, some } from '../addresses';
import { gatewaysOf } from '../owners';
import { namedVirtualIps } from '../places';
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
    when: "Found where virtual IPs of two devices, each of kind `ip-alias`, `carp` or `proxy-arp`, have a public address in common, whether a mapping uses it or not. Two of kind `carp` with one vhid share it on purpose. Kind `other` answers nobody: the provider's route decides. Private addresses may be the same at two places. A review finds it whatever servers they have. Where something else lets only one of the two answer, acknowledge it.",
    remedy: 'The virtual IP on one of the two; for a pair of gateways, kind `carp` with one vhid on both.',
    source: MANUAL,
  },
  find: (subject) => [...gathered(sharedIn(answeringIn(subject)), pairOf).values()].map(said),
};

/** Private addresses may be the same at two places, and for what is routed to a gateway nobody has to answer. */
export const publiclyAnswered = ({ virtualIps }: GatewayPolicy): readonly VirtualIp[] =>
  virtualIps.filter(({ kind, outside }) => kind !== 'other' && !isPrivate(outside.first));

/** A virtual IP of a gateway that answers for it. */
interface Answering {
  readonly gateway: SubjectOwner;
  /** Place of the gateway among all. */
  readonly at: number;
  readonly device: string;
  readonly virtualIp: VirtualIp;
  readonly range: Range;
}

/** One virtual IP in another, or as large, of another device: the gateway that comes first is `one`. */
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
      return publiclyAnswered(policy).map((virtualIp) => ({
        gateway,
        at,
        device: policy.device,
        virtualIp,
        range: prefixRange(virtualIp.outside),
      }));
    })
    .sort((a, b) => compared(a.range.first, b.range.first) || compared(b.range.last, a.range.last) || a.at - b.at);

/** Of two prefixes that overlap one lies in the other, so each is compared with those that it lies in alone. */
function sharedIn(ascending: readonly Answering[]): readonly Shared[] {
  const around: Answering[] = [];
  return ascending.flatMap((inner) => {
    while (around.length > 0 && around.at(-1)!.range.last < inner.range.first) around.pop();
    const shared = around
      .filter((outer) => outer.device !== inner.device && !isPair(outer.virtualIp, inner.virtualIp))
      .map((outer) => (outer.at < inner.at ? { one: outer, other: inner, inner } : { one: inner, other: outer, inner }));
    around.push(inner);
    return shared;
  });
}

const isPair = ({ carp: one }: VirtualIp, { carp: other }: VirtualIp): boolean =>
  one !== undefined && other !== undefined && one.vhid === other.vhid;

const pairOf = ({ one, other }: Shared): string => `${one.at} ${other.at}`;

function said(found: readonly [Shared, ...Shared[]]): Finding {
  const [{ one, other }] = found;
  const placed = ({ gateway }: Answering): string =>
    `${gateway.name}, ${namedVirtualIps(
      gateway,
      found.map(({ inner }) => inner.range),
    )}`;
  const addresses = some(found.map(({ inner }) => printPrefix(inner.virtualIp.outside)));
  return {
    where: `${placed(one)} with ${placed(other)}`,
    what: `Both ${one.gateway.name} and ${other.gateway.name} answer for ${addresses}: on one wire chance decides which of them gets a packet; on two, one of them gets none.`,
    instead: 'The virtual IP on one of the two; or kind carp with one vhid on both, where they are a pair.',
  };
}
