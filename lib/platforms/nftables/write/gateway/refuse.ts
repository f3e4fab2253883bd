import { familyOf, isHost, prefixRange } from '../../../../net/address';
import { Range, contains, overlap } from '../../../../net/range';
import { GatewayPolicy, VirtualIp } from '../../../../policy/policy';
import { Problem } from '../../../../problems/problem';
import { overlapping } from '../../../../writing/overlapping';
import { Part, peersMeet } from '../../../../writing/parts';
import { checkInterfaceNames } from '../names';
import * as problems from '../problems';
import { arrivals } from './model';
import { sortedBy } from './translation';

const isIp6 = ({ first }: { readonly first: bigint }): boolean => familyOf(first) === 'ip6';

/** Everything in the policy that nftables can't do, before anything is made of it. */
export function checkGateway(policy: GatewayPolicy, found: Problem[]): void {
  const known = new Set(policy.interfaces.map(({ name }) => name));
  const named = new Set(known);
  for (const mapping of policy.mappings) {
    const where = `mapping ${mapping.name}`;
    named.add(mapping.interface);
    if (isIp6(mapping.outside) || isIp6(mapping.inside)) found.push(problems.ipv6Mapping(where));
    else if (mapping.outside.length !== mapping.inside.length) found.push(problems.unequalSides(where));
    const { mode, from } = mapping.reflection;
    if (mode === 'nat-proxy') found.push(problems.natProxy(where));
    if (mode === 'system-default') found.push(problems.systemDefault(where));
    if (mode === 'pure-nat') for (const name of from) if (!known.has(name)) found.push(problems.unknownInterface(where, name));
  }
  const own = policy.interfaces.flatMap(({ addresses }) => addresses.map(({ address }) => address));
  for (const vip of policy.virtualIps) {
    named.add(vip.interface);
    checkVirtualIp(vip, own, found);
  }
  checkInterfaceNames(policy.device, named, found);
}

function checkVirtualIp(vip: VirtualIp, own: readonly bigint[], found: Problem[]): void {
  const where = `virtual IP ${vip.name}`;
  if (isIp6(vip.outside)) found.push(problems.ipv6VirtualIp(where));
  const range = prefixRange(vip.outside);
  const ours = own.filter((address) => contains(range, address));
  switch (vip.kind) {
    case 'carp':
      found.push(problems.carp(where));
      return;
    case 'ip-alias':
      if (range.last - range.first >= 256n) found.push(problems.tooManyAliases(where, vip.outside));
      for (const address of ours) found.push(problems.aliasIsOwn(where, address as typeof vip.outside.first));
      return;
    case 'proxy-arp':
    case 'other':
      if (vip.answers.entries.length > 0 && !(isHost(vip.outside) && ours.length > 0)) found.push(problems.answersNotLocal(where));
      return;
    default:
      return vip.kind satisfies never;
  }
}

/** What can't be told apart once it is translated. */
export function checkParts(policy: GatewayPolicy, parts: readonly Part[], publics: readonly Range[], found: Problem[]): void {
  const own = policy.interfaces
    .flatMap(({ addresses }) => addresses.map(({ address }) => address))
    .filter((address) => familyOf(address) === 'ip');
  const meets = overlapping(publics.map((range) => ({ range })));
  for (const part of parts) {
    const range = prefixRange(part.inside);
    if (meets(range)) found.push(problems.insideIsPublic(`mapping ${part.mapping.name}`, part.inside));
    for (const address of own)
      if (contains(range, address)) found.push(problems.insideIsTheGateway(`mapping ${part.mapping.name}`, address));
  }
  const twins = (side: 'inside' | 'outside', among: readonly Part[], meet: (a: Part, b: Part) => boolean): void => {
    const told = new Set<string>();
    let chain: Part[] = [];
    for (const part of sortedBy(among, side)) {
      const range = prefixRange(part[side]);
      if (chain.length > 0) chain = chain.filter((other) => overlap(prefixRange(other[side]), range) !== undefined);
      const twin = chain.find((other) => other.mapping !== part.mapping && meet(part, other));
      if (twin && !told.has(part.mapping.name)) {
        told.add(part.mapping.name);
        const say = side === 'outside' ? problems.twoInside : problems.twoOutside;
        found.push(say(`mapping ${part.mapping.name}`, `mapping ${twin.mapping.name}`));
      }
      chain.push(part);
    }
  };
  const sameRank = (a: Part, b: Part): boolean =>
    (a.mapping.peers === 'anywhere') === (b.mapping.peers === 'anywhere') && peersMeet(a.peers, b.peers);
  twins('outside', parts, (a, b) => sameRank(a, b) && arrivals(a.mapping).some((name) => arrivals(b.mapping).includes(name)));
  twins(
    'inside',
    parts.filter(({ mapping }) => !mapping.inboundOnly),
    (a, b) => sameRank(a, b) && a.mapping.interface === b.mapping.interface,
  );
}
