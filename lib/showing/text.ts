import { Block, Row, below, blocksOf, deciding, destinations, ends, restsOn } from './blocks';
import { ExposureReport } from './report';

/** More lines are no answer: the question narrows them. */
const MOST_ROWS = 200;

/** A report for a terminal. Everything in it was made printable. */
export function printExposureText({ asked, headline, devices }: ExposureReport): string {
  const parts = devices.map((device) => {
    const blocks = blocksOf(device).map(block);
    const nothing =
      device.nothing.length === 0
        ? []
        : [`${asked === '' ? 'Nothing is let through.' : `Nothing is let through: ${asked}.`}\n${bullets(device.nothing)}`];
    const lists = below(device).map(([heading, lines]) => `${heading}:\n${bullets(lines)}`);
    return [`${[`${device.name}: ${device.form}`, ...restsOn(device)].join('\n')}\n`, ...nothing, ...blocks, ...lists].join('\n');
  });
  return [`${headline}\n`, ...parts].join('\n');
}

const bullets = (lines: readonly string[]): string => lines.map((line) => `  ${line}\n`).join('');

function block({ heading, rows }: Block): string {
  const shown = rows.slice(0, MOST_ROWS);
  const table = shown.map(cells);
  const widths = [0, 1, 2].map((at) => Math.min(64, Math.max(0, ...table.map((row) => row[at]!.length))));
  const lines = table.map((row) =>
    row
      .map((cell, at) => (at < 3 && widths[at]! > 0 ? cell.padEnd(widths[at]!) : cell))
      .filter((cell) => cell !== '')
      .join('  ')
      .trimEnd(),
  );
  const more = rows.length > shown.length ? [`… and ${rows.length - shown.length} more lines: ask with --to, --port or --from`] : [];
  return `${heading}:\n${bullets([...lines, ...more])}`;
}

function cells({ entry, by }: Row): readonly string[] {
  const { verdict, because, service, names, from } = entry;
  const to = destinations(entry);
  const led = ends(entry);
  const line = deciding(entry);
  const aside = [by === '' ? '' : `by ${by}`, line].filter((one) => one !== '').join('; ');
  return [
    `${verdict === 'unknown' ? 'UNKNOWN ' : ''}${service}`,
    names.length > 5 ? `${names.slice(0, 4).join(', ')}, …` : names.join(', '),
    to === 'this server' || to === 'any other host' ? '' : `to ${to}`,
    `from ${from}${led === '' ? '' : ` -> ${led}`}${because === '' ? '' : `: ${because}`}`,
    aside === '' ? '' : `[${aside}]`,
  ];
}
