// Delivers releases to a test device by the real driver, with a line that can break.

import { AgentAnswer } from '../../driver/agent-answer';
import { OrderOutcome, deliver } from '../../driver/deliver';
import { loadAgent } from '../../driver/agent-program';
import { removeOwner } from '../../driver/remove';
import { Remote, useSsh } from '../../driver/ssh';
import { DeliveryContext } from '../../driver/delivery-steps';
import { Release } from '../../lib/agent-protocol/release';
import { TestDevice } from '../agent/machine';
import { tableText } from '../agent/stream';
import { releaseOf } from './samples';
import { worldOf } from './delivery-context';

/** Delivers the owner web, which is removed after each test; `line`: changes the commands on their way. */
export function deliveriesTo(device: () => TestDevice) {
  const said: string[] = [];
  const delivered = (
    release: Release,
    { line, ...parts }: Partial<DeliveryContext> & { readonly line?: Line } = {},
  ): Promise<OrderOutcome> => {
    said.length = 0;
    return useSsh(device().connection(), process.env, (remote) => {
      const over = line ? { ...remote, run: (...asked: Asked) => line(remote, ...asked) } : remote;
      return deliver(release, loadAgent(), worldOf(over, { say: (text) => void said.push(text), ...parts }));
    });
  };
  const release = (port: number, parts: Partial<Release> = {}): Release =>
    releaseOf({ text: tableText(port), rollbackSeconds: 30, ...parts });
  const ports = (): readonly string[] =>
    [
      ...device()
        .run('nft list ruleset')
        .matchAll(/tcp dport (\d+) drop/g),
    ].map(([, port]) => port!);
  const retracted = (): Promise<OrderOutcome> =>
    useSsh(device().connection(), process.env, (remote) =>
      removeOwner(
        { device: 'gw', owner: 'web', role: 'gateway', connection: remote.connection },
        loadAgent(),
        worldOf(remote),
      ),
    );
  afterEach(async () => void (await retracted()));
  return { said, delivered, release, ports, retracted };
}

type Asked = Parameters<Remote['run']>;
type Line = (remote: Remote, ...asked: Asked) => Promise<AgentAnswer>;

/** The connection dies before an answer arrives. */
export const dead = (why: string): AgentAnswer => ({ sections: new Map(), errorLines: [why], status: 255 });
