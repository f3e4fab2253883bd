import { Connection } from '../lib/agent-protocol/release';
import { Address, parseAddress, prefixRange } from '../lib/net/address';
import { groupBy } from '../lib/net/group-by';
import { isPublic } from '../lib/net/private';
import { contains } from '../lib/net/range';
import { GatewayPolicy, Policy, ServerPolicy } from '../lib/policy/policy';
import { Problem } from '../lib/problems/problem';
import { Member, Reached } from './member';

/** One stack is applied from one place, so what it reaches by one way is one device; and no server is where its gateway is. */
export function oneConnections(
  gateways: readonly Reached<GatewayPolicy>[],
  servers: readonly Reached<ServerPolicy>[],
): readonly Problem[] {
  const all: readonly Reached<Policy>[] = [...gateways, ...servers];
  const holders = groupBy(holdersIn(gateways, servers), ({ address }) => address);
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
  readonly address: Address;
  readonly of: Reached<Policy>;
  readonly said: string;
  /** A host behind it may be what answers there, by a port forward of somebody's. */
  readonly isOutside: boolean;
}

function holdersIn(
  gateways: readonly Reached<GatewayPolicy>[],
  servers: readonly Reached<ServerPolicy>[],
): readonly Holder[] {
  const own = (of: Reached<Policy>, address: Address, isOutside = false): Holder => {
    return { address, of, said: `an own address of ${of.device.where}`, isOutside };
  };
  return [
    ...gateways.flatMap((of) =>
      of.policy.interfaces.flatMap(({ role, addresses }) =>
        addresses.map(({ address }) => own(of, address, role === 'outside')),
      ),
    ),
    ...servers.flatMap((of) => [
      ...of.policy.localAddresses.map((address) => own(of, address)),
      ...gateways.filter(({ device }) => device.maps(of.device)).flatMap((gateway) => ledTo(of, gateway)),
    ]),
  ];
}

/** By public addresses that a gateway leads to a server for everybody. */
function ledTo(of: Reached<ServerPolicy>, { device, policy }: Reached<GatewayPolicy>): readonly Holder[] {
  const forAll = policy.mappings.filter(
    ({ enabled, peers, exclude }) => enabled && peers === 'anywhere' && exclude.length === 0,
  );
  return forAll.flatMap(({ inside, outside, name }) =>
    of.policy.localAddresses
      .filter((local) => contains(prefixRange(inside), local))
      .map((local) => ({
        address: (local - inside.first + outside.first) as Address,
        of,
        said: `which ${device.placeOf(`mapping ${name}`)} leads to ${of.device.where}`,
        isOutside: false,
      })),
  );
}

/** The other device that answers where SSH goes. Private addresses behind different jump hosts are of different hosts. */
function holderAt(
  { device, policy, connection }: Reached<Policy>,
  holders: ReadonlyMap<Address, readonly Holder[]>,
): Holder | undefined {
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
