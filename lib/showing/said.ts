import { Section, Words } from '../printing/document';
import { DeviceReport, EntryReport, SectionReport } from './report';
import { FROM, SIDES, Side } from './titles';

/** More lines are no answer: the question narrows them. */
const MOST_ROWS = 200;

/** What is said of a device below its name, as a person reads it. */
export const sectionsOf = (device: DeviceReport, asked: string): readonly Section[] => [
  listOf(asked === '' ? 'Nothing is let through' : `Nothing is let through: ${asked}`, device.nothing),
  ...blocksOf(device),
  listOf(
    'Worth a look',
    device.remarks.map(({ code, severity, what }) => `${severity} ${code}: ${what}`),
  ),
  listOf('Not in the text', device.limits),
];

const listOf = (title: string, lines: readonly string[]): Section => ({ title, items: lines.map((words) => ({ words })) });

function sectionOf(heading: string, rows: readonly Row[]): Section {
  const shown = rows.slice(0, MOST_ROWS);
  const left = rows.length - shown.length;
  return {
    ...{ title: heading, left, elsewhere: 'ask with --to, --port or --from' },
    items: aligned(shown.map(cells)).map((words) => ({ words, asItIs: true as const })),
    table: { columns: ['', 'packets', 'service', 'to', 'from', 'ends at', 'by'], rows: shown.map(columns), left },
  };
}

/** Three columns in the width of their cells, then the rest. */
function aligned(table: readonly (readonly string[])[]): readonly string[] {
  const widths = [0, 1, 2].map((at) => Math.min(64, Math.max(0, ...table.map((row) => row[at]!.length))));
  return table.map((row) =>
    row
      .map((cell, at) => (at < 3 && widths[at]! > 0 ? cell.padEnd(widths[at]!) : cell))
      .filter((cell) => cell !== '')
      .join('  ')
      .trimEnd(),
  );
}

function cells({ entry, by }: Row): readonly string[] {
  const { verdict, because, service, names, from } = entry;
  const to = destinations(entry);
  const led = ends(entry);
  const aside = [by === '' ? '' : `by ${by}`, deciding(entry)].filter((one) => one !== '').join('; ');
  return [
    `${verdict === 'unknown' ? 'UNKNOWN ' : ''}${service}`,
    names.length > 5 ? `${names.slice(0, 4).join(', ')}, …` : names.join(', '),
    to === 'this server' || to === 'any other host' ? '' : `to ${to}`,
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
function blocksOf({ sections }: DeviceReport): readonly Section[] {
  // What a gateway lets through is said once where it is the same end to end.
  const composed = new Set(
    sections.filter(({ about }) => about === 'end to end').flatMap(({ entries }) => entries.map((one) => JSON.stringify(one))),
  );
  return SIDES.flatMap((side) =>
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
