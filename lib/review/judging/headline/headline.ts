import { counted } from '../../../reachability/words';
import { groupBy } from '../../../net/group-by';
import { PacketMap, PacketSet } from '../../../net/packet-map';
import { PRIVATE_NETWORKS } from '../../../net/private';
import { sizeOf } from '../../../net/range';
import { PLANS_WORK, withinWork } from '../../../net/work';
import { Change, Review } from '../../review';
import { Afterwards } from '../afterwards';
import { apart, toWhomever } from './apart';
import { Leading, ledBy } from './devices';
import { SEEN, leaving } from './leaving';
import { placeOf } from './place';
import { sending } from './sending';
import { Told } from './told';
import {
  BRIEF,
  Detail,
  FULL,
  NEEDED_BY_IPV6,
  addressesIn,
  areSame,
  destinationsOf,
  forAnybody,
  servicesIn,
  sourcesIn,
} from './words';

/** What else a headline is made of than blocks. */
interface Besides extends Pick<Review, 'objections' | 'unknown'> {
  readonly warnings: Afterwards['warnings'];
  /** The review rules that were enforced, if any, and how they differ from those before. */
  readonly policy: Review['policy'];
  /** How many devices nothing can be said of. */
  readonly notJudged: number;
  readonly devices: readonly Leading[];
}

/** One line for who has half a minute: what changes for the internet, else what changes at all, and whether anybody objects. */
export function headlineOf(
  blocks: readonly Told[],
  counts: Readonly<Record<Change['kind'], number>>,
  said: Besides,
): string {
  const changes = [
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
  const says = [...ledBy(said.devices), ...(changes.length === 0 ? [unchanged(said.unknown)] : changes)].join(', ');
  return [
    said.unknown.some(({ code }) => OUT_OF_DATE.includes(code)) ? `the plan is out of date, and says: ${says}` : says,
    objectionsIn(said.objections),
    said.unknown.length > 0 ? `${said.unknown.length} unknown` : '',
    said.warnings.fresh > 0 ? counted(said.warnings.fresh, 'new warning') : '',
    // Beside what is worse nobody takes it for all that there is.
    isQuiet && said.warnings.stood > 0 ? `${counted(said.warnings.stood, 'warning')} as before` : '',
    // Whoever reads that nothing is objected to takes it for the team's word.
    said.policy === undefined
      ? 'no review rules were given'
      : said.policy.changed.length > 0
        ? 'the review rules change'
        : '',
  ]
    .filter((part) => part !== '')
    .join('; ');
}

/** Whoever reads of an objection beside what changes takes it for one to that. */
function objectionsIn(all: Review['objections']): string {
  const stood = all.filter((one) => one.stood === true).length;
  const fresh = all.length - stood;
  if (fresh === 0) return stood === 0 ? '' : `${counted(stood, 'objection')} as before`;
  return `${counted(fresh, 'objection')}${stood === 0 ? '' : ` and ${stood} as before`}`;
}

/** A plan that holds a part says of the rest nothing. */
const unchanged = (unknown: Review['unknown']): string =>
  unknown.every(({ code }) => OUT_OF_DATE.includes(code))
    ? 'nothing that is reachable changes'
    : 'nothing that is reachable is known to change';

/** Whoever reads what another change does takes it for this one's. */
const OUT_OF_DATE: readonly string[] = ['cli/sources-newer', 'cli/stale-plan'];

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
  opened: {
    verb: ['open', 'opens'],
    anybody: 'to the internet',
    reaching: 'to whoever reaches',
    some: 'listed sources',
  },
  closed: { verb: ['close', 'closes'], ...FOR },
  moved: { verb: ['lead', 'leads'], ...FOR },
};

const rowsThat = (kind: Kind | 'identity', rows: number): string =>
  rows === 0
    ? ''
    : `${counted(rows, 'row')} ${kind === 'identity' ? SEEN[rows === 1 ? 1 : 0] : verbOf(kind, rows === 1)}`;

/** `place`: where it leads. */
const verbOf = (kind: Kind, one: boolean, place = 'elsewhere'): string =>
  [SAID[kind].verb[one ? 1 : 0], ...(kind === 'moved' ? [place] : [])].join(' ');

/** So that whoever has half a minute reads it to its end. */
const LONGEST = 320;

function reachable(blocks: readonly Told[]): readonly string[] {
  const full = reachableIn(FULL, blocks);
  return full.join(', ').length <= LONGEST ? full : reachableIn(BRIEF, blocks);
}

/** What changes for the internet, and that there is more; where nothing does, what changes inside. */
function reachableIn(detail: Detail, blocks: readonly Told[]): readonly string[] {
  const of = (kind: Kind, outside: boolean): PacketSet => {
    const all = PacketMap.first(
      blocks
        .filter((one) => one.kind === kind && one.outside === outside && one.sender === undefined)
        .map(({ packets }) => packets),
    );
    // What comes and goes with whatever opens by IPv6 says nothing beside that.
    const others = all.apartFrom(NEEDED_BY_IPV6);
    return others.isEmpty ? all : others;
  };
  const all = KINDS.map((kind) => ({ kind, internet: of(kind, true), inside: of(kind, false) }));
  const through = (kind: Kind): readonly string[] =>
    blocks.filter((one) => one.kind === kind && one.outside && one.sender === undefined).map(({ device }) => device);
  const another = through('opened').some((device) => through('closed').includes(device)) ? 'interface' : 'gateway';
  const own = blocks.filter(({ sender }) => sender !== undefined);
  if (all.every(({ internet }) => internet.isEmpty)) {
    const [opened, closed] = all.map(({ inside }) => inside) as [PacketSet, PacketSet];
    const sends = sending(own, detail);
    if (areSame(opened, closed)) return [byAnother(fromInside(opened), opened, another, detail), ...sends];
    return [
      ...all.map(({ kind, inside }) => phrases(kind, fromInside(inside), detail, placeOf(blocks, false))),
      ...sends,
    ];
  }
  const [opened, closed] = all.map(({ internet }) => internet) as [PacketSet, PacketSet];
  const instead = inPlaceOf(opened, closed, another, detail);
  const kept = PacketMap.first(blocks.map((one) => one.kept));
  return [
    instead ?? '',
    ...all.map(({ kind, internet }) =>
      instead !== undefined && kind !== 'moved'
        ? ''
        : phrases(
            kind,
            bySender(kind, internet, kind === 'closed' ? kept : PacketMap.NONE),
            detail,
            placeOf(blocks, true),
          ),
    ),
    all.some(({ internet, inside }) => !inside.apartFrom(internet).isEmpty) || own.some((one) => !isOfIt(one))
      ? 'more changes inside'
      : '',
    ...sending(own.filter(isOfIt), detail),
  ];
}

/** What a server may send counts where somebody reads of more: mail that leaves no longer, above all. */
const isOfIt = ({ kind, fromKept }: Told): boolean => kind !== 'moved' && fromKept;

interface Sent {
  readonly packets: PacketSet;
  /** Who sends them. */
  readonly whom: string;
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
  const told = (packets: PacketSet, but: string): readonly Sent[] => [
    // Nobody in the internet sends to a private address: a router in between has to lead there.
    { packets: packets.apartFrom(TO_PRIVATE), whom: `${anybody}${but}`, at: 'on' },
    { packets: packets.within(TO_PRIVATE), whom: reaching, at: '' },
  ];
  return [
    ...told(anybodys.apartFrom(narrowed), ''),
    ...told(narrowed, ` except ${sourcesIn(others) ?? 'some sources'}`),
    { packets: listed, whom: `for ${sourcesIn(listed) ?? some}`, at: 'on' },
  ];
}

/** Of whom a network of inside is, a reader knows; not that it is another one than before. */
function fromInside(all: PacketSet): readonly Sent[] {
  const anybodys = forAnybody(all);
  const listed = all.apartFrom(anybodys);
  const names = sourcesIn(listed);
  return [
    { packets: anybodys, whom: 'inside', at: 'on' },
    { packets: listed, whom: names === undefined ? 'inside' : `inside for ${names}`, at: 'on' },
  ];
}

const TO_PRIVATE = PacketMap.set({ destination: PRIVATE_NETWORKS });

/** What is told of the same services shares them. `place`: where it leads, if it leads elsewhere. */
function phrases(kind: Kind, of: readonly Sent[], detail: Detail, place: string): string {
  const told = of
    .filter(({ packets }) => !packets.isEmpty)
    .flatMap(({ packets, whom, at }) => {
      const parts = apart(packets, detail);
      return (parts ?? [packets]).map((some) => {
        const { words, one } = servicesIn(some, detail);
        const where = addressesIn(destinationsOf(some), parts !== undefined);
        return {
          what: `${words} ${verbOf(kind, one, place)}`,
          whom: [whom, at, where].filter((part) => part !== '').join(' '),
        };
      });
    });
  return [...groupBy(told, ({ what }) => what)]
    .map(([what, alike]) => `${what} ${alike.map(({ whom }) => whom).join(' and ')}`)
    .join(', ');
}

/** One address that lets in what another did is one thing that changes, not two. */
function inPlaceOf(opened: PacketSet, closed: PacketSet, another: string, detail: Detail): string | undefined {
  if (areSame(opened, closed)) return byAnother(bySender('opened', opened, PacketMap.NONE), opened, another, detail);
  const [[to, ...others], [from, ...more]] = [opened.groups('destination'), closed.groups('destination')];
  if (!to || !from || others.length + more.length > 0 || !to.below.equals(from.below)) return undefined;
  if (sizeOf(to.ranges) !== 1n || sizeOf(from.ranges) !== 1n) return undefined;
  // Whoever reaches one private address may not reach the other.
  if (![opened, closed].every((packets) => packets.within(TO_PRIVATE).isEmpty)) return undefined;
  const { what, one } = together(bySender('opened', opened, PacketMap.NONE), detail);
  return `${what} ${verbOf('opened', one)} on ${addressesIn(to.ranges)} and ${verbOf('closed', one)} on ${addressesIn(from.ranges)}`;
}

/** By another gateway, above all. */
function byAnother(of: readonly Sent[], all: PacketSet, another: string, detail: Detail): string {
  const { what, one } = together(of, detail);
  return `${what} ${one ? 'comes' : 'come'} in by another ${another} on ${addressesIn(destinationsOf(all), all.groups('destination').length === 1)}`;
}

function together(of: readonly Sent[], detail: Detail): { readonly what: string; readonly one: boolean } {
  const told = of
    .filter(({ packets }) => !packets.isEmpty)
    .map(({ packets, whom }) => ({ ...servicesIn(packets, detail), whom }));
  return {
    what: told.map(({ words, whom }) => `${words} ${whom}`).join(' and '),
    one: told.length === 1 && told[0]!.one,
  };
}
