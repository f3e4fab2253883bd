import { Prefix, networkOf, parseAddress, parseInterfaceAddress, prefixRange, rangeOf } from '../../net/address';
import { Range, point } from '../../net/range';
import { Policy } from '../../policy/policy';
import { Meant } from '../../proving/prove';

/**
 * Devices whose text proves itself, by shape: what this version writes for a policy and nobody altered. Hosts of one profile, and gateways of
 * one farm, differ in their name and addresses alone, and which numbers stand for addresses that lie alike decides nothing.
 */
export class Proven {
  private readonly shapes = new Set<string>();

  has = (meant: Meant, encoded: string): boolean => canBeShared(meant) && this.shapes.has(shapeOf(meant.policy, encoded));

  add(meant: Meant, encoded: string): void {
    if (canBeShared(meant)) this.shapes.add(shapeOf(meant.policy, encoded));
  }
}

/** A gateway moves networks by a distance, which shows in no place; and what others wrote around ours may hold anything. */
const canBeShared = ({ policy, written }: Meant): boolean =>
  !written.surroundings.captured && (policy.kind === 'server' || policy.mappings.every(({ outside }) => isPoint(outside)));

const isPoint = (prefix: Prefix): boolean => {
  const { first, last } = prefixRange(prefix);
  return first === last;
};

/**
 * A policy, encoded, without its device's name and with the places of its IPv4 addresses in place of them: which of all ends of its ranges, and of those
 * that mean something by themselves, it lies between. Two of one shape are one policy but for numbers that are told apart alike.
 */
export function shapeOf({ device }: Policy, encoded: string): string {
  const cuts = new Set(SPECIAL.flatMap(endsOf));
  const found = [...encoded.matchAll(IPV4)].map(([text, address, length]) => rangesOf(text, address!, length));
  for (const ranges of found) for (const range of ranges) for (const end of endsOf(range)) cuts.add(end);
  const places = new Map([...cuts].sort((a, b) => (a < b ? -1 : 1)).map((end, place) => [end, place]));
  let next = 0;
  const placed = encoded.replace(IPV4, (text: string, _: string, length: string | undefined) => {
    const at = found[next++]!.flatMap(endsOf).map((end) => places.get(end));
    return at.length === 0 ? text : `<${at.join(' ')}${length === undefined ? '' : `/${length}`}>`;
  });
  // Of an address that stands in another form nobody knows where it lies.
  if (/\d\.\d+\.\d+\.\d/.test(placed)) return encoded;
  return placed.replace(`"device":${JSON.stringify(device)}`, '"device":');
}

const IPV4 = /(?<![\w.:])(\d{1,3}(?:\.\d{1,3}){3})(?:\/(\d{1,2}))?(?![\w.:])/g;

const endsOf = ({ first, last }: Range): readonly bigint[] => [first, last + 1n];

/** The address itself and, where a length stands with it, its network. None of what is no address: its text stays. */
function rangesOf(text: string, address: string, length: string | undefined): readonly Range[] {
  const [parsed, interfaceAddress] = [parseAddress(address), parseInterfaceAddress(text)];
  if (length === undefined) return parsed === undefined ? [] : [point(parsed)];
  return interfaceAddress === undefined
    ? []
    : [point(interfaceAddress.address), prefixRange(networkOf(interfaceAddress.address, interfaceAddress.length))];
}

/** Networks and addresses that mean something by themselves, in a registry or in what proves and reviews. Source: RFC 6890. */
const SPECIAL: readonly Range[] = [
  ...['0.0.0.0/8', '0.0.0.0', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '127.0.0.1', '169.254.0.0/16', '172.16.0.0/12'],
  ...['192.0.0.0/24', '192.0.2.0/24', '192.0.2.7', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24'],
  ...['198.51.100.7', '203.0.113.0/24', '203.0.113.77', '224.0.0.0/24', '224.0.0.0/4', '240.0.0.0/4', '255.255.255.255'],
].map(rangeOf);
