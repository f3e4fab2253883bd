import { createConnection } from 'node:net';

/** usage: watch.ts '{"to": "203.0.113.10", "sessions": [443, 993], "knocks": [443]}'. Until its input ends; then says what it saw, as JSON. */
export interface Watched {
  readonly sessions: readonly {
    readonly port: number;
    readonly answers: number;
    /** Milliseconds since the last answer, when it was told to stop. */
    readonly silentFor: number;
    readonly ended: string;
  }[];
  readonly knocks: readonly { readonly port: number; readonly tried: number; readonly failed: readonly string[] }[];
}

export interface Watching {
  readonly to: string;
  /** One connection each, on which a line is sent and answered ten times a second. */
  readonly sessions: readonly number[];
  /** A new connection each, twenty times a second. */
  readonly knocks: readonly number[];
}

const { to, sessions, knocks } = JSON.parse(process.argv[2] ?? '{}') as Watching;

const running = sessions.map((port) => {
  const seen = { port, answers: 0, last: Date.now(), ended: '' };
  const socket = createConnection({ host: to, port });
  socket.on('data', () => {
    seen.answers += 1;
    seen.last = Date.now();
  });
  socket.on('error', (error) => (seen.ended = error.message));
  socket.on('close', () => (seen.ended ||= 'closed by the other side'));
  setInterval(() => socket.writable && socket.write('?\n'), 100);
  return seen;
});

const knocking = knocks.map((port) => {
  const seen = { port, tried: 0, failed: [] as string[] };
  setInterval(() => {
    seen.tried += 1;
    const at = new Date().toISOString();
    const socket = createConnection({ host: to, port });
    // Longer than the kernel waits before it asks again: one lost packet is a failure here.
    socket.setTimeout(900, () => socket.destroy(new Error('no answer')));
    socket.on('error', (error) => seen.failed.push(`${at} ${error.message}`));
    socket.once('data', () => socket.resetAndDestroy());
  }, 50);
  return seen;
});

process.stdout.write('watching\n');
process.stdin.resume().on('end', () => {
  const now = Date.now();
  const watched: Watched = { sessions: running.map(({ last, ...rest }) => ({ ...rest, silentFor: now - last })), knocks: knocking };
  process.stdout.write(JSON.stringify(watched), () => process.exit(0));
});
