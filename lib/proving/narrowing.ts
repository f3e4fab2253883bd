import { Difference } from './compare';
import { Bounds, Expectation } from '../meaning/bounds';
import { managedBy } from '../meaning/openings';
import { networkOf, prefixRange } from '../net/address';
import { vantageKey } from '../net/device';
import { PacketMap, PacketSet } from '../net/packet-map';
import { Range, point } from '../net/range';
import { Openings, Policy } from '../policy/policy';

/**
 * What is missing can only narrow, and so can what is unknown though it must pass: where it may be led elsewhere, that is another
 * difference. Somebody else's translation of what our hosts send
 * (a proxy, another owner's public address) reaches nobody through us; of what comes to our addresses it does.
 */
export function onlyNarrows({ kind, packets, vantage, beside }: Difference, expected: Expectation): boolean {
  if (beside) return false;
  const { bounds, inbound } = boundsAt(expected, vantage);
  if (kind === 'undecided') return packets.apartFrom(bounds.where((bound) => bound === 'must')).isEmpty;
  return kind === 'missing' || (kind === 'diverted' && packets.within(inbound).isEmpty);
}

/**
 * What others on a captured device narrow: theirs to decide, so it is said and not refused, unless a way in that the policy calls
 * management is among it.
 */
export const narrowedBy = (found: readonly Difference[], expected: Expectation, policy: Policy): readonly Difference[] =>
  found.filter((one) => onlyNarrows(one, expected) && !losesManagement(one, expected, policy));

/** Whether a way in that the policy calls management would not surely pass any more. */
export const losesManagement = ({ kind, packets, vantage }: Difference, expected: Expectation, policy: Policy): boolean =>
  (kind === 'missing' || kind === 'undecided') &&
  !packets.within(boundsAt(expected, vantage).inbound).within(managed(policy)).within(comingBy(policy, vantage)).isEmpty;

/** What can come by an interface at all: by an inside one of a gateway, who is behind it. An office outside loses nothing by a LAN's rules. */
function comingBy({ kind, interfaces }: Policy, vantage: Difference['vantage']): PacketSet {
  const entry = vantage.kind === 'interface' ? interfaces.find(({ name }) => name === vantage.name) : undefined;
  if (kind === 'server' || !entry || entry.role === 'outside') return PacketMap.ALL;
  const networks = entry.addresses.map(({ address, length }) => prefixRange(networkOf(address, length)));
  return PacketMap.set({ source: [...networks, ...entry.routes.map(prefixRange)] });
}

const boundsAt = ({ views }: Expectation, vantage: Difference['vantage']): Bounds =>
  views.find((bounds) => vantageKey(bounds.vantage) === vantageKey(vantage))!;

/** The ways in that the policy itself calls management: to the server, to the gateway, and through it. */
function managed(policy: Policy): PacketSet {
  const destinations = new Map<Openings, Range[]>();
  const add = (openings: Openings, ranges: readonly Range[]): void => {
    const known = destinations.get(openings);
    if (known) known.push(...ranges);
    else destinations.set(openings, [...ranges]);
  };
  if (policy.kind === 'server') add(policy.openings, policy.localAddresses.map(point));
  else for (const { answers, outside } of policy.virtualIps) add(answers, [prefixRange(outside)]);
  if (policy.kind === 'gateway') for (const { openings, outside } of policy.mappings) add(openings, [prefixRange(outside)]);
  return PacketMap.first([...destinations].map(([openings, destination]) => managedBy(openings).within(PacketMap.set({ destination }))));
}
