// Helpers for the tests of intents: compile the sample intent after a change to the policies of its gateway and
// server, and build the allow rules that are expected in them.

import { compileIntent } from './compile-intent';
import { GatewayPolicy, AllowRule, ServerPolicy } from '../../lib/policy/policy';
import { Edit, Loose, PLATFORMS, edge } from './samples';
import { opening, ports, ranges } from '../generate/support';

/** Returns the two policies of the edge after a valid change. */
export function compiled(edit: Edit = () => undefined): {
  readonly gateway: GatewayPolicy;
  readonly server: ServerPolicy;
} {
  const wish: Loose = edge();
  edit(wish);
  const { gateway, servers, problems } = compileIntent(wish, PLATFORMS);
  expect(problems).toEqual([]);
  return { gateway: gateway!, server: servers[0]! };
}

export const entries = (edit: Edit): readonly AllowRule[] => compiled(edit).server.allowRules.entries;

export const OPERATORS = ranges('192.0.2.0/24');
export const MANAGEMENT = opening({ ports: ports(22), sources: OPERATORS, management: true, origin: 'management' });
export const tcp = (origin: string, ...numbers: number[]): AllowRule => opening({ ports: ports(...numbers), origin });
export const udp = (because: string, ...numbers: number[]): AllowRule => ({
  ...tcp(because, ...numbers),
  protocol: 17,
});
