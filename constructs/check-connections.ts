// Returns a problem for each device of an App whose SSH connection ends at another device of it.

import { Connection } from '../lib/agent-protocol/release';
import { Address, parseAddress, toRange } from '../lib/net/address';
import { groupBy } from '../lib/net/group-by';
import { isPublic } from '../lib/net/private-networks';
import { contains } from '../lib/net/range';
import { GatewayPolicy, Policy, ServerPolicy } from '../lib/policy/policy';
import { Problem } from '../lib/problems/problem';
import { AppDevice, ReachedDevice } from './app-device';

/**
 * Finds devices whose SSH connection ends at another device of the app. A stack is applied from one place, so two
 * connections over one path reach one device. A server is never reached at an address of its gateway.
 */
export function checkConnections(
  gateways: readonly ReachedDevice<GatewayPolicy>[],
  servers: readonly ReachedDevice<ServerPolicy>[],
): readonly Problem[] {
  const devices: readonly ReachedDevice<Policy>[] = [...gateways, ...servers];
  const endpointsByAddress = groupBy(listEndpoints(gateways, servers), ({ address }) => address);
  const devicesByRoute = new Map<string, ReachedDevice<Policy>[]>();
  return devices.flatMap((reachedDevice) => {
    const route = getWay(reachedDevice.connection);
    const before = devicesByRoute.get(route) ?? [];
    devicesByRoute.set(route, [...before, reachedDevice]);
    const otherDevice = before.find(({ device }) => isOtherDevice(device, reachedDevice.device));
    if (otherDevice) return [createOneConnectionProblem(reachedDevice, `and that of ${otherDevice.device.where} too`)];
    const endpoint = findEndpoint(reachedDevice, endpointsByAddress);
    return endpoint ? [createOneConnectionProblem(reachedDevice, endpoint.description)] : [];
  });
}

/** An address and port at which the sshd of a device answers. */
interface SshEndpoint {
  readonly address: Address;
  readonly reachedDevice: ReachedDevice<Policy>;
  readonly description: string;
  /** True for an outside address of a gateway: a port forward may send the connection to a host behind it. */
  readonly isOutside: boolean;
}

function listEndpoints(
  gateways: readonly ReachedDevice<GatewayPolicy>[],
  servers: readonly ReachedDevice<ServerPolicy>[],
): readonly SshEndpoint[] {
  const createEndpoint = (reachedDevice: ReachedDevice<Policy>, address: Address, isOutside = false): SshEndpoint => {
    return {
      address,
      reachedDevice,
      description: `an own address of ${reachedDevice.device.where}`,
      isOutside,
    };
  };
  return [
    ...gateways.flatMap((gateway) =>
      gateway.policy.interfaces.flatMap(({ role, addresses }) =>
        addresses.map(({ address }) => createEndpoint(gateway, address, role === 'outside')),
      ),
    ),
    ...servers.flatMap((server) => [
      ...server.policy.localAddresses.map((address) => createEndpoint(server, address)),
      ...gateways
        .filter(({ device }) => device.maps(server.device))
        .flatMap((gateway) => listTranslatedEndpoints(server, gateway)),
    ]),
  ];
}

/** Returns the public addresses that a gateway translates to a server for all peers. */
function listTranslatedEndpoints(
  server: ReachedDevice<ServerPolicy>,
  { device, policy }: ReachedDevice<GatewayPolicy>,
): readonly SshEndpoint[] {
  const unrestrictedMappings = policy.mappings.filter(
    ({ enabled, peers, exclude }) => enabled && peers === 'anywhere' && exclude.length === 0,
  );
  return unrestrictedMappings.flatMap(({ internal, external, name }) =>
    server.policy.localAddresses
      .filter((localAddress) => contains(toRange(internal), localAddress))
      .map((localAddress) => ({
        address: (localAddress - internal.first + external.first) as Address,
        reachedDevice: server,
        description: `which ${device.getPlace(`mapping ${name}`)} leads to ${server.device.where}`,
        isOutside: false,
      })),
  );
}

/**
 * Returns the other device that answers at the connection's address. Behind different jump hosts the same private
 * address is another device.
 */
function findEndpoint(
  { device, policy, connection }: ReachedDevice<Policy>,
  endpointsByAddress: ReadonlyMap<Address, readonly SshEndpoint[]>,
): SshEndpoint | undefined {
  const address = connection.userConfiguration ? undefined : parseAddress(connection.host);
  if (address === undefined) return undefined;
  const endpoints = (endpointsByAddress.get(address) ?? []).filter(
    ({ reachedDevice }) => reachedDevice.connection.port === connection.port,
  );
  if (endpoints.some(({ reachedDevice }) => reachedDevice.device.device === device.device)) return undefined;
  return endpoints.find(
    ({ reachedDevice, isOutside }) =>
      isOtherDevice(reachedDevice.device, device) &&
      !(isOutside && policy.kind === 'server') &&
      (isPublic(address) || getJump(reachedDevice.connection) === getJump(connection)),
  );
}

const isOtherDevice = (first: AppDevice, second: AppDevice): boolean =>
  first.device !== second.device && (first.stack === second.stack || first.isBefore(second) || second.isBefore(first));

/**
 * Returns the key of a device's SSH path, jump hosts included: behind different jump hosts the same private address is
 * another device.
 */
const getWay = (connection: Connection): string => `${connection.host} ${connection.port}${getJump(connection)}`;

const getJump = ({ jump }: Connection): string => (jump ? ` by ${getWay(jump)}` : '');

const createOneConnectionProblem = (
  { device, connection: { host, port } }: ReachedDevice<Policy>,
  otherText: string,
): Problem => ({
  code: 'constructs/one-connection',
  where: `${device.where} connection`,
  what: `SSH goes to ${host}, port ${port}, ${otherText}: what is of this device would be loaded on that one.`,
  instead: 'host and hostKeys of its own; a server without a host is reached at its own address.',
});
