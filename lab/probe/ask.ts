import { createSocket } from 'node:dgram';
import { createConnection } from 'node:net';
import { readFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import type { Answer } from './listener';

/** usage: ask.ts <questions.json >answers.json. Connects to listeners (listener.ts) and tells what they say. */
export interface Question {
  readonly protocol: 'tcp' | 'udp';
  readonly to: string;
  readonly port: number;
  /** The port to ask from; any free one where it isn't given. */
  readonly fromPort?: number;
  /** The address to ask from; what the routes say where it isn't given. */
  readonly fromAddress?: string;
}

/** `answer` where a listener of ours spoke, `connected` where something else did. */
export type Reply =
  | { readonly is: 'answer'; readonly answer: Answer }
  | { readonly is: 'connected' | 'refused' | 'silent' | 'failed'; readonly because: string };

/** An answer comes within this time. A busy machine has longer: a listener that waits for its turn isn't a firewall. */
const SECONDS = 1.5 * Math.min(6, Math.max(1, loadavg()[0]! / availableParallelism()));

/** What somebody comes to who asks nobody, for want of a route: as unheard as behind a rule that drops. */
const UNHEARD: readonly (string | undefined)[] = ['ENETUNREACH', 'EHOSTUNREACH'];
const failed = ({ code, message }: NodeJS.ErrnoException): Reply => ({
  is: code === 'ECONNREFUSED' ? 'refused' : UNHEARD.includes(code) ? 'silent' : 'failed',
  because: message,
});

function read(text: string): Reply {
  try {
    return { is: 'answer', answer: JSON.parse(text.split('\n')[0] ?? '') as Answer };
  } catch {
    return { is: 'connected', because: text.slice(0, 80) };
  }
}

function askTcp({ to, port, fromPort, fromAddress }: Question): Promise<Reply> {
  return new Promise((resolve) => {
    const local = {
      ...(fromPort === undefined ? {} : { localPort: fromPort }),
      ...(fromAddress === undefined ? {} : { localAddress: fromAddress }),
    };
    const socket = createConnection({ host: to, port, ...local });
    let connected = false;
    const end = (reply: Reply) => {
      // A reset leaves no TIME_WAIT behind, in which the same source port could not be used again. Before there is a connection it waits for one.
      if (connected) socket.resetAndDestroy();
      else socket.destroy();
      resolve(reply);
    };
    socket.setTimeout(SECONDS * 1000, () =>
      end(connected ? { is: 'connected', because: 'says nothing' } : { is: 'silent', because: `${SECONDS} s` }),
    );
    socket.on('connect', () => (connected = true));
    socket.once('data', (data) => end(read(data.toString('utf8'))));
    socket.on('error', (error) => resolve(failed(error)));
  });
}

function askUdp({ to, port, fromPort, fromAddress }: Question): Promise<Reply> {
  return new Promise((resolve) => {
    const socket = createSocket(to.includes(':') ? 'udp6' : 'udp4');
    let isOver = false;
    const end = (reply: Reply) => {
      isOver = true;
      clearTimeout(again);
      clearTimeout(late);
      socket.close();
      resolve(reply);
    };
    const again = setTimeout(() => socket.send('?'), SECONDS * 400);
    // After what has come meanwhile: a program that had no time itself finds its timers first, then its packets.
    const late = setTimeout(
      () => setImmediate(() => isOver || end({ is: 'silent', because: `${SECONDS} s` })),
      SECONDS * 1000,
    );
    socket.on('error', (error) => end(failed(error)));
    socket.on('message', (data) => end(read(data.toString('utf8'))));
    socket.bind({ port: fromPort ?? 0, ...(fromAddress === undefined ? {} : { address: fromAddress }) }, () =>
      // Typed as without a word of it: what goes wrong is told to whoever is called back, and to nobody else.
      socket.connect(port, to, ((error?: Error) => (error ? end(failed(error)) : socket.send('?'))) as () => void),
    );
  });
}

if (require.main === module) {
  const questions = JSON.parse(readFileSync(0, 'utf8')) as Question[];
  void Promise.all(
    questions.map((question) => (question.protocol === 'tcp' ? askTcp(question) : askUdp(question))),
  ).then((replies) => process.stdout.write(JSON.stringify(replies)));
}
