import { DeviceReport, EntryReport, SectionReport } from './report';
import { FROM, SIDES, Side } from './titles';

/** A heading and what stands below it, as a person reads a report. */
export interface Block {
  readonly heading: string;
  readonly rows: readonly Row[];
}

export interface Row {
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
export function blocksOf({ sections }: DeviceReport): readonly Block[] {
  // What a gateway lets through is said once where it is the same end to end.
  const composed = new Set(
    sections.filter(({ about }) => about === 'end to end').flatMap(({ entries }) => entries.map((one) => JSON.stringify(one))),
  );
  return SIDES.flatMap((side) =>
    sections.flatMap(({ about, title, entries }): readonly Block[] => {
      const mine = entries.flatMap((entry) => {
        if (about === 'device' && composed.has(JSON.stringify(entry))) return [];
        const vantages = entry.vantages.filter((one) => sideOf(one) === side);
        return vantages.length === 0 ? [] : [{ entry, vantages }];
      });
      if (mine.length === 0) return [];
      const every = new Set(entries.flatMap(({ vantages }) => vantages.filter((one) => sideOf(one) === side)));
      const all = every.size === 1 && about !== 'self' ? ` by ${[...every].map(nameOf).join('')}` : '';
      return [
        {
          heading: HEADINGS[about](title, `${FROM[side]}${side === 'localhost' || side === 'self' ? '' : all}`),
          rows: mine.map(({ entry, vantages }) => ({ entry, by: vantages.length === every.size ? '' : vantages.map(nameOf).join(', ') })),
        },
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

/** What stands below its blocks, each list under its heading. */
export const below = ({ remarks, limits }: DeviceReport): readonly (readonly [heading: string, lines: readonly string[]])[] =>
  (
    [
      ['Worth a look', remarks.map(({ code, severity, what }) => `${severity} ${code}: ${what}`)],
      ['Not in the text', limits],
    ] as const
  ).filter(([, lines]) => lines.length > 0);

/** `10.0.0.10 port 22, seen as 203.0.113.10`. */
export const ends = ({ becomes, seenAs }: EntryReport): string =>
  [becomes, seenAs === '' ? '' : `seen as ${seenAs}`].filter((one) => one !== '').join(', ');

export const destinations = ({ to, toCount }: EntryReport, most = 12): string => {
  const shown = to.slice(0, most).join(', ');
  return toCount > most ? `${shown} and ${toCount - most} more` : shown;
};

export const deciding = ({ lines }: EntryReport): string => {
  const numbers = [...new Set(lines.map(({ number }) => number))];
  return numbers.length === 0 ? '' : `line ${numbers.join(', ')}`;
};
