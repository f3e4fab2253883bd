import { Row, isAllPorts, isOfEverything, isWide, rowsOf } from '../reachability/rows';
import { PROTOCOL_NAMES } from '../reachability/words';
import { servicesAmong } from '../intent/services-among';
import { FAMILY_RANGE, prefixTexts } from '../net/address';
import { joinedNumbers, numbersWithout } from '../net/axes';
import { NumberRange, countOf } from '../net/device';
import { groupBy } from '../net/group-by';
import { PROTOCOL, PROTOCOLS_WITH_PORTS } from '../net/packet';
import { point, without } from '../net/range';
import { Outside } from '../verifier/outside';
import { platforms } from '../registry';

/** Packets in the words of a test, as `WantedExposure` has them. */
export interface Opening {
  readonly to: string | readonly string[];
  /** Left out: everything. */
  readonly service?: readonly string[];
  /** Left out: anywhere. */
  readonly from?: string | readonly string[];
}

/** What a test of a stack says. */
export interface Meant {
  readonly openings: readonly Opening[];
  /** What may be open besides: undecided, or open in part where a test has words for the whole alone. */
  readonly perhaps: readonly Opening[];
  readonly remarks: readonly string[];
}

/** What the internet reaches, as a test says it. */
export function meantBy({ allowed, reachable }: Pick<Outside, 'allowed' | 'reachable'>): Omit<Meant, 'remarks'> {
  const surely = rowsOf(allowed).map(partsOf);
  const besides = rowsOf(reachable.apartFrom(allowed)).map(partsOf);
  return {
    openings: openingsOf(surely.flatMap(({ exact }) => exact)),
    perhaps: openingsOf([
      ...surely.flatMap(({ wider }) => wider),
      ...besides.flatMap(({ exact, wider }) => [...exact, ...wider]),
    ]),
  };
}

/** Some ports of a protocol, or what has a name of its own; neither: everything. */
interface Part extends Pick<Opening, 'to' | 'from'> {
  readonly ports?: NumberRange & { readonly protocol: number };
  readonly name?: string;
}

const WITH_NAME: readonly number[] = [PROTOCOL.icmp, PROTOCOL.icmpv6, PROTOCOL.gre, PROTOCOL.esp, PROTOCOL.ah];
const ICMP = { ip: PROTOCOL.icmp, ip6: PROTOCOL.icmpv6 };
const ECHO = { ip: 8, ip6: 128 };
/** More are everything. */
const MOST_PROTOCOLS = 16;
/** Longer lists of prefixes are nobody's to read. */
const MOST_PREFIXES = 50;

function partsOf(row: Row<unknown>): { readonly exact: readonly Part[]; readonly wider: readonly Part[] } {
  const { family, destinations, protocols, ports, sourcePorts } = row;
  const from = fromOf(row);
  const at = { to: only(prefixTexts(destinations)), ...(from === undefined || from === 'anywhere' ? {} : { from }) };
  const numbers = protocols.flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, n) => first + n));
  if (numbers.length > MOST_PROTOCOLS)
    return isOfEverything(row) && from !== undefined ? { exact: [at], wider: [] } : { exact: [], wider: [at] };
  const exact: Part[] = [];
  const wider: Part[] = [];
  for (const protocol of numbers) {
    const list = from !== undefined && isAllPorts(sourcePorts) ? exact : wider;
    if (PROTOCOLS_WITH_PORTS.includes(protocol) && ports[0]!.first > 0) {
      list.push(...ports.map((one) => ({ ...at, ports: { ...one, protocol } })));
      continue;
    }
    const name = WITH_NAME.includes(protocol) ? PROTOCOL_NAMES.get(protocol)! : `protocol ${protocol}`;
    const echo = protocol === ICMP[family] ? [point(ECHO[family])] : [];
    const besides = numbersWithout(ports, echo);
    if (isAllPorts(ports)) list.push({ ...at, name });
    else {
      if (countOf(besides) < countOf(ports)) list.push({ ...at, name: 'ping' });
      if (besides.length > 0) wider.push({ ...at, name });
    }
  }
  return { exact, wider };
}

/** Undefined where there are too many for a list. */
function fromOf({ sources, family }: Row<unknown>): Opening['from'] | undefined {
  const wide = isWide(sources, family);
  const listed = prefixTexts(wide ? without([FAMILY_RANGE[family]], sources) : sources);
  if (listed.length === 0) return 'anywhere';
  if (listed.length > MOST_PREFIXES) return undefined;
  return wide ? `anywhere but ${listed.join(', ')}` : listed;
}

const only = (texts: readonly string[]): string | readonly string[] => (texts.length === 1 ? texts[0]! : texts);

/** What is for the same hosts from the same sources stands together, by the names of services. */
const openingsOf = (parts: readonly Part[]): readonly Opening[] =>
  [...groupBy(parts, ({ to, from }) => JSON.stringify([to, from])).values()].map((alike): Opening => {
    const [{ to, from }] = alike;
    const source = from === undefined ? {} : { from };
    if (alike.some(({ ports, name }) => ports === undefined && name === undefined)) return { to, ...source };
    const byProtocol = groupBy(
      alike.flatMap(({ ports }) => ports ?? []),
      ({ protocol }) => protocol,
    );
    const { names, rest } = servicesAmong(
      [...byProtocol].map(([protocol, ports]) => ({ protocol, ports: joinedNumbers(ports) })),
      ['licence-callback'],
    );
    const left = rest.flatMap(({ protocol, ports }) =>
      ports.map(({ first, last }) => `${first === last ? first : `${first}-${last}`}/${PROTOCOL_NAMES.get(protocol)}`),
    );
    return { to, service: [...new Set([...names, ...left, ...alike.flatMap(({ name }) => name ?? [])])], ...source };
  });

/** What is to be said of private addresses in the test of such a gateway. */
export const directlyReached = (platform: string): readonly string[] =>
  platforms[platform as keyof typeof platforms].capabilities.excess.directToInside
    ? ['Whoever can send to the private address itself is let through, too.']
    : [];
