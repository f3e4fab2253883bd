import {
  Address,
  FAMILY_RANGE,
  Family,
  familyOf,
  networkOf,
  parseAddress,
  parseMappedAddress,
  prefixRange,
} from '../../net/address';
import { NumberRange } from '../../net/device';
import { Told } from '../../net/interned';
import { Range, point } from '../../net/range';
import { Field } from '../../evaluator/fields';
import { octal } from './integers';
import { Value } from '../../evaluator/model';
import { FIB_TYPES, FLAGS, NUMBERS } from './words';

/** Names of devices have no more letters. Source: IFNAMSIZ in linux/if.h. */
export const LONGEST_DEVICE = 15;

const ANY: Value = { is: 'any' };
/** What a text says is one object as long as anybody has it, because the engine tells values apart by identity. */
const values = new Told<Field, Value | Unreadable>();
type Unreadable = { readonly is: 'unreadable' };

/** Undefined for a text that this field can't be compared with as far as we know. */
export function valueOf(field: Field, text: string): Value | undefined {
  if (text === '*') return ANY;
  // Of hosts there are as many as there are rules: to remember them costs what reading them again does.
  if (field.looksAt.is === 'address') return readValue(field, text);
  const value = values.of(field, text, () => readValue(field, text) ?? { is: 'unreadable' });
  return value.is === 'unreadable' ? undefined : value;
}

function readValue(field: Field, text: string): Value | undefined {
  const { looksAt } = field;
  switch (looksAt.is) {
    case 'address': {
      const range = addressRange(text);
      return range && (!field.family || familyOf(range.first) === field.family)
        ? { is: 'addresses', range }
        : undefined;
    }
    case 'number': {
      const words = looksAt.words === 'none' ? FLAGS.none! : NUMBERS[looksAt.words];
      const most = looksAt.axis === 'protocol' || looksAt.words.startsWith('icmp') ? 255 : 65_535;
      const range = numberRange(text, words);
      return range && range.last <= most ? { is: 'numbers', range } : undefined;
    }
    case 'family':
    case 'fact': {
      const words = FLAGS[looksAt.words]!;
      const bits = flagBits(text, words);
      if (bits !== undefined) return { is: 'numbers', range: point(bits) };
      const range = numberRange(text, words);
      return range ? { is: 'numbers', range } : undefined;
    }
    case 'interface':
      return interfaceNamed(text);
    case 'routed': {
      // `nft -n` has their numbers.
      const name = FIB_TYPES.has(text) ? text : /^[0-8]$/.test(text) ? [...FIB_TYPES][Number(text)] : undefined;
      return name === undefined ? undefined : { is: 'name', name, wild: false };
    }
    case 'returns':
      return text === '0' ? { is: 'name', name: 'missing', wild: false } : interfaceNamed(text);
    case 'unmodelled':
      return undefined;
  }
}

/** Of an interface by its number nobody tells which it is. */
function interfaceNamed(text: string): Value | undefined {
  if (/^\d+$/.test(text)) return undefined;
  const wild = text.endsWith('*') && !text.endsWith('\\*');
  return { is: 'name', name: wild ? text.slice(0, -1) : text.replace(/\\\*$/, '*'), wild };
}

const oneAddress = (text: string): Address | undefined =>
  parseAddress(text) ?? parseMappedAddress(text) ?? octalAddress(text);

/** `010.0.0.1` is 8.0.0.1 to the C library, and to nft. */
function octalAddress(text: string): Address | undefined {
  if (!/^\d+(\.\d+){3}$/.test(text)) return undefined;
  const parts = text.split('.').map((part) => oneNumber(part, FLAGS.none!));
  return parseAddress(parts.join('.'));
}

/** `10.0.0.1`, `10.0.0.0/8`, `10.0.0.1-10.0.0.9`. Host bits after a length are masked away, as nft does. */
export function addressRange(text: string): Range | undefined {
  const slash = text.indexOf('/');
  if (slash >= 0) {
    const address = oneAddress(text.slice(0, slash));
    const length = text.slice(slash + 1);
    if (address === undefined || !/^(0|[1-9]\d{0,2})$/.test(length)) return undefined;
    const bits = familyOf(address) === 'ip' ? 32 : 128;
    return Number(length) <= bits ? prefixRange(networkOf(address, Number(length))) : undefined;
  }
  const dash = text.indexOf('-');
  const first = oneAddress(dash < 0 ? text : text.slice(0, dash));
  if (first === undefined) return undefined;
  const last = dash < 0 ? first : oneAddress(text.slice(dash + 1));
  return last !== undefined && last >= first && familyOf(first) === familyOf(last) ? { first, last } : undefined;
}

/** `22`, `ssh`, `0x16`, `1024-65535`. */
export function numberRange(text: string, words: ReadonlyMap<string, number>): NumberRange | undefined {
  const whole = oneNumber(text, words);
  if (whole !== undefined) return point(whole);
  const dash = text.indexOf('-');
  // `ssh-http` is one name, which nobody has.
  if (dash < 0 || !isDigits(text.charAt(0))) return undefined;
  const first = oneNumber(text.slice(0, dash), words);
  const last = oneNumber(text.slice(dash + 1), words);
  return first !== undefined && last !== undefined && first <= last ? { first, last } : undefined;
}

function oneNumber(text: string, words: ReadonlyMap<string, number>): number | undefined {
  const code = text.charCodeAt(0);
  if (code >= 48 && code <= 57) {
    // nft reads `010` as eight, and `08` as the name of a service, which names a port.
    if (text.length <= 10 && isDigits(text))
      return code === 48 && text.length > 1 ? (octal(text) ?? portOf(text, words)) : Number(text);
    return /^0x0*[0-9a-f]{1,8}$/i.test(text) ? Number(text) : words.get(text);
  }
  return words.get(text);
}

const portOf = (text: string, words: ReadonlyMap<string, number>): number | undefined =>
  words === NUMBERS.port ? Number(text) : undefined;

function isDigits(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 48 || code > 57) return false;
  }
  return true;
}

/** `syn|ack`, one flag, or a number. */
export function flagBits(text: string, words: ReadonlyMap<string, number>): number | undefined {
  let bits = 0;
  for (const part of text.split('|')) {
    const value = oneNumber(part, words);
    if (value === undefined) return undefined;
    bits = (bits | value) >>> 0;
  }
  return bits;
}

export const wholeFamily = (family: Family): Range => FAMILY_RANGE[family];

/** `80`, `1000:2000`, `:1023`, `ssh`. */
export function ports(text: string): Value | undefined {
  const [first = '', last] = text.split(':');
  const range = last === undefined ? numberRange(first, NUMBERS.port) : between(first || '0', last || '65535');
  return range && range.last <= 65_535 ? { is: 'numbers', range } : undefined;
}

function between(...ends: readonly [string, string]): NumberRange | undefined {
  const [first, last] = ends.map((text) => oneNumber(text, NUMBERS.port));
  return first !== undefined && last !== undefined && first <= last ? { first, last } : undefined;
}
