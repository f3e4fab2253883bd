import { familyOf, isHost, networkOf, prefixRange } from '../../../net/address';
import { contains } from '../../../net/range';
import { GatewayPolicy, Mapping, VirtualIp } from '../../../policy/policy';
import { Problem } from '../../../problems/problem';
import { overlapping } from '../../../writing/overlapping';
import { Part } from '../../../writing/parts';
import { LONGEST_OWNER } from './names';
import * as problems from './problems';

const isIp6 = ({ first }: { readonly first: bigint }): boolean => familyOf(first) === 'ip6';

/** What names can't be, before anything is looked up by them. */
export function checkNames({ device, owner, interfaces, virtualIps, mappings }: GatewayPolicy, found: Problem[]): void {
  if (!/^[a-z0-9-]+$/.test(owner) || owner.length > LONGEST_OWNER) found.push(problems.ownerName(device, owner, LONGEST_OWNER));
  const names = new Set([...interfaces.map(({ name }) => name), ...[...virtualIps, ...mappings].map((one) => one.interface)]);
  for (const name of names) if (!/^[A-Za-z0-9._]{1,15}$/.test(name)) found.push(problems.interfaceName(device, name));
}

const MOST_ADDRESSES = 256n;

export function checkVirtualIp(vip: VirtualIp, { interfaces }: GatewayPolicy, found: Problem[]): void {
  const where = `virtual IP ${vip.name}`;
  if (isIp6(vip.outside)) return void found.push(problems.ipv6VirtualIp(where));
  const range = prefixRange(vip.outside);
  for (const { name, addresses } of interfaces)
    if (addresses.some(({ address }) => contains(range, address))) found.push(problems.ownAddress(where, name));
  switch (vip.kind) {
    case 'carp':
    case 'ip-alias': {
      const network = prefixRange(networkOf(vip.outside.first, vip.mask));
      if (vip.mask < 31 && (contains(range, network.first) || contains(range, network.last))) found.push(problems.network(where, vip.mask));
      if (vip.kind === 'carp' && (!isHost(vip.outside) || !vip.carp)) found.push(problems.carpSingle(where));
      else if (range.last - range.first >= MOST_ADDRESSES) found.push(problems.tooManyAliases(where, vip.outside));
      return;
    }
    case 'proxy-arp':
    case 'other': {
      if (vip.answers.entries.length > 0) found.push(problems.answersNotLocal(where));
      const on = interfaces.find(({ name }) => name === vip.interface);
      if (vip.kind === 'proxy-arp' && on && !on.addresses.some(({ address }) => familyOf(address) === 'ip'))
        found.push(problems.proxyArpAlone(where, vip.interface));
      return;
    }
    default:
      return vip.kind satisfies never;
  }
}

/** Whether its two sides can be a 1:1 entry at all. */
export function canTranslate({ name, outside, inside }: Mapping, found: Problem[]): boolean {
  const where = `mapping ${name}`;
  const problem =
    isIp6(outside) || isIp6(inside)
      ? problems.ipv6Mapping(where)
      : outside.length !== inside.length
        ? problems.unequalSides(where)
        : [outside, inside].some((side) => networkOf(side.first, side.length).first !== side.first)
          ? problems.unaligned(where)
          : undefined;
  if (problem) found.push(problem);
  return problem === undefined;
}

/** What can't be translated because of what the addresses are. */
export function checkSides(parts: readonly Part[], { interfaces, mappings, virtualIps }: GatewayPolicy, found: Problem[]): void {
  const own = interfaces.flatMap(({ name, addresses }) => addresses.map(({ address }) => ({ name, address })));
  const publics = [...mappings, ...virtualIps].filter((one) => !isIp6(one.outside));
  const meets = overlapping(publics.map(({ outside }) => ({ range: prefixRange(outside) })));
  for (const { mapping, inside, outside } of parts) {
    const where = `mapping ${mapping.name}`;
    const within = prefixRange(inside);
    for (const { name, address } of own) if (contains(prefixRange(outside), address)) found.push(problems.ownAddress(where, name));
    if (own.some(({ address }) => contains(within, address))) found.push(problems.insideIsTheGateway(where, inside));
    if (meets(within)) found.push(problems.insideIsPublic(where, inside));
  }
}
