// Makes the TCP connections of those health checks whose source is this machine, when an armed release is verified.

import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { Release, HealthCheck } from '../lib/agent-protocol/release';

/** Returns a line for each failed health check. */
export type HealthCheckRunner = (release: Release, stop: AbortSignal) => Promise<readonly string[]>;

const TIMEOUT_SECONDS = 5;

/**
 * Makes real connections for the health checks whose source is this runner. The verification evaluates the other health
 * checks.
 */
export const connectHealthChecks: HealthCheckRunner = async (release, stop) => {
  const localAddresses = new Set(
    Object.values(networkInterfaces())
      .flatMap((networkAddresses) => networkAddresses ?? [])
      .map(({ address }) => address),
  );
  const ownChecks = release.witnesses.filter(({ from, protocol }) => protocol === 'tcp' && localAddresses.has(from));
  const answers = await Promise.all(ownChecks.map((witness) => tryConnect(witness, stop)));
  return ownChecks
    .filter((_, index) => !answers[index])
    .map(({ from, to, port }) => `${from} could not connect to ${to} port ${port}, which is a health check.`);
};

function tryConnect({ from, to, port }: HealthCheck, stop: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: to, port, localAddress: from });
    const finish = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(TIMEOUT_SECONDS * 1000, () => finish(false));
    socket.once('connect', () => finish(true));
    socket.once('error', () => finish(false));
    stop.addEventListener('abort', () => finish(false), { once: true });
  });
}
