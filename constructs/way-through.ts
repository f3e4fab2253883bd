import { Connection, hopsOf } from '../lib/agent-protocol/release';
import { Address, familyOf, parseAddress, prefixRange, prefixTexts, printAddress } from '../lib/net/address';
import { NetworkInterface, networksOf, subnetsOf } from '../lib/net/device';
import { Range, compared, contains, sizeOf } from '../lib/net/range';
import { GatewayPolicy, ServerPolicy } from '../lib/policy/policy';
import { Problem } from '../lib/problems/problem';
import { Reached } from './member';
import { isAnswered, letsIn, opening, virtualIpWith } from './way-back';

type Gateways = readonly Reached<GatewayPolicy>[];

/**
 * Ways to servers that these releases close themselves: through a gateway's public address, and from a jump host. Of names nothing is known, nor
 * of a jump host elsewhere: it may reach the server by any address.
 */
export function wayThroughProblems(gateways: Gateways, servers: readonly Reached<ServerPolicy>[]): readonly Problem[] {
  // Servers behind one jump host ask the same.
  const asked = new Map<string, string | undefined>();
  const whyNot = (hop: Connection): string | undefined => {
    const key = `${hop.host} ${hop.port}`;
    if (!asked.has(key)) asked.set(key, whyNotLedOn(hop, gateways));
    return asked.get(key);
  };
  return servers.flatMap((server) => {
    const where = `${server.device.where} connection`;
    const notLedOn = hopsOf(server.connection).flatMap((hop) => {
      const why = hop.userConfiguration ? undefined : whyNot(hop);
      return why === undefined ? [] : [ledNowhere(where, hop, why)];
    });
    return [...notLedOn, ...closedToJump(where, server, gateways)];
  });
}

/** Why nobody gets through by a gateway's public address. Undefined where somebody does, or it is none of theirs. */
function whyNotLedOn({ host, port }: Connection, gateways: Gateways): string | undefined {
  const address = parseAddress(host);
  if (address === undefined) return undefined;
  for (const { device, policy } of gateways) {
    const vip = virtualIpWith(policy, address);
    if (!vip || isAnswered(vip, port)) continue;
    const led = policy.mappings.filter(({ enabled, outside }) => enabled && contains(prefixRange(outside), address));
    if (led.some(({ openings }) => opening(openings, port).length > 0)) continue;
    const why = led[0] ? `its mapping ${led[0].name} opens that port to nobody` : 'nothing leads it on';
    return `of ${device.where}, and ${why}`;
  }
  return undefined;
}

function closedToJump(
  where: string,
  { device, policy, connection }: Reached<ServerPolicy>,
  gateways: Gateways,
): readonly Problem[] {
  const { host, port, jump } = connection;
  const address = parseAddress(host);
  const isKnown = jump && !jump.userConfiguration && !connection.userConfiguration;
  if (!isKnown || address === undefined || !policy.localAddresses.includes(address)) return [];
  const by = gateways.find((one) => one.device.isBefore(device) && isAt(one, jump));
  const from = by ? seenBefore(by.policy.interfaces, address) : seenBeside(policy, address, jump.host);
  return !from || letsIn(policy, port, from.networks) ? [] : [closed(where, jump.host, port, from)];
}

/** An address by which a server sees a jump host, and the networks of all by which it may. */
interface Seen {
  readonly address: Address;
  readonly networks: readonly Range[];
}

/** Whether a gateway is what answers there. Another port may be led on to another host. */
function isAt({ policy, connection }: Reached<GatewayPolicy>, { host, port }: Connection): boolean {
  const address = parseAddress(host);
  const isOwn = policy.interfaces.some(({ addresses }) => addresses.some((one) => one.address === address));
  return port === connection.port && (isOwn || (connection.host === host && !connection.userConfiguration));
}

/** A gateway has it on the interface behind which the server is. */
function seenBefore(interfaces: readonly NetworkInterface[], server: Address): Seen | undefined {
  const [before] = interfaces
    .flatMap((one) => networksOf(one).map((network) => ({ one, network })))
    .filter(({ network }) => contains(network, server))
    .sort((a, b) => compared(sizeOf([a.network]), sizeOf([b.network])));
  const own = before?.one.addresses.filter(({ address }) => familyOf(address) === familyOf(server)) ?? [];
  const [first] = own;
  return first && { address: first.address, networks: subnetsOf({ addresses: own }) };
}

/** Any other host where it is in a network of the server's. */
function seenBeside({ interfaces }: ServerPolicy, server: Address, host: string): Seen | undefined {
  const address = parseAddress(host);
  if (address === undefined) return undefined;
  const networks = interfaces.flatMap(subnetsOf).filter((one) => contains(one, server) && contains(one, address));
  return networks.length > 0 ? { address, networks } : undefined;
}

const ledNowhere = (where: string, { host, port }: Connection, why: string): Problem => ({
  code: 'constructs/ssh-not-led-on',
  where,
  what: `SSH goes to ${host}, port ${port}, ${why}: the delivery would lock itself out, and be undone.`,
  instead: `management: { from: [...], port: ${port} } in the profile of the server that has this public address; or another host, or a jump host.`,
});

const closed = (where: string, jump: string, port: number, { address, networks }: Seen): Problem => ({
  code: 'constructs/ssh-closed-to-jump',
  where,
  what: `SSH comes by the jump host ${jump}, so out of ${prefixTexts(networks).join(', ')}, and the profile opens port ${port} to nobody there: the delivery would lock itself out, and be undone.`,
  instead: `management: { from: [..., "${printAddress(address)}"], port: ${port} } in the profile; or that address in "inside" of the server.`,
});
