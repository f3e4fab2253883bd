import { createConnection } from 'node:net';
import type { Answer } from './listener';

/**
 * usage: knock.ts '{"knocks": [{"to": "203.0.113.10", "port": 443, "every": 66}], "sessions": []}'. Makes new connections all the
 * time and keeps some up, until its input ends, and tells each event as a line of JSON: what it saw isn't lost when it is killed.
 */
export interface Knocks {
  readonly knocks: readonly Knock[];
  /** One connection each, on which a line is sent and answered ten times a second. */
  readonly sessions: readonly { readonly to: string; readonly port: number }[];
}

interface Knock {
  readonly to: string;
  readonly port: number;
  /** One of the asker's addresses; what its routes choose where it isn't given. */
  readonly source?: string;
  /** Milliseconds from one to the next; none waits for an earlier one's answer. */
  readonly every: number;
}

/** `answer` where a listener of ours spoke; `connected` where anything else took the connection, with what it said. */
export type Opened =
  | { readonly is: 'answer'; readonly answer: Answer }
  | { readonly is: 'connected' | 'refused' | 'silent' | 'failed'; readonly because: string };

/**
 * `at` is when a knock began, or when the other things happened; milliseconds since 1970. `late`: this program heard of the
 * connection when the kernel had asked for it twice, and can't tell which of the two was answered.
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
  /** This program got no time for so long, so that what it says about that time is about the machine. */
  | { readonly tells: 'lagged'; readonly at: number; readonly milliseconds: number };

/** Milliseconds after which the kernel asks again. */
const AGAIN = 1000;

/** A lost first packet is a failed knock, and the next one starts afresh. */
const PATIENCE = 900;

/** Milliseconds that an open connection may stay mute: the kernels have met, and a sshd that forks for it waits for its turn. */
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
    // A reset leaves nothing behind, on either side, that would pile up.
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
    // After a lag timers come before what has arrived meanwhile; that gets its turn first.
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
  // Spread over the shortest time between two of a kind, so that they don't all start in the same millisecond.
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
