import { isHost, toRange, printAddress } from '../../net/address';
import { groupBy } from '../../net/group-by';
import { PacketMap } from '../../net/packet-map';
import { contains, toSingleRange } from '../../net/range';
import { Mapping, ServerPolicy } from '../../policy/policy';
import { printList } from '../addresses';
import { getServersByAddress } from '../translated-hosts';
import { listGateways, listServers, selectViews } from '../owners';
import { Finding, LintRule } from '../lint-rule';
import { LintSubject, SubjectOwner } from '../lint-subject';
import { MANUAL } from '../source-documents';
import { splitByDestination } from '../select-view-packets';

/**
 * Finds servers with different public addresses on two gateways. Answers leave by the server's default route, and the
 * wrong gateway drops them.
 */
export const serverBehindTwoGateways: LintRule = {
  code: 'nat/server-behind-two-gateways',
  severity: 'warning',
  title: 'Two gateways publish one server',
  decidedBy: 'intent',
  explanation: {
    why: 'Answers of a server follow its routes, not the packet that they answer. With one default route those to clients of the other gateway leave by the wrong one, which knows nothing of their connection: it drops them, or lets them out untranslated, and no client takes them for an answer.',
    when: 'Found where mappings of two devices translate different public addresses to one server. Not where both have the same ones, as a pair has of which one is active; nor where all but one of the gateways change the source to an address of their own, so that the server answers to them. Whether the server has a routing table for each of its addresses is not known: a server with an address for each gateway and `ip rule` for both is right, so acknowledge it.',
    remedy:
      'One gateway for the server; or on the server an inside address and a routing table for each gateway, `ip rule add from ADDRESS table N`.',
    source: MANUAL,
  },
  find: (subject) => {
    const findPublishers = createPublisherLookup(subject);
    return listServers(subject).flatMap((server) => {
      const publishers = server.policy?.kind === 'server' ? findPublishers(server, server.policy) : [];
      const [first, second] = (publishers.length < 2 ? [] : publishers).filter((first) => !translatesSource(first));
      return first && second ? [createFinding(server, first, second)] : [];
    });
  },
};

/** A public address that a gateway translates to an inside one. */
interface PublishedAddress {
  readonly gateway: SubjectOwner;
  readonly device: string;
  /** The profile of what is open there. */
  readonly profile: string;
  readonly public: bigint;
}

/** A gateway that translates public addresses to a server. */
interface PublishingGateway {
  readonly gateway: SubjectOwner;
  readonly publics: readonly bigint[];
  readonly localAddress: bigint;
}

/**
 * Returns a lookup of the gateways before a server. Each of them has public addresses that the earlier ones don't have.
 */
function createPublisherLookup(
  subject: LintSubject,
): (server: SubjectOwner, policy: ServerPolicy) => readonly PublishingGateway[] {
  const gateways = listGateways(subject);
  if (new Set(gateways.map(({ device, policy }) => policy?.device ?? device)).size < 2) return () => [];
  const findPublished = createPublishedLookup(gateways);
  return (server, { device, localAddresses, allowRules, ownPublic }) => {
    // If a gateway may translate to two servers with one address, or another site uses the same addresses, it is
    // another server.
    const isPublishedBy = (gateway: SubjectOwner, localAddress: bigint): boolean => {
      const addressServers = getServersByAddress(subject, gateway).get(localAddress) ?? [];
      return addressServers.includes(server) && addressServers.every(({ policy }) => policy?.device === device);
    };
    const publishedAddresses = localAddresses
      .flatMap((localAddress) => findPublished(localAddress).map((address) => ({ ...address, localAddress })))
      .filter((address) => isPublishedBy(address.gateway, address.localAddress))
      .filter(({ profile }) => profile === allowRules.name)
      .filter((address) => ownPublic.length === 0 || ownPublic.some((ownPair) => ownPair.public === address.public));
    const takenAddresses = new Set<bigint>();
    return [...groupBy(publishedAddresses, (address) => address.device).values()].flatMap(
      (gatewayAddresses): readonly PublishingGateway[] => {
        const newAddresses = gatewayAddresses.filter((address) => !takenAddresses.has(address.public));
        for (const address of gatewayAddresses) takenAddresses.add(address.public);
        const [first] = newAddresses;
        return first ? [{ ...first, publics: newAddresses.map((address) => address.public) }] : [];
      },
    );
  };
}

/** Returns a lookup of mappings by inside address. Most mappings have a single address, and are found by it. */
function createPublishedLookup(
  gateways: readonly SubjectOwner[],
): (localAddress: bigint) => readonly PublishedAddress[] {
  const hostMappings = new Map<bigint, PublishedAddress[]>();
  const networkMappings: { readonly mapping: Mapping; readonly publication: Omit<PublishedAddress, 'public'> }[] = [];
  for (const gateway of gateways) {
    const { policy } = gateway;
    if (policy?.kind !== 'gateway') continue;
    for (const mapping of policy.mappings.filter(({ enabled }) => enabled)) {
      const { internal, external, allowRules } = mapping;
      const publication = { gateway, device: policy.device, profile: allowRules.name };
      if (isHost(internal))
        hostMappings.set(internal.first, [
          ...(hostMappings.get(internal.first) ?? []),
          { ...publication, public: external.first },
        ]);
      else networkMappings.push({ mapping, publication });
    }
  }
  return (localAddress) => [
    ...(hostMappings.get(localAddress) ?? []),
    ...networkMappings.flatMap(({ mapping: { internal, external }, publication }) =>
      contains(toRange(internal), localAddress)
        ? [{ ...publication, public: localAddress - internal.first + external.first }]
        : [],
    ),
  ];
}

/** Returns whether the server sees the gateway in place of every source. */
function translatesSource({ gateway, publics }: PublishingGateway): boolean {
  const destination = PacketMap.createSet({ destination: publics.map(toSingleRange) });
  return selectViews(gateway, true).every((view) =>
    view.translations
      .intersect(splitByDestination(view).translated)
      .intersect(destination)
      .values.every(({ source }) => source.is !== 'kept'),
  );
}

const createFinding = ({ name }: SubjectOwner, first: PublishingGateway, second: PublishingGateway): Finding => ({
  where: `${name} with ${first.gateway.name} and ${second.gateway.name}`,
  what: `What comes to ${printPublics(second)} reaches ${printAddress(second.localAddress)} by ${second.gateway.name}, and what comes to ${printPublics(first)} by ${first.gateway.name}. The server has one default route: where it leads to the latter, an answer from ${printAddress(second.localAddress)} to a client of ${printPublics(second)} goes there, and is dropped, or leaves untranslated.`,
  instead:
    'One gateway for the server; or a routing table on it for each of two inside addresses, one for each gateway.',
});

const printPublics = ({ publics }: PublishingGateway): string => printList(publics.map(printAddress));
