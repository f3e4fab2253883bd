import { Connection } from '../lib/delivering/release';
import { GatewayPolicy, Policy, ServerPolicy } from '../lib/policy/policy';
import { Problem } from '../lib/problems/problem';
import { compositionProblems } from '../lib/proving/composition';
import { Shapes } from '../lib/proving/shapes';
import { Of, serversByAddress } from './by-address';
import { Member, Settled } from './member';

type Proven = Required<Pick<Settled, 'proof' | 'delivery'>>;

/** What is wrong with gateways and the servers behind them though each of them stands for itself. */
export function together(all: ReadonlyMap<Member, Proven>, shapes: Shapes): readonly Problem[] {
  const [gateways, servers] = (['gateway', 'server'] as const).map((kind) =>
    [...all].filter(([, { proof }]) => proof.policy.kind === kind),
  );
  const found = gateways!.flatMap(([gateway, { proof, delivery }]) => {
    const behind = servers!.filter(([server]) => gateway.isBefore(server));
    const alike = behind.filter(([, server]) => wayTo(server.delivery.connection) === wayTo(delivery.connection));
    return [
      ...compositionProblems([proof, ...behind.map(([, server]) => server.proof)], shapes),
      ...alike.map(([server]) => oneConnection(server, delivery.connection, gateway)),
    ];
  });
  return [...found, ...serversByAddress(of(all, isGateway), of(all, isServer))];
}

const of = <Kind extends Policy>(all: ReadonlyMap<Member, Proven>, is: (policy: Policy) => policy is Kind): Of<Kind> =>
  [...all].flatMap(([device, { proof }]) => (is(proof.policy) ? [[device, proof.policy] as const] : []));

const isGateway = (policy: Policy): policy is GatewayPolicy => policy.kind === 'gateway';
const isServer = (policy: Policy): policy is ServerPolicy => policy.kind === 'server';

/** What tells two devices apart: private addresses alone, behind jump hosts, don't. */
const wayTo = ({ host, port, jump }: Connection): string => `${host} ${port}${jump ? ` by ${wayTo(jump)}` : ''}`;

const oneConnection = (server: Member, { host, port }: Connection, gateway: Member): Problem => ({
  code: 'constructs/one-connection',
  where: `${server.where} connection`,
  what: `SSH goes to ${host}, port ${port}, and that of ${gateway.where} too: what is of the server would be loaded on the gateway.`,
  instead: 'host and hostKeys of the server itself; without a host it is reached at its own address.',
});
