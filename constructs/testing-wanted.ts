import { EVERYWHERE, parsePrefix, prefixRange } from '../lib/net/address';
import { PROTOCOL } from '../lib/net/packet';
import { PacketMap, PacketSet } from '../lib/net/packet-map';
import { Range, point, without } from '../lib/net/range';
import { servicePackets } from '../lib/intent/service-packets';

/** Packets in the words of a test: a service at an address, from somewhere. */
export interface WantedExposure {
  /** Addresses or prefixes as the sender names them, before any translation. @example to: ['203.0.113.10', '203.0.113.16/28'] */
  readonly to: string | readonly string[];
  /**
   * Names of services (`https`, `mail`), ports with their protocol (`8443/tcp`), or all of one: `icmp`, `protocol 89`.
   *
   * @default everything
   * @example service: ['https', '8443/tcp']
   */
  readonly service?: string | readonly string[];
  /** `anywhere`, `anywhere but 198.51.100.66`, or addresses and prefixes. @default anywhere @example from: ['198.51.100.0/24'] */
  readonly from?: string | readonly string[];
}

export interface Wanted {
  readonly words: string;
  readonly packets: PacketSet;
}

const listOf = (value: string | readonly string[]): readonly string[] =>
  typeof value === 'string' ? value.split(',').map((one) => one.trim()) : value;

/** `tcp 443 on 203.0.113.10 from anywhere`, or the same as an object. Throws where it can't be meant: that is a mistake of the test. */
export function wantedOf(value: string | WantedExposure): Wanted {
  if (typeof value === 'string') return parsed(value);
  refuseOdd(value);
  const { to, service, from = 'anywhere' } = value;
  const destinations = listOf(to).map((text) => rangeOf(text, 'to'));
  const services = service === undefined ? undefined : listOf(service).map((text) => packetsOf(text));
  const block = PacketMap.set({ destination: destinations, source: sourcesOf(from) });
  return {
    words: `${service === undefined ? 'everything' : listOf(service).join(', ')} on ${listOf(to).join(', ')} from ${typeof from === 'string' ? from : from.join(', ')}`,
    packets: services ? block.within(PacketMap.first(services)) : block,
  };
}

const LISTS: Readonly<Record<keyof WantedExposure, string>> = {
  to: 'an address ("203.0.113.10") or a list of them',
  service: 'a name ("https"), a port with its protocol ("8443/tcp"), or a list of them',
  from: '"anywhere", an address or prefix, or a list of them',
};

/** A misspelt `from` would mean anywhere, and an empty list no packet at all, of which everything is true. */
function refuseOdd(value: WantedExposure): void {
  const given: Readonly<Record<string, unknown>> = { ...value };
  const odd = Object.keys(given).find((key) => !Object.hasOwn(LISTS, key));
  if (odd !== undefined) throw new TypeError(`There is no "${odd}" here: write ${Object.keys(LISTS).join(', ')}.`);
  for (const [key, words] of Object.entries(LISTS)) {
    const list = given[key];
    if (
      list === undefined
        ? key === 'to'
        : typeof list !== 'string' && !(Array.isArray(list) && list.length > 0 && list.every(isText))
    )
      throw new TypeError(`${key}: write ${words}.`);
  }
}

const isText = (value: unknown): boolean => typeof value === 'string';

function parsed(text: string): Wanted {
  const [, service, to, from = 'anywhere'] = /^(.+?) (?:on|to) (\S+(?:, \S+)*?)(?: from (.+))?$/.exec(text) ?? [];
  if (service === undefined || to === undefined)
    throw new TypeError(`"${text}" is not read: write "tcp 443 on 203.0.113.10 from anywhere".`);
  const words = /^(everything|all protocols)$/.test(service) ? undefined : servicesIn(service);
  return { ...wantedOf({ to, from, ...(words ? { service: words } : {}) }), words: text };
}

/** `tcp 80,443` is `80/tcp` and `443/tcp`; names stay. */
function servicesIn(text: string): readonly string[] {
  const [, protocol, ports] = /^(tcp|udp|sctp|dccp|udplite) ([\d, -]+)$/.exec(text) ?? [];
  return protocol === undefined || ports === undefined
    ? listOf(text)
    : listOf(ports).map((one) => `${one}/${protocol}`);
}

function packetsOf(text: string): PacketSet {
  const found = servicePackets(text) ?? protocolPackets(text);
  if (!found)
    throw new TypeError(`"${text}" is no service: write a name ("https"), or a port with its protocol ("8443/tcp").`);
  return found;
}

function protocolPackets(text: string): PacketSet | undefined {
  const number =
    text === 'icmp' || text === 'icmpv6' ? PROTOCOL[text] : Number(/^protocol (\d{1,3})$/.exec(text)?.[1] ?? 256);
  return number > 255 ? undefined : PacketMap.set({ protocol: [point(number)] });
}

function sourcesOf(from: string | readonly string[]): readonly Range[] {
  const all = EVERYWHERE;
  if (from === 'anywhere') return all;
  const but =
    typeof from === 'string' && from.startsWith('anywhere but ') ? from.slice('anywhere but '.length) : undefined;
  const ranges = listOf(but ?? from).map((text) => rangeOf(text, 'from'));
  return but === undefined ? ranges : without(all, ranges);
}

function rangeOf(text: string, where: string): Range {
  const prefix = parsePrefix(text);
  if (!prefix) throw new TypeError(`${where}: "${text}" is no address and no prefix without host bits.`);
  return prefixRange(prefix);
}
