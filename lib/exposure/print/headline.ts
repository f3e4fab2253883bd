import { listed } from '../../reachability/listing';
import { cutTo } from '../../reachability/print';
import { EVERYTHING } from '../../reachability/words';
import { FAMILIES, FAMILY_NAME, Family, printAddress } from '../../net/address';
import { localTo, vantageKey } from '../../net/device';
import { groupBy } from '../../net/group-by';
import { Range, without } from '../../net/range';
import { printable, printableWhole } from '../../problems/problem';
import { answer, whyAll } from '../answer/answer';
import { differApart } from '../report/apart';
import { Asked } from '../answer/question';
import { LedTo, hostLedTo, leadsTo } from '../report/leads-to';
import { familyIn } from '../report/of-family';
import { DeviceReport, EntryReport, SIDES, isFromOutside } from '../report/report';
import { firstOf, services } from '../report/service-list';
import { Reported, Told, isAnonymous, isOnTheWire, roleAt, wordingOf } from '../report/shown';
import { FROM, isThroughAFirewall } from '../report/titles';
import { byOthers } from '../report/wide-open';

/** More files are answered in the lists alone. */
const MOST_ANSWERED = 4;
/** More reasons why something is unknown are no line any more. */
const MOST_REASONS = 2;

/** What a person wants to know first, in one line: what was asked, else which ports are open. Nobody may read from it that everything is known. */
export function headline(devices: readonly DeviceReport[], reported: readonly Reported[], question: Asked): string {
  // Lines are of one text, and whose port is open is what one wants to know.
  if (question.subject === '' && reported.length > 1 && reported.length <= MOST_ANSWERED)
    return reported.map((one, at) => `${one.name}: ${headline([devices[at]!], [one], question)}`).join(' ');
  const said = answered(devices, reported, question);
  return [said, ...(said.includes('UNKNOWN') ? [] : unsaid(devices))].join(' ');
}

/** What is unknown of what a first line isn't about, by where it comes from. */
function unsaid(devices: readonly DeviceReport[]): readonly string[] {
  const unknown = devices.flatMap(({ sections }) =>
    sections.flatMap(({ about, entries }) =>
      entries.flatMap((entry) => {
        if (entry.verdict !== 'unknown') return [];
        const [side = 'outside'] = SIDES.filter((one) => entry.ways.some((way) => way.side === one));
        return [{ entry, where: side === 'outside' && about === 'through' ? 'to other hosts' : FROM[side] }];
      }),
    ),
  );
  return [...groupBy(unknown, ({ where }) => where)].map(
    ([where, alike]) => `UNKNOWN ${where}: ${services(alike.map(({ entry }) => entry))}.`,
  );
}

function answered(devices: readonly DeviceReport[], reported: readonly Reported[], question: Asked): string {
  if (question.subject === '') return overview(devices, reported, question.words);
  const answers = reported
    .slice(0, MOST_ANSWERED)
    .map(
      (one) =>
        `${reported.length > 1 ? `${one.name}: ` : ''}${printableWhole(answer({ ...one, told: answering(one.told) }, question))}.`,
    );
  return [
    ...answers,
    ...(reported.length > MOST_ANSWERED ? [`${reported.length - MOST_ANSWERED} more are answered below.`] : []),
  ].join(' ');
}

/** Where gateways and servers are composed, what one of them alone lets through is not the answer; only what comes past the gateways is. */
function answering(told: readonly Told[]): readonly Told[] {
  if (!told.some(({ about }) => about === 'end to end')) return told;
  return told.flatMap((one) => {
    if (one.about === 'end to end') return [one];
    const { exposure, besides } = one;
    return besides === undefined
      ? []
      : [{ ...one, packetsAt: () => besides, exposure: { views: exposure.views.map((view) => cutTo(view, besides)) } }];
  });
}

type Opening = Pick<EntryReport, 'verdict' | 'service' | 'from' | 'to' | 'because'> &
  LedTo &
  Pick<EntryReport, 'packets' | 'families'> & { readonly ways?: EntryReport['ways'] };

function overview(devices: readonly DeviceReport[], reported: readonly Reported[], words: string): string {
  const behind = words === '' ? openBehind(reported.flatMap(({ told }) => told)) : [];
  return `${openOn(devices, reported, words)}${behind.length === 0 ? '' : ` To public addresses behind it: ${summed(behind, false, '')}`}`;
}

/** What a box forwards from the internet to others that have public addresses themselves. Where gateways are composed, that is told end to end. */
function openBehind(told: readonly Told[]): readonly Opening[] {
  if (told.some(({ about }) => about === 'end to end')) return [];
  return told.flatMap((one) => {
    if (one.about !== 'through' || isThroughAFirewall(one) || one.behind === undefined) return [];
    return fromOutside({ ...one, exposure: one.behind });
  });
}

function openOn(devices: readonly DeviceReport[], reported: readonly Reported[], words: string): string {
  const asked = words !== '';
  const sections = devices.flatMap((one) => (devices.length > 1 ? reasonsOf(one) : one.sections));
  const composed = sections.some(({ about }) => about === 'end to end');
  const answers = (one: Pick<Told, 'about' | 'title'>): boolean =>
    one.about === 'host' ||
    isThroughAFirewall(one) ||
    one.about === 'end to end' ||
    (one.about === 'device' && !composed);
  const told = reported.flatMap((one) => answering(one.told));
  // What comes for an address that it answers for, and goes to others. Where nobody told its addresses, that stands among what comes to it itself.
  const own = new Set(told.flatMap(({ device }) => localTo(device).map(printAddress)));
  const isLedOn = (entry: EntryReport): boolean => {
    const host = hostLedTo(entry);
    return host !== '' && !own.has(host) && !told.some((one) => isAnonymous(one, entry.packets.family));
  };
  const besides = told.filter((one) => composed && one.besides !== undefined).flatMap(fromOutside);
  const entries: readonly Opening[] = asked
    ? sections.flatMap((one) => one.entries)
    : [
        ...sections.flatMap((one) =>
          one.entries.filter(
            (entry) =>
              isFromOutside(entry) &&
              !isOnTheWire(entry) &&
              (answers(one) || (one.about === 'through' && isLedOn(entry))),
          ),
        ),
        ...besides,
      ];
  const deciding = told.filter((one) => answers(one) || one.besides);
  const [{ wide } = {}] = asked || reported.length > 1 ? [] : reported;
  if (!wide)
    return openFrom(asked ? `Let through ${printable(words)}` : 'Open to the internet', entries, asked, deciding);
  const others = entries.filter(({ ways = [] }) =>
    ways.some(
      ({ side, vantage }) => side === 'outside' && !(vantage.kind === 'interface' && wide.names.has(vantage.name)),
    ),
  );
  const by = deciding.map((one) => byOthers(one, wide));
  const all = whyAll(
    deciding.map((one) => byOthers(one, wide, true)),
    'allowed',
  );
  return `${openFrom(`Open to the internet by ${wide.others}`, others, asked, by)} By ${wide.words}: ${EVERYTHING}${all}.`;
}

function openFrom(said: string, entries: readonly Opening[], asked: boolean, told: readonly Told[]): string {
  const why = (verdict: 'allowed' | 'denied'): string => (asked ? '' : whyAll(told, verdict));
  if (entries.length === 0) return `${said}: nothing${why('denied')}.`;
  const [ip, ip6] = FAMILIES.map((family) => entries.filter((one) => (familyIn(one) ?? family) === family));
  const says = [ip!, ip6!].map((some) => services(openOf(some, asked)));
  const differ = (is: (one: string) => boolean): boolean => is(says[0]!) !== is(says[1]!);
  // A filter of IPv4 alone leaves everything open by IPv6, which says nothing of what it filters.
  const isApart =
    differ((one) => one === EVERYTHING) ||
    (says.every((one) => one !== '') && differ((one) => IS_NEARLY_ALL.test(one)));
  if (isApart && ip!.length > 0 && ip6!.length > 0)
    return `${said} by IPv4: ${summed(ip!, asked, '')} By IPv6: ${summed(ip6!, asked, '')}`;
  const open = openOf(entries, asked);
  const isSpread = differApart(open);
  return `${said}${isSpread ? ', on one address or another' : ''}: ${summed(entries, asked, services(open) === EVERYTHING ? why('allowed') : '')}`;
}

/** With the text whose lines they are. */
const reasonsOf = ({ name, sections }: DeviceReport): DeviceReport['sections'] =>
  sections.map((one) => ({
    ...one,
    entries: one.entries.map((entry) =>
      entry.because === '' ? entry : { ...entry, because: `${name}: ${entry.because}` },
    ),
  }));

const IS_NEARLY_ALL = /^all protocols$|everything but /;

function fromOutside(told: Told): readonly Opening[] {
  const views = told.exposure.views.filter(({ vantage }) => roleAt(vantage, told.device) === 'outside');
  return listed({ views }, wordingOf(told)).map((one) => ({ ...one, to: [...one.to] }));
}

const isOpen = ({ verdict, from }: Opening, asked: boolean): boolean =>
  verdict === 'allowed' && (asked || from.startsWith('anywhere'));
const openOf = (entries: readonly Opening[], asked: boolean): readonly Opening[] =>
  entries.filter((one) => isOpen(one, asked));

/** What of some entries is for everybody, what for some, and what nobody knows. */
export function summed(entries: readonly Opening[], asked: boolean, why: string): string {
  const open = openOf(entries, asked);
  const everybody = services(open);
  const others = entries.filter((one) => one.verdict === 'allowed' && !isOpen(one, asked));
  const besides = services(others, (its) => open.filter((one) => isWherever(one, its)));
  // Who gets everything gets also what everybody has.
  const some = IS_NEARLY_ALL.test(besides) ? services(others) : besides;
  const allowed = entries.some(({ verdict }) => verdict === 'allowed');
  const leads = asked ? '' : leadsTo(open);
  return [
    `${everybody !== '' ? everybody : allowed ? 'nothing for everybody' : 'nothing for sure'}${why}.`,
    ...(leads === '' ? [] : [`Leads to ${leads}.`]),
    ...(some === '' ? [] : [`For some sources only: ${some}.`]),
    ...undecided(entries, asked),
  ].join(' ');
}

/** Whether it is let through from there to the same addresses and by the same ways, at least. */
function isWherever(one: Opening, its: Opening): boolean {
  const words = ({ to }: Opening): string => to.map((text) => text.replace(/ by IPv[46]$/, '')).join();
  const ways = ({ ways: all = [] }: Opening): readonly string[] => all.map(({ vantage }) => vantageKey(vantage));
  return (
    (one.from === 'anywhere' ||
      (one.packets.family === its.packets.family && areWithin(its.packets.sources, one.packets.sources))) &&
    words(one) === words(its) &&
    its.families.every((family) => one.families.includes(family)) &&
    ways(its).every((way) => ways(one).includes(way))
  );
}

const areWithin = (ranges: readonly Range[], within: readonly Range[]): boolean => without(ranges, within).length === 0;

/** What can't be told, for whom, and why; families apart where it isn't the same of both. */
function undecided(entries: readonly Opening[], asked: boolean): readonly string[] {
  const unknown = entries.filter(({ verdict }) => verdict === 'unknown');
  const isForAll = ({ from }: Opening): boolean => asked || from.startsWith('anywhere');
  return [true, false].flatMap((all) => {
    const some = unknown.filter((one) => isForAll(one) === all);
    const families = [...groupBy(some, familyIn)].map(([family, mine]) => ({ family, mine, what: services(mine) }));
    const differ =
      families.length > 1 &&
      families.every(({ family }) => family !== undefined) &&
      new Set(families.map(({ what }) => what)).size > 1;
    const whom = all ? '' : ' for some sources';
    const says = (mine: readonly Opening[], family?: Family): string =>
      `UNKNOWN${whom}${family === undefined ? '' : ` by ${FAMILY_NAME[family]}`}: ${services(mine)}${why(mine)}.`;
    if (differ) return families.map(({ family, mine }) => says(mine, family));
    const [only] = families;
    if (!only) return [];
    const isApart = families.length === 1 && entries.some((one) => familyIn(one) !== only.family);
    return [says(some, isApart ? only.family : undefined)];
  });
}

/** ` (lines 25, 29: a limit may match or not)`; of one of several devices `web1: line 25: …`. */
function why(unknown: readonly Opening[]): string {
  const reasons = unknown.map(({ because }) => {
    const [, of = '', line, words = ''] = /^(?:([^]*?: )?line (\d+): )?([^]*)$/.exec(because)!;
    return { of, line, words };
  });
  const said = [...groupBy(reasons, ({ of, words }) => `${of}\n${words}`).values()]
    .filter(([{ words }]) => words !== '')
    .map((alike) => {
      const [{ of, words }] = alike;
      const lines = [...new Set(alike.flatMap(({ line }) => line ?? []))];
      return printable(
        `${of}${lines.length === 0 ? '' : `${lines.length === 1 ? 'line' : 'lines'} ${lines.join(', ')}: `}${words}`,
      );
    });
  return said.length === 0 ? '' : ` (${firstOf(said, MOST_REASONS)})`;
}
