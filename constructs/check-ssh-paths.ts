// Checks at synthesis that the releases of an App let the SSH connection of a delivery to a server pass, if it comes
// through a public address of a gateway or from a jump host. check-way-back.ts checks a direct connection to a device.
import { Connection, listHops } from '../lib/agent-protocol/release';
import { Address, getFamily, parseAddress, toRange, printPrefixes, printAddress } from '../lib/net/address';
import { NetworkInterface, getInterfaceNetworks, getSubnets } from '../lib/net/device';
import { Range, compareValues, contains, countAddresses } from '../lib/net/range';
import { GatewayPolicy, ServerPolicy } from '../lib/policy/policy';
import { Problem } from '../lib/problems/problem';
import { ReachedDevice } from './app-device';
import { isAnswered, allowsConnection, findAllowRules, findVirtualIpByAddress } from './check-way-back';

type ReachedGateways = readonly ReachedDevice<GatewayPolicy>[];

/**
 * Finds SSH connections to servers that these releases close: through a public address of a gateway, or from a jump
 * host. Host names aren't checked. A jump host outside the server's networks isn't either: it may reach the server by
 * any address.
 */
export function checkSshPaths(
  gateways: ReachedGateways,
  servers: readonly ReachedDevice<ServerPolicy>[],
): readonly Problem[] {
  // Servers behind one jump host have the same answer.
  const reasonsByHop = new Map<string, string | undefined>();
  const explainHop = (hop: Connection): string | undefined => {
    const key = `${hop.host} ${hop.port}`;
    if (!reasonsByHop.has(key)) reasonsByHop.set(key, explainNotTranslated(hop, gateways));
    return reasonsByHop.get(key);
  };
  return servers.flatMap((server) => {
    const location = `${server.device.where} connection`;
    const hopProblems = listHops(server.connection).flatMap((hop) => {
      const reason = hop.userConfiguration ? undefined : explainHop(hop);
      return reason === undefined ? [] : [createUnreachedSshProblem(location, hop, reason)];
    });
    return [...hopProblems, ...checkJump(location, server, gateways)];
  });
}

/**
 * Returns why a gateway translates no connection to its public address; undefined if it does, or if no gateway has the
 * address.
 */
function explainNotTranslated({ host, port }: Connection, gateways: ReachedGateways): string | undefined {
  const address = parseAddress(host);
  if (address === undefined) return undefined;
  for (const { device, policy } of gateways) {
    const vip = findVirtualIpByAddress(policy, address);
    if (!vip || isAnswered(vip, port)) continue;
    const mappings = policy.mappings.filter(({ enabled, external }) => enabled && contains(toRange(external), address));
    if (mappings.some(({ allowRules }) => findAllowRules(allowRules, port).length > 0)) continue;
    const reason = mappings[0] ? `its mapping ${mappings[0].name} opens that port to no source` : 'nothing leads it on';
    return `of ${device.where}, and ${reason}`;
  }
  return undefined;
}

function checkJump(
  location: string,
  { device, policy, connection }: ReachedDevice<ServerPolicy>,
  gateways: ReachedGateways,
): readonly Problem[] {
  const { host, port, jump } = connection;
  const address = parseAddress(host);
  const isKnown = jump && !jump.userConfiguration && !connection.userConfiguration;
  if (!isKnown || address === undefined || !policy.localAddresses.includes(address)) return [];
  const jumpGateway = gateways.find((gateway) => gateway.device.isBefore(device) && isJumpHost(gateway, jump));
  const source = jumpGateway
    ? findGatewaySource(jumpGateway.policy.interfaces, address)
    : findNeighborSource(policy, address, jump.host);
  return !source || allowsConnection(policy, port, source.networks)
    ? []
    : [createClosedProblem(location, jump.host, port, source)];
}

/** The source address of a jump host as a server sees it, and the networks of all its possible source addresses. */
interface JumpSource {
  readonly address: Address;
  readonly networks: readonly Range[];
}

/** Returns whether a gateway is the jump host. Behind another port there may be another host. */
function isJumpHost({ policy, connection }: ReachedDevice<GatewayPolicy>, { host, port }: Connection): boolean {
  const address = parseAddress(host);
  const isOwn = policy.interfaces.some(({ addresses }) =>
    addresses.some((interfaceAddress) => interfaceAddress.address === address),
  );
  return port === connection.port && (isOwn || (connection.host === host && !connection.userConfiguration));
}

/** Returns the gateway's address on the interface that the server is behind. */
function findGatewaySource(interfaces: readonly NetworkInterface[], server: Address): JumpSource | undefined {
  const [before] = interfaces
    .flatMap((networkInterface) =>
      getInterfaceNetworks(networkInterface).map((network) => ({ networkInterface, network })),
    )
    .filter(({ network }) => contains(network, server))
    .sort((a, b) => compareValues(countAddresses([a.network]), countAddresses([b.network])));
  const familyAddresses =
    before?.networkInterface.addresses.filter(({ address }) => getFamily(address) === getFamily(server)) ?? [];
  const [first] = familyAddresses;
  return first && { address: first.address, networks: getSubnets({ addresses: familyAddresses }) };
}

/** Returns the jump host's own address, if it is in a network of the server. */
function findNeighborSource({ interfaces }: ServerPolicy, server: Address, host: string): JumpSource | undefined {
  const address = parseAddress(host);
  if (address === undefined) return undefined;
  const networks = interfaces
    .flatMap(getSubnets)
    .filter((network) => contains(network, server) && contains(network, address));
  return networks.length > 0 ? { address, networks } : undefined;
}

const createUnreachedSshProblem = (where: string, { host, port }: Connection, reason: string): Problem => ({
  code: 'constructs/ssh-not-led-on',
  where,
  what: `SSH goes to ${host}, port ${port}, ${reason}: the delivery would lock itself out, and be rolled back.`,
  instead: `management: { from: [...], port: ${port} } in the profile of the server that has this public address; or another host, or a jump host.`,
});

const createClosedProblem = (
  where: string,
  jump: string,
  port: number,
  { address, networks }: JumpSource,
): Problem => ({
  code: 'constructs/ssh-closed-to-jump',
  where,
  what: `SSH comes by the jump host ${jump}, so out of ${printPrefixes(networks).join(', ')}, and the profile opens port ${port} to no source there: the delivery would lock itself out, and be rolled back.`,
  instead: `management: { from: [..., "${printAddress(address)}"], port: ${port} } in the profile; or that address in "trustedNetworks" of the server.`,
});
