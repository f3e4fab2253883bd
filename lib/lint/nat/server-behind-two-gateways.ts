import { isHost, prefixRange, printAddress } from '../../net/address';
import { groupBy } from '../../net/group-by';
import { PacketMap } from '../../net/packet-map';
import { contains, point } from '../../net/range';
import { Mapping, ServerPolicy } from '../../policy/policy';
import { some } from '../addresses';
import { serversByAddress } from '../hosts';
import { gatewaysOf, serversOf, viewsFrom } from '../owners';
import { Finding, LintRule } from '../rule';
import { Subject, SubjectOwner } from '../subject';
import { MANUAL } from '../sources';
import { splitByDestination } from '../verdicts';

export const serverBehindTwoGateways: LintRule = {
  code: 'nat/server-behind-two-gateways',
  severity: 'warning',
  title: 'Two gateways publish one server',
  decidedBy: 'intent',
  explanation: {
    why: 'Answers of a server follow its routes, not the packet that they answer. With one default route those to clients of the other gateway leave by the wrong one, which knows nothing of their connection: it drops them, or lets them out untranslated, and no client takes them for an answer.',
    when: 'Found where mappings of two devices lead different public addresses to one server. Not where both have the same ones, as a pair has of which one is active; nor where all but one of the gateways change the source to an address of their own, so that the server answers to them. Whether the server has a routing table for each of its addresses is not known: a server with an address for each gateway and `ip rule` for both is right, so acknowledge it.',
    remedy:
      'One gateway for the server; or on the server an inside address and a routing table for each gateway, `ip rule add from ADDRESS table N`.',
    source: MANUAL,
  },
  find: (subject) => {
    const publishing = publishersIn(subject);
    return serversOf(subject).flatMap((server) => {
      const at = server.policy?.kind === 'server' ? publishing(server, server.policy) : [];
      const [one, other] = (at.length < 2 ? [] : at).filter((one) => !changesSource(one));
      return one && other ? [said(server, one, other)] : [];
    });
  },
};

/** A public address that a gateway leads to an inside one. */
interface Led {
  readonly gateway: SubjectOwner;
  readonly device: string;
  /** What is open there. */
  readonly profile: string;
  readonly public: bigint;
}

/** A gateway that leads public addresses to a server. */
interface Publisher {
  readonly gateway: SubjectOwner;
  readonly publics: readonly bigint[];
  readonly local: bigint;
}

/** Of a server, one for each gateway with public addresses that those before it don't have. */
function publishersIn(subject: Subject): (server: SubjectOwner, policy: ServerPolicy) => readonly Publisher[] {
  const gateways = gatewaysOf(subject);
  if (new Set(gateways.map(({ device, policy }) => policy?.device ?? device)).size < 2) return () => [];
  const ledTo = ledIn(gateways);
  return (server, { device, localAddresses, openings, ownPublic }) => {
    // Where a gateway may lead to two with one address, or another site numbers alike, it is another server.
    const isLed = (gateway: SubjectOwner, local: bigint): boolean => {
      const there = serversByAddress(subject, gateway).get(local) ?? [];
      return there.includes(server) && there.every(({ policy }) => policy?.device === device);
    };
    const led = localAddresses
      .flatMap((local) => ledTo(local).map((one) => ({ ...one, local })))
      .filter((one) => isLed(one.gateway, one.local))
      .filter(({ profile }) => profile === openings.name)
      .filter((one) => ownPublic.length === 0 || ownPublic.some((known) => known.public === one.public));
    const taken = new Set<bigint>();
    return [...groupBy(led, (one) => one.device).values()].flatMap((its): readonly Publisher[] => {
      const fresh = its.filter((one) => !taken.has(one.public));
      for (const one of its) taken.add(one.public);
      const [first] = fresh;
      return first ? [{ ...first, publics: fresh.map((one) => one.public) }] : [];
    });
  };
}

/** What mappings lead to an inside address. Most are of one address, and found by it. */
function ledIn(gateways: readonly SubjectOwner[]): (local: bigint) => readonly Led[] {
  const single = new Map<bigint, Led[]>();
  const wide: { readonly mapping: Mapping; readonly led: Omit<Led, 'public'> }[] = [];
  for (const gateway of gateways) {
    const { policy } = gateway;
    if (policy?.kind !== 'gateway') continue;
    for (const mapping of policy.mappings.filter(({ enabled }) => enabled)) {
      const { inside, outside, openings } = mapping;
      const led = { gateway, device: policy.device, profile: openings.name };
      if (isHost(inside))
        single.set(inside.first, [...(single.get(inside.first) ?? []), { ...led, public: outside.first }]);
      else wide.push({ mapping, led });
    }
  }
  return (local) => [
    ...(single.get(local) ?? []),
    ...wide.flatMap(({ mapping: { inside, outside }, led }) =>
      contains(prefixRange(inside), local) ? [{ ...led, public: local - inside.first + outside.first }] : [],
    ),
  ];
}

/** Whether the server sees the gateway in place of whoever comes. */
function changesSource({ gateway, publics }: Publisher): boolean {
  const destination = PacketMap.set({ destination: publics.map(point) });
  return viewsFrom(gateway, true).every((view) =>
    view.translations
      .within(splitByDestination(view).led)
      .within(destination)
      .values.every(({ source }) => source.is !== 'kept'),
  );
}

const said = ({ name }: SubjectOwner, one: Publisher, other: Publisher): Finding => ({
  where: `${name} with ${one.gateway.name} and ${other.gateway.name}`,
  what: `What comes to ${printed(other)} reaches ${printAddress(other.local)} by ${other.gateway.name}, and what comes to ${printed(one)} by ${one.gateway.name}. The server has one default route: where it leads to the latter, an answer from ${printAddress(other.local)} to a client of ${printed(other)} goes there, and is dropped, or leaves untranslated.`,
  instead:
    'One gateway for the server; or a routing table on it for each of two inside addresses, one for each gateway.',
});

const printed = ({ publics }: Publisher): string => some(publics.map(printAddress));
