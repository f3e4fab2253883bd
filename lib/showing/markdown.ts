import { inline } from '../printing/escape';
import { Row, below, blocksOf, deciding, destinations, ends, restsOn } from './blocks';
import { DeviceReport, ExposureReport } from './report';

const MOST_ROWS = 200;

/** A report for a ticket or a pull request: nothing that a device or a file is called can make Markdown of its own. */
export function printExposureMarkdown({ asked, headline, devices }: ExposureReport): string {
  return [`## Exposure\n\n${inline(headline)}\n`, ...devices.map((device) => deviceText(device, asked))].join('\n');
}

function deviceText(device: DeviceReport, asked: string): string {
  const { name, form, nothing } = device;
  return [
    `### ${inline(`${name}: ${form}`)}\n`,
    list(restsOn(device)),
    nothing.length === 0 ? '' : `**Nothing is let through${asked === '' ? '' : `: ${inline(asked)}`}.**\n\n${list(nothing)}`,
    ...blocksOf(device).map(({ heading, rows }) => `#### ${inline(heading)}\n\n${table(rows)}`),
    ...below(device).map(([heading, lines]) => `#### ${heading}\n\n${list(lines)}`),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

const list = (lines: readonly string[]): string => lines.map((line) => `- ${inline(line)}\n`).join('');

function table(rows: readonly Row[]): string {
  const shown = rows
    .slice(0, MOST_ROWS)
    .map(({ entry, by }) => [
      entry.verdict === 'unknown' ? '**UNKNOWN**' : 'open',
      inline(entry.service),
      inline(entry.names.join(', ')),
      inline(destinations(entry)),
      inline(`${entry.from}${entry.because === '' ? '' : `: ${entry.because}`}`),
      inline(ends(entry)),
      inline([by, deciding(entry)].filter((one) => one !== '').join('; ')),
    ]);
  const head = ['', 'packets', 'service', 'to', 'from', 'ends at', 'by'];
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  const more = rows.length > shown.length ? `\n… and ${rows.length - shown.length} more.\n` : '';
  return `${line(head)}${line(head.map(() => '---'))}${shown.map(line).join('')}${more}`;
}
