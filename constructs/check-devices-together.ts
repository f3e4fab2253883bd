// Checks all gateways and servers of an App together at synthesis: end-to-end reachability, SSH connections, and
// addresses that two devices have.
import { GatewayPolicy, Policy, ServerPolicy } from '../lib/policy/policy';
import { Problem } from '../lib/problems/problem';
import { findCompositionProblems } from '../lib/verifier/composition-problems';
import { Verification } from '../lib/verifier/verify-policy';
import { VerifiedShapes } from '../lib/verifier/release-shapes';
import { findServersByAddress } from './servers-by-address';
import { AppDevice, ReachedDevice, VerifiedDevice } from './app-device';
import { checkConnections } from './check-connections';
import { findServersOnGateways, findTakenAddresses } from './gateway-addresses';
import { checkSshPaths } from './check-ssh-paths';

interface VerifiedReach<Its extends Policy> extends ReachedDevice<Its> {
  readonly proof: Verification;
}

/** Returns the problems that gateways and the servers behind them have only together. */
export function checkTogether(
  verifiedDevices: ReadonlyMap<AppDevice, Required<Pick<VerifiedDevice, 'proof' | 'delivery'>>>,
  shapes: VerifiedShapes,
): readonly Problem[] {
  const [gateways, servers]: [VerifiedReach<GatewayPolicy>[], VerifiedReach<ServerPolicy>[]] = [[], []];
  for (const [device, { proof, delivery }] of verifiedDevices) {
    const { policy } = proof;
    const deviceFields = { device, proof, connection: delivery.connection };
    if (policy.kind === 'gateway') gateways.push({ ...deviceFields, policy });
    else servers.push({ ...deviceFields, policy });
  }
  const compositionErrors = gateways.flatMap(({ device, proof }) => {
    const serversBehind = servers.filter((server) => device.isBefore(server.device));
    return findCompositionProblems([proof, ...serversBehind.map((server) => server.proof)], shapes);
  });
  return [
    ...compositionErrors,
    ...checkConnections(gateways, servers),
    ...findTakenAddresses(gateways),
    ...findServersOnGateways(gateways, servers),
    ...findServersByAddress(gateways, servers),
    ...checkSshPaths(gateways, servers),
  ];
}
