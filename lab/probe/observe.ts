import { Lab } from '../lab';
import { SERVER_UDP, STRANGER_UDP } from '../port-table';
import { ask, printReply } from './asking';
import { printPorts } from './ports';
import { RAW, ping, send } from './raw';
import { scan } from './scan';
import { Target, sourcesOf } from './target';

export type Protocol = 'tcp' | 'udp' | 'icmp' | 'gre' | 'sctp';

/** What really happened to packets from a node to an address. Plain data, compared with the proof's of the same shape. */
export interface Flow {
  readonly from: string;
  readonly to: string;
  readonly protocol: Protocol;
  /** That reached the server behind the address: `22,80,1000-2000`, `none`; `all` or `none` where a protocol has no ports. */
  readonly ports: string;
}

/** A flow with what else was seen of it. */
export interface Observed extends Flow {
  /** Answered, but not by the server: the gateway itself, above all. */
  readonly elsewhere: string;
  /** Who answered and as what the asker was seen, each once. */
  readonly answers: readonly string[];
}

/** TCP, all 65,535 ports. The server has to have seen the packet come and somebody to have answered it. */
export async function observeTcp(lab: Lab, target: Target): Promise<Observed> {
  const { from, to, source } = target;
  const found = await scan(lab, target);
  const answered = [...found.open, ...found.closed];
  const mine = new Set(sourcesOf(target));
  const replies = await ask(
    lab,
    from,
    found.open.slice(0, 200).map((port) => ({ protocol: 'tcp', to, port, ...(source ? { fromAddress: source } : {}) })),
  );
  const answers = [...new Set(replies.filter(({ reply }) => reply.is === 'answer').map(({ reply }) => printReply(reply)))].sort();
  const sources = new Set([...mine, ...replies.flatMap(({ reply }) => (reply.is === 'answer' ? [reply.answer.from] : []))]);
  const came = new Set(
    (await lab.wire.arrivedAt('web1')).filter((seen) => seen.protocol === 6 && sources.has(seen.from)).map(({ port }) => port),
  );
  // The server's packets to itself don't cross the wire; who answers them says it.
  const local = from === 'web1';
  const reached = answered.filter(
    (port) => came.has(port) || (local && replies.every(({ reply }) => reply.is !== 'answer' || reply.answer.name === 'web1')),
  );
  const elsewhere = answered.filter((port) => !reached.includes(port));
  return { from, to, protocol: 'tcp', ports: printPorts(reached), elsewhere: printPorts(elsewhere), answers };
}

/** The table's UDP ports, and others that a server has. Only an answer proves that a packet came in. */
export async function observeUdp(lab: Lab, { from, to, source }: Target): Promise<Observed> {
  const replies = await ask(
    lab,
    from,
    [...SERVER_UDP, ...STRANGER_UDP].map((port) => ({ protocol: 'udp', to, port, ...(source ? { fromAddress: source } : {}) })),
  );
  const by = (name: boolean) =>
    replies.filter(({ reply }) => (reply.is === 'answer' && (reply.answer.name === 'web1') === name) || (!name && reply.is === 'refused'));
  const answers = [...new Set(by(true).map(({ reply }) => printReply(reply)))].sort();
  return {
    from,
    to,
    protocol: 'udp',
    ports: printPorts(by(true).map(({ port }) => port)),
    elsewhere: printPorts(by(false).map(({ port }) => port)),
    answers,
  };
}

/** Ping, GRE and SCTP: reached means that the packet came out of the wire at the server. */
export async function observeRaw(lab: Lab, target: Target): Promise<readonly Observed[]> {
  const { from, to } = target;
  const mine = new Set(sourcesOf(target));
  const [answered] = await Promise.all([ping(lab, target), send(lab, target, 'gre'), send(lab, target, 'sctp')]);
  const seen = await lab.wire.arrivedAt('web1');
  return (['icmp', 'gre', 'sctp'] as const).map((protocol): Observed => {
    const came = seen.some((packet) => packet.protocol === RAW[protocol] && mine.has(packet.from));
    const reached = protocol === 'icmp' ? came && answered : came;
    return {
      from,
      to,
      protocol,
      ports: reached ? 'all' : 'none',
      elsewhere: protocol === 'icmp' && answered && !came ? 'all' : 'none',
      answers: [],
    };
  });
}
