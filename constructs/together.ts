import { Connection } from '../lib/delivering/release';
import { GatewayPolicy, Policy, ServerPolicy } from '../lib/policy/policy';
import { Problem } from '../lib/problems/problem';
import { compositionProblems } from '../lib/proving/composition';
import { Proof } from '../lib/proving/prove';
import { Shapes } from '../lib/proving/shapes';
import { serversByAddress } from './by-address';
import { Member, Reached, Settled } from './member';
import { takenFromOthers } from './own-addresses';
import { wayThroughProblems } from './way-through';

interface Proven<Its extends Policy> extends Reached<Its> {
  readonly proof: Proof;
}

/** What is wrong with gateways and the servers behind them though each of them stands for itself. */
export function together(all: ReadonlyMap<Member, Required<Pick<Settled, 'proof' | 'delivery'>>>, shapes: Shapes): readonly Problem[] {
  const [gateways, servers]: [Proven<GatewayPolicy>[], Proven<ServerPolicy>[]] = [[], []];
  for (const [device, { proof, delivery }] of all) {
    const { policy } = proof;
    const its = { device, proof, connection: delivery.connection };
    if (policy.kind === 'gateway') gateways.push({ ...its, policy });
    else servers.push({ ...its, policy });
  }
  const each = gateways.flatMap(({ device, proof }) => {
    const behind = servers.filter((server) => device.isBefore(server.device));
    return compositionProblems([proof, ...behind.map((server) => server.proof)], shapes);
  });
  return [
    ...each,
    ...oneConnections([...gateways, ...servers]),
    ...takenFromOthers(gateways),
    ...serversByAddress(gateways, servers),
    ...wayThroughProblems(gateways, servers),
  ];
}

/** One stack is applied from one place, so what it reaches by one way is one device; and no server is where its gateway is. */
function oneConnections(all: readonly Reached<Policy>[]): readonly Problem[] {
  const ways = new Map<string, Reached<Policy>[]>();
  return all.flatMap((one) => {
    const way = wayTo(one.connection);
    const before = ways.get(way) ?? [];
    ways.set(way, [...before, one]);
    const other = before.find(
      ({ device }) => device.device !== one.device.device && (device.stack === one.device.stack || device.isBefore(one.device)),
    );
    return other ? [oneConnection(one, other.device)] : [];
  });
}

/** What tells two devices apart: private addresses alone, behind jump hosts, don't. */
const wayTo = ({ host, port, jump }: Connection): string => `${host} ${port}${jump ? ` by ${wayTo(jump)}` : ''}`;

const oneConnection = ({ device, connection: { host, port } }: Reached<Policy>, other: Member): Problem => ({
  code: 'constructs/one-connection',
  where: `${device.where} connection`,
  what: `SSH goes to ${host}, port ${port}, and that of ${other.where} too: what is of this device would be loaded on that one.`,
  instead: 'host and hostKeys of its own; a server without a host is reached at its own address.',
});
