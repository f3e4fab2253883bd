import { Pair } from '../../exposure/differing';
import { counted } from '../../exposure/words';
import { gathered } from '../../net/gathered';
import { PacketMap, PacketSet } from '../../net/packet-map';
import { PRIVATE_NETWORKS } from '../../net/private';
import { sizeOf } from '../../net/range';
import { PLANS_WORK, withinWork } from '../../net/work';
import { Change, Review } from '../review';
import { Afterwards } from './afterwards';
import { Block, isOutside } from './blocks';
import { apart, toWhomever } from './headline-apart';
import { BRIEF, Detail, FULL, addressesIn, areSame, destinationsOf, forAnybody, servicesIn, sourcesIn, sourcesOf } from './headline-words';

/** What a headline says of a block. */
export interface Told extends Pick<Block, 'kind' | 'packets' | 'kept' | 'pairs'> {
  readonly outside: boolean;
  /** The server, where what it may send itself opens or closes. */
  readonly sender: string | undefined;
}

/** Of what closes, what others keep of the same. */
export const toldOf = (block: Block): Told => {
  const { kind, packets, kept, pairs } = block;
  const outside = isOutside(block);
  const others = kind === 'closed' && outside ? kept.within(toWhomever(forAnybody(packets))) : PacketMap.NONE;
  const { role, device } = block.owner.judged.planned;
  const sends = block.vantage.kind === 'self' && role === 'server' && (kind === 'opened' || kind === 'closed');
  return { kind, packets, pairs, outside, sender: sends ? device : undefined, kept: others };
};

/** What else a headline is made of than blocks. */
interface Besides extends Pick<Review, 'objections' | 'unknown'> {
  readonly warnings: Afterwards['warnings'];
  /** The review rules that were enforced, if any, and how they differ from those before. */
  readonly policy: Review['policy'];
  /** How many devices nothing can be said of. */
  readonly notJudged: number;
  /** The owners whose rules nobody takes off. */
  readonly staying: readonly string[];
  /** The owners that are given up on their devices. */
  readonly retired: readonly string[];
  /** The owners that are reached at another place than before. */
  readonly moved: readonly string[];
}

/** One line for who has half a minute: what changes for the internet, else what changes at all, and whether anybody objects. */
export function headlineOf(blocks: readonly Told[], counts: Readonly<Record<Change['kind'], number>>, said: Besides): string {
  const parts = [
    named(said.staying, ['stays open', 'stay open']),
    named(said.retired, ['is retired', 'are retired']),
    named(said.moved, ['is reached elsewhere', 'are reached elsewhere']),
    // Each was judged for itself: all of them in one line may be too much.
    ...withinWork(
      PLANS_WORK,
      () => [...reachable(blocks), leaving(blocks)],
      () => [...KINDS, 'identity' as const].map((kind) => rowsThat(kind, counts[kind])),
    ),
    counts.unknown > 0 ? `${counted(counts.unknown, 'change')} undecided` : '',
    said.notJudged > 0 ? `${counted(said.notJudged, 'device')} can not be judged` : '',
  ].filter((part) => part !== '');
  const isQuiet = said.objections.length + said.unknown.length + said.warnings.fresh === 0;
  const says = parts.length === 0 ? 'nothing that is reachable changes' : parts.join(', ');
  return [
    said.unknown.some(({ code }) => OUT_OF_DATE.includes(code)) ? `the plan is out of date, and says: ${says}` : says,
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

/** Whoever reads what another change does takes it for this one's. */
const OUT_OF_DATE: readonly string[] = ['cli/sources-newer', 'cli/stale-plan'];

const named = (names: readonly string[], [one, several]: readonly [string, string]): string =>
  names.length > 2 ? `${names.length} releases ${several}` : names.map((name) => `${name} ${one}`).join(', ');

const KINDS = ['opened', 'closed', 'moved'] as const;
type Kind = (typeof KINDS)[number];

interface Said {
  readonly verb: readonly [ofSeveral: string, ofOne: string];
  /** Whom it is about: anybody in the internet, who reaches a private address, and some. */
  readonly anybody: string;
  readonly reaching: string;
  readonly some: string;
}

const FOR = { anybody: 'for the internet', reaching: 'for whoever reaches', some: 'listed sources' };
const SAID: Readonly<Record<Kind, Said>> = {
  opened: { verb: ['open', 'opens'], anybody: 'to the internet', reaching: 'to whoever reaches', some: 'listed sources' },
  closed: { verb: ['close', 'closes'], ...FOR },
  moved: { verb: ['lead elsewhere', 'leads elsewhere'], ...FOR },
};
const SEEN = ['are seen as other sources', 'is seen as another source'] as const;
const BARE = ['leave untranslated', 'leaves untranslated'] as const;

const rowsThat = (kind: Kind | 'identity', rows: number): string =>
  rows === 0 ? '' : `${counted(rows, 'row')} ${kind === 'identity' ? SEEN[rows === 1 ? 1 : 0] : verbOf(kind, rows === 1)}`;

const verbOf = (kind: Kind, one: boolean): string => SAID[kind].verb[one ? 1 : 0];

/** So that whoever has half a minute reads it to its end. */
const LONGEST = 320;

function reachable(blocks: readonly Told[]): readonly string[] {
  const full = reachableIn(FULL, blocks);
  return full.join(', ').length <= LONGEST ? full : reachableIn(BRIEF, blocks);
}

/** What changes for the internet, and that there is more; where nothing does, what changes inside. */
function reachableIn(detail: Detail, blocks: readonly Told[]): readonly string[] {
  const of = (kind: Kind, outside: boolean): PacketSet =>
    PacketMap.first(
      blocks.filter((one) => one.kind === kind && one.outside === outside && one.sender === undefined).map(({ packets }) => packets),
    );
  const all = KINDS.map((kind) => ({ kind, internet: of(kind, true), inside: of(kind, false) }));
  const own = SENDS.map(([kind, verb]) => ({ verb, sent: blocks.filter((one) => one.kind === kind && one.sender !== undefined) }));
  if (all.every(({ internet }) => internet.isEmpty)) {
    const [opened, closed] = all.map(({ inside }) => inside) as [PacketSet, PacketSet];
    const sends = own.map(({ verb, sent }) => sending(verb, sent, detail));
    if (areSame(opened, closed)) return [byAnother([{ packets: opened, whom: () => 'inside', at: 'on' }], opened, detail), ...sends];
    return [...all.map(({ kind, inside }) => phrases(kind, [{ packets: inside, whom: () => 'inside', at: 'on' }], detail)), ...sends];
  }
  const [opened, closed] = all.map(({ internet }) => internet) as [PacketSet, PacketSet];
  const instead = inPlaceOf(opened, closed, detail);
  const kept = PacketMap.first(blocks.map((one) => one.kept));
  return [
    instead ?? '',
    ...all.map(({ kind, internet }) =>
      instead !== undefined && kind !== 'moved'
        ? ''
        : phrases(kind, bySender(kind, internet, kind === 'closed' ? kept : PacketMap.NONE), detail),
    ),
    all.some(({ internet, inside }) => !inside.apartFrom(internet).isEmpty) || own.some(({ sent }) => sent.length > 0)
      ? 'more changes inside'
      : '',
  ];
}

const SENDS = [
  ['opened', 'may send'],
  ['closed', 'may no longer send'],
] as const;

/** Where nobody else is concerned: what a device itself may send. */
function sending(verb: string, sent: readonly Told[], detail: Detail): string {
  const names = [...new Set(sent.flatMap(({ sender }) => sender ?? []))];
  if (names.length === 0) return '';
  const { words } = servicesIn(PacketMap.first(sent.map(({ packets }) => packets)), detail);
  return `${names.length > 2 ? counted(names.length, 'device') : names.join(' and ')} ${verb} ${words}`;
}

interface Sent {
  readonly packets: PacketSet;
  /** Who sends them, in a sentence of one thing or of several. */
  whom(one: boolean): string;
  /** What stands between that and their address. */
  readonly at: 'on' | '';
}

/**
 * Whoever reads that SSH opens to the internet takes it for everybody's, and that it closes for listed sources, for all of these; and that it
 * closes for the internet, for whoever keeps it, too.
 */
function bySender(kind: Kind, all: PacketSet, kept: PacketSet): readonly Sent[] {
  const { anybody, reaching, some } = SAID[kind];
  const anybodys = forAnybody(all);
  const listed = all.apartFrom(anybodys);
  const others = kept.apartFrom(all);
  const narrowed = others.isEmpty ? others : anybodys.within(toWhomever(others));
  const told = (packets: PacketSet, besides: (one: boolean) => string): readonly Sent[] => [
    // Nobody in the internet sends to a private address: a router in between has to lead there.
    { packets: packets.apartFrom(TO_PRIVATE), whom: (one) => `${anybody}${besides(one)}`, at: 'on' },
    { packets: packets.within(TO_PRIVATE), whom: () => reaching, at: '' },
  ];
  return [
    ...told(anybodys.apartFrom(narrowed), () => ''),
    ...told(narrowed, (one) => ` and ${one ? 'stays' : 'stay'} open for ${sourcesIn(others) ?? 'some sources'}`),
    { packets: listed, whom: () => `for ${sourcesIn(listed) ?? some}`, at: 'on' },
  ];
}

const TO_PRIVATE = PacketMap.set({ destination: PRIVATE_NETWORKS });

/** What is told of the same services shares them. */
function phrases(kind: Kind, of: readonly Sent[], detail: Detail): string {
  const told = of
    .filter(({ packets }) => !packets.isEmpty)
    .flatMap(({ packets, whom, at }) => {
      const parts = apart(packets, detail);
      return (parts ?? [packets]).map((some) => {
        const { words, one } = servicesIn(some, detail);
        const where = addressesIn(destinationsOf(some), parts !== undefined);
        return { what: `${words} ${verbOf(kind, one)}`, whom: [whom(one), at, where].filter((part) => part !== '').join(' ') };
      });
    });
  return [...gathered(told, ({ what }) => what)]
    .map(([what, alike]) => `${what} ${alike.map(({ whom }) => whom).join(' and ')}`)
    .join(', ');
}

/** One address that lets in what another did is one thing that changes, not two. */
function inPlaceOf(opened: PacketSet, closed: PacketSet, detail: Detail): string | undefined {
  if (areSame(opened, closed)) return byAnother(bySender('opened', opened, PacketMap.NONE), opened, detail);
  const [[to, ...others], [from, ...more]] = [opened.groups('destination'), closed.groups('destination')];
  if (!to || !from || others.length + more.length > 0 || !to.below.equals(from.below)) return undefined;
  if (sizeOf(to.ranges) !== 1n || sizeOf(from.ranges) !== 1n) return undefined;
  // Whoever reaches one private address may not reach the other.
  if (![opened, closed].every((packets) => packets.within(TO_PRIVATE).isEmpty)) return undefined;
  const { what, one } = together(bySender('opened', opened, PacketMap.NONE), detail);
  return `${what} ${verbOf('opened', one)} on ${addressesIn(to.ranges)} and ${verbOf('closed', one)} on ${addressesIn(from.ranges)}`;
}

/** From one gateway to another, above all. */
function byAnother(of: readonly Sent[], all: PacketSet, detail: Detail): string {
  const { what, one } = together(of, detail);
  return `${what} ${one ? 'comes' : 'come'} in by another interface on ${addressesIn(destinationsOf(all), all.groups('destination').length === 1)}`;
}

function together(of: readonly Sent[], detail: Detail): { readonly what: string; readonly one: boolean } {
  const told = of
    .filter(({ packets }) => !packets.isEmpty)
    .map(({ packets, whom }) => ({ ...servicesIn(packets, detail), whom: whom(true) }));
  return { what: told.map(({ words, whom }) => `${words} ${whom}`).join(' and '), one: told.length === 1 && told[0]!.one };
}

/** What is sent matters to whoever knows a host by its address: mail, above all. */
function leaving(blocks: readonly Told[]): string {
  const pairs = PacketMap.first(blocks.filter(({ kind }) => kind === 'identity').map((one) => one.pairs));
  const as = (words: readonly [ofSeveral: string, ofOne: string], packets: PacketSet): string => {
    const sources = sourcesOf(packets);
    return packets.isEmpty ? '' : `${addressesIn(sources)} ${words[sizeOf(sources) === 1n ? 1 : 0]}`;
  };
  const isBare = ([, after]: Pair): boolean => after.source.is === 'kept';
  return [
    as(
      SEEN,
      pairs.where((pair) => !isBare(pair)),
    ),
    as(BARE, pairs.where(isBare)),
  ]
    .filter((part) => part !== '')
    .join(', ');
}
