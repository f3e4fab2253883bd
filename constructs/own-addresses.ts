import { Address, prefixRange, printAddress, printPrefix } from '../lib/net/address';
import { groupBy } from '../lib/net/group-by';
import { isPublic } from '../lib/net/private';
import { Range, contains, point } from '../lib/net/range';
import { GatewayPolicy, ServerPolicy } from '../lib/policy/policy';
import { Problem } from '../lib/problems/problem';
import { Member, Reached } from './member';

/** An address that a gateway has on an interface. */
interface Own {
  readonly device: Member;
  readonly on: string;
  readonly isOutside: boolean;
  readonly address: Address;
}

const ownOf = ({ device, policy }: Reached<GatewayPolicy>): readonly Own[] =>
  policy.interfaces.flatMap(({ name, role, addresses }) =>
    addresses.map(({ address }) => ({ device, on: name, isOutside: role === 'outside', address })),
  );

/**
 * Virtual IPs of a gateway, and its own addresses in the internet, that another one of its stack has on an interface. Stacks may be copies of each
 * other, of one set of addresses, and two networks of one stack may number alike inside.
 */
export function takenFromOthers(gateways: readonly Reached<GatewayPolicy>[]): readonly Problem[] {
  const own = gateways.flatMap(ownOf);
  const takenFrom = (device: Member, range: Range, all = own): Own | undefined =>
    all.find(
      (one) => one.device.stack === device.stack && one.device.device !== device.device && contains(range, one.address),
    );
  const ofVirtualIps = gateways.flatMap(({ device, policy }) =>
    policy.virtualIps.flatMap(({ name, outside }) => {
      const taken = takenFrom(device, prefixRange(outside));
      return taken ? [ofOther(device.placeOf(`virtual IP ${name}`), printPrefix(outside), taken)] : [];
    }),
  );
  const ofInterfaces = own.flatMap(({ device, on, isOutside, address }, at) => {
    const taken = isOutside && isPublic(address) ? takenFrom(device, point(address), own.slice(0, at)) : undefined;
    return taken ? [ofOther(`${device.where} ${on}`, printAddress(address), taken)] : [];
  });
  return [...ofVirtualIps, ...ofInterfaces];
}

/** Servers with an own address of a gateway before them. One device may be both, by one name. */
export function serversOnGateways(
  gateways: readonly Reached<GatewayPolicy>[],
  servers: readonly Reached<ServerPolicy>[],
): readonly Problem[] {
  const byAddress = groupBy(gateways.flatMap(ownOf), ({ address }) => address);
  return servers.flatMap(({ device: server, policy }) => {
    const isIts = ({ device }: Own): boolean => device.device !== server.device && device.isBefore(server);
    const taken = policy.localAddresses.flatMap((address) => byAddress.get(address)?.find(isIts) ?? []);
    return taken.map((own) => ofGateway(`${server.where} addresses`, own));
  });
}

const ofOther = (where: string, wrote: string, { device, on, address }: Own): Problem => ({
  code: 'constructs/address-of-other-gateway',
  where,
  what: `${wrote}${wrote === printAddress(address) ? ' is' : ` contains ${printAddress(address)},`} the own address of ${device.where} on ${on}: both would answer for it, and what is for the one, SSH too, would go to either.`,
  instead: 'A public address that no gateway has itself.',
});

const ofGateway = (where: string, { device, on, address }: Own): Problem => ({
  code: 'constructs/address-of-gateway',
  where,
  what: `${printAddress(address)} is the own address of ${device.where} on ${on}: on one wire both would answer for it, and what is for the server would go to either.`,
  instead:
    'The address that the server itself has. Where this server is of another site than that gateway, each of them in a stack of its own.',
});
