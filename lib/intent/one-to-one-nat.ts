import {
  Address,
  FAMILY_RANGE,
  Prefix,
  familyOf,
  hostPrefix,
  parsePrefix,
  prefixRange,
  printAddress,
  printPrefix,
} from '../net/address';
import { Range, contains, covers, overlap, without } from '../net/range';
import { Mapping, Opening, Openings } from '../policy/policy';
import { LINK_LOCAL, addressOf, prefixOf, touches } from './addresses';
import { Fields, Place, entriesOf, listOf, nameOf, textOf } from './fields';
import type { CpanelFirewallProfileIntent } from './intent';
import { KnownInterface, behind, withoutEdge } from './interfaces';
import { KEYS } from './keys';
import { SharedOpenings } from './openings-shared';
import { Profile, compileProfile } from './profile';
import { openingListOf } from './services';
import * as address from './problems/address';
import * as say from './problems/gateway';
import * as shape from './problems/shape';
import { SettledReflection, reflectionOf } from './reflection';
import { Sets, SettledSources, sourcesOf } from './sources';
import { publicPrefixOf } from './virtual-ip';

/** A mapping as far as it can be told alone; its interface, openings and reflection come when all parts are there. */
export interface MappingDraft extends Omit<Mapping, 'interface' | 'openings' | 'reflection'> {
  readonly where: string;
  /** What it says itself is open; undefined when it says nothing. */
  readonly ownOpenings: Openings | undefined;
  readonly ownProfile: Profile | undefined;
  /** Name of the virtual IP it was written with. */
  readonly virtualIp: string | undefined;
  readonly ownReflection: SettledReflection | undefined;
}

/** What a mapping may refer to. */
export interface Known {
  readonly interfaces: readonly KnownInterface[];
  readonly sets: Sets;
  readonly shared: SharedOpenings;
  /** `spoiled`: it was added and has problems of its own, which are enough. */
  virtualIp(name: string): Prefix | 'spoiled' | undefined;
  virtualIpNames(): readonly string[];
  serverAddresses(device: string): readonly Address[] | 'spoiled' | undefined;
  serverNames(): readonly string[];
}

export function mappingOf(value: unknown, place: Place, known: Known): MappingDraft | undefined {
  const fields = Fields.of(
    value,
    place,
    'An object with name, virtualIp or outside, and inside',
    KEYS.mapping,
    false,
    [],
    ['gateway'],
  );
  if (!fields) return undefined;
  const name = fields.name('name');
  const outside = outsideOf(fields, place, known);
  const inside = fields.required('inside', "'10.0.0.10', or a CpanelServer") ? insideOf(fields, known) : undefined;
  if (outside && inside && outside.length !== inside.length) {
    place.add(say.masksDiffer(place.where, printPrefix(outside), printPrefix(inside)));
  }
  const peers = fields.given('destination', (value, at) => peersOf(value, at, known.sets), 'anywhere');
  const exclude = fields.has('exclude') && inside ? excludeOf(fields.raw('exclude'), fields.at('exclude'), inside) : [];
  const inboundOnly = fields.flag('inboundOnly', false);
  const enabled = fields.flag('enabled', true);
  const description = fields.has('description') ? fields.optionalText('description', 'a few words', 200) : '';
  if (fields.has('open') && fields.has('profile')) place.add(shape.exactlyOne(place.where, 'open', 'profile', true));
  const ownOpenings = fields.given('open', (value, at) => openOf(value, at, known), undefined);
  const ownProfile = fields.has('profile')
    ? compileProfile(fields.at('profile').where, fields.raw('profile') as CpanelFirewallProfileIntent)
    : undefined;
  const ownReflection = fields.has('reflection') ? reflectionField(fields, known) : undefined;
  if (
    name === undefined ||
    !outside ||
    !inside ||
    peers === undefined ||
    inboundOnly === undefined ||
    enabled === undefined
  )
    return undefined;
  if (outside.length !== inside.length || description === undefined) return undefined;
  if (isAllExcluded({ inside, peers, exclude }))
    return fields.at('exclude').add(say.allExcluded(fields.at('exclude').where));
  refuseForNobody(ownOpenings, servedPeers({ peers, exclude }), fields.at('open'));
  const virtualIp = fields.has('virtualIp') ? (fields.raw('virtualIp') as string) : undefined;
  const own = { ownOpenings, ownProfile, ownReflection };
  return {
    where: place.where,
    name,
    description,
    outside,
    inside,
    peers,
    exclude,
    inboundOnly,
    enabled,
    virtualIp,
    ...own,
  };
}

/** Never undefined: what is wrong in it is no reason not to check the rest of the mapping. */
function openOf(value: unknown, place: Place, known: Known): Openings {
  const list =
    listOf(value, place, shape.SERVICES, 'At least one service, or no "open" at all: then nothing is opened.', 1000) ??
    [];
  return known.shared.of(openingListOf(list, place, { sets: known.sets, sources: 'unset', management: 'unset' }));
}

function reflectionField(fields: Fields, known: Known): SettledReflection | undefined {
  const place = fields.at('reflection');
  const own = Fields.of(fields.raw('reflection'), place, "An object: { mode: 'pure-nat' }", KEYS.reflection);
  return own && reflectionOf(own, place, known.interfaces);
}

function outsideOf(fields: Fields, place: Place, known: Known): Prefix | undefined {
  const [vip, own] = [fields.has('virtualIp'), fields.has('outside')];
  if (vip === own) return place.add(shape.exactlyOne(place.where, 'virtualIp', 'outside', vip));
  if (own) return publicPrefixOf(fields.raw('outside'), fields.at('outside'), 'a mapping', known.interfaces);
  const at = fields.at('virtualIp');
  const name = nameOf(fields.raw('virtualIp'), at);
  if (name === undefined) return undefined;
  const found = known.virtualIp(name);
  return found === 'spoiled'
    ? undefined
    : (found ?? at.add(shape.unknownName(at.where, 'virtual IP', name, known.virtualIpNames())));
}

function insideOf(fields: Fields, known: Known): Prefix | undefined {
  const value = fields.raw('inside');
  const place = fields.at('inside');
  const prefix =
    typeof value === 'object' && value !== null ? serverInside(value, place, known) : writtenInside(value, place);
  if (!prefix) return undefined;
  const text = printPrefix(prefix);
  if (familyOf(prefix.first) === 'ip6') return place.add(address.wrongFamily(place.where, text, 'a mapping'));
  if (touches(LINK_LOCAL, prefixRange(prefix))) return place.add(say.linkLocal(place.where, text));
  for (const { has } of known.interfaces) {
    const own = has.addresses.some((one) => contains(prefixRange(prefix), one.address));
    if (own) return place.add(say.insideIsGateway(place.where, text, has.name));
  }
  const found = behind(known.interfaces, prefix);
  if (found && found.has.role !== 'outside') return withoutEdge(prefix, place, known.interfaces);
  const outside = fields.has('outside') ? parsePrefix(String(fields.raw('outside'))) : undefined;
  const other = found && outside ? behind(known.interfaces, outside) : undefined;
  if (found && outside && other && other.has.role !== 'outside')
    return place.add(say.wrongWayRound(place.where, text, found.has.name, printPrefix(outside), other.has.name));
  return place.add(say.notBehind(place.where, text, found?.has.name));
}

const writtenInside = (value: unknown, place: Place): Prefix | undefined =>
  typeof value === 'string' && /^[a-z][a-z0-9-]*$/i.test(value)
    ? place.add(say.insideByName(place.where, value))
    : prefixOf(value, place, 'The private address or subnet of the servers.');

function serverInside(value: unknown, place: Place, known: Known): Prefix | undefined {
  const fields = Fields.of(value, place, 'An address, or a server: a mapping has one', ['server', 'address']);
  const server = fields?.required('server', 'the device name of a server')
    ? textOf(fields.raw('server'), fields.at('server'), 'The device name of a server')
    : undefined;
  if (!fields || server === undefined) return undefined;
  const addresses = known.serverAddresses(server);
  if (!addresses) return place.add(shape.unknownName(fields.at('server').where, 'server', server, known.serverNames()));
  if (addresses === 'spoiled') return undefined;
  const own = addresses.filter((one) => familyOf(one) === 'ip');
  if (!fields.has('address')) {
    const [only, ...more] = own;
    if (only !== undefined && more.length === 0) return hostPrefix(only);
    return place.add(say.serverAddressUnset(place.where, server, own.map(printAddress)));
  }
  const wanted = addressOf(fields.raw('address'), fields.at('address'));
  if (wanted === undefined || addresses.includes(wanted)) return wanted === undefined ? undefined : hostPrefix(wanted);
  return place.add(say.notItsAddress(fields.at('address').where, server, printAddress(wanted)));
}

/** Peers of a mapping are IPv4, as it is. */
function peersOf(value: unknown, place: Place, sets: Sets): SettledSources | undefined {
  const sources = sourcesOf(value, place, sets);
  if (sources === undefined || sources === 'anywhere') return sources;
  const own = sources.filter((range) => familyOf(range.first) === 'ip');
  return own.length > 0 ? own : place.add(say.ipv6Only(place.where, 'Every entry'));
}

const excludeOf = (value: unknown, place: Place, inside: Prefix): Mapping['exclude'] =>
  entriesOf<Mapping['exclude'][number]>(
    value,
    place,
    'A list: [{ inside }, { peer }]',
    'At least one exclusion, or no "exclude" at all.',
    (entry, at) => {
      const fields = Fields.of(entry, at, "An object: { inside: '10.0.0.9' } or { peer: '198.51.100.0/24' }", [
        'inside',
        'peer',
      ]);
      if (!fields) return undefined;
      if (!fields.has('inside') && !fields.has('peer')) return at.add(say.exclusionEmpty(at.where));
      const part = fields.given(
        'inside',
        (own, its) => prefixOf(own, its, 'enabled: false switches the whole mapping off.'),
        'all',
      );
      const forAll = 'No "peer" at all: without one the exclusion is for all peers.';
      const peer = fields.given('peer', (own, its) => prefixOf(own, its, forAll), 'anywhere');
      if (part === undefined || peer === undefined) return undefined;
      if (part !== 'all' && !covers(prefixRange(inside), prefixRange(part)))
        return at.add(say.exclusionOutside(fields.at('inside').where, printPrefix(part), printPrefix(inside)));
      if (peer !== 'anywhere' && familyOf(peer.first) === 'ip6')
        return at.add(say.ipv6Only(fields.at('peer').where, printPrefix(peer)));
      return {
        inside: part === 'all' ? part : [prefixRange(part)],
        peers: peer === 'anywhere' ? peer : [prefixRange(peer)],
      };
    },
    1000,
  );

/** Sources that the mapping isn't for reach nothing by it. A profile may be that of other mappings, too. */
function refuseForNobody(openings: Openings | undefined, served: readonly Range[], place: Place): void {
  const isServed = ({ sources }: Opening): boolean =>
    sources === 'anywhere' || sources.some((one) => served.some((other) => overlap(one, other) !== undefined));
  const names = new Set((openings?.entries ?? []).filter((entry) => !isServed(entry)).map(({ because }) => because));
  for (const name of names) place.add(say.openToNobody(place.where, name));
}

/** Whether it is for nobody: all of its inside is excluded, or whoever it is for. */
const isAllExcluded = (mapping: Pick<MappingDraft, 'inside' | 'peers' | 'exclude'>): boolean =>
  servedPeers(mapping).length === 0 ||
  without(
    [prefixRange(mapping.inside)],
    mapping.exclude.flatMap(({ inside, peers }) => (peers === 'anywhere' && inside !== 'all' ? inside : [])),
  ).length === 0;

/** The peers that a mapping is for, less those that it excludes for all of its inside. */
function servedPeers({ peers, exclude }: Pick<MappingDraft, 'peers' | 'exclude'>): readonly Range[] {
  const whole = peers === 'anywhere' ? [FAMILY_RANGE.ip] : peers;
  const out = exclude.flatMap((one) => (one.inside === 'all' && one.peers !== 'anywhere' ? one.peers : []));
  return out.length === 0 ? whole : without(whole, out);
}

/** Whether some connection of an inside host could leave by either mapping. */
export function bothServe(a: MappingDraft, b: MappingDraft): boolean {
  if (a.inboundOnly || b.inboundOnly || !a.enabled || !b.enabled) return false;
  const others = servedPeers(b);
  return servedPeers(a).some((one) => others.some((other) => overlap(one, other) !== undefined));
}
