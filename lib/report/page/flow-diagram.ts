import { ReportItem, Tone, printNumber, printQuantity } from '../report-document';
import { escapeWords } from '../terminal-page';
import { Html, EMPTY_HTML, markup } from './html';
import { renderList } from './html-sections';

/** Names of which there is room for one. */
interface CountedNames {
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
  readonly asks?: CountedNames;
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
const MAX_DRAWN = { ways: 12, labels: 4 };

/** Where columns begin and how wide they are, in units of the picture; a letter is 7 wide. */
const FROM_COLUMN = { x: 0, width: 150 };
const THROUGH_COLUMN = { x: 365, width: 155 };
const TO_COLUMN = { x: 910, width: 190 };
const WIDTH = TO_COLUMN.x + TO_COLUMN.width;
const LETTER_WIDTH = 7;
const countLetters = (width: number): number => Math.floor(width / LETTER_WIDTH);
const LINE_HEIGHT = 18;
/** Two lines in a box. */
const MIN_ROW_HEIGHT = 52;
/** Letters of a label's head beside a tail. */
const HEAD_LETTERS = 34;
/** Lines of a label, and of what is asked for. */
const MAX_LINES = 2;
/** Letters of a line beside an arrow into the box in the middle, and out of it. */
const ARROW_LETTERS = {
  into: countLetters(THROUGH_COLUMN.x - FROM_COLUMN.x - FROM_COLUMN.width - 24),
  outOf: countLetters(TO_COLUMN.x - THROUGH_COLUMN.x - THROUGH_COLUMN.width - 24),
};

interface FlowRow {
  readonly flow: Flow;
  readonly labels: readonly WrappedLabel[];
  readonly top: number;
  readonly height: number;
}

interface WrappedLabel extends FlowLabel {
  readonly lines: readonly string[];
}

interface DiagramColumn {
  readonly x: number;
  readonly width: number;
}

/**
 * Boxes, and arrows between them with words on them. What is too much is counted, never the worst of it, and has to be in the tables of the page.
 * Where a screen is too narrow for words on arrows, the same ways are a list.
 */
export function renderFlows(flows: readonly Flow[], description: string): Html {
  if (flows.length === 0) return EMPTY_HTML;
  const drawn = new Set([...flows].sort((item, other) => item.rank - other.rank).slice(0, MAX_DRAWN.ways));
  const hiddenCount = flows.length - drawn.size;
  const caption =
    hiddenCount > 0
      ? `${description} ${printQuantity(hiddenCount, 'more way')} ${hiddenCount === 1 ? 'is' : 'are'} in the tables below.`
      : description;
  const rows: FlowRow[] = [];
  for (const flow of flows.filter((item) => drawn.has(item))) {
    const labels = limitLabels(flow.labels).map((item): WrappedLabel => ({ ...item, lines: wrapLabel(item) }));
    const previous = rows.at(-1);
    const lines = labels.reduce((sum, item) => sum + item.lines.length, 0);
    rows.push({
      flow,
      labels,
      top: previous ? previous.top + previous.height : 0,
      height: Math.max(MIN_ROW_HEIGHT, lines * LINE_HEIGHT + 26),
    });
  }
  const height = rows.at(-1)!.top + rows.at(-1)!.height;
  const through = rows.filter(({ flow }) => flow.through !== '');
  const boxes = [
    ...renderBoxes(rows, FROM_COLUMN, ({ from }) => [from]),
    ...renderBoxes(through, THROUGH_COLUMN, ({ from, through: middleBox }) => [middleBox, from]),
    ...renderBoxes(rows, TO_COLUMN, ({ from, through: middleBox, to }) => [to, middleBox, from]),
  ];
  return markup`<figure>
<svg role="img" aria-label="${caption}" viewBox="0 0 ${String(WIDTH)} ${String(height)}">
${rows.map(renderArrows)}${boxes}</svg>
${renderList(listFlows(rows))}<figcaption>${caption}</figcaption>
</figure>
`;
}

/** A sender, its ways, and what is said of each. */
function listFlows(rows: readonly FlowRow[]): readonly ReportItem[] {
  const senders = [...new Set(rows.map(({ flow }) => flow.from))];
  return senders.map((sender): ReportItem => {
    const senderRows = rows.filter(({ flow }) => flow.from === sender);
    return {
      words: [{ strong: sender }],
      below: senderRows.map(({ flow: { asks, through, to }, labels }) => ({
        words: [...(asks ? [printNames(asks)] : []), ...(through === '' ? [] : [through]), to].join(' → '),
        below: labels.map((label) => ({ words: printLabel(label), tone: label.tone })),
      })),
    };
  });
}

const TONES: readonly Tone[] = ['bad', 'unsure', 'plain', 'title', 'quiet', 'good'];
const getWorstTone = (labels: readonly FlowLabel[]): Tone =>
  TONES.find((tone) => labels.some((label) => label.tone === tone))!;

/** One of each tone before the others, so that what is counted is never worse than what is said. */
function limitLabels(labels: readonly FlowLabel[]): readonly FlowLabel[] {
  if (labels.length <= MAX_DRAWN.labels) return labels;
  const firsts = TONES.flatMap((tone) => labels.find((label) => label.tone === tone) ?? []);
  const shownLabels = [...firsts, ...labels.filter((label) => !firsts.includes(label))].slice(0, MAX_DRAWN.labels - 1);
  const hidden = labels.filter((label) => !shownLabels.includes(label));
  const ordered = labels.filter((label) => shownLabels.includes(label));
  return [...ordered, { head: `and ${printNumber(hidden.length)} more`, tail: '', tone: getWorstTone(hidden) }];
}

/** One box for neighbours that have all of it in common; the first of it is its words. */
function renderBoxes(
  rows: readonly FlowRow[],
  column: DiagramColumn,
  words: (flow: Flow) => readonly [string, ...string[]],
): readonly Html[] {
  const runs: [FlowRow, ...FlowRow[]][] = [];
  const key = ({ flow }: FlowRow): string => JSON.stringify(words(flow));
  for (const row of rows) {
    const run = runs.at(-1);
    if (run && key(run[0]) === key(row)) run.push(row);
    else runs.push([row]);
  }
  return runs.map((run) => {
    const [first, last] = [run[0], run.at(-1)!];
    return renderBox(column, first.top, last.top + last.height - first.top, words(first.flow)[0]);
  });
}

function renderBox({ x, width }: DiagramColumn, top: number, height: number, words: string): Html {
  const lines = wrapWords(words, countLetters(width) - 2, Math.max(1, Math.floor((height - 14) / LINE_HEIGHT)));
  const begin = top + height / 2 - ((lines.length - 1) * LINE_HEIGHT) / 2;
  const texts = renderLines(x + width / 2, begin + 5, lines, 'middle');
  const rect = markup`<rect x="${formatNumber(x)}" y="${formatNumber(top + 3)}" width="${formatNumber(width)}" height="${formatNumber(height - 6)}" rx="6" />\n`;
  const title = renderFullText(words, lines);
  return title === EMPTY_HTML ? markup`${rect}${texts}` : markup`<g>${title}${rect}${texts}</g>\n`;
}

function renderArrows({ flow, labels, top, height }: FlowRow): Html {
  const y = top + height - 13;
  const [start, end] = [FROM_COLUMN.x + FROM_COLUMN.width, TO_COLUMN.x];
  const [into, outOf] = [THROUGH_COLUMN.x, THROUGH_COLUMN.x + THROUGH_COLUMN.width];
  const lines =
    flow.through === '' ? [renderArrow(start, end, y)] : [renderArrow(start, into, y), renderArrow(outOf, end, y)];
  let below = labels.reduce((sum, { lines: labelLines }) => sum + labelLines.length, 0);
  const labelTexts = labels.map((label) => {
    const texts = renderLines(outOf + 10, y - 8 - (below - 1) * LINE_HEIGHT, label.lines, 'start');
    below -= label.lines.length;
    return markup`<g class="${label.tone}">${renderFullText(printLabel(label), label.lines)}${texts}</g>`;
  });
  const request = flow.asks ? renderRequest(flow.asks, start + 10, y - 8) : EMPTY_HTML;
  return markup`${request}<g class="${getWorstTone(flow.labels)}">${lines}</g>${labelTexts}\n`;
}

const renderArrow = (from: number, to: number, y: number): Html =>
  markup`<path d="M${formatNumber(from)} ${formatNumber(y)}H${formatNumber(to - 2)}m-8 -5l8 5l-8 5" />`;

/** One line below the other. */
const renderLines = (x: number, y: number, lines: readonly string[], anchor: 'start' | 'middle'): readonly Html[] =>
  lines.map(
    (line, index) =>
      markup`<text x="${formatNumber(x)}" y="${formatNumber(y + index * LINE_HEIGHT)}" text-anchor="${anchor}">${line}</text>\n`,
  );

function renderRequest(asks: CountedNames, x: number, last: number): Html {
  const wrapped = wrapWords(printNames(asks), ARROW_LETTERS.into);
  // What there is no room for is the end of the name, not the count.
  const lines =
    wrapped.length <= MAX_LINES
      ? wrapped
      : [cutWords(asks.first, ARROW_LETTERS.into), ...(asks.count > 1 ? [printRemainder(asks)] : [])];
  const title = renderFullText(printNames(asks), lines);
  const texts = renderLines(x, last - (lines.length - 1) * LINE_HEIGHT, lines, 'start');
  return title === EMPTY_HTML ? markup`${texts}` : markup`<g>${title}${texts}</g>`;
}

/** What there was no room for, for whoever points at what is left of it. */
function renderFullText(words: string, lines: readonly string[]): Html {
  return escapeWords(words).replaceAll(' ', '') === lines.join('').replaceAll(' ', '')
    ? EMPTY_HTML
    : markup`<title>${escapeWords(words)}</title>`;
}

const formatNumber = (value: number): string => String(Math.round(value * 10) / 10);

const printLabel = ({ head, tail, reasons = '' }: FlowLabel): string =>
  `${head}${tail === '' ? '' : `: ${tail}`}${reasons === '' ? '' : ` (${reasons})`}`;

/** Head and tail are seen both, however long the other one is. */
function wrapLabel({ head, tail, reasons = '', tone }: FlowLabel): readonly string[] {
  const versions = [reasons, ''].map((reasonText) =>
    wrapWords(printLabel({ head, tail, reasons: reasonText, tone }), ARROW_LETTERS.outOf),
  );
  const begin = cutWords(head, Math.max(HEAD_LETTERS, ARROW_LETTERS.outOf - 2 - [...escapeWords(tail)].length));
  return (
    versions.find(({ length }) => length <= MAX_LINES) ??
    wrapWords(printLabel({ head: begin, tail, tone }), ARROW_LETTERS.outOf, MAX_LINES)
  );
}

/** `203.0.113.10 and 3 more`. */
const printNames = (names: CountedNames): string =>
  names.count > 1 ? `${names.first} ${printRemainder(names)}` : names.first;
const printRemainder = ({ count }: CountedNames): string => `and ${printNumber(count - 1)} more`;

/** In lines of so many letters, broken at blanks and between ports where there are any, and not between a protocol and its ports. */
function wrapWords(words: string, width: number, maxLines = Infinity): readonly string[] {
  const lines: string[] = [];
  for (const word of escapeWords(words).split(/(?<=(?<!tcp|udp) )|(?<=\d,)(?=\d)/)) {
    const last = lines.at(-1);
    if (last !== undefined && [...last, ...word.trimEnd()].length <= width) lines[lines.length - 1] = last + word;
    else lines.push(word);
  }
  const shownLines = lines.slice(0, maxLines).map((line) => line.trimEnd());
  if (lines.length > maxLines) shownLines[maxLines - 1] += shownLines[maxLines - 1]!.endsWith(',') ? '…' : ' …';
  return shownLines.map((line) => cutWords(line, width));
}

/** No part of a port is left: `7000,80…` would be read as port 80, `all but 208…` as 208. */
function cutWords(words: string, width: number): string {
  const letters = [...escapeWords(words)];
  if (letters.length <= width) return letters.join('');
  const visible = letters.slice(0, width - 1).join('');
  const [, completeItems] = /^(.*(?:\d,| ))[\d-]+$/.exec(visible) ?? [];
  return `${completeItems ?? visible}…`;
}
