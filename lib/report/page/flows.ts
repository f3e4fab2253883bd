import { Item, Tone, grouped, numbered } from '../document';
import { shown } from '../text';
import { Html, NOTHING, markup } from './html';
import { list } from './sections';

/** Names of which there is room for one. */
interface Some {
  readonly first: string;
  /** How many there are, that one among them. */
  readonly count: number;
}

/** One way through a picture, from left to right. */
export interface Flow {
  /** Who sends. Ways of one sender are given one after the other, and of those the ones through one box. */
  readonly from: string;
  /** What it goes through; empty: nothing that is drawn. */
  readonly through: string;
  readonly to: string;
  /** What the sender asks for, where that isn't said yet. */
  readonly asks?: Some;
  /** What becomes of it, at least one. */
  readonly labels: readonly FlowLabel[];
  /** Where there is no room for all, those with the least are drawn. */
  readonly rank: number;
}

export interface FlowLabel {
  /** `opens to 192.0.2.0/24 and 3 more`: it comes first, and each of the two is cut for itself. */
  readonly head: string;
  readonly tail: string;
  /** Said behind it where there is room for all of it. */
  readonly reasons?: string;
  readonly tone: Tone;
}

/** Ways that are drawn, and things that are said on an arrow: more of them is no picture. */
const MOST = { ways: 12, labels: 4 };

/** Where columns begin and how wide they are, in units of the picture; a letter is 7 wide. */
const FROM = { x: 0, width: 150 };
const THROUGH = { x: 365, width: 155 };
const TO = { x: 910, width: 190 };
const WIDTH = TO.x + TO.width;
const LETTER = 7;
const lettersIn = (width: number): number => Math.floor(width / LETTER);
const LINE = 18;
/** Two lines in a box. */
const LEAST = 52;
/** Letters of a label's head beside a tail. */
const HEAD = 34;
/** Lines of a label, and of what is asked for. */
const LINES = 2;
/** Letters of a line beside an arrow into the box in the middle, and out of it. */
const ROOM = {
  into: lettersIn(THROUGH.x - FROM.x - FROM.width - 24),
  outOf: lettersIn(TO.x - THROUGH.x - THROUGH.width - 24),
};

interface Row {
  readonly flow: Flow;
  readonly labels: readonly Label[];
  readonly top: number;
  readonly height: number;
}

interface Label extends FlowLabel {
  readonly lines: readonly string[];
}

interface Column {
  readonly x: number;
  readonly width: number;
}

/**
 * Boxes, and arrows between them with words on them. What is too much is counted, never the worst of it, and has to be in the tables of the page.
 * Where a screen is too narrow for words on arrows, the same ways are a list.
 */
export function flowsPicture(flows: readonly Flow[], what: string): Html {
  if (flows.length === 0) return NOTHING;
  const drawn = new Set([...flows].sort((one, other) => one.rank - other.rank).slice(0, MOST.ways));
  const left = flows.length - drawn.size;
  const caption =
    left > 0 ? `${what} ${numbered(left, 'more way')} ${left === 1 ? 'is' : 'are'} in the tables below.` : what;
  const rows: Row[] = [];
  for (const flow of flows.filter((one) => drawn.has(one))) {
    const labels = labelled(flow.labels).map((one): Label => ({ ...one, lines: linesOf(one) }));
    const above = rows.at(-1);
    const lines = labels.reduce((sum, one) => sum + one.lines.length, 0);
    rows.push({ flow, labels, top: above ? above.top + above.height : 0, height: Math.max(LEAST, lines * LINE + 26) });
  }
  const height = rows.at(-1)!.top + rows.at(-1)!.height;
  const through = rows.filter(({ flow }) => flow.through !== '');
  const boxes = [
    ...boxesOf(rows, FROM, ({ from }) => [from]),
    ...boxesOf(through, THROUGH, ({ from, through: by }) => [by, from]),
    ...boxesOf(rows, TO, ({ from, through: by, to }) => [to, by, from]),
  ];
  return markup`<figure>
<svg role="img" aria-label="${caption}" viewBox="0 0 ${String(WIDTH)} ${String(height)}">
${rows.map(arrows)}${boxes}</svg>
${list(listed(rows))}<figcaption>${caption}</figcaption>
</figure>
`;
}

/** A sender, its ways, and what is said of each. */
function listed(rows: readonly Row[]): readonly Item[] {
  const senders = [...new Set(rows.map(({ flow }) => flow.from))];
  return senders.map((sender): Item => {
    const its = rows.filter(({ flow }) => flow.from === sender);
    return {
      words: [{ strong: sender }],
      below: its.map(({ flow: { asks, through, to }, labels }) => ({
        words: [...(asks ? [counted(asks)] : []), ...(through === '' ? [] : [through]), to].join(' → '),
        below: labels.map((one) => ({ words: wordsOf(one), tone: one.tone })),
      })),
    };
  });
}

const TONES: readonly Tone[] = ['bad', 'unsure', 'plain', 'title', 'quiet', 'good'];
const worstOf = (labels: readonly FlowLabel[]): Tone => TONES.find((tone) => labels.some((one) => one.tone === tone))!;

/** One of each tone before the others, so that what is counted is never worse than what is said. */
function labelled(labels: readonly FlowLabel[]): readonly FlowLabel[] {
  if (labels.length <= MOST.labels) return labels;
  const firsts = TONES.flatMap((tone) => labels.find((one) => one.tone === tone) ?? []);
  const said = [...firsts, ...labels.filter((one) => !firsts.includes(one))].slice(0, MOST.labels - 1);
  const hidden = labels.filter((one) => !said.includes(one));
  const inOrder = labels.filter((one) => said.includes(one));
  return [...inOrder, { head: `and ${grouped(hidden.length)} more`, tail: '', tone: worstOf(hidden) }];
}

/** One box for neighbours that have all of it in common; the first of it is its words. */
function boxesOf(
  rows: readonly Row[],
  column: Column,
  words: (flow: Flow) => readonly [string, ...string[]],
): readonly Html[] {
  const runs: [Row, ...Row[]][] = [];
  const key = ({ flow }: Row): string => JSON.stringify(words(flow));
  for (const row of rows) {
    const run = runs.at(-1);
    if (run && key(run[0]) === key(row)) run.push(row);
    else runs.push([row]);
  }
  return runs.map((run) => {
    const [first, last] = [run[0], run.at(-1)!];
    return box(column, first.top, last.top + last.height - first.top, words(first.flow)[0]);
  });
}

function box({ x, width }: Column, top: number, height: number, words: string): Html {
  const lines = broken(words, lettersIn(width) - 2, Math.max(1, Math.floor((height - 14) / LINE)));
  const begin = top + height / 2 - ((lines.length - 1) * LINE) / 2;
  const texts = written(x + width / 2, begin + 5, lines, 'middle');
  const rect = markup`<rect x="${num(x)}" y="${num(top + 3)}" width="${num(width)}" height="${num(height - 6)}" rx="6" />\n`;
  const title = whole(words, lines);
  return title === NOTHING ? markup`${rect}${texts}` : markup`<g>${title}${rect}${texts}</g>\n`;
}

function arrows({ flow, labels, top, height }: Row): Html {
  const at = top + height - 13;
  const [start, end] = [FROM.x + FROM.width, TO.x];
  const [into, outOf] = [THROUGH.x, THROUGH.x + THROUGH.width];
  const lines = flow.through === '' ? [arrow(start, end, at)] : [arrow(start, into, at), arrow(outOf, end, at)];
  let below = labels.reduce((sum, { lines: its }) => sum + its.length, 0);
  const said = labels.map((one) => {
    const texts = written(outOf + 10, at - 8 - (below - 1) * LINE, one.lines, 'start');
    below -= one.lines.length;
    return markup`<g class="${one.tone}">${whole(wordsOf(one), one.lines)}${texts}</g>`;
  });
  const asked = flow.asks ? askedFor(flow.asks, start + 10, at - 8) : NOTHING;
  return markup`${asked}<g class="${worstOf(flow.labels)}">${lines}</g>${said}\n`;
}

const arrow = (from: number, to: number, at: number): Html =>
  markup`<path d="M${num(from)} ${num(at)}H${num(to - 2)}m-8 -5l8 5l-8 5" />`;

/** One line below the other. */
const written = (x: number, y: number, lines: readonly string[], anchor: 'start' | 'middle'): readonly Html[] =>
  lines.map(
    (line, at) => markup`<text x="${num(x)}" y="${num(y + at * LINE)}" text-anchor="${anchor}">${line}</text>\n`,
  );

function askedFor(asks: Some, x: number, last: number): Html {
  const all = broken(counted(asks), ROOM.into);
  // What there is no room for is the end of the name, not the count.
  const lines = all.length <= LINES ? all : [cut(asks.first, ROOM.into), ...(asks.count > 1 ? [moreThan(asks)] : [])];
  const title = whole(counted(asks), lines);
  const texts = written(x, last - (lines.length - 1) * LINE, lines, 'start');
  return title === NOTHING ? markup`${texts}` : markup`<g>${title}${texts}</g>`;
}

/** What there was no room for, for whoever points at what is left of it. */
function whole(words: string, lines: readonly string[]): Html {
  return shown(words).replaceAll(' ', '') === lines.join('').replaceAll(' ', '')
    ? NOTHING
    : markup`<title>${shown(words)}</title>`;
}

const num = (value: number): string => String(Math.round(value * 10) / 10);

const wordsOf = ({ head, tail, reasons = '' }: FlowLabel): string =>
  `${head}${tail === '' ? '' : `: ${tail}`}${reasons === '' ? '' : ` (${reasons})`}`;

/** Head and tail are seen both, however long the other one is. */
function linesOf({ head, tail, reasons = '', tone }: FlowLabel): readonly string[] {
  const said = [reasons, ''].map((one) => broken(wordsOf({ head, tail, reasons: one, tone }), ROOM.outOf));
  const begin = cut(head, Math.max(HEAD, ROOM.outOf - 2 - [...shown(tail)].length));
  return said.find(({ length }) => length <= LINES) ?? broken(wordsOf({ head: begin, tail, tone }), ROOM.outOf, LINES);
}

/** `203.0.113.10 and 3 more`. */
const counted = (some: Some): string => (some.count > 1 ? `${some.first} ${moreThan(some)}` : some.first);
const moreThan = ({ count }: Some): string => `and ${grouped(count - 1)} more`;

/** In lines of so many letters, broken at blanks and between ports where there are any, and not between a protocol and its ports. */
function broken(words: string, width: number, most = Infinity): readonly string[] {
  const lines: string[] = [];
  for (const word of shown(words).split(/(?<=(?<!tcp|udp) )|(?<=\d,)(?=\d)/)) {
    const last = lines.at(-1);
    if (last !== undefined && [...last, ...word.trimEnd()].length <= width) lines[lines.length - 1] = last + word;
    else lines.push(word);
  }
  const kept = lines.slice(0, most).map((line) => line.trimEnd());
  if (lines.length > most) kept[most - 1] += kept[most - 1]!.endsWith(',') ? '…' : ' …';
  return kept.map((line) => cut(line, width));
}

/** No part of a port is left: `7000,80…` would be read as port 80, `all but 208…` as 208. */
function cut(words: string, width: number): string {
  const letters = [...shown(words)];
  if (letters.length <= width) return letters.join('');
  const left = letters.slice(0, width - 1).join('');
  const [, listed] = /^(.*(?:\d,| ))[\d-]+$/.exec(left) ?? [];
  return `${listed ?? left}…`;
}
