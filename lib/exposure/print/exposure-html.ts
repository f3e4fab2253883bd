// Prints an exposure report as one HTML page, or as a part of another page.

import { renderRowFilter } from '../../report/page/row-filter';
import { Html, markup } from '../../report/page/html';
import { Sha256, printPage } from '../../report/page/print-page';
import { renderHeading, renderSections, renderWords, renderList } from '../../report/page/html-sections';
import { renderReachedHosts } from './reached-hosts-picture';
import { DeviceReport, ExposureReport } from '../report/exposure-report-types';
import { createSections } from './report-sections';

/** Returns a report as a page that may be forwarded. */
export function printExposureHtml(report: ExposureReport, sha256: Sha256): string {
  const { filters: filterText, headline, furtherLines, devices } = report;
  const filter = renderRowFilter(devices.flatMap((device) => createSections(device, filterText)));
  const further = renderList(furtherLines.map((line) => ({ words: line.trimStart() })));
  return printPage(
    {
      title: `Exposure: ${headline}`,
      headline: markup`Exposure`,
      body: markup`<p class="answer">${renderWords(headline)}</p>\n${further}${filter}${renderDevices(report)}`,
    },
    sha256,
  );
}

/** Returns each device as a part of a page, below a heading of the second level. */
export const renderDevices = ({ filters: filterText, devices }: ExposureReport): readonly Html[] =>
  devices.map((device: DeviceReport): Html => {
    return markup`<article>\n${renderHeading(`${device.name}: ${device.format}`, 2)}\n${renderReachedHosts(device)}${renderSections(createSections(device, filterText), 3)}</article>\n`;
  });
