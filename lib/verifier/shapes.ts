import { renumbered } from '../reachability/renumbered';
import { Prefix, networkOf, parseAddress, parseInterfaceAddress, prefixRange, rangeOf } from '../net/address';
import { Device } from '../net/device';
import { remembered } from '../net/interned';
import { Numbering } from '../net/numbering';
import { Range, point } from '../net/range';
import { Policy } from '../policy/policy';
import { Reader, Reading } from '../parse/reader';
import { Written } from '../generate/writer';
import { encodePolicy } from './policy-codec';

/** A policy, and what this version writes for it, which nobody altered. */
interface Shaped {
  readonly policy: Policy;
  readonly written: Written;
}

/**
 * What was found of devices, by shape: that of their policy and of their text. Hosts of one profile, and gateways of one farm, differ in their name
 * and addresses alone, and which numbers stand for addresses that lie alike decides nothing.
 */
export class Shapes {
  private readonly proven = new Set<string>();
  private readonly first = new Map<string, { readonly ends: Shape['ends']; readonly reading: Reading }>();
  private size = 0;

  /** Whether nothing was wrong with others of that shape; of several devices, with others that lie alike to each other, too. */
  isProven(all: readonly Shaped[]): boolean {
    const shape = shapeOfAll(all);
    return shape !== undefined && this.proven.has(shape.text);
  }

  addProven(all: readonly Shaped[]): void {
    const shape = shapeOfAll(all);
    if (shape) this.proven.add(shape.text);
  }

  /** What a release says on its device, or the device without it: that of one shape is read once, as long as few shapes came between. */
  reading(meant: Shaped, of: 'release' | 'rest', own: OwnText): Reading {
    const shape = shapeOfMeant(meant);
    if (!shape) return own.read();
    const key = `${of} ${shape.text}`;
    const first = this.first.get(key);
    if (first) return readAlike(first.reading, new Numbering(first.ends, shape.ends), own) ?? own.read();
    const reading = own.read();
    this.keep(key, { ends: shape.ends, reading });
    return reading;
  }

  /** The oldest go, so that many shapes need no more memory than some. */
  private keep(key: string, one: { readonly ends: Shape['ends']; readonly reading: Reading }): void {
    this.first.set(key, one);
    this.size += key.length;
    for (const oldest of this.first.keys()) {
      if (this.size <= MOST_KEPT) return;
      this.first.delete(oldest);
      this.size -= oldest.length;
    }
  }
}

/** Characters of the policies and texts whose exposures are kept. */
const MOST_KEPT = 524_288;

/** How the text of a device is read, and what explains packets by it. */
export interface OwnText {
  readonly read: () => Reading;
  readonly explaining: () => Reading['explain'];
}

export const textOn = (reader: Reader, text: string, device: Device): OwnText => {
  const read = (): Reading => reader.read(text, device);
  return { read, explaining: () => reader.explaining?.(text, device) ?? read().explain };
};

/** What is read of a text whose addresses are others. Undefined where that doesn't follow. */
function readAlike(first: Reading, numbering: Numbering, own: OwnText): Reading | undefined {
  const [read, explaining] = [onceAsked(own.read), onceAsked(own.explaining)];
  const exposure = renumbered(first.exposure, numbering, () => read().exposure);
  return (
    exposure && {
      ...first,
      exposure,
      later: (phase) => read().later(phase),
      explain: (vantage, packet, phase) => explaining()(vantage, packet, phase),
    }
  );
}

function onceAsked<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

const shapeOfMeant = remembered((meant: Shaped) => (canBeShared(meant) ? shapeOf(encoded(meant)) : undefined));

const shapeOfAll = remembered((all: readonly Shaped[]) =>
  all.length === 1 ? shapeOfMeant(all[0]!) : all.every(canBeShared) ? shapeOf(all.map(encoded).join('\n')) : undefined,
);

/** Without the device's name. */
const encoded = ({ policy, written }: Shaped): string =>
  [withoutName(policy, encodePolicy(policy)), written.text, written.surroundings.text].join('\n');

export const withoutName = ({ device }: Policy, text: string): string =>
  text.replace(`"device":${JSON.stringify(device)}`, '"device":');

/** A gateway moves networks by a distance, which shows in no place; and what others wrote around ours may hold anything. */
const canBeShared = ({ policy, written }: Shaped): boolean =>
  !written.surroundings.captured &&
  (policy.kind === 'server' ||
    (policy.mappings.length <= MOST_MAPPINGS && policy.mappings.every(({ outside }) => isPoint(outside))));

/** What was read of more isn't kept: to tell their shape takes time that nobody gets back. */
const MOST_MAPPINGS = 3_000;

const isPoint = (prefix: Prefix): boolean => {
  const { first, last } = prefixRange(prefix);
  return first === last;
};

/** What decides what a policy, or a text that was written for it, does. */
interface Shape {
  readonly text: string;
  /** The ends of all ranges that are told apart, ascending: as many in two of one shape. */
  readonly ends: readonly bigint[];
}

/**
 * A text with the places of its addresses in place of them: which of all ends of its ranges, and of those that mean something by themselves,
 * it lies between. Two of one shape are one text but for numbers that are told apart alike.
 */
export function shapeOf(encoded: string): Shape {
  const cuts = new Set(SPECIAL.flatMap(endsOf));
  const found = [...encoded.matchAll(ADDRESS)].map(([text, address, length]) => rangesOf(text, address!, length));
  for (const ranges of found) for (const range of ranges) for (const end of endsOf(range)) cuts.add(end);
  const ends = [...cuts].sort((a, b) => (a < b ? -1 : 1));
  const places = new Map(ends.map((end, place) => [end, place]));
  let next = 0;
  const placed = encoded.replace(ADDRESS, (text: string, _: string, length: string | undefined) => {
    const at = found[next++]!.flatMap(endsOf).map((end) => places.get(end));
    return at.length === 0 ? text : `<${at.join(' ')}${length === undefined ? '' : `/${length}`}>`;
  });
  // Of an address that stands in another form nobody knows where it lies.
  if (/\d\.\d+\.\d+\.\d|([0-9a-f]{0,4}:){2}/i.test(placed)) return { text: encoded, ends };
  // How many ends there are tells whether the highest one is that of a special range, too: no place above it does.
  return { text: `${ends.length} ends: ${placed}`, ends };
}

const ADDRESS = /(?<![\w.:])(\d{1,3}(?:\.\d{1,3}){3}|(?=[0-9a-f]*:[0-9a-f]*:)[0-9a-f:.]+)(?:\/(\d{1,3}))?(?![\w.:])/gi;

const endsOf = ({ first, last }: Range): readonly bigint[] => [first, last + 1n];

/**
 * The address itself and, where a length stands with it, its network, and the two addresses of that which are no host's. None of what is no address:
 * its text stays.
 */
function rangesOf(text: string, address: string, length: string | undefined): readonly Range[] {
  const [parsed, interfaceAddress] = [parseAddress(address), parseInterfaceAddress(text)];
  if (length === undefined) return parsed === undefined ? [] : [point(parsed)];
  if (interfaceAddress === undefined) return [];
  const network = prefixRange(networkOf(interfaceAddress.address, interfaceAddress.length));
  return [point(interfaceAddress.address), network, point(network.first), point(network.last)];
}

/** Networks and addresses that mean something by themselves, in a registry or in what proves and reviews. Source: RFC 6890; RFC 4291, 2.4 and 2.5. */
const SPECIAL: readonly Range[] = [
  '0.0.0.0/8',
  '0.0.0.0',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '127.0.0.1',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.0.2.7',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '198.51.100.7',
  '203.0.113.0/24',
  '203.0.113.77',
  '224.0.0.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '255.255.255.255',
  '::/8',
  '::',
  '::1',
  '64:ff9b::/96',
  '100::/64',
  '2000::/3',
  '2001::/23',
  '2001:db8::/32',
  '2001:db8:ffff::7',
  '2002::/16',
  'fc00::/7',
  'fe80::/10',
  'fe80::',
  'ff00::/8',
  'ff02::/16',
].map(rangeOf);
