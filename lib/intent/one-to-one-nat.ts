// Parses the intent of a 1:1 NAT mapping: external and internal address, peers, exclusions. Interface, allow rules
// and reflection are resolved later, by the gateway's policy builder.

import {
  Address,
  FAMILY_RANGE,
  Prefix,
  getFamily,
  toHostPrefix,
  parsePrefix,
  toRange,
  printAddress,
  printPrefix,
} from '../net/address';
import { Range, contains, covers, intersectRanges, subtractRanges } from '../net/range';
import { Mapping, AllowRule, AllowRules } from '../policy/policy';
import { LINK_LOCAL_RANGES, parseUsableAddress, parseUsablePrefix, overlapsAny } from './addresses';
import { IntentFields, IntentLocation, parseList, parseName, parseText } from './fields';
import type { CpanelFirewallProfileIntent } from './intent';
import { ParsedInterface, matchInterface, refuseNetworkEdge } from './interfaces';
import { exclusionSchema, mappingSchema, reflectionSchema, serverInternalSchema } from './intent-schemas';
import { AllowRulePool } from './allow-rule-pool';
import { Profile, compileProfile } from './profile';
import { parseServiceEntries } from './service-entries';
import * as address from './problems/address-problems';
import * as say from './problems/gateway-problems';
import * as shape from './problems/field-problems';
import { ResolvedReflection, parseReflection } from './reflection';
import { SourceSetMap, ResolvedSources, parseSources } from './sources';
import { parsePublicPrefix } from './virtual-ip';

/** A mapping as parsed alone. Its interface, allow rules and reflection are resolved when all parts are added. */
export interface MappingDraft extends Omit<Mapping, 'interface' | 'allowRules' | 'reflection'> {
  readonly where: string;
  /** Allow rules of the mapping's own `open`. Undefined: it has no `open`. */
  readonly ownAllowRules: AllowRules | undefined;
  readonly ownProfile: Profile | undefined;
  /** Name of the virtual IP that the mapping is written with. Undefined: it is written with `outside`. */
  readonly virtualIp: string | undefined;
  readonly ownReflection: ResolvedReflection | undefined;
}

/** The parts of the gateway that a mapping may refer to. */
export interface MappingContext {
  readonly interfaces: readonly ParsedInterface[];
  readonly sets: SourceSetMap;
  readonly allowRulePool: AllowRulePool;
  /** Returns the prefix of a virtual IP. `spoiled`: the virtual IP has problems, which are already reported. */
  virtualIp(name: string): Prefix | 'spoiled' | undefined;
  virtualIpNames(): readonly string[];
  serverAddresses(device: string): readonly Address[] | 'spoiled' | undefined;
  serverNames(): readonly string[];
}

type MappingFields = IntentFields<typeof mappingSchema>;

export function parseMapping(
  value: unknown,
  location: IntentLocation,
  context: MappingContext,
): MappingDraft | undefined {
  const expected = 'An object with name, virtualIp or external, and internal';
  const fields = IntentFields.parse(value, location, mappingSchema, expected, {
    isNested: false,
    keysElsewhere: ['gateway'],
  });
  if (!fields) return undefined;
  const name = fields.parseName('name');
  const external = parseExternal(fields, location, context);
  const internal = fields.requireField('internal', "'10.0.0.10', or a CpanelServer")
    ? parseInternal(fields, context)
    : undefined;
  if (external && internal && external.length !== internal.length) {
    location.report(say.describeDifferentMasks(location.where, printPrefix(external), printPrefix(internal)));
  }
  const peers = fields.parseOptional(
    'destination',
    (value, fieldLocation) => parsePeers(value, fieldLocation, context.sets),
    'anywhere' as const,
  );
  const exclude = fields.has('exclude') && internal ? parseExclusions(fields, internal) : [];
  const inboundOnly = fields.parseOptionalFlag('inboundOnly');
  const enabled = fields.parseOptionalFlag('enabled');
  const description = fields.has('description') ? fields.parseOptionalText('description', 'a few words') : '';
  if (fields.has('open') && fields.has('profile'))
    location.report(shape.describeExactlyOne(location.where, 'open', 'profile', true));
  const ownAllowRules = fields.parseOptional(
    'open',
    (value, fieldLocation) => parseOpenField(value, fieldLocation, context),
    undefined,
  );
  const ownProfile = fields.has('profile')
    ? compileProfile(fields.getLocation('profile').where, fields.getValue('profile') as CpanelFirewallProfileIntent)
    : undefined;
  const ownReflection = fields.has('reflection') ? parseReflectionField(fields, context) : undefined;
  if (
    name === undefined ||
    !external ||
    !internal ||
    peers === undefined ||
    inboundOnly === undefined ||
    enabled === undefined
  )
    return undefined;
  if (external.length !== internal.length || description === undefined) return undefined;
  if (isAllExcluded({ internal, peers, exclude }))
    return fields.getLocation('exclude').report(say.describeAllExcluded(fields.getLocation('exclude').where));
  refuseUnservedSources(ownAllowRules, computeServedPeers({ peers, exclude }), fields.getLocation('open'));
  const virtualIp = fields.has('virtualIp') ? (fields.getValue('virtualIp') as string) : undefined;
  const ownSettings = { ownAllowRules, ownProfile, ownReflection };
  return {
    where: location.where,
    name,
    description,
    external,
    internal,
    peers,
    exclude,
    inboundOnly,
    enabled,
    virtualIp,
    ...ownSettings,
  };
}

/** Never returns undefined: a problem in `open` must not stop the checks of the rest of the mapping. */
function parseOpenField(value: unknown, location: IntentLocation, context: MappingContext): AllowRules {
  const entries =
    parseList(
      value,
      location,
      mappingSchema.shape.open,
      shape.EXPECTED_SERVICES,
      'At least one service, or no "open" at all: then nothing is opened.',
    ) ?? [];
  return context.allowRulePool.intern(
    parseServiceEntries(entries, location, { sets: context.sets, sources: 'unset', management: 'unset' }),
  );
}

function parseReflectionField(fields: MappingFields, context: MappingContext): ResolvedReflection | undefined {
  const location = fields.getLocation('reflection');
  const reflectionFields = IntentFields.parse(
    fields.getValue('reflection'),
    location,
    reflectionSchema,
    "An object: { mode: 'pure-nat' }",
  );
  return reflectionFields && parseReflection(reflectionFields, location, context.interfaces);
}

function parseExternal(fields: MappingFields, location: IntentLocation, context: MappingContext): Prefix | undefined {
  const [hasVirtualIp, hasExternal] = [fields.has('virtualIp'), fields.has('external')];
  if (hasVirtualIp === hasExternal)
    return location.report(shape.describeExactlyOne(location.where, 'virtualIp', 'external', hasVirtualIp));
  if (hasExternal)
    return parsePublicPrefix(
      fields.getValue('external'),
      fields.getLocation('external'),
      'a mapping',
      context.interfaces,
    );
  const fieldLocation = fields.getLocation('virtualIp');
  const name = parseName(fields.getValue('virtualIp'), fieldLocation);
  if (name === undefined) return undefined;
  const virtualIpPrefix = context.virtualIp(name);
  return virtualIpPrefix === 'spoiled'
    ? undefined
    : (virtualIpPrefix ??
        fieldLocation.report(
          shape.describeUnknownName(fieldLocation.where, 'virtual IP', name, context.virtualIpNames()),
        ));
}

function parseInternal(fields: MappingFields, context: MappingContext): Prefix | undefined {
  const value = fields.getValue('internal');
  const location = fields.getLocation('internal');
  const prefix =
    typeof value === 'object' && value !== null
      ? resolveServerInternal(value, location, context)
      : parseInternalText(value, location);
  if (!prefix) return undefined;
  const text = printPrefix(prefix);
  if (getFamily(prefix.first) === 'ip6')
    return location.report(address.describeWrongFamily(location.where, text, 'a mapping'));
  if (overlapsAny(LINK_LOCAL_RANGES, toRange(prefix)))
    return location.report(say.describeLinkLocal(location.where, text));
  for (const { networkInterface } of context.interfaces) {
    const isOwnAddress = networkInterface.addresses.some((interfaceAddress) =>
      contains(toRange(prefix), interfaceAddress.address),
    );
    if (isOwnAddress)
      return location.report(say.describeInternalIsGateway(location.where, text, networkInterface.name));
  }
  const matchedInterface = matchInterface(context.interfaces, prefix);
  if (matchedInterface && matchedInterface.networkInterface.role !== 'outside')
    return refuseNetworkEdge(prefix, location, context.interfaces);
  const externalPrefix = fields.has('external') ? parsePrefix(String(fields.getValue('external'))) : undefined;
  const externalInterface =
    matchedInterface && externalPrefix ? matchInterface(context.interfaces, externalPrefix) : undefined;
  if (matchedInterface && externalPrefix && externalInterface && externalInterface.networkInterface.role !== 'outside')
    return location.report(
      say.describeSwappedAddresses(
        location.where,
        text,
        matchedInterface.networkInterface.name,
        printPrefix(externalPrefix),
        externalInterface.networkInterface.name,
      ),
    );
  return location.report(say.describeInternalNotBehind(location.where, text, matchedInterface?.networkInterface.name));
}

const parseInternalText = (value: unknown, location: IntentLocation): Prefix | undefined =>
  typeof value === 'string' && /^[a-z][a-z0-9-]*$/i.test(value)
    ? location.report(say.describeInternalByName(location.where, value))
    : parseUsablePrefix(value, location, 'The private address or subnet of the servers.');

function resolveServerInternal(value: unknown, location: IntentLocation, context: MappingContext): Prefix | undefined {
  const expected = 'An address, or a server: a mapping has one';
  const fields = IntentFields.parse(value, location, serverInternalSchema, expected);
  const server = fields?.requireField('server', 'the device name of a server')
    ? parseText(fields.getValue('server'), fields.getLocation('server'), 'The device name of a server')
    : undefined;
  if (!fields || server === undefined) return undefined;
  const addresses = context.serverAddresses(server);
  if (!addresses)
    return location.report(
      shape.describeUnknownName(fields.getLocation('server').where, 'server', server, context.serverNames()),
    );
  if (addresses === 'spoiled') return undefined;
  const ipv4Addresses = addresses.filter((candidate) => getFamily(candidate) === 'ip');
  if (!fields.has('address')) {
    const [onlyAddress, ...otherAddresses] = ipv4Addresses;
    if (onlyAddress !== undefined && otherAddresses.length === 0) return toHostPrefix(onlyAddress);
    return location.report(say.describeUnsetServerAddress(location.where, server, ipv4Addresses.map(printAddress)));
  }
  const chosenAddress = parseUsableAddress(fields.getValue('address'), fields.getLocation('address'));
  if (chosenAddress === undefined || addresses.includes(chosenAddress))
    return chosenAddress === undefined ? undefined : toHostPrefix(chosenAddress);
  return location.report(
    say.describeForeignServerAddress(fields.getLocation('address').where, server, printAddress(chosenAddress)),
  );
}

/** Parses the peers of a mapping. They are IPv4, as the mapping is. */
function parsePeers(value: unknown, location: IntentLocation, sourceSets: SourceSetMap): ResolvedSources | undefined {
  const sources = parseSources(value, location, sourceSets);
  if (sources === undefined || sources === 'anywhere') return sources;
  const ipv4Ranges = sources.filter((range) => getFamily(range.first) === 'ip');
  return ipv4Ranges.length > 0 ? ipv4Ranges : location.report(say.describeIpv6Only(location.where, 'Every entry'));
}

const parseExclusions = (mappingFields: MappingFields, inside: Prefix): Mapping['exclude'] =>
  mappingFields.parseEntries<Mapping['exclude'][number]>(
    'exclude',
    'A list: [{ internal }, { peer }]',
    'At least one exclusion, or no "exclude" at all.',
    (entry, entryLocation) => {
      const fields = IntentFields.parse(
        entry,
        entryLocation,
        exclusionSchema,
        "An object: { internal: '10.0.0.9' } or { peer: '198.51.100.0/24' }",
      );
      if (!fields) return undefined;
      if (!fields.has('internal') && !fields.has('peer'))
        return entryLocation.report(say.describeEmptyExclusion(entryLocation.where));
      const excludedPrefix = fields.parseOptional(
        'internal',
        (fieldValue, fieldLocation) =>
          parseUsablePrefix(fieldValue, fieldLocation, 'enabled: false switches the whole mapping off.'),
        'all',
      );
      const everyPeerAdvice = 'No "peer" at all: without one the exclusion is for all peers.';
      const peer = fields.parseOptional(
        'peer',
        (fieldValue, fieldLocation) => parseUsablePrefix(fieldValue, fieldLocation, everyPeerAdvice),
        'anywhere',
      );
      if (excludedPrefix === undefined || peer === undefined) return undefined;
      if (excludedPrefix !== 'all' && !covers(toRange(inside), toRange(excludedPrefix)))
        return entryLocation.report(
          say.describeExclusionOutside(
            fields.getLocation('internal').where,
            printPrefix(excludedPrefix),
            printPrefix(inside),
          ),
        );
      if (peer !== 'anywhere' && getFamily(peer.first) === 'ip6')
        return entryLocation.report(say.describeIpv6Only(fields.getLocation('peer').where, printPrefix(peer)));
      return {
        internal: excludedPrefix === 'all' ? excludedPrefix : [toRange(excludedPrefix)],
        peers: peer === 'anywhere' ? peer : [toRange(peer)],
      };
    },
  );

/**
 * Reports allow rules whose sources are all outside of the peers that the mapping serves. Rules of a profile aren't
 * checked: the profile may belong to other mappings, too.
 */
function refuseUnservedSources(
  allowRules: AllowRules | undefined,
  servedRanges: readonly Range[],
  location: IntentLocation,
): void {
  const isServed = ({ sources }: AllowRule): boolean =>
    sources === 'anywhere' ||
    sources.some((source) => servedRanges.some((servedRange) => intersectRanges(source, servedRange) !== undefined));
  const names = new Set((allowRules?.entries ?? []).filter((entry) => !isServed(entry)).map(({ origin }) => origin));
  for (const name of names) location.report(say.describeUnservedSources(location.where, name));
}

/** Whether the mapping translates nothing: all of its internal addresses or all of its peers are excluded. */
const isAllExcluded = (mapping: Pick<MappingDraft, 'internal' | 'peers' | 'exclude'>): boolean =>
  computeServedPeers(mapping).length === 0 ||
  subtractRanges(
    [toRange(mapping.internal)],
    mapping.exclude.flatMap(({ internal, peers }) => (peers === 'anywhere' && internal !== 'all' ? internal : [])),
  ).length === 0;

/** Returns the peers of a mapping without those that it excludes for all of its internal addresses. */
function computeServedPeers({ peers, exclude }: Pick<MappingDraft, 'peers' | 'exclude'>): readonly Range[] {
  const allPeers = peers === 'anywhere' ? [FAMILY_RANGE.ip] : peers;
  const excludedPeers = exclude.flatMap((exclusion) =>
    exclusion.internal === 'all' && exclusion.peers !== 'anywhere' ? exclusion.peers : [],
  );
  return excludedPeers.length === 0 ? allPeers : subtractRanges(allPeers, excludedPeers);
}

/** Whether some connection of an internal host could leave by either mapping. */
export function canBothServe(a: MappingDraft, b: MappingDraft): boolean {
  if (a.inboundOnly || b.inboundOnly || !a.enabled || !b.enabled) return false;
  const otherPeers = computeServedPeers(b);
  return computeServedPeers(a).some((peer) =>
    otherPeers.some((otherPeer) => intersectRanges(peer, otherPeer) !== undefined),
  );
}
