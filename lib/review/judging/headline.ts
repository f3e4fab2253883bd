import { NumberRange, countOf } from '../../net/device';
import { isWide, rowsOf } from '../../exposure/rows';
import { counted, printService } from '../../exposure/words';
import { isPrivate } from '../../lint/addresses';
import { printRange } from '../../net/address';
import { joinedNumbers } from '../../net/axes';
import { gathered } from '../../net/gathered';
import { ALL_PORTS, PROTOCOL, PROTOCOLS_WITH_PORTS } from '../../net/packet';
import { PacketMap, PacketSet } from '../../net/packet-map';
import { PRIVATE_NETWORKS } from '../../net/private';
import { point, sizeOf } from '../../net/range';
import { PLANS_WORK, withinWork } from '../../net/work';
import { Change, Review } from '../review';
import { Afterwards } from './afterwards';
import { Block } from './blocks';

/** What a headline says of a block. */
export interface Told extends Pick<Block, 'kind' | 'packets'> {
  readonly outside: boolean;
}

/** One line for who has half a minute: what opens to the internet, else what changes at all, and whether anybody objects. */
export function headlineOf(
  blocks: readonly Told[],
  counts: Readonly<Record<Change['kind'], number>>,
  said: Pick<Review, 'objections' | 'unknown'> & {
    readonly warnings: Afterwards['warnings'];
    /** The review rules that were enforced, if any, and how they differ from those before. */
    readonly policy: Review['policy'];
    /** How many devices nothing can be said of. */
    readonly notJudged: number;
  },
): string {
  const told = (kind: keyof typeof VERBS): string =>
    withinWork(
      PLANS_WORK,
      () => opening(kind, blocks),
      // Each was judged for itself: all of them in one line may be too much.
      () => `${counted(counts[kind], 'row')} ${VERBS[kind]}${counts[kind] === 1 ? 's' : ''}`,
    );
  const parts = [
    told('opened'),
    told('closed'),
    counts.moved > 0 ? `${counted(counts.moved, 'change leads', 'changes lead')} elsewhere` : '',
    counts.identity > 0 ? `${counted(counts.identity, 'is', 'are')} seen as another source` : '',
    counts.unknown > 0 ? `${counted(counts.unknown, 'change')} undecided` : '',
    said.notJudged > 0 ? `${counted(said.notJudged, 'device')} can not be judged` : '',
  ].filter((part) => part !== '');
  const isQuiet = said.objections.length + said.unknown.length + said.warnings.fresh === 0;
  return [
    parts.length === 0 ? 'nothing that is reachable changes' : parts.join(', '),
    said.objections.length > 0 ? counted(said.objections.length, 'objection') : '',
    said.unknown.length > 0 ? `${said.unknown.length} unknown` : '',
    said.warnings.fresh > 0 ? counted(said.warnings.fresh, 'new warning') : '',
    // Beside what is worse nobody takes it for all that there is.
    isQuiet && said.warnings.stood > 0 ? `${counted(said.warnings.stood, 'warning')} as before` : '',
    // Whoever reads that nothing is objected to takes it for the team's word.
    said.policy === undefined ? 'no review rules were given' : said.policy.changed.length > 0 ? 'the review rules change' : '',
  ]
    .filter((part) => part !== '')
    .join('; ');
}

const VERBS = { opened: 'open', closed: 'close' } as const;

/** `tcp 3306 opens to the internet on 203.0.113.10`; where that is too long, how many ports and addresses there are. */
function opening(kind: 'opened' | 'closed', blocks: readonly Told[]): string {
  const mine = blocks.filter((block) => block.kind === kind);
  const outside = mine.filter((block) => block.outside);
  const chosen = outside.length > 0 ? outside : mine;
  if (chosen.length === 0) return '';
  const all = PacketMap.first(chosen.map(({ packets }) => packets));
  const anybodys = forAnybody(all);
  const listed = all.apartFrom(anybodys);
  if (outside.length === 0) return phrases(kind, [anybodys, 'inside on'], [listed, 'inside on']);
  // Nobody in the internet sends to a private address: a router in between has to lead there.
  const to = kind === 'opened' ? 'to' : 'for';
  return phrases(
    kind,
    [anybodys.apartFrom(TO_PRIVATE), `${to} the internet on`],
    [anybodys.within(TO_PRIVATE), `${to} whoever reaches`],
    // Whoever reads that SSH opens to the internet takes it for everybody's, and that it closes for listed sources, for all of these.
    [listed, `for ${sourcesIn(listed) ?? (kind === 'opened' ? 'listed sources' : 'some sources')} on`],
  );
}

/** One or two are named, where they get the same of each address: else one would be read as getting what the other gets. */
function sourcesIn(packets: PacketSet): string | undefined {
  const alike = packets.groups('destination').flatMap(({ below }) => below.groups('source').map(({ ranges }) => ranges));
  const [first = []] = alike;
  const names = first.map(printRange).join(' and ');
  return first.length > 2 || alike.some((ranges) => ranges.map(printRange).join(' and ') !== names) ? undefined : names;
}

const TO_PRIVATE = PacketMap.set({ destination: PRIVATE_NETWORKS });

/** What is told of the same services shares them. */
function phrases(kind: keyof typeof VERBS, ...of: readonly (readonly [packets: PacketSet, whom: string])[]): string {
  const told = of
    .filter(([packets]) => !packets.isEmpty)
    .flatMap(([packets, whom]) =>
      eachOfTwo(packets).map((some) => {
        const { words, one } = servicesIn(some);
        return { verb: `${words} ${VERBS[kind]}${one ? 's' : ''}`, whom: `${whom} ${addressesIn(some)}` };
      }),
    );
  return [...gathered(told, ({ verb }) => verb)]
    .map(([verb, alike]) => `${verb} ${alike.map(({ whom }) => whom).join(' and ')}`)
    .join(', ');
}

/** By address where there are two with services of their own: each would be read as one of both. */
function eachOfTwo(packets: PacketSet): readonly PacketSet[] {
  const groups = packets.groups('destination');
  if (groups.length !== 2 || sizeOf(groups.flatMap(({ ranges }) => ranges)) !== 2n) return [packets];
  const each = groups.map(({ family, ranges }) => packets.within(PacketMap.set({ family, destination: ranges })));
  return new Set(each.map((some) => servicesIn(some).words)).size === 2 ? each : [packets];
}

/** Services that anybody gets, with whoever gets them. */
function forAnybody(all: PacketSet): PacketSet {
  const services = all.groups('destination').flatMap(({ family, ranges, below }) =>
    below
      .groups('source')
      .filter((group) => isWide(group.ranges, group.family))
      .flatMap((group) =>
        [...group.below.cells()].map(({ protocol, port }) =>
          PacketMap.set({ family, destination: ranges, protocol: [protocol], port: [port] }),
        ),
      ),
  );
  return services.length === 0 ? PacketMap.NONE : all.within(PacketMap.first(services));
}

/** Two are named, the public one first: a filter behind the translation, as pf's, is asked with the inside address. */
function addressesIn(all: PacketSet): string {
  const ranges = all.groups('destination').flatMap((group) => group.ranges);
  const count = sizeOf(ranges);
  if (count > 65_536n) return 'many addresses';
  const hidden = ranges.filter(({ first }) => isPrivate(first));
  const open = ranges.filter(({ first }) => !isPrivate(first));
  if (count <= 2n) return [...open, ...hidden].map(printRange).join(' and ');
  if (open.length === 0 || hidden.length === 0) return counted(Number(count), 'address', 'addresses');
  return `${sizeOf(open)} public and ${counted(Number(sizeOf(hidden)), 'private address', 'private addresses')}`;
}

/** So that the line stays one. */
const LONGEST = 32;
/** Of a protocol. */
const MOST_PORTS = 32_768;

function servicesIn(all: PacketSet): { readonly words: string; readonly one: boolean } {
  const { ports, others } = portsIn(all.groups('destination').map(({ below }) => below));
  const each = [...ports].map(([protocol, of]) => printService([point(protocol)], joinedNumbers(of), [ALL_PORTS]));
  const names = others ? [...new Set(rowsOf(all).map((row) => printService(row.protocols, row.ports, [ALL_PORTS])))] : each;
  const words = names.join(' and ');
  const counts = [...ports.values()].map((ranges) => countOf(joinedNumbers(ranges)));
  const count = counts.reduce((sum, one) => sum + one, 0);
  if (words.length <= LONGEST) return { words, one: names.length === 1 && count <= 1 };
  if (count === 0) return { words: isIcmp(all) ? 'ICMP' : 'protocols without ports', one: isIcmp(all) };
  const many = counts.some((one) => one > MOST_PORTS) ? 'most ports' : counted(count, 'port');
  return { words: many + (others ? ' and other protocols' : ''), one: count === 1 && !others };
}

const ICMP = [PROTOCOL.icmp, PROTOCOL.icmpv6].map(point);

const isIcmp = (all: PacketSet): boolean => all.apartFrom(PacketMap.set({ protocol: ICMP })).isEmpty;

/** The ports of TCP, UDP and their like, and whether other protocols, or all of them, are among the packets. */
function portsIn(all: readonly PacketSet[]): { readonly ports: ReadonlyMap<number, readonly NumberRange[]>; readonly others: boolean } {
  const ports = new Map<number, NumberRange[]>();
  let others = false;
  for (const packets of all) {
    for (const { below } of packets.groups('source')) {
      for (const { protocol, port } of below.cells()) {
        if (protocol.first !== protocol.last || !PROTOCOLS_WITH_PORTS.includes(protocol.first)) others = true;
        else ports.set(protocol.first, [...(ports.get(protocol.first) ?? []), port]);
      }
    }
  }
  return { ports, others };
}
