// Drafts the intents of a gateway (interfaces, virtual IPs, mappings) from the importable parts of its configuration.
// Each part keeps the entry that it comes from.

import { isHost, getNetwork, parseInterfaceAddress, toRange, printAddress, printPrefix } from '../net/address';
import { covers } from '../net/range';
import {
  ImportableConfig,
  ImportableMapping,
  ImportableAllowRule,
  ImportablePeers,
  ImportableVirtualIp,
} from '../parse/config-importer';
import {
  ExpandedGatewayIntent,
  InterfaceIntent,
  OneToOneNatIntent,
  ReflectionIntent,
  ServiceIntent,
  VirtualIpIntent,
} from '../intent/intent';
import { UniqueNames, normalizeText } from './unique-names';
import { PORTLESS_PROTOCOL_NAMES, PORT_PROTOCOL_NAMES, expandRange, formatPorts } from './format-ports';

/** The objects of a configuration as intents. Each part has the object that it comes from. */
export interface GatewayDraft {
  readonly gateway: ExpandedGatewayIntent;
  readonly virtualIps: readonly DraftVirtualIp[];
  readonly mappings: readonly DraftMapping[];
  /** Reflection of the mappings that have none of their own. */
  readonly reflection: ReflectionIntent;
}

export interface DraftVirtualIp {
  readonly name: string;
  readonly entry: ImportableVirtualIp;
  readonly intent: VirtualIpIntent;
}

export interface DraftMapping {
  readonly name: string;
  readonly entry: ImportableMapping;
  readonly intent: OneToOneNatIntent;
  /** Name of the virtual IP that covers its external address. Undefined: there is none. */
  readonly virtualIp: string | undefined;
}

interface GatewayDraftOptions {
  readonly device: string;
  readonly owner: string;
  readonly platform: string;
  readonly version: string;
  /** Whether reflection may turn on a switch of the whole device. */
  readonly globalHelper: boolean;
}

export function createGatewayDraft(deviceObjects: ImportableConfig, options: GatewayDraftOptions): GatewayDraft {
  const names = {
    virtualIps: new UniqueNames(),
    mappings: new UniqueNames(),
    sets: new UniqueNames(['anywhere', 'nobody', 'none']),
  };
  const sets = new Map(
    [...new Map(deviceObjects.sets.map((entry) => [entry.name, entry])).values()].map((entry) => [
      entry.name,
      { ...entry, is: names.sets.createName(entry.name, 'set') },
    ]),
  );
  const virtualIps = deviceObjects.virtualIps.map((entry): DraftVirtualIp => {
    const name = names.virtualIps.createName(removeOwnerTag(entry.description), `vip-${formatDashed(entry.external)}`);
    return { name, entry, intent: createVirtualIpIntent(name, entry) };
  });
  const formatPeers = (peers: ImportablePeers): 'anywhere' | string[] =>
    peers === 'anywhere'
      ? peers
      : peers.map((entry) => (typeof entry === 'string' ? (sets.get(entry)?.is ?? entry) : printPrefix(entry)));
  const reflection = createReflectionIntent(deviceObjects.mappings[0], options);
  const mappings = deviceObjects.mappings.map((entry): DraftMapping => {
    const name = names.mappings.createName(removeOwnerTag(entry.description), `nat-${formatDashed(entry.external)}`);
    const enclosingVirtualIp = virtualIps.find(({ entry: virtualIp }) =>
      covers(toRange(virtualIp.external), toRange(entry.external)),
    );
    const isWholeVirtualIp =
      enclosingVirtualIp !== undefined &&
      printPrefix(enclosingVirtualIp.entry.external) === printPrefix(entry.external);
    const ownReflection = createReflectionIntent(entry, options);
    const description = normalizeText(removeOwnerTag(entry.description));
    const services = entry.allowRules.map((allowRule) => createServiceIntent(allowRule, formatPeers));
    const intent: OneToOneNatIntent = {
      name,
      ...(isWholeVirtualIp ? { virtualIp: enclosingVirtualIp.name } : { external: printPrefix(entry.external) }),
      internal: printPrefix(entry.internal),
      ...(entry.peers === 'anywhere' ? {} : { destination: formatPeers(entry.peers) }),
      ...(entry.excluded.length === 0 ? {} : { exclude: entry.excluded.map((peer) => ({ peer: printPrefix(peer) })) }),
      ...(services.length === 0 ? {} : { open: services }),
      ...(entry.inboundOnly ? { inboundOnly: true } : {}),
      ...(JSON.stringify(ownReflection) === JSON.stringify(reflection) ? {} : { reflection: ownReflection }),
      ...(description === '' || description.toLowerCase() === name ? {} : { description }),
      ...(entry.enabled ? {} : { enabled: false }),
    };
    return { name, entry, intent, virtualIp: enclosingVirtualIp?.name };
  });
  const usedNames = new Set(
    deviceObjects.mappings.flatMap((entry) => [entry.peers, ...entry.allowRules.map(({ sources }) => sources)]).flat(),
  );
  const usedSets = [...sets.values()].filter((entry) => usedNames.has(entry.name));
  const { device, owner, platform, version } = options;
  return {
    gateway: {
      device,
      owner,
      platform,
      version,
      interfaces: createInterfaceIntents(deviceObjects, mappings),
      ...(usedSets.length === 0
        ? {}
        : { sourceSets: Object.fromEntries(usedSets.map((entry) => [entry.is, entry.members.map(printPrefix)])) }),
    },
    virtualIps,
    mappings,
    reflection,
  };
}

/** Removes the owner tag that this package puts before the name and the description of an entry. */
const removeOwnerTag = (description: string): string =>
  description.replace(/^cpanel-edge:[^/\s]+\/(\S*)\s*/, (_, entryName: string) => `${entryName} `).trim();

const formatDashed = ({ first, length }: { readonly first: bigint; readonly length: number }): string =>
  printPrefix({ first, length } as Parameters<typeof printPrefix>[0]).replace(/[^0-9a-f]+/g, '-');

const createVirtualIpIntent = (
  name: string,
  { interface: interfaceName, external, mask, kind, carp }: ImportableVirtualIp,
): VirtualIpIntent => ({
  name,
  interface: interfaceName,
  address: printPrefix(external),
  kind,
  ...(kind === 'ip-alias' || kind === 'carp' ? { mask } : {}),
  ...(carp ? { carp } : {}),
});

function createReflectionIntent(
  mapping: ImportableMapping | undefined,
  { globalHelper }: GatewayDraftOptions,
): ReflectionIntent {
  if (mapping?.reflection.mode !== 'pure-nat') return { mode: 'disabled' };
  return { mode: 'pure-nat', from: mapping.reflection.from, ...(globalHelper ? { globalHelper } : {}) };
}

/**
 * Returns the interfaces as intents. An external prefix counts as routed if it has no virtual IP, or lies in no network
 * of its interface.
 */
export function createInterfaceIntents(
  { interfaces, virtualIps }: ImportableConfig,
  mappings: readonly DraftMapping[],
): readonly InterfaceIntent[] {
  return interfaces.map(({ name, role, addresses, routes, terminatesVpn }) => {
    const parsedAddresses = addresses.flatMap((text) => parseInterfaceAddress(text) ?? []);
    const networks = parsedAddresses
      .map(({ address, length }) => getNetwork(address, length))
      .filter((network) => !isHost(network) && !printAddress(network.first).includes(':'));
    const externalPrefixes = [
      ...virtualIps.filter((vip) => vip.interface === name).map(({ external }) => external),
      ...mappings
        .filter((entry) => entry.entry.interface === name && entry.virtualIp === undefined)
        .map(({ entry: mapping }) => mapping.external),
    ];
    const separatePrefixes = new Set(
      mappings
        .filter(({ virtualIp }) => virtualIp === undefined)
        .map(({ entry: mapping }) => printPrefix(mapping.external)),
    );
    const routedPrefixes = externalPrefixes.filter(
      (entry) =>
        separatePrefixes.has(printPrefix(entry)) ||
        !networks.some((network) => covers(toRange(network), toRange(entry))),
    );
    const publicPrefixes = [
      ...networks.map((network) => ({ prefix: printPrefix(network), delivery: 'on-link' as const })),
      ...[...new Set(routedPrefixes.map(printPrefix))].map((prefix) => ({ prefix, delivery: 'routed' as const })),
    ];
    return {
      name,
      role,
      addresses,
      ...(role === 'outside' && publicPrefixes.length > 0 ? { publicPrefixes } : {}),
      ...(routes.length === 0 ? {} : { routes }),
      ...(terminatesVpn ? { terminatesVpn } : {}),
    };
  });
}

function createServiceIntent(
  { protocol, ports, sources, description }: ImportableAllowRule,
  formatPeers: (peers: ImportablePeers) => 'anywhere' | string[],
): ServiceIntent {
  const reason = normalizeText(removeOwnerTag(description));
  const commonFields = { from: formatPeers(sources), ...(reason === '' ? {} : { reason }) };
  if (protocol === 1)
    return { protocol: 'icmp', types: ports === 'all' ? [] : ports.flatMap(expandRange), ...commonFields };
  const portProtocol = PORT_PROTOCOL_NAMES[protocol];
  if (portProtocol)
    return {
      ports: formatPorts(ports === 'all' ? [{ first: 1, last: 65_535 }] : ports),
      protocol: portProtocol,
      ...commonFields,
    };
  return { protocol: PORTLESS_PROTOCOL_NAMES[protocol] ?? protocol, ...commonFields };
}
