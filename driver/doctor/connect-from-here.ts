// Opens a TCP connection from the operator's machine to the address that `doctor` is asked about. UDP isn't tried:
// it gives no answer.
import { createSocket } from 'node:dgram';
import { connect, isIPv6 } from 'node:net';

/** The result of a real connection from this machine. */
export interface LocalConnection {
  readonly result: 'connected' | 'refused' | 'timed out' | 'no route' | 'not tried';
  /** This machine's own address on the way there; a gateway in between may change it. */
  readonly sourceAddress?: string;
}

const TIMEOUT_SECONDS = 3;

/** Tries a connection and closes it at once, without sending bytes. UDP gives no answer, so it isn't tried. */
export async function connectFromHere(host: string, port: number, protocol: 'tcp' | 'udp'): Promise<LocalConnection> {
  const connectionAttempt: Promise<LocalConnection['result']> =
    protocol === 'tcp' ? tryConnect(host, port) : Promise.resolve('not tried');
  const [result, sourceAddress] = await Promise.all([connectionAttempt, findOwnAddress(host, port)]);
  return { result, ...(sourceAddress === undefined ? {} : { sourceAddress }) };
}

function tryConnect(host: string, port: number): Promise<LocalConnection['result']> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const finish = (answer: LocalConnection['result']): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    const timer = setTimeout(() => finish('timed out'), TIMEOUT_SECONDS * 1000);
    socket.once('connect', () => finish('connected'));
    socket.once('error', (error: NodeJS.ErrnoException) =>
      finish(error.code === 'ECONNREFUSED' ? 'refused' : error.code === 'ETIMEDOUT' ? 'timed out' : 'no route'),
    );
  });
}

/** Returns the address that the kernel chooses when a datagram socket is connected, which sends nothing. */
function findOwnAddress(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
    const finish = (answer: string | undefined): void => {
      socket.close();
      resolve(answer);
    };
    socket.once('error', () => finish(undefined));
    // The callback also gets errors; the socket then has only the wildcard address.
    socket.connect(port, host, (error?: Error) => finish(error ? undefined : socket.address().address));
  });
}
