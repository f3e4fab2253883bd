// Caches results of verification and evaluation by the shape of a release: policy and config with addresses replaced by
// positions. Releases of one shape are verified and evaluated once.

import { renumberReachability } from '../reachability/renumber-reachability';
import { Prefix, getNetwork, parseAddress, parseInterfaceAddress, toRange, parseRange } from '../net/address';
import { Device } from '../net/device';
import { memoize } from '../net/intern-tables';
import { Renumbering } from '../net/renumbering';
import { Range, toSingleRange } from '../net/range';
import { Policy } from '../policy/policy';
import { ConfigParser, EvaluatedConfig } from '../parse/config-parser';
import { GeneratedConfig } from '../generate/config-generator';
import { encodePolicy } from './policy-codec';

/** A policy with the config that this version generates for it, unaltered. */
interface ShapedRelease {
  readonly policy: Policy;
  readonly generated: GeneratedConfig;
}

/**
 * Results of devices, by the shape of their policy and text. Hosts of one profile, and gateways of one farm, differ
 * only in their name and addresses. Which numbers stand for addresses that lie alike makes no difference.
 */
export class VerifiedShapes {
  private readonly verified = new Set<string>();
  private readonly evaluatedByKey = new Map<
    string,
    { readonly ends: ReleaseShape['ends']; readonly evaluated: EvaluatedConfig }
  >();
  private size = 0;

  /**
   * Returns whether other releases of that shape were verified without a deviation. Several devices must also lie alike
   * to each other.
   */
  isVerified(releases: readonly ShapedRelease[]): boolean {
    const shape = getCombinedShape(releases);
    return shape !== undefined && this.verified.has(shape.text);
  }

  addVerified(releases: readonly ShapedRelease[]): void {
    const shape = getCombinedShape(releases);
    if (shape) this.verified.add(shape.text);
  }

  /**
   * Returns the evaluated config of a release on its device, or of the device without it. Configs of one shape are
   * evaluated once, as long as few shapes came between.
   */
  getEvaluated(release: ShapedRelease, part: 'release' | 'rest', configText: ConfigText): EvaluatedConfig {
    const shape = getReleaseShape(release);
    if (!shape) return configText.read();
    const key = `${part} ${shape.text}`;
    const firstEvaluated = this.evaluatedByKey.get(key);
    if (firstEvaluated)
      return (
        renumberEvaluated(firstEvaluated.evaluated, new Renumbering(firstEvaluated.ends, shape.ends), configText) ??
        configText.read()
      );
    const evaluated = configText.read();
    this.addEvaluated(key, { ends: shape.ends, evaluated });
    return evaluated;
  }

  /** Adds a result and removes the oldest ones, so that memory is bounded. */
  private addEvaluated(
    key: string,
    entry: { readonly ends: ReleaseShape['ends']; readonly evaluated: EvaluatedConfig },
  ): void {
    this.evaluatedByKey.set(key, entry);
    this.size += key.length;
    for (const oldest of this.evaluatedByKey.keys()) {
      if (this.size <= MAX_CACHED_CHARACTERS) return;
      this.evaluatedByKey.delete(oldest);
      this.size -= oldest.length;
    }
  }
}

/** Characters of the policies and texts whose results are kept. */
const MAX_CACHED_CHARACTERS = 524_288;

/** The text of a device: how it is evaluated, and how packets are explained by it. */
export interface ConfigText {
  readonly read: () => EvaluatedConfig;
  readonly explaining: () => EvaluatedConfig['explain'];
}

export const createConfigText = (parser: ConfigParser, text: string, device: Device): ConfigText => {
  const evaluate = (): EvaluatedConfig => parser.read(text, device);
  return { read: evaluate, explaining: () => parser.explaining?.(text, device) ?? evaluate().explain };
};

/** Returns the evaluated config of a text with other addresses. Undefined if it doesn't follow from the first one. */
function renumberEvaluated(
  first: EvaluatedConfig,
  numbering: Renumbering,
  configText: ConfigText,
): EvaluatedConfig | undefined {
  const [evaluate, getExplain] = [callOnce(configText.read), callOnce(configText.explaining)];
  const reachability = renumberReachability(first.reachability, numbering, () => evaluate().reachability);
  return (
    reachability && {
      ...first,
      reachability,
      later: (phase) => evaluate().later(phase),
      explain: (startLocation, packet, phase) => getExplain()(startLocation, packet, phase),
    }
  );
}

function callOnce<T extends object>(make: () => T): () => T {
  let cached: T | undefined;
  return () => (cached ??= make());
}

const getReleaseShape = memoize((release: ShapedRelease) =>
  canBeShared(release) ? computeShape(encodeRelease(release)) : undefined,
);

const getCombinedShape = memoize((releases: readonly ShapedRelease[]) =>
  releases.length === 1
    ? getReleaseShape(releases[0]!)
    : releases.every(canBeShared)
      ? computeShape(releases.map(encodeRelease).join('\n'))
      : undefined,
);

/** Returns a release as text, without the device's name. */
const encodeRelease = ({ policy, generated }: ShapedRelease): string =>
  [removeDeviceName(policy, encodePolicy(policy)), generated.text, generated.unmanagedConfig.text].join('\n');

export const removeDeviceName = ({ device }: Policy, text: string): string =>
  text.replace(`"device":${JSON.stringify(device)}`, '"device":');

/**
 * Returns whether releases of one shape have one result. A gateway moves networks by a distance, which no position
 * shows; and unmanaged config may hold anything.
 */
const canBeShared = ({ policy, generated }: ShapedRelease): boolean =>
  !generated.unmanagedConfig.isCaptured &&
  (policy.kind === 'server' ||
    (policy.mappings.length <= MAX_SHARED_MAPPINGS && policy.mappings.every(({ external }) => isPoint(external))));

/** Results of releases with more mappings aren't kept: computing their shape takes more time than it saves. */
const MAX_SHARED_MAPPINGS = 3_000;

const isPoint = (prefix: Prefix): boolean => {
  const { first, last } = toRange(prefix);
  return first === last;
};

/** The part of a policy, or of a config generated for it, that decides what it does. */
interface ReleaseShape {
  readonly text: string;
  /** The ends of all ranges that are told apart, ascending. Two of one shape have equally many. */
  readonly ends: readonly bigint[];
}

/**
 * Returns a text in which addresses are replaced by positions: the position of each among the ends of all its ranges
 * and of the special ranges. Two texts of one shape are equal except for numbers that are told apart alike.
 */
export function computeShape(encoded: string): ReleaseShape {
  const endSet = new Set(SPECIAL_RANGES.flatMap(listEnds));
  const rangeLists = [...encoded.matchAll(ADDRESS_PATTERN)].map(([text, address, length]) =>
    listRanges(text, address!, length),
  );
  for (const ranges of rangeLists) for (const range of ranges) for (const end of listEnds(range)) endSet.add(end);
  const ends = [...endSet].sort((a, b) => (a < b ? -1 : 1));
  const positionByEnd = new Map(ends.map((end, position) => [end, position]));
  let next = 0;
  const normalized = encoded.replace(ADDRESS_PATTERN, (text: string, _: string, length: string | undefined) => {
    const positions = rangeLists[next++]!.flatMap(listEnds).map((end) => positionByEnd.get(end));
    return positions.length === 0 ? text : `<${positions.join(' ')}${length === undefined ? '' : `/${length}`}>`;
  });
  // The position of an address in any other notation isn't known.
  if (/\d\.\d+\.\d+\.\d|([0-9a-f]{0,4}:){2}/i.test(normalized)) return { text: encoded, ends };
  // The number of ends also tells whether the highest one is that of a special range: no position above it does.
  return { text: `${ends.length} ends: ${normalized}`, ends };
}

const ADDRESS_PATTERN =
  /(?<![\w.:])(\d{1,3}(?:\.\d{1,3}){3}|(?=[0-9a-f]*:[0-9a-f]*:)[0-9a-f:.]+)(?:\/(\d{1,3}))?(?![\w.:])/gi;

const listEnds = ({ first, last }: Range): readonly bigint[] => [first, last + 1n];

/**
 * Returns the address and, if it has a length, its network and the two addresses of that network that no host has.
 * Empty for text that is no address: it stays.
 */
function listRanges(text: string, address: string, length: string | undefined): readonly Range[] {
  const [parsed, interfaceAddress] = [parseAddress(address), parseInterfaceAddress(text)];
  if (length === undefined) return parsed === undefined ? [] : [toSingleRange(parsed)];
  if (interfaceAddress === undefined) return [];
  const network = toRange(getNetwork(interfaceAddress.address, interfaceAddress.length));
  return [toSingleRange(interfaceAddress.address), network, toSingleRange(network.first), toSingleRange(network.last)];
}

/**
 * Networks and addresses with a meaning of their own, in a registry or in the code that verifies and reviews. Source:
 * RFC 6890; RFC 4291, 2.4 and 2.5.
 */
const SPECIAL_RANGES: readonly Range[] = [
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
].map(parseRange);
