import { GatewayPolicy, Policy, ServerPolicy } from '../lib/policy/policy';
import { Problem } from '../lib/problems/problem';
import { compositionProblems } from '../lib/verifier/composition';
import { Proof } from '../lib/verifier/prove';
import { Shapes } from '../lib/verifier/shapes';
import { serversByAddress } from './by-address';
import { Member, Reached, Settled } from './member';
import { oneConnections } from './one-connection';
import { serversOnGateways, takenFromOthers } from './own-addresses';
import { wayThroughProblems } from './way-through';

interface Proven<Its extends Policy> extends Reached<Its> {
  readonly proof: Proof;
}

/** What is wrong with gateways and the servers behind them though each of them stands for itself. */
export function together(
  all: ReadonlyMap<Member, Required<Pick<Settled, 'proof' | 'delivery'>>>,
  shapes: Shapes,
): readonly Problem[] {
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
    ...oneConnections(gateways, servers),
    ...takenFromOthers(gateways),
    ...serversOnGateways(gateways, servers),
    ...serversByAddress(gateways, servers),
    ...wayThroughProblems(gateways, servers),
  ];
}
