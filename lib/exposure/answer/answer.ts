import { Ask, answering, askedPackets } from '../../reachability/ask';
import { Entry, listed, serviceWords } from '../../reachability/listing';
import { printAddresses } from '../../reachability/words';
import { FAMILIES, FAMILY_NAME, familyOf, pairsApart } from '../../net/address';
import { entryKey } from '../../net/device';
import { PacketMap, PacketSet } from '../../net/packet-map';
import { rowsOf } from '../../reachability/rows';
import { Settled } from '../../parse/reader';
import { Asked } from './question';
import { familyIn, meansBoth } from '../report/of-family';
import { SIDES, Side } from '../report/report';
import { samples, spread } from '../report/samples';
import { firstOf, services } from '../report/service-list';
import { Part, Passing, isMeant, reachesAll } from './destinations';
import { printSettled } from './deciding-lines';
import {
  Reported,
  Told,
  interfaceWords,
  isAnonymous,
  isFromLoopback,
  packetsAt,
  sideOf,
  wordingOf,
} from '../report/shown';
import { FROM, placeOf } from '../report/titles';

/** More is no line any more; the lists below have the rest. */
const MOST = { details: 2, explained: 6, destinations: 3, length: 70 };

interface Clause {
  readonly place: string;
  readonly sides: readonly Side[];
  readonly says: string;
}

/** What was asked, `mysql`, and for each way in whether it passes and what decides: one line. */
export function answer({ told }: Reported, { subject, words, interfaces, ask: of }: Asked): string {
  if (told.length === 0) return `${subject}: UNKNOWN (no rules are told)`;
  const ask = ({ device }: Told): Ask => of(device);
  const places = [...new Set(told.map((one) => placeWords(one, ask(one))))].sort((a, b) => order(a) - order(b));
  const clauses = places.flatMap((place) =>
    clausesAt(
      place,
      told.filter((one) => placeWords(one, ask(one)) === place),
      ask,
    ),
  );
  if (clauses.length === 0) return `${words}: nothing comes that way`;
  const sources = ask(told[0]!).from !== undefined;
  // Whoever names an interface knows who is behind it.
  const named = interfaces.length === 0 ? undefined : `by ${interfaces.join(', ')}`;
  return clauses
    .map(({ place, sides, says }, at) => {
      const from = named && sides.length > 0 ? named : sides.map((side) => FROM[side]).join(' and ');
      const where = [place, from === '' ? '' : sources ? `arriving ${from}` : from].filter((one) => one !== '');
      if (at > 0) return `${where.join(place.includes('if ') ? ', ' : ' ')}: ${says}`;
      const comma = sources || place.includes('if ') || (place !== '' && subject.startsWith('to '));
      return `${[subject, ...where].join(comma ? ', ' : ' ')}: ${says}`;
    })
    .join('; ');
}

/** Through a firewall first; then to the server itself, before what it lets through to others. */
const order = (place: string): number =>
  place === 'through it' ? 0 : place === '' || /itself$|^if that is this/.test(place) ? 1 : 2;

function placeWords(told: Told, { to }: Ask): string {
  const place = placeOf(told);
  if (to === undefined) return place;
  if (!to.some(({ first }) => isAnonymous(told, familyOf(first))))
    return place.startsWith('to other hosts') ? 'through this server' : place;
  return told.about === 'host'
    ? 'if that is this server'
    : told.about === 'through'
      ? 'if that is another host and this one forwards'
      : place;
}

/** By side; where every side of a place says the same, once. */
function clausesAt(place: string, told: readonly Told[], ask: (of: Told) => Ask): readonly Clause[] {
  const bySide = SIDES.flatMap((side) => {
    const says = saysFrom(side, told, ask);
    return says === undefined ? [] : [{ side, says }];
  });
  const texts = [...new Set(bySide.map(({ says }) => says))];
  const all = bySide.every(({ side }) => side === 'outside' || side === 'inside');
  return texts.map((says) => {
    const sides = bySide.filter((one) => one.says === says).map(({ side }) => side);
    return { place, sides: place !== '' && all && texts.length === 1 ? [] : sides, says };
  });
}

function saysFrom(side: Side, told: readonly Told[], askOf: (of: Told) => Ask): string | undefined {
  const parts = told.map((one): Part => {
    const ask = askOf(one);
    const views = one.exposure.views.filter(
      ({ vantage }) => sideOf(vantage, one.device) === side && (ask.vantage?.(vantage) ?? true),
    );
    return { told: one, ask, views, ways: new Set(views.map(({ vantage }) => entryKey(vantage))).size };
  });
  const lists = parts.map((part) => ({
    part,
    entries: listed(answering({ views: part.views }, part.ask), wordingOf(part.told)).filter(
      (one) => !isFromLoopback(one),
    ),
  }));
  const of = (verdict: Entry['verdict']): readonly Passing[] =>
    lists.flatMap(({ part, entries }) =>
      entries.filter((one) => one.verdict === verdict).map((entry) => ({ part, entry })),
    );
  const [open, unknown] = [of('allowed'), of('unknown')];
  if (open.length + unknown.length === 0)
    return notLetThrough(parts) ?? (side === 'outside' ? notOfIt(parts) : undefined);
  return [open.length === 0 ? '' : letThrough(open), unknown.length === 0 ? '' : undecided(unknown)]
    .filter((one) => one !== '')
    .join(', ');
}

function letThrough(passing: readonly Passing[]): string {
  const by = settledWords(
    passing
      .slice(0, MOST.explained)
      .flatMap(({ part, entry }) =>
        spread(entry).some.flatMap((packet) => part.told.explain(entry.vantages[0]!, packet)?.settledBy ?? []),
      ),
  );
  return `let through${what(passing)}${by}`;
}

function undecided(passing: readonly Passing[]): string {
  const reasons = [...new Set(passing.map(({ entry }) => entry.because))];
  return `UNKNOWN${what(passing)} (${firstOf(reasons, MOST.details)})`;
}

/** Which packets, where it isn't all that were asked about. Many kinds are counted up by service. */
function what(passing: readonly Passing[]): string {
  const asksServices = passing.every(({ part }) => part.ask.services !== undefined);
  const details = bothFamilies([...new Set(passing.map(detail))]);
  if (asksServices && details.length <= MOST.details)
    return details.map((one) => (one === '' ? '' : ` ${one}`)).join(' and');
  const said = FAMILIES.map((family) =>
    servedTo(passing.filter(({ entry }) => (familyIn(entry) ?? family) === family)),
  );
  const [four, six] = said;
  if (four === six || !passing.some(({ part }) => meansBoth(part.told, part.ask))) return servedTo(passing);
  return FAMILIES.flatMap((family, at) => (said[at] === '' ? [] : [` by ${FAMILY_NAME[family]}${said[at]}`])).join(',');
}

function servedTo(passing: readonly Passing[]): string {
  const narrow = new Set(passing.filter((one) => !isForSome(one) && !reachesAll(one, passing)));
  const others = passing.filter((one) => !narrow.has(one));
  const served = (of: readonly Passing[]): string => services(of.map(({ entry }) => entry));
  const some = served(others.filter(isForSome));
  const all = served(others.filter((one) => !isForSome(one)));
  const there = served([...narrow]);
  return [
    all === '' ? '' : ` ${all}`,
    some === '' ? '' : `${all === '' ? '' : ','} for some ${all === '' ? `only: ${some}` : `only ${some}`}`,
    there === '' ? '' : `${all + some === '' ? '' : ','} for some destinations only: ${there}`,
  ].join('');
}

const isForSome = ({ part: { ask }, entry }: Passing): boolean =>
  ask.from === undefined && !entry.from.startsWith('anywhere');

function detail({ part: { told, ask, ways }, entry }: Passing): string {
  const by = new Set(entry.vantages.map(entryKey)).size;
  const from = sourcesIn(ask);
  const family = familyIn(entry);
  const isTold = isMeant(entry, told, ask) && (/IPv[46]/.test(entry.to[0] ?? '') || meansBoth(told, ask));
  return [
    entry.service === serviceIn(askedPackets(ask)) ? '' : entry.service,
    entry.from === from ? '' : `from ${entry.from.length > MOST.length ? someSources(entry.from) : entry.from}`,
    // An address that is shown says its family itself.
    from === undefined && entry.from.startsWith('anywhere') && family !== undefined && isTold
      ? FAMILY_NAME[family]
      : '',
    isMeant(entry, told, ask) ? '' : `to ${short(entry.to)}`,
    entry.becomes === '' || entry.becomes === `UNKNOWN (${entry.because})` ? '' : `led to ${entry.becomes}`,
    by === ways
      ? ''
      : by > MOST.destinations
        ? 'by some interfaces'
        : `by ${entry.vantages.map((one) => interfaceWords(one, told.device)).join(', ')}`,
  ]
    .filter((one) => one !== '')
    .map((one) => (/^IPv[46]$/.test(one) ? `by ${one}` : one))
    .join(' ')
    .replace(/ led to /, ', led to ');
}

/** What holds for both families needs no word on them. */
function bothFamilies(details: readonly string[]): readonly string[] {
  const without = (one: string): string => one.replace(/ ?by IPv[46]/, '');
  const isInBoth = (one: string): boolean => details.filter((other) => without(other) === without(one)).length > 1;
  return [...new Set(details.map((one) => (isInBoth(one) ? without(one) : one)))];
}

const someSources = (from: string): string =>
  from.startsWith('anywhere but') ? 'anywhere but some sources' : 'some sources';
const short = (list: readonly string[]): string =>
  `${list.slice(0, MOST.destinations).join(', ')}${list.length > MOST.destinations ? ` and ${list.length - MOST.destinations} more` : ''}`;

const serviceIn = (asked: PacketSet): string | undefined => {
  const all = [...new Set(rowsOf(asked).map(serviceWords))];
  return all.length === 1 ? all[0] : undefined;
};
const sourcesIn = ({ from }: Ask): string | undefined =>
  from &&
  rowsOf(PacketMap.set({ source: from }))
    .map(({ sources, family }) => printAddresses(sources, family, 'anywhere', pairsApart))
    .join();
/** Undefined where nothing of what was asked could be meant here. */
function notLetThrough(parts: readonly Part[]): string | undefined {
  const meant = parts.filter(({ told, ask, views }) =>
    views.some(({ vantage }) => !packetsAt(told, ask, vantage).isEmpty),
  );
  return meant.length === 0
    ? undefined
    : `not let through${settledWords(meant.flatMap((part) => settling(part, 'denied')))}`;
}

/** An address of which a stack doesn't speak: who asks for it mustn't read the silence as an answer. */
const notOfIt = (parts: readonly Part[]): string | undefined =>
  parts.some(
    ({ told, ask, views }) => /^(device|end to end)$/.test(told.about) && ask.to !== undefined && views.length > 0,
  )
    ? 'nothing of this stack leads there'
    : undefined;

function settling(
  { told, ask, views }: Pick<Part, 'told' | 'ask' | 'views'>,
  verdict: 'allowed' | 'denied',
): readonly Settled[] {
  return views.slice(0, MOST.explained).flatMap(({ vantage }) =>
    samples(packetsAt(told, ask, vantage), told.anonymous?.families ?? []).flatMap((packet) => {
      const explanation = told.explain(vantage, packet);
      return explanation?.verdict === verdict ? explanation.settledBy : [];
    }),
  );
}

/** What decides where everything from outside is let through, or nothing: ` (policy drop, line 3)`. */
export function whyAll(told: readonly Told[], verdict: 'allowed' | 'denied'): string {
  const found = told.flatMap((one) => {
    const views = one.exposure.views.filter(({ vantage }) => sideOf(vantage, one.device) === 'outside');
    return settling({ told: one, ask: {}, views }, verdict);
  });
  return settledWords(found);
}

const settledWords = (settled: readonly Settled[]): string => {
  const words = printSettled(settled);
  return words === '' ? '' : ` (${words})`;
};
