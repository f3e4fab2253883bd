// Tests on random changes that a packet is in a review's rows exactly if the traces before and after, through gateway
// and server, differ in that way.

import { checkShares, fc } from '../../randomly';
import { parsePrefix, toRange } from '../../../lib/net/address';
import { StartLocation, toLocationKey, toEntryLocation } from '../../../lib/net/device';
import { Packet } from '../../../lib/net/packet';
import { contains, intersectRanges } from '../../../lib/net/range';
import { GatewayPolicy, ServerPolicy } from '../../../lib/policy/policy';
import { Verification, verifyPolicy } from '../../../lib/verifier/verify-policy';
import { Change } from '../../../lib/review/review';
import { computeEdgeBlocks } from '../../../lib/review/judging/change-blocks';
import { createEdges } from '../../../lib/review/judging/gateway-edges';
import { ComparisonScope } from '../../../lib/review/judging/comparison-scope';
import { RemarkCollector } from '../../../lib/review/judging/review-state';
import { judgeOwner } from '../../../lib/review/judging/judge-owner';
import { EvaluatedTexts } from '../../../lib/review/judging/evaluated-texts';
import { gateways, grid, servers, services } from '../../policy/random';
import { KNOWN, ownersOf, planOf } from '../samples';

interface End {
  readonly gateway: Verification;
  readonly server: Verification;
}

const end = (gateway: GatewayPolicy, server: ServerPolicy): End => ({
  gateway: verifyPolicy(gateway),
  server: verifyPolicy(server),
});

/**
 * Returns whether a side's policy decides about packets to this address: its public addresses and, from outside, the
 * hosts behind them.
 */
function speaksOf({ policy }: Verification, outside: boolean, { destination }: Packet): boolean {
  if (policy.kind !== 'gateway') return false;
  const ours = [...policy.virtualIps, ...policy.mappings].map((part) => toRange(part.external));
  const inside = outside ? policy.mappings.map((mapping) => toRange(mapping.internal)) : [];
  return [...ours, ...inside].some((range) => contains(range, destination));
}

const sends = ({ mappings }: GatewayPolicy, { source }: Packet): boolean =>
  mappings.some(({ internal }) => contains(toRange(internal), source));

/** Traces one packet rule by rule; returns the packet as it arrives, or undefined if it is denied. */
function arrives(
  { gateway, server }: End,
  vantage: StartLocation,
  outside: boolean,
  isKnown: boolean,
  packet: Packet,
): Packet | undefined {
  if (!speaksOf(gateway, outside, packet)) return undefined;
  const { disposition, packetOut } = gateway.evaluated.explain(vantage, packet);
  if (disposition !== 'allowed') return undefined;
  const itself =
    gateway.device.localAddresses.includes(packet.destination) && packetOut.destination === packet.destination;
  if (itself || !isKnown || !server.device.localAddresses.includes(packetOut.destination)) return packetOut;
  const { destination, source, protocol, port, sourcePort } = packetOut;
  const there = server.evaluated.explain(
    { kind: 'interface', name: 'eth0' },
    { destination, source, protocol, port, sourcePort },
  );
  return there.disposition === 'allowed' ? packetOut : undefined;
}

function kindOf(was: Packet | undefined, will: Packet | undefined): Change['kind'] | 'same' {
  if (!was || !will) return will ? 'opened' : was ? 'closed' : 'same';
  if (was.destination !== will.destination || was.port !== will.port) return 'moved';
  return was.source === will.source ? 'same' : 'identity';
}

const SERVER = parsePrefix('10.0.0.10')!;
const PUBLIC = parsePrefix('203.0.113.10')!;

/** Makes mappings to the server and equal allow rules likely; otherwise few packets would pass end to end. */
const ends = fc
  .tuple(gateways, servers, fc.boolean())
  .map(([gateway, server, alike]): readonly [GatewayPolicy, ServerPolicy] => {
    const [first, ...others] = gateway.mappings;
    if (!first) return [gateway, server];
    const leading = { ...first, interface: 'wan0', external: PUBLIC, internal: SERVER };
    const apart = others.filter(
      ({ external, internal }) =>
        !intersectRanges(toRange(external), toRange(PUBLIC)) && !intersectRanges(toRange(internal), toRange(SERVER)),
    );
    const virtualIps = gateway.virtualIps.filter(
      ({ external }) => apart.some((one) => one.external === external) || external.first > PUBLIC.first + 8n,
    );
    const vip = {
      name: 'vip',
      interface: 'wan0',
      external: PUBLIC,
      mask: 32,
      kind: 'other' as const,
      answers: NOTHING,
    };
    return [
      { ...gateway, mappings: [leading, ...apart], virtualIps: [vip, ...virtualIps] },
      alike ? { ...server, allowRules: first.allowRules } : server,
    ];
  });
const NOTHING = { name: 'nothing', entries: [], blocked: [] };

it('a packet is in the rows of a kind exactly if its traces before and after say so', () => {
  const seen = new Map<string, number>();
  let tried = 0;
  fc.assert(
    fc.property(ends, ends, services, ([oldGateway, oldServer], [newGateway, newServer], asked) => {
      fc.pre(oldGateway.interfaces.length === newGateway.interfaces.length);
      tried += 1;
      const plan = planOf(ownersOf([oldGateway, oldServer], [newGateway, newServer]));
      const [texts, remarks] = [new EvaluatedTexts(), new RemarkCollector()];
      const all = plan.owners.map((planned) => {
        const judgedOwner = judgeOwner(planned, plan, KNOWN, texts, remarks)!;
        return { judgedOwner, comparison: new ComparisonScope(judgedOwner) };
      });
      expect([remarks.objections, remarks.unknown]).toEqual([[], []]);
      const [edge] = createEdges(all);
      const blocks = computeEdgeBlocks(edge!);
      const [before, after] = [end(oldGateway, oldServer), end(newGateway, newServer)];
      for (const { startLocation } of after.gateway.evaluated.reachability.views) {
        if (startLocation.kind !== 'interface') continue;
        const outside = newGateway.interfaces.some(
          ({ name, role }) => name === startLocation.name && role === 'outside',
        );
        const mine = blocks.filter(
          (block) =>
            toLocationKey(block.startLocation) === toLocationKey(startLocation) ||
            toLocationKey(block.shownLocation) === toLocationKey(toEntryLocation(startLocation)),
        );
        for (const packet of grid(asked)) {
          const spoken = [before, after].filter(({ gateway }) => speaksOf(gateway, outside, packet));
          if (spoken.length === 0) continue;
          // A packet from a mapped host to an address that only one side owns leaves as usual on the other; that isn't
          // tested here.
          if (spoken.length === 1 && !outside && [oldGateway, newGateway].some((one) => sends(one, packet))) continue;
          const isKnown = edge!.servers.length > 0;
          const expected = kindOf(
            arrives(before, startLocation, outside, isKnown, packet),
            arrives(after, startLocation, outside, isKnown, packet),
          );
          const found = mine
            .filter(({ packets }) => packets.findValue(packet))
            .map(({ kind, scope }) => [kind, scope] as const);
          expect({ packet, vantage: startLocation, kinds: found.map(([kind]) => kind) }).toEqual({
            packet,
            vantage: startLocation,
            kinds: expected === 'same' ? [] : [expected],
          });
          for (const [kind, scope] of found) seen.set(`${kind} ${scope}`, (seen.get(`${kind} ${scope}`) ?? 0) + 1);
        }
      }
    }),
    { numRuns: 25, seed: 7, endOnFailure: true },
  );
  // Random policies that never overlap would test nothing.
  checkShares(tried, () =>
    expect([...seen.keys()].sort()).toEqual(
      expect.arrayContaining(['closed end to end', 'closed one device', 'opened end to end', 'opened one device']),
    ),
  );
});
