// Returns the problems of prefix lengths that differ between a server's addresses and the gateway's interfaces in the
// same network, such as 10.0.0.10/16 on the server and 10.0.0.1/24 on the gateway.

import { toHostPrefix, isHost, getNetwork, toRange, printAddress, printPrefix } from '../net/address';
import { NetworkInterface } from '../net/device';
import { covers } from '../net/range';
import { Problem } from '../problems/problem';
import { ParsedInterface } from './interfaces';
import * as say from './problems/gateway-problems';

type AddressWithLength = NetworkInterface['addresses'][number];

/** Returns a problem for each server address whose network length differs from the gateway's in the same network. */
export function findNetworkMismatches(
  where: string,
  server: readonly NetworkInterface[],
  gateway: readonly ParsedInterface[],
): readonly Problem[] {
  const serverAddresses = server.flatMap(({ addresses }) => addresses);
  return serverAddresses.flatMap((address): readonly Problem[] => {
    // An alias is written with the length of one address, which says nothing about its network.
    const gatewayNeighbour = isHost(getNetwork(address.address, address.length))
      ? undefined
      : findNeighbour(address, gateway);
    if (!gatewayNeighbour || gatewayNeighbour.gatewayAddress.length === address.length) return [];
    const neighbourText = `${gatewayNeighbour.name} of the gateway that maps it (${printWithLength(gatewayNeighbour.gatewayAddress)})`;
    return [
      say.describeNetworkMismatch(
        where,
        printWithLength(address),
        printNetwork(address),
        neighbourText,
        printNetwork(gatewayNeighbour.gatewayAddress),
      ),
    ];
  });
}

/**
 * Returns the gateway's address in the smallest network that has the server. Returns undefined if a route has a longer
 * prefix.
 */
function findNeighbour(
  { address }: AddressWithLength,
  gateway: readonly ParsedInterface[],
): { readonly name: string; readonly gatewayAddress: AddressWithLength } | undefined {
  const containsAddress = (prefix: ReturnType<typeof getNetwork>): boolean =>
    covers(toRange(prefix), toRange(toHostPrefix(address)));
  const [closestNeighbour] = gateway
    .flatMap(({ networkInterface }) =>
      networkInterface.addresses.map((gatewayAddress) => ({ name: networkInterface.name, gatewayAddress })),
    )
    .filter(({ gatewayAddress }) => containsAddress(getNetwork(gatewayAddress.address, gatewayAddress.length)))
    .sort((a, b) => b.gatewayAddress.length - a.gatewayAddress.length);
  const routes = gateway.flatMap(({ networkInterface }) => networkInterface.routes).filter(containsAddress);
  return closestNeighbour && routes.every(({ length }) => length <= closestNeighbour.gatewayAddress.length)
    ? closestNeighbour
    : undefined;
}

const printNetwork = ({ address, length }: AddressWithLength): string => printPrefix(getNetwork(address, length));
const printWithLength = ({ address, length }: AddressWithLength): string => `${printAddress(address)}/${length}`;
