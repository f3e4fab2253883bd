import { Answer } from '../../driver/answer';
import { Outcome, deliver } from '../../driver/deliver';
import { programOf } from '../../driver/program';
import { retract } from '../../driver/retract';
import { Remote, withSsh } from '../../driver/ssh';
import { World } from '../../driver/steps';
import { Release } from '../../lib/agent-protocol/release';
import { TestDevice } from '../agent/machine';
import { tableText } from '../agent/stream';
import { releaseOf } from './samples';
import { worldOf } from './world';

/** Of the owner web, which is taken away after each test; `line`: what becomes of the commands on their way. */
export function deliveriesTo(device: () => TestDevice) {
  const said: string[] = [];
  const delivered = (
    release: Release,
    { line, ...parts }: Partial<World> & { readonly line?: Line } = {},
  ): Promise<Outcome> => {
    said.length = 0;
    return withSsh(device().connection(), process.env, (remote) => {
      const over = line ? { ...remote, run: (...asked: Asked) => line(remote, ...asked) } : remote;
      return deliver(release, programOf(), worldOf(over, { say: (text) => void said.push(text), ...parts }));
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
  const retracted = (): Promise<Outcome> =>
    withSsh(device().connection(), process.env, (remote) =>
      retract(
        { device: 'gw', owner: 'web', role: 'gateway', connection: remote.connection },
        programOf(),
        worldOf(remote),
      ),
    );
  afterEach(async () => void (await retracted()));
  return { said, delivered, release, ports, retracted };
}

type Asked = Parameters<Remote['run']>;
type Line = (remote: Remote, ...asked: Asked) => Promise<Answer>;

/** The line dies before an answer has come. */
export const dead = (why: string): Answer => ({ sections: new Map(), said: [why], status: 255 });
