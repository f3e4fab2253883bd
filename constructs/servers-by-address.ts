// Returns a problem for each mapping whose internal address is written as text although a server of the App has that
// address.

import { Construct } from 'constructs';
import { Address, isHost, printAddress } from '../lib/net/address';
import { GatewayPolicy, ServerPolicy } from '../lib/policy/policy';
import { Problem } from '../lib/problems/problem';
import { AppDevice, ReachedDevice } from './app-device';

/**
 * Finds mappings whose internal address is a text although a server has that address. The gateway then doesn't open the
 * server's profile, and the server doesn't know its public address. A subnet can't name its servers, so it isn't
 * checked. A stack that may be another site isn't either: another host may have the address there.
 */
export function findServersByAddress(
  gateways: readonly ReachedDevice<GatewayPolicy>[],
  servers: readonly ReachedDevice<ServerPolicy>[],
): readonly Problem[] {
  const gatewaysByStack = new Map<Construct, Set<AppDevice>>();
  for (const { device: gateway } of gateways)
    for (const { device: server } of servers)
      if (gateway.isBefore(server))
        gatewaysByStack.set(server.stack, (gatewaysByStack.get(server.stack) ?? new Set()).add(gateway));
  /** Returns whether this gateway, and no other, is before servers of that stack. */
  const isAlone = (gateway: AppDevice, stack: Construct): boolean =>
    gatewaysByStack.get(stack)?.size === 1 && gatewaysByStack.get(stack)!.has(gateway);
  return gateways.flatMap(({ device: gateway, policy: { mappings } }) => {
    const serversBehind = servers.filter(
      ({ device }) => !gateway.maps(device) && (gateway.isBefore(device) || isAlone(gateway, device.stack)),
    );
    const serversByAddress = new Map(
      serversBehind.flatMap(({ device, policy: { localAddresses } }) =>
        localAddresses.map((localAddress) => [localAddress, { device, localAddresses }]),
      ),
    );
    // Two servers with one address have a problem of their own: the mapping may name the other one.
    const namedAddresses = new Set(
      servers.flatMap(({ device, policy }) => (gateway.maps(device) ? policy.localAddresses : [])),
    );
    return mappings.flatMap(({ name, internal }) => {
      const namedServer =
        isHost(internal) && !namedAddresses.has(internal.first) ? serversByAddress.get(internal.first) : undefined;
      return namedServer
        ? [
            createAddressAsTextProblem(
              gateway.getPlace(`mapping ${name}`),
              internal.first,
              namedServer.device,
              namedServer.localAddresses,
            ),
          ]
        : [];
    });
  });
}

function createAddressAsTextProblem(
  where: string,
  address: Address,
  server: AppDevice,
  { length }: readonly Address[],
): Problem {
  const text = printAddress(address);
  return {
    code: 'constructs/server-by-address',
    where: `${where} internal`,
    what: `${text} is ${server.where}, and stands here as a text: the gateway opens nothing of its profile, and the server doesn't know this public address of its own.`,
    instead: `${length > 1 ? `{ server, address: "${text}" }` : 'The CpanelServer itself'} in place of the text. Where a host of another site is meant, what is of that site in a stack of its own.`,
  };
}
