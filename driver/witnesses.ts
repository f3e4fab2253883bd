import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { Release, Witness } from '../lib/agent-protocol/release';

/** Says which witnesses could not be reached; each a line. */
export type WitnessCheck = (release: Release, stop: AbortSignal) => Promise<readonly string[]>;

const SECONDS = 5;

/** Real connections, for the witnesses whose source is this runner. The others are evaluated with the proof. */
export const connectWitnesses: WitnessCheck = async (release, stop) => {
  const here = new Set(
    Object.values(networkInterfaces())
      .flatMap((all) => all ?? [])
      .map(({ address }) => address),
  );
  const ours = release.witnesses.filter(({ from, protocol }) => protocol === 'tcp' && here.has(from));
  const answers = await Promise.all(ours.map((witness) => reached(witness, stop)));
  return ours
    .filter((_, index) => !answers[index])
    .map(({ from, to, port }) => `${from} could not connect to ${to} port ${port}, which is a witness.`);
};

function reached({ from, to, port }: Witness, stop: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: to, port, localAddress: from });
    const end = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(SECONDS * 1000, () => end(false));
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
    stop.addEventListener('abort', () => end(false), { once: true });
  });
}
