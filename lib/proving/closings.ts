import { Difference, named } from './compare';
import { Expectation } from '../meaning/bounds';
import { blockedBy } from '../meaning/openings';
import { prefixRange } from '../net/address';
import { Device, vantageKey } from '../net/device';
import { PacketMap, PacketSet } from '../net/packet-map';
import { point } from '../net/range';
import { GatewayPolicy, Policy } from '../policy/policy';
import { Reading } from '../reading/reader';

/**
 * What our own text, read alone, closes although the policy says nothing about it: what would pass a device without any
 * rules has to pass it with ours. On a device the rules of others may close it, so this is asked at synthesis only.
 */
export function closings(policy: Policy, expected: Expectation, reading: Reading, bare: Reading, device: Device): readonly Difference[] {
  const views = new Map(reading.exposure.views.map((view) => [vantageKey(view.vantage), view]));
  const before = new Map(bare.exposure.views.map((view) => [vantageKey(view.vantage), view]));
  return expected.views.flatMap((bounds) => {
    const key = vantageKey(bounds.vantage);
    const unmanaged = bounds.bounds.where((bound) => bound === 'may').within(notOurs(policy, bounds.inbound));
    const passes = (view = views.get(key)): PacketSet => view?.verdicts.where(({ is }) => is === 'allowed') ?? PacketMap.NONE;
    const closed = passes(before.get(key)).within(unmanaged).apartFrom(passes());
    return closed.isEmpty ? [] : [named('closes', closed, bounds, reading, device)];
  });
}

/**
 * A gateway leaves alone whatever isn't its mappings'; a server closes everything but the connections of its inside, of which the
 * blocked are no part.
 */
function notOurs(policy: Policy, inbound: PacketSet): PacketSet {
  if (policy.kind === 'gateway') return PacketMap.ALL.apartFrom(sentAsOurs(policy));
  if (policy.insideConnections === 'listed' || policy.inside.length === 0) return PacketMap.NONE;
  return inbound.within(PacketMap.set({ source: policy.inside })).apartFrom(blockedBy(policy.openings));
}

/** What leaves with one of our public addresses as its source: a device that has the address sends it out by its own interface. */
function sentAsOurs({ virtualIps, mappings, interfaces }: GatewayPolicy): PacketSet {
  const toItself = PacketMap.set({ destination: interfaces.flatMap(({ addresses }) => addresses.map(({ address }) => point(address))) });
  return PacketMap.set({ source: [...virtualIps, ...mappings].map(({ outside }) => prefixRange(outside)) }).apartFrom(toItself);
}
