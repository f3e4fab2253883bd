import { connect } from 'node:net';

/** What became of a real connection from this machine. */
export type FromHere = 'connected' | 'refused' | 'timed out' | 'no route';

/** Bytes aren't sent: a connection that is made is closed at once. */
export function connectFromHere(host: string, port: number, seconds = 3): Promise<FromHere> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (answer: FromHere): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    const timer = setTimeout(() => end('timed out'), seconds * 1000);
    socket.once('connect', () => end('connected'));
    socket.once('error', (error: NodeJS.ErrnoException) =>
      end(error.code === 'ECONNREFUSED' ? 'refused' : error.code === 'ETIMEDOUT' ? 'timed out' : 'no route'),
    );
  });
}
