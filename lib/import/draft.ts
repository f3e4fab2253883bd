import { isHost, networkOf, parseInterfaceAddress, prefixRange, printAddress, printPrefix } from '../net/address';
import { covers } from '../net/range';
import { Found, FoundMapping, FoundOpening, FoundPeers, FoundVirtualIp } from '../parse/importing';
import {
  GatewayIntentWhole,
  InterfaceIntent,
  OneToOneNatIntent,
  ReflectionIntent,
  ServiceIntent,
  VirtualIpIntent,
} from '../intent/intent';
import { Names, words } from './names';
import { BARE, PORTED, each, written } from './written';

/** What was found, as an intent writes it. Each part knows where it was found. */
export interface Draft {
  readonly gateway: GatewayIntentWhole;
  readonly virtualIps: readonly DraftVirtualIp[];
  readonly mappings: readonly DraftMapping[];
  /** For mappings that have none of their own. */
  readonly reflection: ReflectionIntent;
}

export interface DraftVirtualIp {
  readonly name: string;
  readonly found: FoundVirtualIp;
  readonly intent: VirtualIpIntent;
}

export interface DraftMapping {
  readonly name: string;
  readonly found: FoundMapping;
  readonly intent: OneToOneNatIntent;
  /** The virtual IP that its public side is a part of. */
  readonly virtualIp: string | undefined;
}

interface Wanted {
  readonly device: string;
  readonly owner: string;
  readonly platform: string;
  readonly version: string;
  /** Whether a switch of the whole device may be turned on for reflection. */
  readonly globalHelper: boolean;
}

export function draftOf(found: Found, wanted: Wanted): Draft {
  const names = { virtualIps: new Names(), mappings: new Names(), sets: new Names(['anywhere', 'nobody', 'none']) };
  const sets = new Map(
    [...new Map(found.sets.map((one) => [one.name, one])).values()].map((one) => [
      one.name,
      { ...one, is: names.sets.take(one.name, 'set') },
    ]),
  );
  const virtualIps = found.virtualIps.map((one): DraftVirtualIp => {
    const name = names.virtualIps.take(withoutTag(one.description), `vip-${dashed(one.outside)}`);
    return { name, found: one, intent: virtualIpIntent(name, one) };
  });
  const peers = (said: FoundPeers): 'anywhere' | string[] =>
    said === 'anywhere'
      ? said
      : said.map((one) => (typeof one === 'string' ? (sets.get(one)?.is ?? one) : printPrefix(one)));
  const reflection = reflectionOf(found.mappings[0], wanted);
  const mappings = found.mappings.map((one): DraftMapping => {
    const name = names.mappings.take(withoutTag(one.description), `nat-${dashed(one.outside)}`);
    const vip = virtualIps.find(({ found: has }) => covers(prefixRange(has.outside), prefixRange(one.outside)));
    const whole = vip !== undefined && printPrefix(vip.found.outside) === printPrefix(one.outside);
    const own = reflectionOf(one, wanted);
    const description = words(withoutTag(one.description));
    const open = one.openings.map((opening) => serviceOf(opening, peers));
    const intent: OneToOneNatIntent = {
      name,
      ...(whole ? { virtualIp: vip.name } : { outside: printPrefix(one.outside) }),
      inside: printPrefix(one.inside),
      ...(one.peers === 'anywhere' ? {} : { destination: peers(one.peers) }),
      ...(one.excluded.length === 0 ? {} : { exclude: one.excluded.map((peer) => ({ peer: printPrefix(peer) })) }),
      ...(open.length === 0 ? {} : { open }),
      ...(one.inboundOnly ? { inboundOnly: true } : {}),
      ...(JSON.stringify(own) === JSON.stringify(reflection) ? {} : { reflection: own }),
      ...(description === '' || description.toLowerCase() === name ? {} : { description }),
      ...(one.enabled ? {} : { enabled: false }),
    };
    return { name, found: one, intent, virtualIp: vip?.name };
  });
  const used = new Set(
    found.mappings.flatMap((one) => [one.peers, ...one.openings.map(({ sources }) => sources)]).flat(),
  );
  const named = [...sets.values()].filter((one) => used.has(one.name));
  const { device, owner, platform, version } = wanted;
  return {
    gateway: {
      device,
      owner,
      platform,
      version,
      interfaces: interfacesOf(found, mappings),
      ...(named.length === 0
        ? {}
        : { sourceSets: Object.fromEntries(named.map((one) => [one.is, one.members.map(printPrefix)])) }),
    },
    virtualIps,
    mappings,
    reflection,
  };
}

/** Of an entry that this package made once, what a person wrote. */
const withoutTag = (description: string): string =>
  description.replace(/^cpanel-edge:[^/\s]+\/(\S*)\s*/, (_, what: string) => `${what} `).trim();

const dashed = ({ first, length }: { readonly first: bigint; readonly length: number }): string =>
  printPrefix({ first, length } as Parameters<typeof printPrefix>[0]).replace(/[^0-9a-f]+/g, '-');

const virtualIpIntent = (
  name: string,
  { interface: on, outside, mask, kind, carp }: FoundVirtualIp,
): VirtualIpIntent => ({
  name,
  interface: on,
  address: printPrefix(outside),
  kind,
  ...(kind === 'ip-alias' || kind === 'carp' ? { mask } : {}),
  ...(carp ? { carp } : {}),
});

function reflectionOf(mapping: FoundMapping | undefined, { globalHelper }: Wanted): ReflectionIntent {
  if (mapping?.reflection.mode !== 'pure-nat') return { mode: 'disabled' };
  return { mode: 'pure-nat', from: mapping.reflection.from, ...(globalHelper ? { globalHelper } : {}) };
}

/** What isn't a virtual IP's, or lies in no network of its interface, is routed here. */
export function interfacesOf(
  { interfaces, virtualIps }: Found,
  mappings: readonly DraftMapping[],
): readonly InterfaceIntent[] {
  return interfaces.map(({ name, role, addresses, routes, terminatesVpn }) => {
    const own = addresses.flatMap((text) => parseInterfaceAddress(text) ?? []);
    const networks = own
      .map(({ address, length }) => networkOf(address, length))
      .filter((network) => !isHost(network) && !printAddress(network.first).includes(':'));
    const publics = [
      ...virtualIps.filter((vip) => vip.interface === name).map(({ outside }) => outside),
      ...mappings
        .filter((one) => one.found.interface === name && one.virtualIp === undefined)
        .map(({ found }) => found.outside),
    ];
    const alone = new Set(
      mappings.filter(({ virtualIp }) => virtualIp === undefined).map(({ found }) => printPrefix(found.outside)),
    );
    const routed = publics.filter(
      (one) =>
        alone.has(printPrefix(one)) || !networks.some((network) => covers(prefixRange(network), prefixRange(one))),
    );
    const publicPrefixes = [
      ...networks.map((network) => ({ prefix: printPrefix(network), delivery: 'on-link' as const })),
      ...[...new Set(routed.map(printPrefix))].map((prefix) => ({ prefix, delivery: 'routed' as const })),
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

function serviceOf(
  { protocol, ports, sources, description }: FoundOpening,
  peers: (said: FoundPeers) => 'anywhere' | string[],
): ServiceIntent {
  const why = words(withoutTag(description));
  const asked = { from: peers(sources), ...(why === '' ? {} : { because: why }) };
  if (protocol === 1) return { protocol: 'icmp', types: ports === 'all' ? [] : ports.flatMap(each), ...asked };
  const ported = PORTED[protocol];
  if (ported)
    return { ports: written(ports === 'all' ? [{ first: 1, last: 65_535 }] : ports), protocol: ported, ...asked };
  return { protocol: BARE[protocol] ?? protocol, ...asked };
}
