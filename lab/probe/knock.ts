// Program that runs in a node of the lab: makes new connections all the time, keeps some up, and prints each event as
// a line of JSON. prober.ts starts it during deliveries and faults.

import { createConnection } from 'node:net';
import type { Answer } from './listener';

/**
 * usage: knock.ts '{"knocks": [{"to": "203.0.113.10", "port": 443, "every": 66}], "sessions": []}'. Makes new connections all the
 * time and keeps some up, until its input ends, and tells each event as a line of JSON: what it saw isn't lost when it is killed.
 */
export interface Knocks {
  readonly knocks: readonly Knock[];
  /** One connection each. It sends a line and gets an answer ten times a second. */
  readonly sessions: readonly { readonly to: string; readonly port: number }[];
}

interface Knock {
  readonly to: string;
  readonly port: number;
  /** One of the asker's addresses; by default its routes choose it. */
  readonly source?: string;
  /** Milliseconds from one knock to the next. None waits for an earlier answer. */
  readonly every: number;
}

/** `answer`: a listener of the lab answered. `connected`: another program took the connection, and sent this. */
export type Opened =
  | { readonly is: 'answer'; readonly answer: Answer }
  | { readonly is: 'connected' | 'refused' | 'silent' | 'failed'; readonly because: string };

/**
 * Events. `at` is the start of a knock, or the time of another event, in milliseconds since 1970. `late`: the kernel
 * had asked twice before this program heard of the connection, and either packet may have been answered.
 */
export type Told =
  | { readonly tells: 'started' }
  | {
      readonly tells: 'knocked';
      readonly knock: number;
      readonly at: number;
      readonly late: boolean;
      readonly opened: Opened;
    }
  | { readonly tells: 'answered'; readonly session: number; readonly at: number }
  | { readonly tells: 'ended'; readonly session: number; readonly at: number; readonly because: string }
  /** This program had no processor time for so long. Its results for that time are about the machine. */
  | { readonly tells: 'lagged'; readonly at: number; readonly milliseconds: number };

/** Milliseconds after which the kernel sends the first packet again. */
const AGAIN = 1000;

/** Milliseconds until a knock counts as failed because its first packet was lost. The next knock starts anew. */
const PATIENCE = 900;

/**
 * Milliseconds that an open connection may be silent: the kernels are connected, and a sshd that forks for it waits for
 * the processor.
 */
const MUTE = 2700;

const LAG = 300;

const tell = (told: Told): boolean => process.stdout.write(`${JSON.stringify(told)}\n`);

function read(text: string): Opened {
  try {
    return { is: 'answer', answer: JSON.parse(text.split('\n')[0] ?? '') as Answer };
  } catch {
    return { is: 'connected', because: text.slice(0, 80) };
  }
}

let waiting = 0;

function knock({ to, port, source }: Knock, number: number): void {
  const at = Date.now();
  const socket = createConnection({ host: to, port, ...(source === undefined ? {} : { localAddress: source }) });
  let connected: number | undefined;
  let over = false;
  waiting += 1;
  const end = (opened: Opened) => {
    if (over) return;
    over = true;
    waiting -= 1;
    clearTimeout(late);
    // A reset leaves no state on either side, which would accumulate.
    socket.resetAndDestroy();
    tell({ tells: 'knocked', knock: number, at, late: connected !== undefined && connected - at >= AGAIN, opened });
  };
  const giveUp = () =>
    end(
      connected !== undefined
        ? { is: 'connected', because: 'says nothing' }
        : { is: 'silent', because: `${PATIENCE} ms` },
    );
  let late = setTimeout(() => {
    // After a lag, timers run before packets that have arrived meanwhile. Those get their turn first.
    if (Date.now() - at > PATIENCE + 20) late = setTimeout(giveUp, 100);
    else giveUp();
  }, PATIENCE);
  socket.on('connect', () => {
    connected = Date.now();
    clearTimeout(late);
    late = setTimeout(giveUp, MUTE);
  });
  socket.once('data', (data) => end(read(data.toString('utf8'))));
  socket.on('end', () => end({ is: 'connected', because: 'says nothing and closes' }));
  socket.on('error', (error: NodeJS.ErrnoException) => {
    const is = connected !== undefined ? 'connected' : error.code === 'ECONNREFUSED' ? 'refused' : 'failed';
    end({ is, because: error.code ?? error.message });
  });
}

function hold({ to, port }: Knocks['sessions'][number], session: number): void {
  const socket = createConnection({ host: to, port });
  let because = '';
  const asking = setInterval(() => socket.writable && socket.write('?\n'), 100);
  socket.on('data', () => tell({ tells: 'answered', session, at: Date.now() }));
  socket.on('error', (error: NodeJS.ErrnoException) => (because = error.code ?? error.message));
  socket.on('close', () => {
    clearInterval(asking);
    tell({ tells: 'ended', session, at: Date.now(), because: because || 'closed by the other side' });
  });
}

function main({ knocks, sessions }: Knocks): void {
  tell({ tells: 'started' });
  const timers: NodeJS.Timeout[] = [];
  // Starts are spread over the shortest interval, so that the knocks don't all start in the same millisecond.
  const shortest = Math.min(1000, ...knocks.map(({ every }) => every));
  knocks.forEach((each, number) => {
    const first = setTimeout(
      () => {
        knock(each, number);
        timers.push(setInterval(() => knock(each, number), each.every));
      },
      (shortest * number) / knocks.length,
    );
    timers.push(first);
  });
  sessions.forEach(hold);

  let last = Date.now();
  setInterval(() => {
    const now = Date.now();
    if (now - last > LAG) tell({ tells: 'lagged', at: last, milliseconds: now - last });
    last = now;
  }, 100);

  const leave = () => process.stdout.write('', () => process.exit(0));
  process.stdout.on('error', () => process.exit(0));
  process.stdin.resume().on('end', () => {
    for (const timer of timers) clearInterval(timer);
    const stopped = Date.now();
    setInterval(() => (waiting === 0 || Date.now() - stopped > PATIENCE + MUTE) && leave(), 20);
  });
}

main(JSON.parse(process.argv[2] ?? '{}') as Knocks);
