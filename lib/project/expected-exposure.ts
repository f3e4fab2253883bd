// Computes the exposure that the generated test of a new project expects, in the form of `toExpose`.

import { ReachabilityRow, isAllPorts, coversEverything, isWide, toRows } from '../reachability/reachability-rows';
import { PROTOCOL_NAMES } from '../reachability/print-packets';
import { matchServices } from '../intent/find-service-names';
import { FAMILY_RANGE, printPrefixes } from '../net/address';
import { mergeNumbers, subtractNumbers } from '../net/axis-nodes';
import { NumberRange, countNumbers } from '../net/device';
import { groupBy } from '../net/group-by';
import { PROTOCOL, PROTOCOLS_WITH_PORTS } from '../net/packet';
import { toSingleRange, subtractRanges } from '../net/range';
import { InternetReachability } from '../verifier/internet-reachability';
import { platforms } from '../registry';

/** Packets as a test names them: the shape of `WantedExposure`. */
export interface ExposedService {
  readonly to: string | readonly string[];
  /** Names of services, or ports. Undefined means everything. */
  readonly service?: readonly string[];
  /** Sources. Undefined means anywhere. */
  readonly from?: string | readonly string[];
}

/** The exposure that the test of a stack expects. */
export interface ExpectedExposure {
  readonly openings: readonly ExposedService[];
  /** Packets that may be open besides: unknown ones, and a superset of what a test can't name exactly. */
  readonly perhaps: readonly ExposedService[];
  readonly remarks: readonly string[];
}

/** Returns the exposure to the internet as a test names it. */
export function toExpectedExposure({
  allowed,
  reachable,
}: Pick<InternetReachability, 'allowed' | 'reachable'>): Omit<ExpectedExposure, 'remarks'> {
  const allowedParts = toRows(allowed).map(splitRow);
  const uncertainParts = toRows(reachable.subtract(allowed)).map(splitRow);
  return {
    openings: mergeParts(allowedParts.flatMap(({ exact }) => exact)),
    perhaps: mergeParts([
      ...allowedParts.flatMap(({ wider }) => wider),
      ...uncertainParts.flatMap(({ exact, wider }) => [...exact, ...wider]),
    ]),
  };
}

/** Some ports of a protocol, or a named service. With neither it is everything. */
interface ExposedPart extends Pick<ExposedService, 'to' | 'from'> {
  readonly ports?: NumberRange & { readonly protocol: number };
  readonly name?: string;
}

const NAMED_PROTOCOLS: readonly number[] = [PROTOCOL.icmp, PROTOCOL.icmpv6, PROTOCOL.gre, PROTOCOL.esp, PROTOCOL.ah];
const ICMP = { ip: PROTOCOL.icmp, ip6: PROTOCOL.icmpv6 };
const ECHO_REQUEST = { ip: 8, ip6: 128 };
/** A row with more protocols counts as everything. */
const MAX_PROTOCOLS = 16;
/** Longer lists of prefixes are unreadable. */
const MAX_PREFIXES = 50;

function splitRow(row: ReachabilityRow<unknown>): {
  readonly exact: readonly ExposedPart[];
  readonly wider: readonly ExposedPart[];
} {
  const { family, destinations, protocols, ports, sourcePorts } = row;
  const from = toSources(row);
  const addresses = {
    to: unwrapSingle(printPrefixes(destinations)),
    ...(from === undefined || from === 'anywhere' ? {} : { from }),
  };
  const numbers = protocols.flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, n) => first + n));
  if (numbers.length > MAX_PROTOCOLS)
    return coversEverything(row) && from !== undefined
      ? { exact: [addresses], wider: [] }
      : { exact: [], wider: [addresses] };
  const exact: ExposedPart[] = [];
  const wider: ExposedPart[] = [];
  for (const protocol of numbers) {
    const list = from !== undefined && isAllPorts(sourcePorts) ? exact : wider;
    if (PROTOCOLS_WITH_PORTS.includes(protocol) && ports[0]!.first > 0) {
      list.push(...ports.map((range) => ({ ...addresses, ports: { ...range, protocol } })));
      continue;
    }
    const name = NAMED_PROTOCOLS.includes(protocol) ? PROTOCOL_NAMES.get(protocol)! : `protocol ${protocol}`;
    const echo = protocol === ICMP[family] ? [toSingleRange(ECHO_REQUEST[family])] : [];
    const otherTypes = subtractNumbers(ports, echo);
    if (isAllPorts(ports)) list.push({ ...addresses, name });
    else {
      if (countNumbers(otherTypes) < countNumbers(ports)) list.push({ ...addresses, name: 'ping' });
      if (otherTypes.length > 0) wider.push({ ...addresses, name });
    }
  }
  return { exact, wider };
}

/** Returns the sources of a row, or undefined if they are too many for a list. */
function toSources({ sources, family }: ReachabilityRow<unknown>): ExposedService['from'] | undefined {
  const isWideSet = isWide(sources, family);
  const prefixes = printPrefixes(isWideSet ? subtractRanges([FAMILY_RANGE[family]], sources) : sources);
  if (prefixes.length === 0) return 'anywhere';
  if (prefixes.length > MAX_PREFIXES) return undefined;
  return isWideSet ? `anywhere but ${prefixes.join(', ')}` : prefixes;
}

const unwrapSingle = (texts: readonly string[]): string | readonly string[] => (texts.length === 1 ? texts[0]! : texts);

/** Merges the parts with the same hosts and sources, and names them by services. */
const mergeParts = (parts: readonly ExposedPart[]): readonly ExposedService[] =>
  [...groupBy(parts, ({ to, from }) => JSON.stringify([to, from])).values()].map((group): ExposedService => {
    const [{ to, from }] = group;
    const source = from === undefined ? {} : { from };
    if (group.some(({ ports, name }) => ports === undefined && name === undefined)) return { to, ...source };
    const byProtocol = groupBy(
      group.flatMap(({ ports }) => ports ?? []),
      ({ protocol }) => protocol,
    );
    const { names, rest: unnamed } = matchServices(
      [...byProtocol].map(([protocol, ports]) => ({ protocol, ports: mergeNumbers(ports) })),
      ['licence-callback'],
    );
    const portTexts = unnamed.flatMap(({ protocol, ports }) =>
      ports.map(({ first, last }) => `${first === last ? first : `${first}-${last}`}/${PROTOCOL_NAMES.get(protocol)}`),
    );
    return {
      to,
      service: [...new Set([...names, ...portTexts, ...group.flatMap(({ name }) => name ?? [])])],
      ...source,
    };
  });

/** Returns the remarks on private addresses for the test of a gateway of this platform. */
export const getDirectAccessRemarks = (platform: string): readonly string[] =>
  platforms[platform as keyof typeof platforms].capabilities.excess.directToInside
    ? ['A packet to the private address itself is let through, too.']
    : [];
