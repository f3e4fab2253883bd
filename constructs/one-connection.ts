import { Connection } from '../lib/delivering/release';
import { parseAddress, prefixRange } from '../lib/net/address';
import { isPublic } from '../lib/net/private';
import { contains } from '../lib/net/range';
import { GatewayPolicy, Policy, ServerPolicy } from '../lib/policy/policy';
import { Problem } from '../lib/problems/problem';
import { Member, Reached } from './member';

/** One stack is applied from one place, so what it reaches by one way is one device; and no server is where its gateway is. */
export function oneConnections(gateways: readonly Reached<GatewayPolicy>[], servers: readonly Reached<ServerPolicy>[]): readonly Problem[] {
  const all: readonly Reached<Policy>[] = [...gateways, ...servers];
  const holders = holdersIn(gateways, servers);
  const ways = new Map<string, Reached<Policy>[]>();
  return all.flatMap((one) => {
    const way = wayTo(one.connection);
    const before = ways.get(way) ?? [];
    ways.set(way, [...before, one]);
    const same = before.find(({ device }) => isOther(device, one.device));
    if (same) return [oneConnection(one, `and that of ${same.device.where} too`)];
    const at = holderAt(one, holders);
    return at ? [oneConnection(one, at.said)] : [];
  });
}

/** A device where its address leads, by the port at which its own sshd is. */
interface Holder {
  readonly of: Reached<Policy>;
  readonly said: string;
  /** A host behind it may be what answers there, by a port forward of somebody's. */
  readonly isOutside: boolean;
}

function holdersIn(
  gateways: readonly Reached<GatewayPolicy>[],
  servers: readonly Reached<ServerPolicy>[],
): ReadonlyMap<bigint, readonly Holder[]> {
  const holders = new Map<bigint, Holder[]>();
  const add = (address: bigint, holder: Holder): void => void holders.set(address, [...(holders.get(address) ?? []), holder]);
  for (const of of gateways)
    for (const { role, addresses } of of.policy.interfaces)
      for (const { address } of addresses)
        add(address, { of, said: `an own address of ${of.device.where}`, isOutside: role === 'outside' });
  for (const of of servers) {
    for (const address of of.policy.localAddresses) add(address, { of, said: `an own address of ${of.device.where}`, isOutside: false });
    for (const { device, policy } of gateways) {
      if (!device.maps(of.device)) continue;
      for (const { enabled, peers, exclude, inside, outside, name } of policy.mappings) {
        if (!enabled || peers !== 'anywhere' || exclude.length > 0) continue;
        for (const local of of.policy.localAddresses)
          if (contains(prefixRange(inside), local))
            add(local - inside.first + outside.first, {
              of,
              said: `which ${device.placeOf(`mapping ${name}`)} leads to ${of.device.where}`,
              isOutside: false,
            });
      }
    }
  }
  return holders;
}

/** The other device that answers where SSH goes. Private addresses behind different jump hosts are of different hosts. */
function holderAt({ device, policy, connection }: Reached<Policy>, holders: ReadonlyMap<bigint, readonly Holder[]>): Holder | undefined {
  const address = connection.userConfiguration ? undefined : parseAddress(connection.host);
  if (address === undefined) return undefined;
  const found = (holders.get(address) ?? []).filter(({ of }) => of.connection.port === connection.port);
  if (found.some(({ of }) => of.device.device === device.device)) return undefined;
  return found.find(
    ({ of, isOutside }) =>
      isOther(of.device, device) &&
      !(isOutside && policy.kind === 'server') &&
      (isPublic(address) || jumpTo(of.connection) === jumpTo(connection)),
  );
}

const isOther = (one: Member, other: Member): boolean =>
  one.device !== other.device && (one.stack === other.stack || one.isBefore(other) || other.isBefore(one));

/** What tells two devices apart: private addresses alone, behind jump hosts, don't. */
const wayTo = (connection: Connection): string => `${connection.host} ${connection.port}${jumpTo(connection)}`;

const jumpTo = ({ jump }: Connection): string => (jump ? ` by ${wayTo(jump)}` : '');

const oneConnection = ({ device, connection: { host, port } }: Reached<Policy>, whose: string): Problem => ({
  code: 'constructs/one-connection',
  where: `${device.where} connection`,
  what: `SSH goes to ${host}, port ${port}, ${whose}: what is of this device would be loaded on that one.`,
  instead: 'host and hostKeys of its own; a server without a host is reached at its own address.',
});
