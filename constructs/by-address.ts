import { TerraformStack } from 'cdktf';
import { Address, isHost, printAddress } from '../lib/net/address';
import { GatewayPolicy, ServerPolicy } from '../lib/policy/policy';
import { Problem } from '../lib/problems/problem';
import { Member, Reached } from './member';

/**
 * Servers whose address a gateway's mapping has as a text: the gateway then opens nothing of their profile, and they don't know the public address.
 * A subnet can't name its servers. Of a stack that may be another site's, where another host may have the address, nothing is said.
 */
export function serversByAddress(
  gateways: readonly Reached<GatewayPolicy>[],
  servers: readonly Reached<ServerPolicy>[],
): readonly Problem[] {
  const before = new Map<TerraformStack, Set<Member>>();
  for (const { device: gateway } of gateways)
    for (const { device: server } of servers)
      if (gateway.isBefore(server)) before.set(server.stack, (before.get(server.stack) ?? new Set()).add(gateway));
  /** Whether it is before servers of that stack, and no other gateway is. */
  const isAlone = (gateway: Member, stack: TerraformStack): boolean =>
    before.get(stack)?.size === 1 && before.get(stack)!.has(gateway);
  return gateways.flatMap(({ device: gateway, policy: { mappings } }) => {
    const near = servers.filter(
      ({ device }) => !gateway.maps(device) && (gateway.isBefore(device) || isAlone(gateway, device.stack)),
    );
    const byAddress = new Map(
      near.flatMap(({ device, policy: { localAddresses } }) =>
        localAddresses.map((one) => [one, { device, localAddresses }]),
      ),
    );
    // Two that have one address are told of elsewhere: the mapping may stand there as the other one.
    const named = new Set(servers.flatMap(({ device, policy }) => (gateway.maps(device) ? policy.localAddresses : [])));
    return mappings.flatMap(({ name, inside }) => {
      const found = isHost(inside) && !named.has(inside.first) ? byAddress.get(inside.first) : undefined;
      return found
        ? [byText(gateway.placeOf(`mapping ${name}`), inside.first, found.device, found.localAddresses)]
        : [];
    });
  });
}

function byText(where: string, address: Address, server: Member, { length }: readonly Address[]): Problem {
  const text = printAddress(address);
  return {
    code: 'constructs/server-by-address',
    where: `${where} inside`,
    what: `${text} is ${server.where}, and stands here as a text: the gateway opens nothing of its profile, and the server doesn't know this public address of its own.`,
    instead: `${length > 1 ? `{ server, address: "${text}" }` : 'The CpanelServer itself'} in place of the text. Where a host of another site is meant, what is of that site in a stack of its own.`,
  };
}
