import { Address, isHost } from '../net/address';
import { networksOf } from '../net/device';
import { groupBy } from '../net/group-by';
import { Range, point } from '../net/range';
import { GatewayPolicy, Mapping, Openings, VirtualIp } from '../policy/policy';
import { NOT_HOSTS } from './gateway';

/** Hosts of one sort: the addresses of each, in the same order. */
type Sort = readonly (readonly Address[])[];

/**
 * The same policy with the mappings of the first host of each sort alone, where what it asks for doesn't tell apart hosts of one sort: each of
 * them is both sides of one mapping, and these differ in nothing but their addresses, which lie alike to whatever else is named. What is
 * asked for looks whether an address is in some set, of the destination by itself and of the source by itself, and never compares the two: so of a
 * packet of any hosts of a sort it asks what it asks of the same packet of the first. Undefined where that doesn't follow.
 */
export function withFirsts(policy: GatewayPolicy, sorts: readonly Sort[]): GatewayPolicy | undefined {
  const { mappings, virtualIps } = policy;
  if (!mappings.every(isOfHosts) || !virtualIps.every(({ outside }) => isHost(outside))) return undefined;
  const byOutside = groupBy(mappings, ({ outside }) => outside.first);
  const byInside = groupBy(mappings, ({ inside }) => inside.first);
  const virtual = groupBy(virtualIps, ({ outside }) => outside.first);
  const named = new Named(policy);
  const gone = new Set<Address>();
  /** The one mapping of a host, and the side that its first address is. */
  const mappingOf = ([one, other, ...more]: readonly Address[]): { readonly only: Mapping; readonly isOutside: boolean } | undefined => {
    if (one === undefined || other === undefined || more.length > 0) return undefined;
    const isOutside = byOutside.has(one);
    const [outside, inside] = isOutside ? [one, other] : [other, one];
    const [only, ...others] = byOutside.get(outside) ?? [];
    const isAlone = byInside.get(inside)?.length === 1 && !byOutside.has(inside) && !byInside.has(outside) && !virtual.has(inside);
    return only && others.length === 0 && isAlone && only.inside.first === inside ? { only, isOutside } : undefined;
  };
  const virtualIpOf = (mapping: Mapping): readonly VirtualIp[] => virtual.get(mapping.outside.first) ?? [];
  for (const sort of sorts) {
    const first = mappingOf(sort[0]!);
    if (!first) return undefined;
    for (const host of sort) {
      const its = mappingOf(host);
      if (!its || its.isOutside !== first.isOutside || !isAlike(its.only, first.only)) return undefined;
      if (!areAlike(virtualIpOf(its.only), virtualIpOf(first.only))) return undefined;
      if (host !== sort[0]) for (const address of host) gone.add(address);
    }
    if (!sort[0]!.every((_, role) => named.liesAlike(sort.map((host) => host[role]!)))) return undefined;
  }
  return {
    ...policy,
    mappings: mappings.filter(({ outside }) => !gone.has(outside.first)),
    virtualIps: virtualIps.filter(({ outside }) => !gone.has(outside.first)),
  };
}

const isOfHosts = ({ outside, inside }: Mapping): boolean => isHost(outside) && isHost(inside);

function isAlike(a: Mapping, b: Mapping): boolean {
  const plain = (one: Mapping): boolean => one.peers === 'anywhere' && one.exclude.length === 0;
  if (!plain(a) || !plain(b) || a.openings !== b.openings) return false;
  if (a.interface !== b.interface || a.inboundOnly !== b.inboundOnly || a.enabled !== b.enabled) return false;
  const [x, y] = [a.reflection, b.reflection];
  return x.mode === y.mode && x.globalHelper === y.globalHelper && x.from.join() === y.from.join();
}

const areAlike = (some: readonly VirtualIp[], others: readonly VirtualIp[]): boolean =>
  some.length === others.length &&
  some.every(({ kind, interface: on, answers }, i) => {
    const other = others[i]!;
    return kind === other.kind && on === other.interface && (answers === other.answers || (isNothing(answers) && isNothing(other.answers)));
  });

const isNothing = ({ entries, blocked }: Openings): boolean => entries.length === 0 && blocked.length === 0;

/** What a policy names besides the addresses of its mappings. */
class Named {
  private readonly alone = new Set<bigint>();
  private readonly ends: readonly bigint[];

  constructor({ interfaces, mappings, virtualIps }: GatewayPolicy) {
    const openings = new Set([...mappings, ...virtualIps].map((one) => ('answers' in one ? one.answers : one.openings)));
    const ends = new Set<bigint>();
    for (const range of [
      ...interfaces.flatMap((one) => [...networksOf(one), ...one.addresses.map(({ address }) => point(address))]),
      ...NOT_HOSTS,
      ...[...openings].flatMap(({ entries, blocked }) => [
        ...blocked,
        ...entries.flatMap(({ sources }) => (sources === 'anywhere' ? [] : sources)),
      ]),
      ...mappings.flatMap(({ peers, exclude }) => [
        ...rangesIn(peers),
        ...exclude.flatMap((one) => [...rangesIn(one.inside), ...rangesIn(one.peers)]),
      ]),
    ]) {
      if (range.first === range.last) this.alone.add(range.first);
      else ends.add(range.first).add(range.last + 1n);
    }
    this.ends = [...ends];
  }

  /** Whether none of these is named, and nothing that is begins or ends between them. */
  liesAlike(addresses: readonly bigint[]): boolean {
    let [least, greatest] = [addresses[0]!, addresses[0]!];
    for (const one of addresses) {
      if (this.alone.has(one)) return false;
      if (one < least) least = one;
      if (one > greatest) greatest = one;
    }
    return !this.ends.some((end) => least < end && end <= greatest);
  }
}

const rangesIn = (some: 'anywhere' | 'all' | readonly Range[]): readonly Range[] => (typeof some === 'string' ? [] : some);
