// Observes with packets which TCP and UDP ports of an address, and whether ping, GRE and SCTP, reach the lab's server
// from a node. The lab compares the result with the computed reachability.
import { Lab } from '../lab';
import { SERVER_UDP, STRANGER_UDP } from '../probed-ports';
import { Asked, ask, printReply } from './ask-services';
import { EVERY_PORT, printPorts } from './ports';
import { ICMPV6, RAW, ping, send } from './send-raw-packets';
import { Scan, scan } from './scan';
import { Target, seenAsOf } from './target';
import { ADDRESS } from '../topology';

export type Protocol = 'tcp' | 'udp' | 'icmp' | 'gre' | 'sctp';

/** Observed packets from a node to an address. Plain data, compared with the proof's data of the same type. */
export interface Flow {
  readonly from: string;
  readonly to: string;
  readonly protocol: Protocol;
  /**
   * Ports on which packets reached the server behind the address: `22,80,1000-2000`, `none`. For a protocol without
   * ports, `all` or `none`.
   */
  readonly ports: string;
}

/** A flow with further observations. */
export interface Observed extends Flow {
  /** Ports on which another host answered, mostly the gateway itself. */
  readonly elsewhere: string;
  /** Hosts that answered, each with the asker's address as it saw it, without duplicates. */
  readonly answers: readonly string[];
  /** Ports that were answered. */
  readonly answered: string;
}

/**
 * Observes TCP: all 65,535 ports, or those in `asked`. A port is the server's if the wire has seen its answer to this
 * asker. Ports in `expected` that were silent are asked again with patience, so that a busy machine doesn't count as a
 * firewall.
 */
export async function observeTcp(
  lab: Lab,
  target: Target,
  expected: readonly number[] = [],
  asked: readonly number[] = EVERY_PORT,
): Promise<Observed> {
  const { from, to } = target;
  const fast = await scan(lab, target, printPorts(asked), 'once');
  let reached = await reachedOf(lab, target, fast);
  const missing = expected.filter((port) => !reached.has(port));
  // Thousands of silent ports are no accident, and asking them with patience would take too long.
  const patient =
    missing.length > 0 && missing.length <= 2000 ? await scan(lab, target, printPorts(missing), 'patient') : undefined;
  if (patient) reached = new Set([...reached, ...(await reachedOf(lab, target, patient))]);
  const all = [fast, ...(patient ? [patient] : [])];
  const elsewhere = all.flatMap(({ open, closed }) => [...open, ...closed]).filter((port) => !reached.has(port));
  const replies = await answersFrom(lab, target, [...new Set(all.flatMap(({ open }) => open))].slice(0, 200));
  return { from, to, protocol: 'tcp', ports: printPorts(reached), elsewhere: printPorts(elsewhere), ...told(replies) };
}

async function reachedOf(lab: Lab, target: Target, { open, closed }: Scan): Promise<ReadonlySet<number>> {
  const { from, to: asked } = target;
  const answered = [
    ...(await lab.wire.acceptedBy('web1', asked)),
    ...(closed.length > 0 ? await lab.wire.refusedBy('web1', asked) : []),
  ];
  // The server's packets to itself don't cross the wire. An answer is its own; or, if they left it and weren't
  // translated back, another host's.
  if (from === 'web1') {
    const left = new Set(
      (await lab.wire.sentBy('web1', asked)).filter(({ to }) => to === asked).map(({ port }) => port),
    );
    const back = new Set(answered.filter(({ to }) => to === ADDRESS.gatewayLan).map(({ port }) => port));
    return new Set([...open, ...closed].filter((port) => !left.has(port) || back.has(port)));
  }
  const sources = new Set(seenAsOf(target));
  return new Set(answered.filter(({ to }) => sources.has(to)).map(({ port }) => port));
}

async function answersFrom(
  lab: Lab,
  { from, to, source }: Target,
  ports: readonly number[],
): Promise<readonly Asked[]> {
  const questions = ports.map((port) => ({
    protocol: 'tcp' as const,
    to,
    port,
    ...(source ? { fromAddress: source } : {}),
  }));
  return ask(lab, from, questions);
}

function told(replies: readonly Asked[]): Pick<Observed, 'answers' | 'answered'> {
  const answering = replies.filter(({ reply }) => reply.is === 'answer');
  const answers = [...new Set(answering.map(({ reply }) => printReply(reply)))].sort();
  return { answers, answered: printPorts(answering.map(({ port }) => port)) };
}

/** Observes UDP: the table's ports, and others of a real server. Only an answer proves that a packet arrived. */
export async function observeUdp(lab: Lab, { from, to, source }: Target): Promise<Observed> {
  const replies = await ask(
    lab,
    from,
    [...SERVER_UDP, ...STRANGER_UDP].map((port) => ({
      protocol: 'udp',
      to,
      port,
      ...(source ? { fromAddress: source } : {}),
    })),
  );
  const by = (name: boolean) =>
    replies.filter(
      ({ reply }) =>
        (reply.is === 'answer' && (reply.answer.name === 'web1') === name) || (!name && reply.is === 'refused'),
    );
  return {
    from,
    to,
    protocol: 'udp',
    ports: printPorts(by(true).map(({ port }) => port)),
    elsewhere: printPorts(by(false).map(({ port }) => port)),
    ...told(by(true)),
  };
}

/** Observes ping, GRE and SCTP: reached means that the packet came out of the wire at the server. */
export async function observeRaw(lab: Lab, target: Target): Promise<readonly Observed[]> {
  const { from, to } = target;
  if (from === 'web1') return [await pingItself(lab, target)];
  const sources = new Set(seenAsOf(target));
  const [answered] = await Promise.all([ping(lab, target), send(lab, target, 'gre'), send(lab, target, 'sctp')]);
  const seen = await lab.wire.arrivedAt('web1', to);
  return (['icmp', 'gre', 'sctp'] as const).map((protocol): Observed => {
    const number = protocol === 'icmp' && to.includes(':') ? ICMPV6 : RAW[protocol];
    const came = seen.some((packet) => packet.protocol === number && sources.has(packet.from));
    const reached = protocol === 'icmp' ? came && answered : came;
    const elsewhere = protocol === 'icmp' && answered && !came;
    return { from, to, protocol, ports: reached ? 'all' : 'none', elsewhere: elsewhere ? 'all' : 'none', ...told([]) };
  });
}

/**
 * Pings from the device's own shell. A scanner's raw packets would bypass its rules, and none of these crosses the
 * wire.
 */
async function pingItself(lab: Lab, { from, to }: Target): Promise<Observed> {
  const { status } = await lab.ssh(from, `ping -c 2 -i 0.2 -W 1 ${to}`);
  return { from, to, protocol: 'icmp', ports: status === 0 ? 'all' : 'none', elsewhere: 'none', ...told([]) };
}
