import { Section, Words, numbered } from '../printing/document';
import { DeviceReport, EntryReport, SectionReport } from './report';
import { FROM, SIDES, Side } from './titles';

/** More lines are no answer: the question narrows them. */
const MOST_ROWS = 200;

/** What is said of a device below its name, as a person reads it. */
export const sectionsOf = (device: DeviceReport, asked: string): readonly Section[] => [
  ...answersOf(device, asked, SIDES),
  listOf('Worth a look', device.remarks.map(remark)),
  listOf('Not in the text', device.limits),
];

/** What decides first: what comes from the internet, unless more was asked for, and what is wrong with it. */
export const briefSectionsOf = (device: DeviceReport, asked: string): readonly Section[] => [
  ...answersOf(device, asked, briefSides(device, asked), asked === ''),
  listOf('Worth a look', device.remarks.filter(isUrgent).map(remark)),
];

/** What an answer rests on; of an overview that by which it may be wrong: not that by which more is shown than there is. */
export const briefRestsOn = (device: DeviceReport, asked: string): readonly string[] =>
  asked !== ''
    ? restsOn(device)
    : restsOn({ ...device, given: [], assumed: device.assumed.filter((one) => !device.supposed.includes(one)) });

/** What is left out of the brief ones, counted; empty: nothing. */
export function leftOutOf(device: DeviceReport, asked: string): readonly string[] {
  const sides = briefSides(device, asked);
  const lines = blocksOf(
    device,
    SIDES.filter((side) => !sides.includes(side)),
  ).reduce((sum, { items, left = 0 }) => sum + items.length + left, 0);
  return [
    ...some(restsOn(device).length - briefRestsOn(device, asked).length, 'line', 'that it rests on'),
    ...some(lines, 'line', 'of what starts elsewhere'),
    ...some(asked === '' ? shortenedOf(device, sides) : 0, 'list', 'of ports in full'),
    ...some(device.remarks.filter((one) => !isUrgent(one)).length, 'note', ''),
    ...some(device.limits.length, 'line', 'of what the text can’t say'),
  ];
}

const some = (count: number, thing: string, which: string): readonly string[] =>
  count === 0 ? [] : [`${numbered(count, thing)} ${which}`.trimEnd()];

/** Where nothing comes from the internet, what comes from elsewhere is the answer. */
const briefSides = (device: DeviceReport, asked: string): readonly Side[] =>
  asked === '' && blocksOf(device, ['outside']).length > 0 ? ['outside'] : SIDES;

type Remark = DeviceReport['remarks'][number];
const isUrgent = ({ severity }: Remark): boolean => severity !== 'note';
const remark = ({ code, severity, what }: Remark): string => `${severity} ${code}: ${what}`;

const answersOf = (device: DeviceReport, asked: string, sides: readonly Side[], brief = false): readonly Section[] => [
  listOf(asked === '' ? 'Nothing is let through' : `Nothing is let through: ${asked}`, device.nothing),
  ...blocksOf(device, sides, brief),
];

const listOf = (title: string, lines: readonly string[]): Section => ({ title, items: lines.map((words) => ({ words })) });

function sectionOf(heading: string, rows: readonly Row[], brief: boolean): Section {
  const shown = rows.slice(0, MOST_ROWS);
  const left = rows.length - shown.length;
  return {
    ...{ title: heading, left, elsewhere: 'ask with --to, --port or --from' },
    items: shown.map((row) => ({ words: row.entry.service, cells: cells(row, brief) })),
    table: { columns: ['', 'packets', 'service', 'to', 'from', 'ends at', 'by'], rows: shown.map(columns), left },
  };
}

function cells({ entry, by }: Row, brief: boolean): readonly string[] {
  const { verdict, because, service, names, from } = entry;
  const to = destinations(entry);
  const led = ends(entry);
  const aside = [by === '' ? '' : `by ${by}`, brief ? '' : deciding(entry)].filter((one) => one !== '').join('; ');
  return [
    `${verdict === 'unknown' ? 'UNKNOWN ' : ''}${brief ? shortened(service) : service}`,
    names.length > 5 ? `${names.slice(0, 4).join(', ')}, …` : names.join(', '),
    towards(to),
    `from ${from}${led === '' ? '' : ` -> ${led}`}${because === '' ? '' : `: ${because}`}`,
    aside === '' ? '' : `[${aside}]`,
  ];
}

const columns = ({ entry, by }: Row): readonly Words[] => [
  entry.verdict === 'unknown' ? [{ strong: 'UNKNOWN' }] : 'open',
  entry.service,
  entry.names.join(', '),
  destinations(entry),
  `${entry.from}${entry.because === '' ? '' : `: ${entry.because}`}`,
  ends(entry),
  [by, deciding(entry)].filter((one) => one !== '').join('; '),
];

/** What the heading says already is left out. */
const towards = (to: string): string => {
  const family = /^(?:this server|any other host)( by IPv[46])?$/.exec(to);
  return family ? (family[1] ?? '').trim() : `to ${to}`;
};

const shortenedOf = ({ sections }: DeviceReport, sides: readonly Side[]): number =>
  sections
    .flatMap(({ entries }) => entries)
    .filter(({ service, vantages }) => shortened(service) !== service && vantages.some((one) => sides.includes(sideOf(one)))).length;

/** Of a long list of ports the first ones. */
const shortened = (service: string): string =>
  service.replace(/((?:[\d-]+,){9}[\d-]+),([\d,-]+)/, (_, first: string, rest: string) => `${first} and ${rest.split(',').length} more`);

interface Row {
  readonly entry: EntryReport;
  /** Interfaces, where not every one that the heading speaks of is meant. */
  readonly by: string;
}

const HEADINGS: Readonly<Record<SectionReport['about'], (title: string, from: string) => string>> = {
  host: (title, from) => `Reachable ${from}, ${title.replace(/^to /, 'on ')}`,
  through: (title, from) => `Let through ${from}, ${title.replace('through it, ', '')}`,
  self: (title) => `Sent by ${title.replace(/^what | sends$/g, '')}`,
  device: (title, from) => `Let through ${from}: ${title}`,
  'end to end': (title, from) => `Reachable ${from}, ${title}`,
};

/** What comes from outside first, and of that what ends on the server first. */
function blocksOf({ sections }: DeviceReport, sides: readonly Side[], brief = false): readonly Section[] {
  // What a gateway lets through is said once where it is the same end to end.
  const composed = new Set(
    sections.filter(({ about }) => about === 'end to end').flatMap(({ entries }) => entries.map((one) => JSON.stringify(one))),
  );
  return sides.flatMap((side) =>
    sections.flatMap(({ about, title, entries }) => {
      const mine = entries.flatMap((entry) => {
        if (about === 'device' && composed.has(JSON.stringify(entry))) return [];
        const vantages = entry.vantages.filter((one) => sideOf(one) === side);
        return vantages.length === 0 ? [] : [{ entry, vantages }];
      });
      if (mine.length === 0) return [];
      const every = new Set(entries.flatMap(({ vantages }) => vantages.filter((one) => sideOf(one) === side)));
      const all = every.size === 1 && about !== 'self' ? ` by ${[...every].map(nameOf).join('')}` : '';
      return [
        sectionOf(
          HEADINGS[about](title, `${FROM[side]}${side === 'localhost' || side === 'self' ? '' : all}`),
          mine.map(({ entry, vantages }) => ({ entry, by: vantages.length === every.size ? '' : vantages.map(nameOf).join(', ') })),
          brief,
        ),
      ];
    }),
  );
}

function sideOf(vantage: string): Side {
  if (vantage === 'localhost') return 'localhost';
  if (vantage.startsWith('the server itself')) return 'self';
  return vantage.startsWith('the internet by ') ? 'outside' : 'inside';
}

/** `the internet by eth0` → `eth0`. */
const nameOf = (vantage: string): string => vantage.replace(/^.*? by /, '');

/** What a report rests on, a line each. */
export const restsOn = ({ given, assumed, leftOut }: DeviceReport): readonly string[] => [
  ...given.map((one) => `given: ${one}`),
  ...assumed.map((one) => `assumed: ${one}`),
  ...leftOut.map((one) => `left out: ${one}`),
];

/** `10.0.0.10 port 22, seen as 203.0.113.10`. */
const ends = ({ becomes, seenAs }: EntryReport): string =>
  [becomes, seenAs === '' ? '' : `seen as ${seenAs}`].filter((one) => one !== '').join(', ');

/** More tell a reader no more. */
const MOST_DESTINATIONS = 12;

const destinations = ({ to, toCount }: EntryReport): string => {
  const shown = to.slice(0, MOST_DESTINATIONS).join(', ');
  return toCount > MOST_DESTINATIONS ? `${shown} and ${toCount - MOST_DESTINATIONS} more` : shown;
};

const deciding = ({ lines }: EntryReport): string => {
  const numbers = [...new Set(lines.map(({ number }) => number))];
  return numbers.length === 0 ? '' : `line ${numbers.join(', ')}`;
};
