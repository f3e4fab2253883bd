// Renders the diagram of an HTML report as SVG: sender, gateway and target as boxes, with labelled arrows between them;
// on narrow screens a list.

import { ReportItem, Tone, printNumber, printQuantity } from '../report-document';
import { escapeWords } from '../terminal-page';
import { Html, EMPTY_HTML, markup } from './html';
import { renderList } from './html-sections';

/** Names of which only the first is printed. */
interface CountedNames {
  readonly first: string;
  /** The number of names, including the first. */
  readonly count: number;
}

/** One path through a diagram, from left to right. */
export interface Flow {
  /** The sender. Flows of one sender must be adjacent, and among them those through one box. */
  readonly from: string;
  /** The box in the middle; empty: none is drawn. */
  readonly through: string;
  readonly to: string;
  /** The services that the sender asks for. Undefined if the diagram shows them otherwise. */
  readonly services?: CountedNames;
  /** The outcomes of the flow, at least one. */
  readonly labels: readonly FlowLabel[];
  /** If there is no room for all flows, those with the lowest rank are drawn. */
  readonly rank: number;
}

export interface FlowLabel {
  /** `opens to 192.0.2.0/24 and 3 more`: the head comes first, and head and tail are cut separately. */
  readonly head: string;
  readonly tail: string;
  /** Reasons, printed after the tail if there is room for all of them. */
  readonly reasons?: string;
  readonly tone: Tone;
}

/** The most flows that are drawn, and the most labels on one arrow. */
const MAX_DRAWN = { ways: 12, labels: 4 };

/** The start and width of columns, in units of the diagram; a letter is 7 wide. */
const FROM_COLUMN = { x: 0, width: 150 };
const THROUGH_COLUMN = { x: 365, width: 155 };
const TO_COLUMN = { x: 910, width: 190 };
const WIDTH = TO_COLUMN.x + TO_COLUMN.width;
const LETTER_WIDTH = 7;
const countLetters = (width: number): number => Math.floor(width / LETTER_WIDTH);
const LINE_HEIGHT = 18;
/** Height of two lines in a box. */
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
 * Renders flows as boxes with labelled arrows between them. Flows and labels beyond the limit are counted, never the
 * worst of them, and have to be in the tables of the page. If a screen is too narrow for labels, the same flows are a
 * list.
 */
export function renderFlows(flows: readonly Flow[], description: string): Html {
  if (flows.length === 0) return EMPTY_HTML;
  const drawnFlows = new Set([...flows].sort((item, otherFlow) => item.rank - otherFlow.rank).slice(0, MAX_DRAWN.ways));
  const hiddenCount = flows.length - drawnFlows.size;
  const caption =
    hiddenCount > 0
      ? `${description} ${printQuantity(hiddenCount, 'more way')} ${hiddenCount === 1 ? 'is' : 'are'} in the tables below.`
      : description;
  const rows: FlowRow[] = [];
  for (const flow of flows.filter((item) => drawnFlows.has(item))) {
    const labels = limitLabels(flow.labels).map((item): WrappedLabel => ({ ...item, lines: wrapLabel(item) }));
    const previousRow = rows.at(-1);
    const lines = labels.reduce((total, item) => total + item.lines.length, 0);
    rows.push({
      flow,
      labels,
      top: previousRow ? previousRow.top + previousRow.height : 0,
      height: Math.max(MIN_ROW_HEIGHT, lines * LINE_HEIGHT + 26),
    });
  }
  const height = rows.at(-1)!.top + rows.at(-1)!.height;
  const routedRows = rows.filter(({ flow }) => flow.through !== '');
  const boxes = [
    ...renderBoxes(rows, FROM_COLUMN, ({ from }) => [from]),
    ...renderBoxes(routedRows, THROUGH_COLUMN, ({ from, through: middleBox }) => [middleBox, from]),
    ...renderBoxes(rows, TO_COLUMN, ({ from, through: middleBox, to }) => [to, middleBox, from]),
  ];
  return markup`<figure>
<svg role="img" aria-label="${caption}" viewBox="0 0 ${String(WIDTH)} ${String(height)}">
${rows.map(renderArrows)}${boxes}</svg>
${renderList(listFlows(rows))}<figcaption>${caption}</figcaption>
</figure>
`;
}

/** Returns the flows as a list: each sender, its flows, and the labels of each. */
function listFlows(rows: readonly FlowRow[]): readonly ReportItem[] {
  const senders = [...new Set(rows.map(({ flow }) => flow.from))];
  return senders.map((sender): ReportItem => {
    const senderRows = rows.filter(({ flow }) => flow.from === sender);
    return {
      words: [{ strong: sender }],
      children: senderRows.map(({ flow: { services, through, to }, labels }) => ({
        words: [...(services ? [printNames(services)] : []), ...(through === '' ? [] : [through]), to].join(' → '),
        children: labels.map((label) => ({ words: printLabel(label), tone: label.tone })),
      })),
    };
  });
}

const TONES: readonly Tone[] = ['bad', 'unsure', 'plain', 'title', 'quiet', 'good'];
const getWorstTone = (labels: readonly FlowLabel[]): Tone =>
  TONES.find((tone) => labels.some((label) => label.tone === tone))!;

/**
 * Limits the labels. One of each tone is kept before the others, so that a counted label is never worse than a shown
 * one.
 */
function limitLabels(labels: readonly FlowLabel[]): readonly FlowLabel[] {
  if (labels.length <= MAX_DRAWN.labels) return labels;
  const firsts = TONES.flatMap((tone) => labels.find((label) => label.tone === tone) ?? []);
  const shownLabels = [...firsts, ...labels.filter((label) => !firsts.includes(label))].slice(0, MAX_DRAWN.labels - 1);
  const hiddenLabels = labels.filter((label) => !shownLabels.includes(label));
  const orderedLabels = labels.filter((label) => shownLabels.includes(label));
  return [
    ...orderedLabels,
    { head: `and ${printNumber(hiddenLabels.length)} more`, tail: '', tone: getWorstTone(hiddenLabels) },
  ];
}

/** Renders one box for neighbours with equal words; the first word is its text. */
function renderBoxes(
  rows: readonly FlowRow[],
  column: DiagramColumn,
  getWords: (flow: Flow) => readonly [string, ...string[]],
): readonly Html[] {
  const runs: [FlowRow, ...FlowRow[]][] = [];
  const toKey = ({ flow }: FlowRow): string => JSON.stringify(getWords(flow));
  for (const row of rows) {
    const run = runs.at(-1);
    if (run && toKey(run[0]) === toKey(row)) run.push(row);
    else runs.push([row]);
  }
  return runs.map((run) => {
    const [first, last] = [run[0], run.at(-1)!];
    return renderBox(column, first.top, last.top + last.height - first.top, getWords(first.flow)[0]);
  });
}

function renderBox({ x, width }: DiagramColumn, top: number, height: number, words: string): Html {
  const lines = wrapWords(words, countLetters(width) - 2, Math.max(1, Math.floor((height - 14) / LINE_HEIGHT)));
  const firstLineY = top + height / 2 - ((lines.length - 1) * LINE_HEIGHT) / 2;
  const texts = renderLines(x + width / 2, firstLineY + 5, lines, 'middle');
  const rect = markup`<rect x="${formatNumber(x)}" y="${formatNumber(top + 3)}" width="${formatNumber(width)}" height="${formatNumber(height - 6)}" rx="6" />\n`;
  const title = renderFullText(words, lines);
  return title === EMPTY_HTML ? markup`${rect}${texts}` : markup`<g>${title}${rect}${texts}</g>\n`;
}

function renderArrows({ flow, labels, top, height }: FlowRow): Html {
  const y = top + height - 13;
  const [start, end] = [FROM_COLUMN.x + FROM_COLUMN.width, TO_COLUMN.x];
  const [routeStart, routeEnd] = [THROUGH_COLUMN.x, THROUGH_COLUMN.x + THROUGH_COLUMN.width];
  const lines =
    flow.through === ''
      ? [renderArrow(start, end, y)]
      : [renderArrow(start, routeStart, y), renderArrow(routeEnd, end, y)];
  let lineCount = labels.reduce((total, { lines: labelLines }) => total + labelLines.length, 0);
  const labelTexts = labels.map((label) => {
    const texts = renderLines(routeEnd + 10, y - 8 - (lineCount - 1) * LINE_HEIGHT, label.lines, 'start');
    lineCount -= label.lines.length;
    return markup`<g class="${label.tone}">${renderFullText(printLabel(label), label.lines)}${texts}</g>`;
  });
  const request = flow.services ? renderRequest(flow.services, start + 10, y - 8) : EMPTY_HTML;
  return markup`${request}<g class="${getWorstTone(flow.labels)}">${lines}</g>${labelTexts}\n`;
}

const renderArrow = (startX: number, endX: number, y: number): Html =>
  markup`<path d="M${formatNumber(startX)} ${formatNumber(y)}H${formatNumber(endX - 2)}m-8 -5l8 5l-8 5" />`;

/** Renders lines of text, one below the other. */
const renderLines = (x: number, y: number, lines: readonly string[], anchor: 'start' | 'middle'): readonly Html[] =>
  lines.map(
    (line, index) =>
      markup`<text x="${formatNumber(x)}" y="${formatNumber(y + index * LINE_HEIGHT)}" text-anchor="${anchor}">${line}</text>\n`,
  );

function renderRequest(requests: CountedNames, x: number, last: number): Html {
  const wrappedLines = wrapWords(printNames(requests), ARROW_LETTERS.into);
  // If there is no room, the end of the name is cut, not the count.
  const lines =
    wrappedLines.length <= MAX_LINES
      ? wrappedLines
      : [cutWords(requests.first, ARROW_LETTERS.into), ...(requests.count > 1 ? [printRemainder(requests)] : [])];
  const title = renderFullText(printNames(requests), lines);
  const texts = renderLines(x, last - (lines.length - 1) * LINE_HEIGHT, lines, 'start');
  return title === EMPTY_HTML ? markup`${texts}` : markup`<g>${title}${texts}</g>`;
}

/** Returns the full words as a tooltip if the lines don't show all of them. */
function renderFullText(words: string, lines: readonly string[]): Html {
  return escapeWords(words).replaceAll(' ', '') === lines.join('').replaceAll(' ', '')
    ? EMPTY_HTML
    : markup`<title>${escapeWords(words)}</title>`;
}

const formatNumber = (value: number): string => String(Math.round(value * 10) / 10);

const printLabel = ({ head, tail, reasons = '' }: FlowLabel): string =>
  `${head}${tail === '' ? '' : `: ${tail}`}${reasons === '' ? '' : ` (${reasons})`}`;

/** Wraps a label so that both head and tail are visible, however long the other one is. */
function wrapLabel({ head, tail, reasons = '', tone }: FlowLabel): readonly string[] {
  const versions = [reasons, ''].map((reasonText) =>
    wrapWords(printLabel({ head, tail, reasons: reasonText, tone }), ARROW_LETTERS.outOf),
  );
  const shortenedHead = cutWords(head, Math.max(HEAD_LETTERS, ARROW_LETTERS.outOf - 2 - [...escapeWords(tail)].length));
  return (
    versions.find(({ length }) => length <= MAX_LINES) ??
    wrapWords(printLabel({ head: shortenedHead, tail, tone }), ARROW_LETTERS.outOf, MAX_LINES)
  );
}

/** `203.0.113.10 and 3 more`. */
const printNames = (names: CountedNames): string =>
  names.count > 1 ? `${names.first} ${printRemainder(names)}` : names.first;
const printRemainder = ({ count }: CountedNames): string => `and ${printNumber(count - 1)} more`;

/**
 * Wraps words into lines of at most `width` letters. Lines break at blanks and between ports, and not between a
 * protocol and its ports.
 */
function wrapWords(words: string, width: number, maxLines = Infinity): readonly string[] {
  const lines: string[] = [];
  for (const word of escapeWords(words).split(/(?<=(?<!tcp|udp) )|(?<=\d,)(?=\d)/)) {
    const lastLine = lines.at(-1);
    if (lastLine !== undefined && [...lastLine, ...word.trimEnd()].length <= width)
      lines[lines.length - 1] = lastLine + word;
    else lines.push(word);
  }
  const shownLines = lines.slice(0, maxLines).map((line) => line.trimEnd());
  if (lines.length > maxLines) shownLines[maxLines - 1] += shownLines[maxLines - 1]!.endsWith(',') ? '…' : ' …';
  return shownLines.map((line) => cutWords(line, width));
}

/** Cuts words to a width. No part of a port is left: `7000,80…` would look like port 80, `all but 208…` like 208. */
function cutWords(words: string, width: number): string {
  const letters = [...escapeWords(words)];
  if (letters.length <= width) return letters.join('');
  const visibleText = letters.slice(0, width - 1).join('');
  const [, completeItems] = /^(.*(?:\d,| ))[\d-]+$/.exec(visibleText) ?? [];
  return `${completeItems ?? visibleText}…`;
}
