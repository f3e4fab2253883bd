// Program that runs in a node of the lab: connects to listeners (listener.ts) and prints what they answer. Usage:
// ask.ts <questions.json >answers.json.

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
  /** Source port; any free one by default. */
  readonly fromPort?: number;
  /** Source address; by default the routes choose it. */
  readonly fromAddress?: string;
}

/** `answer`: a listener of the lab answered. `connected`: another program did. */
export type Reply =
  | { readonly is: 'answer'; readonly answer: Answer }
  | { readonly is: 'connected' | 'refused' | 'silent' | 'failed'; readonly because: string };

/** Limit for an answer. A busy machine has more: a listener that waits for the processor isn't a firewall. */
const SECONDS = 1.5 * Math.min(6, Math.max(1, loadavg()[0]! / availableParallelism()));

/** Errors of an asker without a route: it is as silent as behind a rule that drops. */
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
      // A reset leaves no TIME_WAIT, which would block the same source port. Without a connection, it waits for one.
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
    // A program that had no processor time handles its timers first and its packets then. So the timeout waits for
    // packets that have arrived.
    const late = setTimeout(
      () => setImmediate(() => isOver || end({ is: 'silent', because: `${SECONDS} s` })),
      SECONDS * 1000,
    );
    socket.on('error', (error) => end(failed(error)));
    socket.on('message', (data) => end(read(data.toString('utf8'))));
    socket.bind({ port: fromPort ?? 0, ...(fromAddress === undefined ? {} : { address: fromAddress }) }, () =>
      // The types lack the callback's error argument, and errors are reported only there.
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
