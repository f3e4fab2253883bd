import { Connection } from '../lib/delivering/release';
import { Problem } from '../lib/problems/problem';
import { compositionProblems } from '../lib/proving/composition';
import { Shapes } from '../lib/proving/shapes';
import { Member, Settled } from './member';

type Proven = Required<Pick<Settled, 'proof' | 'delivery'>>;

/** What is wrong with a gateway and the servers behind it though each of them stands for itself. */
export function together(all: ReadonlyMap<Member, Proven>, shapes: Shapes): readonly Problem[] {
  const [gateways, servers] = (['gateway', 'server'] as const).map((kind) =>
    [...all].filter(([, { proof }]) => proof.policy.kind === kind),
  );
  return gateways!.flatMap(
    ([
      gateway,
      {
        proof,
        delivery: { connection },
      },
    ]) => {
      const behind = servers!.filter(([server]) => gateway.isBefore(server));
      const alike = behind.filter(([, { delivery }]) => wayTo(delivery.connection) === wayTo(connection));
      return [
        ...compositionProblems([proof, ...behind.map(([, server]) => server.proof)], shapes),
        ...alike.map(([server]) => oneConnection(server, connection, gateway)),
      ];
    },
  );
}

/** What tells two devices apart: private addresses alone, behind jump hosts, don't. */
const wayTo = ({ host, port, jump }: Connection): string => `${host} ${port}${jump ? ` by ${wayTo(jump)}` : ''}`;

const oneConnection = (server: Member, { host, port }: Connection, gateway: Member): Problem => ({
  code: 'constructs/one-connection',
  where: `${server.where} connection`,
  what: `SSH goes to ${host}, port ${port}, and that of ${gateway.where} too: what is of the server would be loaded on the gateway.`,
  instead: 'host and hostKeys of the server itself; without a host it is reached at its own address.',
});
