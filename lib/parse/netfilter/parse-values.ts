// Parses the values that netfilter rules compare: addresses, ports, numbers, flags, interface names. nftables and
// iptables share it.

import {
  Address,
  FAMILY_RANGE,
  Family,
  getFamily,
  getNetwork,
  parseAddress,
  parseMappedAddress,
  toRange,
} from '../../net/address';
import { NumberRange } from '../../net/device';
import { TextInternTable } from '../../net/intern-tables';
import { Range, toSingleRange } from '../../net/range';
import { PacketField } from '../../evaluator/packet-fields';
import { parseOctal } from './parse-integers';
import { FieldValue } from '../../evaluator/ruleset-model';
import { FIB_TYPES, FLAGS, NUMBERS_BY_NAME } from './named-numbers';

/** Interface names have no more letters. Source: IFNAMSIZ in linux/if.h. */
export const MAX_INTERFACE_NAME_LENGTH = 15;

const ANY_VALUE: FieldValue = { is: 'any' };
/** Each text is one object as long as it is referenced, because the evaluator tells values apart by identity. */
const parsedValues = new TextInternTable<PacketField, FieldValue | UnreadableValue>();
type UnreadableValue = { readonly is: 'unreadable' };

/** Returns the value of a text; undefined for a text that this field can't be compared with as far as we know. */
export function parseValue(field: PacketField, text: string): FieldValue | undefined {
  if (text === '*') return ANY_VALUE;
  // There are as many hosts as rules: to cache them costs as much as to parse them again.
  if (field.looksAt.is === 'address') return parseUncachedValue(field, text);
  const value = parsedValues.getOrCreate(field, text, () => parseUncachedValue(field, text) ?? { is: 'unreadable' });
  return value.is === 'unreadable' ? undefined : value;
}

function parseUncachedValue(field: PacketField, text: string): FieldValue | undefined {
  const { looksAt } = field;
  switch (looksAt.is) {
    case 'address': {
      const range = parseAddressRange(text);
      return range && (!field.family || getFamily(range.first) === field.family)
        ? { is: 'addresses', range }
        : undefined;
    }
    case 'number': {
      const words = looksAt.words === 'none' ? FLAGS.none! : NUMBERS_BY_NAME[looksAt.words];
      const max = looksAt.axis === 'protocol' || looksAt.words.startsWith('icmp') ? 255 : 65_535;
      const range = parseNumberRange(text, words);
      return range && range.last <= max ? { is: 'numbers', range } : undefined;
    }
    case 'family':
    case 'fact': {
      const words = FLAGS[looksAt.words]!;
      const bits = parseFlagBits(text, words);
      if (bits !== undefined) return { is: 'numbers', range: toSingleRange(bits) };
      const range = parseNumberRange(text, words);
      return range ? { is: 'numbers', range } : undefined;
    }
    case 'interface':
      return parseInterfaceName(text);
    case 'routed': {
      // `nft -n` prints their numbers.
      const name = FIB_TYPES.has(text) ? text : /^[0-8]$/.test(text) ? [...FIB_TYPES][Number(text)] : undefined;
      return name === undefined ? undefined : { is: 'name', name, isPrefix: false };
    }
    case 'returns':
      return text === '0' ? { is: 'name', name: 'missing', isPrefix: false } : parseInterfaceName(text);
    case 'unmodelled':
      return undefined;
  }
}

/** Parses an interface name; undefined for a number, because the text doesn't tell which interface has it. */
function parseInterfaceName(text: string): FieldValue | undefined {
  if (/^\d+$/.test(text)) return undefined;
  const isPrefix = text.endsWith('*') && !text.endsWith('\\*');
  return { is: 'name', name: isPrefix ? text.slice(0, -1) : text.replace(/\\\*$/, '*'), isPrefix };
}

const parseAnyAddress = (text: string): Address | undefined =>
  parseAddress(text) ?? parseMappedAddress(text) ?? parseOctalAddress(text);

/** Parses `010.0.0.1`, which is 8.0.0.1 to the C library and to nft. */
function parseOctalAddress(text: string): Address | undefined {
  if (!/^\d+(\.\d+){3}$/.test(text)) return undefined;
  const parts = text.split('.').map((part) => parseNumber(part, FLAGS.none!));
  return parseAddress(parts.join('.'));
}

/** Parses `10.0.0.1`, `10.0.0.0/8`, `10.0.0.1-10.0.0.9`. Masks away host bits after a length, as nft does. */
export function parseAddressRange(text: string): Range | undefined {
  const slash = text.indexOf('/');
  if (slash >= 0) {
    const address = parseAnyAddress(text.slice(0, slash));
    const length = text.slice(slash + 1);
    if (address === undefined || !/^(0|[1-9]\d{0,2})$/.test(length)) return undefined;
    const bits = getFamily(address) === 'ip' ? 32 : 128;
    return Number(length) <= bits ? toRange(getNetwork(address, Number(length))) : undefined;
  }
  const dash = text.indexOf('-');
  const first = parseAnyAddress(dash < 0 ? text : text.slice(0, dash));
  if (first === undefined) return undefined;
  const last = dash < 0 ? first : parseAnyAddress(text.slice(dash + 1));
  return last !== undefined && last >= first && getFamily(first) === getFamily(last) ? { first, last } : undefined;
}

/** Parses `22`, `ssh`, `0x16`, `1024-65535`. */
export function parseNumberRange(text: string, words: ReadonlyMap<string, number>): NumberRange | undefined {
  const number = parseNumber(text, words);
  if (number !== undefined) return toSingleRange(number);
  const dash = text.indexOf('-');
  // `ssh-http` is one name, and no service has it.
  if (dash < 0 || !isDigits(text.charAt(0))) return undefined;
  const first = parseNumber(text.slice(0, dash), words);
  const last = parseNumber(text.slice(dash + 1), words);
  return first !== undefined && last !== undefined && first <= last ? { first, last } : undefined;
}

function parseNumber(text: string, words: ReadonlyMap<string, number>): number | undefined {
  const code = text.charCodeAt(0);
  if (code >= 48 && code <= 57) {
    // nft reads `010` as eight, and `08` as the name of a service, which names a port.
    if (text.length <= 10 && isDigits(text))
      return code === 48 && text.length > 1 ? (parseOctal(text) ?? parseDecimalPort(text, words)) : Number(text);
    return /^0x0*[0-9a-f]{1,8}$/i.test(text) ? Number(text) : words.get(text);
  }
  return words.get(text);
}

const parseDecimalPort = (text: string, words: ReadonlyMap<string, number>): number | undefined =>
  words === NUMBERS_BY_NAME.port ? Number(text) : undefined;

function isDigits(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 48 || code > 57) return false;
  }
  return true;
}

/** Parses `syn|ack`, one flag, or a number. */
export function parseFlagBits(text: string, words: ReadonlyMap<string, number>): number | undefined {
  let bits = 0;
  for (const part of text.split('|')) {
    const value = parseNumber(part, words);
    if (value === undefined) return undefined;
    bits = (bits | value) >>> 0;
  }
  return bits;
}

export const getFamilyRange = (family: Family): Range => FAMILY_RANGE[family];

/** Parses `80`, `1000:2000`, `:1023`, `ssh`. */
export function parsePorts(text: string): FieldValue | undefined {
  const [first = '', last] = text.split(':');
  const range =
    last === undefined ? parseNumberRange(first, NUMBERS_BY_NAME.port) : parsePortRange(first || '0', last || '65535');
  return range && range.last <= 65_535 ? { is: 'numbers', range } : undefined;
}

function parsePortRange(...ends: readonly [string, string]): NumberRange | undefined {
  const [first, last] = ends.map((text) => parseNumber(text, NUMBERS_BY_NAME.port));
  return first !== undefined && last !== undefined && first <= last ? { first, last } : undefined;
}
