// Observes connections that the lab's server opens to outside: the ports that answer, and the source address and port
// that the far side sees.
import { Lab } from '../lab';
import { OUTSIDE_TCP, OUTSIDE_UDP } from '../probed-ports';
import { ask } from './ask-services';
import { printPorts } from './ports';

/** Connections that the server opened, as the far side saw them. */
interface Outbound {
  readonly to: string;
  readonly protocol: 'tcp' | 'udp';
  /** Ports that got an answer. */
  readonly ports: string;
  /** Source addresses that the far side saw. */
  readonly seenAs: readonly string[];
}

interface SourcePort {
  readonly to: string;
  readonly asked: number;
  /** Source as the far side saw it, or the failure. */
  readonly seen: string;
}

export async function observeOutbound(lab: Lab, from: string, to: string): Promise<readonly Outbound[]> {
  const questions = [
    ...OUTSIDE_TCP.map((port) => ({ protocol: 'tcp' as const, to, port })),
    ...OUTSIDE_UDP.map((port) => ({ protocol: 'udp' as const, to, port })),
  ];
  const replies = (await ask(lab, from, questions)).flatMap(({ protocol, port, reply }) =>
    reply.is === 'answer' ? [{ protocol, port, from: reply.answer.from }] : [],
  );
  return (['tcp', 'udp'] as const).map((protocol) => {
    const mine = replies.filter((reply) => reply.protocol === protocol);
    return {
      to,
      protocol,
      ports: printPorts(mine.map(({ port }) => port)),
      seenAs: [...new Set(mine.map((reply) => reply.from))].sort(),
    };
  });
}

/** The licence check uses these source ports and no other. */
const LICENCE_SOURCE_PORTS = [4, 1020];
export const LICENCE_PORT = 2089;

export async function observeSourcePorts(lab: Lab, from: string, to: string): Promise<readonly SourcePort[]> {
  const out: SourcePort[] = [];
  for (const asked of LICENCE_SOURCE_PORTS) {
    const [reply] = await ask(lab, from, [{ protocol: 'tcp', to, port: LICENCE_PORT, fromPort: asked }]);
    out.push({
      to,
      asked,
      seen:
        reply?.reply.is === 'answer'
          ? `${reply.reply.answer.from} port ${reply.reply.answer.fromPort}`
          : (reply?.reply.is ?? 'nothing'),
    });
  }
  return out;
}
