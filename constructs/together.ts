import { Connection } from '../lib/delivering/release';
import { GatewayPolicy, Policy, ServerPolicy } from '../lib/policy/policy';
import { Problem } from '../lib/problems/problem';
import { compositionProblems } from '../lib/proving/composition';
import { Proof } from '../lib/proving/prove';
import { Shapes } from '../lib/proving/shapes';
import { serversByAddress } from './by-address';
import { Member, Reached, Settled } from './member';
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
  const each = gateways.flatMap(({ device, proof, connection }) => {
    const behind = servers.filter((server) => device.isBefore(server.device));
    const alike = behind.filter((server) => wayTo(server.connection) === wayTo(connection));
    return [
      ...compositionProblems([proof, ...behind.map((server) => server.proof)], shapes),
      ...alike.map((server) => oneConnection(server.device, connection, device)),
    ];
  });
  return [...each, ...serversByAddress(gateways, servers), ...wayThroughProblems(gateways, servers)];
}

/** What tells two devices apart: private addresses alone, behind jump hosts, don't. */
const wayTo = ({ host, port, jump }: Connection): string => `${host} ${port}${jump ? ` by ${wayTo(jump)}` : ''}`;

const oneConnection = (server: Member, { host, port }: Connection, gateway: Member): Problem => ({
  code: 'constructs/one-connection',
  where: `${server.where} connection`,
  what: `SSH goes to ${host}, port ${port}, and that of ${gateway.where} too: what is of the server would be loaded on the gateway.`,
  instead: 'host and hostKeys of the server itself; without a host it is reached at its own address.',
});
