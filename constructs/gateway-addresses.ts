// Returns the problems of addresses for which two devices would answer: a virtual IP or public address that another
// gateway has on an interface, and a server's address that its gateway has.
import { Address, toRange, printAddress, printPrefix } from '../lib/net/address';
import { groupBy } from '../lib/net/group-by';
import { isPublic } from '../lib/net/private-networks';
import { Range, contains, toSingleRange } from '../lib/net/range';
import { GatewayPolicy, ServerPolicy } from '../lib/policy/policy';
import { Problem } from '../lib/problems/problem';
import { AppDevice, ReachedDevice } from './app-device';

/** An address of a gateway's interface. */
interface GatewayAddress {
  readonly device: AppDevice;
  readonly interfaceName: string;
  readonly isOutside: boolean;
  readonly address: Address;
}

const listGatewayAddresses = ({ device, policy }: ReachedDevice<GatewayPolicy>): readonly GatewayAddress[] =>
  policy.interfaces.flatMap(({ name, role, addresses }) =>
    addresses.map(({ address }) => ({ device, interfaceName: name, isOutside: role === 'outside', address })),
  );

/**
 * Finds virtual IPs and public interface addresses of a gateway that another gateway of the same stack has on an
 * interface. Other stacks may be copies with the same addresses, and two networks of one stack may have the same
 * private addresses.
 */
export function findTakenAddresses(gateways: readonly ReachedDevice<GatewayPolicy>[]): readonly Problem[] {
  const gatewayAddresses = gateways.flatMap(listGatewayAddresses);
  const findTaken = (device: AppDevice, range: Range, candidates = gatewayAddresses): GatewayAddress | undefined =>
    candidates.find(
      (gatewayAddress) =>
        gatewayAddress.device.stack === device.stack &&
        gatewayAddress.device.device !== device.device &&
        contains(range, gatewayAddress.address),
    );
  const virtualIpProblems = gateways.flatMap(({ device, policy }) =>
    policy.virtualIps.flatMap(({ name, external }) => {
      const takenAddress = findTaken(device, toRange(external));
      return takenAddress
        ? [createOtherGatewayAddressProblem(device.getPlace(`virtual IP ${name}`), printPrefix(external), takenAddress)]
        : [];
    }),
  );
  const interfaceProblems = gatewayAddresses.flatMap(({ device, interfaceName, isOutside, address }, index) => {
    const takenAddress =
      isOutside && isPublic(address)
        ? findTaken(device, toSingleRange(address), gatewayAddresses.slice(0, index))
        : undefined;
    return takenAddress
      ? [createOtherGatewayAddressProblem(`${device.where} ${interfaceName}`, printAddress(address), takenAddress)]
      : [];
  });
  return [...virtualIpProblems, ...interfaceProblems];
}

/**
 * Finds servers that have an interface address of their gateway. A gateway and a server with one device name may be the
 * same device.
 */
export function findServersOnGateways(
  gateways: readonly ReachedDevice<GatewayPolicy>[],
  servers: readonly ReachedDevice<ServerPolicy>[],
): readonly Problem[] {
  const gatewayAddressesByAddress = groupBy(gateways.flatMap(listGatewayAddresses), ({ address }) => address);
  return servers.flatMap(({ device: server, policy }) => {
    const isOfEarlierDevice = ({ device }: GatewayAddress): boolean =>
      device.device !== server.device && device.isBefore(server);
    const takenAddresses = policy.localAddresses.flatMap(
      (address) => gatewayAddressesByAddress.get(address)?.find(isOfEarlierDevice) ?? [],
    );
    return takenAddresses.map((gatewayAddress) =>
      createGatewayAddressProblem(`${server.where} addresses`, gatewayAddress),
    );
  });
}

const createOtherGatewayAddressProblem = (
  where: string,
  writtenText: string,
  { device, interfaceName, address }: GatewayAddress,
): Problem => ({
  code: 'constructs/address-of-other-gateway',
  where,
  what: `${writtenText}${writtenText === printAddress(address) ? ' is' : ` contains ${printAddress(address)},`} the own address of ${device.where} on ${interfaceName}: both would answer for it, and what is for the one, SSH too, would go to either.`,
  instead: 'A public address that no gateway has itself.',
});

const createGatewayAddressProblem = (where: string, { device, interfaceName, address }: GatewayAddress): Problem => ({
  code: 'constructs/address-of-gateway',
  where,
  what: `${printAddress(address)} is the own address of ${device.where} on ${interfaceName}: on one wire both would answer for it, and what is for the server would go to either.`,
  instead:
    'The address that the server itself has. Where this server is of another site than that gateway, each of them in a stack of its own.',
});
