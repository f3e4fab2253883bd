import { Tone, grouped, numbered } from '../document';
import { shown } from '../text';
import { Html, NOTHING, markup } from './html';

/** One way through a picture, from left to right. */
export interface Flow {
  /** Who sends. Ways of one sender are given one after the other, and of those the ones through one box. */
  readonly from: string;
  /** What it goes through; empty: nothing that is drawn. */
  readonly through: string;
  readonly to: string;
  /** What the sender asks for. */
  readonly asks: string;
  /** What becomes of it, the worst first, at least one. */
  readonly labels: readonly FlowLabel[];
}

export interface FlowLabel {
  readonly words: string;
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
const LINE = 18;
/** Two lines in a box. */
const LEAST = 52;

interface Row {
  readonly flow: Flow;
  readonly labels: readonly FlowLabel[];
  readonly top: number;
  readonly height: number;
}

interface Column {
  readonly x: number;
  readonly width: number;
}

/**
 * Boxes, and arrows between them with words on them; what is too much is counted, and has to be in the tables of the page. A picture that is wider
 * than the screen is moved, not made unreadable.
 */
export function flowsPicture(flows: readonly Flow[], what: string): Html {
  if (flows.length === 0) return NOTHING;
  const left = flows.length - MOST.ways;
  const caption = left > 0 ? `${what} ${numbered(left, 'more way')} ${left === 1 ? 'is' : 'are'} in the tables below.` : what;
  const rows = flows.slice(0, MOST.ways).reduce<readonly Row[]>((above, flow) => {
    const last = above.at(-1);
    const labels = labelled(flow.labels);
    return [...above, { flow, labels, top: last ? last.top + last.height : 0, height: Math.max(LEAST, labels.length * LINE + 26) }];
  }, []);
  const height = rows.at(-1)!.top + rows.at(-1)!.height;
  const boxes = [
    ...boxesOf(rows, FROM, ({ from }) => from),
    ...boxesOf(
      rows.filter(({ flow }) => flow.through !== ''),
      THROUGH,
      ({ through }) => through,
      ({ from, through }) => JSON.stringify([from, through]),
    ),
    ...boxesOf(
      rows,
      TO,
      ({ to }) => to,
      ({ from, through, to }) => JSON.stringify([from, through, to]),
    ),
  ];
  return markup`<figure>
<svg role="img" aria-label="${caption}" viewBox="0 0 ${String(WIDTH)} ${String(height)}">
${rows.map(arrows)}${boxes}</svg>
<figcaption>${caption}</figcaption>
</figure>
`;
}

/** One box for neighbours that have it in common. */
function boxesOf(rows: readonly Row[], column: Column, words: (flow: Flow) => string, key = words): readonly Html[] {
  const runs: Row[][] = [];
  for (const row of rows) {
    const run = runs.at(-1);
    if (run && key(run[0]!.flow) === key(row.flow)) run.push(row);
    else runs.push([row]);
  }
  return runs.map((run) => {
    const [first, last] = [run[0]!, run.at(-1)!];
    return box(column, first.top, last.top + last.height - first.top, words(first.flow));
  });
}

function labelled(labels: readonly FlowLabel[]): readonly FlowLabel[] {
  const left = labels.length - MOST.labels;
  return left > 0 ? [...labels.slice(0, MOST.labels - 1), { words: `and ${grouped(left + 1)} more`, tone: 'plain' }] : labels;
}

function box({ x, width }: Column, top: number, height: number, words: string): Html {
  const lines = broken(words, Math.floor(width / LETTER) - 2, Math.max(1, Math.floor((height - 14) / LINE)));
  const begin = top + height / 2 - ((lines.length - 1) * LINE) / 2;
  const texts = lines.map((line, at) => label(x + width / 2, begin + at * LINE + 5, line, 'middle'));
  return markup`<rect x="${num(x)}" y="${num(top + 3)}" width="${num(width)}" height="${num(height - 6)}" rx="6" />\n${texts}`;
}

function arrows({ flow: { through, asks }, labels, top, height }: Row): Html {
  const at = top + height - 13;
  const [start, end] = [FROM.x + FROM.width, TO.x];
  const [into, outOf] = [THROUGH.x, THROUGH.x + THROUGH.width];
  const lines = through === '' ? [arrow(start, end, at)] : [arrow(start, into, at), arrow(outOf, end, at)];
  const said = labels.map(
    ({ words, tone }, line) =>
      markup`<g class="${tone}">${label(outOf + 10, at - 8 - (labels.length - 1 - line) * LINE, cut(words, Math.floor((end - outOf - 24) / LETTER)), 'start')}</g>`,
  );
  const asked = asks === '' ? NOTHING : label(start + 10, at - 8, cut(asks, Math.floor((into - start - 24) / LETTER)), 'start');
  return markup`${asked}<g class="${labels[0]!.tone}">${lines}</g>${said}\n`;
}

const arrow = (from: number, to: number, at: number): Html => markup`<path d="M${num(from)} ${num(at)}H${num(to - 2)}m-8 -5l8 5l-8 5" />`;

const label = (x: number, y: number, words: string, anchor: 'start' | 'middle'): Html =>
  markup`<text x="${num(x)}" y="${num(y)}" text-anchor="${anchor}">${words}</text>\n`;

const num = (value: number): string => String(Math.round(value * 10) / 10);

/** In lines of so many letters, broken at blanks where there are any. */
function broken(words: string, width: number, most: number): readonly string[] {
  const lines: string[] = [];
  for (const word of shown(words).split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && [...last, ...word].length + 1 <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  const kept = lines.slice(0, most);
  if (lines.length > most) kept[most - 1] = `${kept[most - 1]!} …`;
  return kept.map((line) => cut(line, width));
}

function cut(words: string, width: number): string {
  const letters = [...shown(words)];
  return letters.length <= width ? letters.join('') : `${letters.slice(0, width - 1).join('')}…`;
}
