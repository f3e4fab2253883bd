// Parses the packets that a test of a stack names, such as `tcp 443 on 203.0.113.10 from anywhere`.

import { ALL_ADDRESSES, parsePrefix, toRange } from '../lib/net/address';
import { PROTOCOL } from '../lib/net/packet';
import { PacketMap, PacketSet } from '../lib/net/packet-map';
import { Range, toSingleRange, subtractRanges } from '../lib/net/range';
import { findServicePackets } from '../lib/intent/service-packets';

/** Packets as a test names them: a service at an address, from some sources. */
export interface WantedExposure {
  /** Destination addresses or prefixes, before any translation. @example to: ['203.0.113.10', '203.0.113.16/28'] */
  readonly to: string | readonly string[];
  /**
   * Names of services (`https`, `mail`), ports with their protocol (`8443/tcp`), or a whole protocol: `icmp`,
   * `protocol 89`.
   *
   * @default everything
   * @example service: ['https', '8443/tcp']
   */
  readonly service?: string | readonly string[];
  /**
   * Sources: `anywhere`, `anywhere but 198.51.100.66`, or addresses and prefixes.
   *
   * @default anywhere
   * @example from: ['198.51.100.0/24']
   */
  readonly from?: string | readonly string[];
}

export interface WantedPackets {
  readonly words: string;
  readonly packets: PacketSet;
}

const toList = (value: string | readonly string[]): readonly string[] =>
  typeof value === 'string' ? value.split(',').map((item) => item.trim()) : value;

/**
 * Parses `tcp 443 on 203.0.113.10 from anywhere`, or the same as an object. Throws TypeError for anything else: the
 * test has a mistake.
 */
export function parseWanted(value: string | WantedExposure): WantedPackets {
  if (typeof value === 'string') return parseWantedText(value);
  refuseUnknownKeys(value);
  const { to, service, from = 'anywhere' } = value;
  const destinations = toList(to).map((text) => parseRange(text, 'to'));
  const services = service === undefined ? undefined : toList(service).map((text) => parseServicePackets(text));
  const packets = PacketMap.createSet({ destination: destinations, source: parseSources(from) });
  return {
    words: `${service === undefined ? 'everything' : toList(service).join(', ')} on ${toList(to).join(', ')} from ${typeof from === 'string' ? from : from.join(', ')}`,
    packets: services ? packets.intersect(PacketMap.mergeFirst(services)) : packets,
  };
}

const FIELD_FORMS: Readonly<Record<keyof WantedExposure, string>> = {
  to: 'an address ("203.0.113.10") or a list of them',
  service: 'a name ("https"), a port with its protocol ("8443/tcp"), or a list of them',
  from: '"anywhere", an address or prefix, or a list of them',
};

/**
 * Refuses unknown keys and empty lists. A misspelt `from` would mean anywhere, and an empty list no packet at all,
 * which every assertion satisfies.
 */
function refuseUnknownKeys(value: WantedExposure): void {
  const fields: Readonly<Record<string, unknown>> = { ...value };
  const unknownField = Object.keys(fields).find((key) => !Object.hasOwn(FIELD_FORMS, key));
  if (unknownField !== undefined)
    throw new TypeError(`There is no "${unknownField}" here: write ${Object.keys(FIELD_FORMS).join(', ')}.`);
  for (const [key, words] of Object.entries(FIELD_FORMS)) {
    const list = fields[key];
    if (
      list === undefined
        ? key === 'to'
        : typeof list !== 'string' && !(Array.isArray(list) && list.length > 0 && list.every(isText))
    )
      throw new TypeError(`${key}: write ${words}.`);
  }
}

const isText = (value: unknown): boolean => typeof value === 'string';

function parseWantedText(text: string): WantedPackets {
  const [, service, to, from = 'anywhere'] = /^(.+?) (?:on|to) (\S+(?:, \S+)*?)(?: from (.+))?$/.exec(text) ?? [];
  if (service === undefined || to === undefined)
    throw new TypeError(`"${text}" is not read: write "tcp 443 on 203.0.113.10 from anywhere".`);
  const words = /^(everything|all protocols)$/.test(service) ? undefined : splitServices(service);
  return { ...parseWanted({ to, from, ...(words ? { service: words } : {}) }), words: text };
}

/** Splits services: `tcp 80,443` becomes `80/tcp` and `443/tcp`. Names stay as they are. */
function splitServices(text: string): readonly string[] {
  const [, protocol, ports] = /^(tcp|udp|sctp|dccp|udplite) ([\d, -]+)$/.exec(text) ?? [];
  return protocol === undefined || ports === undefined
    ? toList(text)
    : toList(ports).map((port) => `${port}/${protocol}`);
}

function parseServicePackets(text: string): PacketSet {
  const packets = findServicePackets(text) ?? parseProtocolPackets(text);
  if (!packets)
    throw new TypeError(`"${text}" is no service: write a name ("https"), or a port with its protocol ("8443/tcp").`);
  return packets;
}

function parseProtocolPackets(text: string): PacketSet | undefined {
  const number =
    text === 'icmp' || text === 'icmpv6' ? PROTOCOL[text] : Number(/^protocol (\d{1,3})$/.exec(text)?.[1] ?? 256);
  return number > 255 ? undefined : PacketMap.createSet({ protocol: [toSingleRange(number)] });
}

function parseSources(sources: string | readonly string[]): readonly Range[] {
  const allAddresses = ALL_ADDRESSES;
  if (sources === 'anywhere') return allAddresses;
  const excludedText =
    typeof sources === 'string' && sources.startsWith('anywhere but ')
      ? sources.slice('anywhere but '.length)
      : undefined;
  const ranges = toList(excludedText ?? sources).map((text) => parseRange(text, 'from'));
  return excludedText === undefined ? ranges : subtractRanges(allAddresses, ranges);
}

function parseRange(text: string, fieldName: string): Range {
  const prefix = parsePrefix(text);
  if (!prefix) throw new TypeError(`${fieldName}: "${text}" is no address and no prefix without host bits.`);
  return toRange(prefix);
}
