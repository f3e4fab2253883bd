import { folded, isFolded, unfolded } from './folded';
import { limited } from '../../reachability/words';
import { summed } from './headline';
import { Section, Words, numbered } from '../../report/document';
import { DeviceReport, EntryReport, SIDES, SectionReport, Side, isFromOutside } from '../report/report';
import { firstNames, namesBeside } from '../report/service-names';
import { FROM, IF_IT_FORWARDS } from '../report/titles';

/** More lines are no answer: the question narrows them. */
const MOST_ROWS = 200;
/** More lines that make a row are counted. */
const MOST_LINES = 3;
/** Errors all stand on a first screen; of what else is worth a look so much, and the codes of the rest. */
const MOST_REMARKS = 2;

/** What is said of a device below its name, as a person reads it. */
export const sectionsOf = (device: DeviceReport, asked: string): readonly Section[] => [
  nothingOf(device, asked),
  ...blocksOf(device, SIDES),
  listOf('Worth a look', device.remarks.map(remark)),
  listOf('Not in the text', device.limits),
];

/** A device's part of a report. */
interface Said {
  readonly rests: readonly string[];
  readonly sections: readonly (Section | string)[];
  /** What isn't in it, counted. */
  readonly left: readonly string[];
}

export const whole = (device: DeviceReport, asked: string): Said => ({
  rests: restsOn(device),
  sections: sectionsOf(device, asked),
  left: [],
});

/**
 * What decides first: what comes from the internet, what is wrong with it, and by what it may be wrong itself. Where a question was asked, all of
 * its answer and what that rests on, and nothing that is of the rest of the server.
 */
export function brief(all: DeviceReport, asked: string): Said {
  const isOverview = asked === '';
  const [device, perhaps] = isOverview ? withoutPerhaps(all) : [all, []];
  const outside = isOverview ? blocksOf(device, ['outside'], true) : [];
  // Where nothing comes from the internet, what comes from elsewhere is the answer.
  const [sides, blocks] =
    outside.length > 0 ? [['outside'] as const, outside] : [SIDES, blocksOf(device, SIDES, isOverview)];
  const elsewhere = blocksOf(
    all,
    SIDES.filter((side) => !sides.some((one) => one === side)),
  );
  const rests = isOverview ? doubtsOf(device) : restsOn(device);
  const alone = isOverview ? rowsIn(blocksOf(device, sides)) - rowsIn(blocks) : 0;
  const urgent = device.remarks.filter(({ severity }) => isOverview && severity !== 'note');
  const errors = urgent.filter(({ severity }) => severity === 'error').length;
  const remarks = listOf('Worth a look', urgent.map(remark));
  return {
    rests,
    sections: [
      nothingOf(device, asked),
      ...blocks,
      ...(perhaps.length === 0 ? [] : [`To other hosts${IF_IT_FORWARDS}: ${inOneLine(perhaps)}`]),
      {
        ...remarks,
        items: remarks.items.map((one, at) => ({ ...one, code: urgent[at]!.code })),
        most: Math.max(errors, MOST_REMARKS),
        elsewhere: 'by --all',
      },
    ],
    left: [
      ...some(restsOn(device).length - rests.length, 'line', 'that it rests on'),
      ...some(alone, 'line', 'of what one device lets through by itself'),
      ...some(rowsIn(elsewhere), 'line', 'of what starts elsewhere'),
      ...(perhaps.length < 2 ? [] : some(perhaps.length, 'line', 'to other hosts')),
      ...some(isOverview ? foldedOf(device, sides) : 0, 'list', 'in full'),
      ...(isOverview
        ? some(device.remarks.length - urgent.length, 'note', '')
        : some(device.remarks.length, 'line', 'worth a look')),
      ...some(device.limits.length, 'limit', 'of the text'),
    ],
  };
}

/** What the internet may reach at other hosts if the server forwards, which nobody told, apart from what it reaches at the server. */
function withoutPerhaps(device: DeviceReport): readonly [DeviceReport, readonly EntryReport[]] {
  const isPerhaps = ({ title }: SectionReport): boolean => title.endsWith(IF_IT_FORWARDS);
  const others = device.sections.filter((one) => !isPerhaps(one));
  if (!others.some(({ entries }) => entries.some(isFromOutside))) return [device, []];
  return [
    { ...device, sections: others },
    device.sections.filter(isPerhaps).flatMap(({ entries }) => entries.filter(isFromOutside)),
  ];
}

function inOneLine(entries: readonly EntryReport[]): string {
  const [only, ...more] = entries;
  if (!only || more.length > 0) return summed(entries, false, '');
  return `${cells({ entry: only, by: '' }, true)
    .filter((one) => one !== '')
    .join(' ')}.`;
}

const rowsIn = (sections: readonly Section[]): number =>
  sections.reduce((sum, { items, left = 0 }) => sum + items.length + left, 0);

/** By what an overview may be wrong: not that by which more is shown than there is, but for an interface that may lead in and lets in what others don't. */
function doubtsOf(device: DeviceReport): readonly string[] {
  const fine = differsByUplink(device)
    ? device.supposed.filter((one) => !device.perhapsUplinks.includes(one))
    : device.supposed;
  return restsOn({ ...device, given: [], assumed: device.assumed.filter((one) => !fine.includes(one)) });
}

const differsByUplink = ({ sections }: DeviceReport): boolean =>
  sections.some(({ entries }) => {
    const outside = entries.map(({ ways }) => namesOf(ways.filter(({ side }) => side === 'outside')).join());
    return new Set(outside.filter((one) => one !== '')).size > 1;
  });

const some = (count: number, thing: string, which: string): readonly string[] =>
  count === 0 ? [] : [`${numbered(count, thing)} ${which}`.trimEnd()];

const remark = ({ code, severity, what }: DeviceReport['remarks'][number]): string => `${severity} ${code}: ${what}`;

const nothingOf = (device: DeviceReport, asked: string): Section =>
  listOf(asked === '' ? 'Nothing is let through' : `Nothing is let through: ${asked}`, device.nothing);

const listOf = (title: string, lines: readonly string[]): Section => ({
  title,
  items: lines.map((words) => ({ words })),
});

function sectionOf(heading: string, rows: readonly Row[], isBrief: boolean): Section {
  const shown = rows.slice(0, MOST_ROWS);
  const left = rows.length - shown.length;
  const explained = shown.some(({ entry }) => entry.because !== '');
  return {
    title: heading,
    left,
    elsewhere: 'ask with --to, --port or --from',
    items: shown.map((row) => ({ words: row.entry.service, cells: cells(row, isBrief) })),
    table: {
      columns: ['', 'packets', 'service', 'to', 'from', 'ends at', 'by', ...(explained ? ['why'] : [])],
      rows: shown.map((row) => [...columns(row), ...(explained ? [row.entry.because] : [])]),
      left,
    },
  };
}

function cells({ entry, by }: Row, isBrief: boolean): readonly string[] {
  const { verdict, packets } = entry;
  const { service, to, from } = isBrief ? folded(entry) : unfolded(entry);
  const led = ends(entry);
  const aside = [by === '' ? '' : `by ${by}`, isBrief ? '' : deciding(entry)].filter((one) => one !== '').join('; ');
  return [
    `${verdict === 'unknown' ? 'UNKNOWN ' : ''}${service}`,
    firstNames(namesBeside(packets.protocols, packets.ports)).join(', '),
    towards(to),
    `from ${from}${led === '' ? '' : ` -> ${led}`}${why(entry)}`,
    aside === '' ? '' : `[${aside}]`,
  ];
}

/** Of a table that is forwarded, where thousands of banned addresses would hide the rest. */
function columns({ entry, by }: Row): readonly Words[] {
  const { to, from } = folded(entry);
  return [
    entry.verdict === 'unknown' ? [{ strong: 'UNKNOWN' }] : 'open',
    entry.service,
    namesBeside(entry.packets.protocols, entry.packets.ports).join(', '),
    to,
    from,
    // Why nobody knows stands in a column of its own.
    ends(entry).replace(` (${entry.because})`, ''),
    [by, deciding(entry)].filter((one) => one !== '').join('; '),
  ];
}

/** Once, where it is also why nobody knows where it ends. */
const why = (entry: EntryReport): string =>
  entry.because === '' || ends(entry).includes(entry.because) ? '' : `: ${entry.because}`;

/** What the heading says already is left out. */
const towards = (to: string): string => {
  const family = /^(?:this server|any other host)( by IPv[46])?$/.exec(to);
  return family ? (family[1] ?? '').trim() : `to ${to}`;
};

const foldedOf = ({ sections }: DeviceReport, sides: readonly Side[]): number =>
  sections
    .flatMap(({ entries }) => entries)
    .filter((entry) => isFolded(entry) && entry.ways.some(({ side }) => sides.includes(side))).length;

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

/** Packets are numbers, which the words say. */
const wordsOf = (entry: EntryReport): string => JSON.stringify({ ...entry, packets: undefined });

/**
 * What comes from outside first, and of that what ends on the server first. Where gateways are told end to end, what one device lets through by itself
 * is no answer but for what comes past them.
 */
function blocksOf({ sections }: DeviceReport, sides: readonly Side[], isBrief = false): readonly Section[] {
  // What a gateway lets through is said once where it is the same end to end.
  const composed = new Set(
    sections.filter(({ about }) => about === 'end to end').flatMap(({ entries }) => entries.map(wordsOf)),
  );
  return sides.flatMap((side) =>
    sections.flatMap(({ about, title, entries }) => {
      const waysOf = ({ ways }: EntryReport): readonly string[] => namesOf(ways.filter((one) => one.side === side));
      const every = new Set(entries.flatMap(waysOf));
      const all = every.size === 1 && about !== 'self' ? ` by ${[...every].join('')}` : '';
      const from = `${FROM[side]}${side === 'localhost' || side === 'self' ? '' : all}`;
      const block = (said: string, its: readonly EntryReport[]): readonly Section[] => {
        const rows = its.flatMap((entry) => {
          const ways = waysOf(entry);
          return ways.length === 0 ? [] : [{ entry, by: ways.length === every.size ? '' : ways.join(', ') }];
        });
        return rows.length === 0 ? [] : [sectionOf(HEADINGS[about](title, `${from}${said}`), rows, isBrief)];
      };
      if (about !== 'device' || composed.size === 0) return block('', entries);
      const past = entries.filter(({ pastGateways }) => pastGateways);
      const alone = entries.filter((entry) => !past.includes(entry) && !composed.has(wordsOf(entry)));
      return [...block(', past the gateways', past), ...(isBrief ? [] : block(', by itself', alone))];
    }),
  );
}

const namesOf = (ways: EntryReport['ways']): readonly string[] => ways.map(({ by }) => by);

/** What a report rests on, a line each. */
export const restsOn = ({ given, assumed, leftOut }: DeviceReport): readonly string[] => [
  ...given.map((one) => `given: ${one}`),
  ...assumed.map((one) => `assumed: ${one}`),
  ...leftOut.map((one) => `left out: ${one}`),
];

/** `10.0.0.10 port 22, seen as 203.0.113.10`. */
const ends = ({ becomes, seenAs }: EntryReport): string =>
  [becomes, seenAs === '' ? '' : `seen as ${seenAs}`].filter((one) => one !== '').join(', ');

const deciding = ({ lines, allLines }: EntryReport): string => {
  const numbers = [...new Set(lines.map(({ number }) => `${number}`))];
  const more = allLines
    ? limited(numbers, MOST_LINES)
    : [...numbers.slice(0, MOST_LINES), ...(numbers.length > MOST_LINES ? ['…'] : [])];
  return numbers.length === 0 ? '' : `${numbers.length > 1 ? 'lines' : 'line'} ${more.join(', ')}`;
};
