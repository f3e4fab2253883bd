// Prints an exposure report as Markdown, for tickets and pull requests.

import { escapeInline } from '../../report/escape-markdown';
import { renderListItem, printSections } from '../../report/print-markdown';
import { DeviceReport, ExposureReport } from '../report/exposure-report-types';
import { createSections } from './report-sections';

/** Returns a report as Markdown for a ticket or a pull request. */
export function printExposureMarkdown({
  filters: filterText,
  headline,
  furtherLines,
  devices,
}: ExposureReport): string {
  const printDevice = (device: DeviceReport): string =>
    `\n### ${escapeInline(`${device.name}: ${device.format}`)}\n${printSections(createSections(device, filterText), '####', Infinity)}`;
  const further =
    furtherLines.length === 0
      ? ''
      : `\n${furtherLines.map((line) => renderListItem({ words: line.trimStart() })).join('')}`;
  return `## Exposure\n\n${escapeInline(headline)}\n${further}${devices.map(printDevice).join('')}`;
}
