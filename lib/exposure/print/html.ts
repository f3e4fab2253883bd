import { filterOf } from '../../report/page/filter';
import { Html, markup } from '../../report/page/html';
import { Sha256, printPage } from '../../report/page/page';
import { heading, htmlSections, inHtml, list } from '../../report/page/sections';
import { reachedPicture } from './picture';
import { DeviceReport, ExposureReport } from '../report/report';
import { restsOn, sectionsOf } from './sections';

/** A report as a page that may be forwarded. */
export function printExposureHtml(report: ExposureReport, sha256: Sha256): string {
  const { asked, headline, devices } = report;
  const filter = filterOf(devices.flatMap((device) => sectionsOf(device, asked)));
  return printPage(
    {
      title: `Exposure: ${headline}`,
      headline: markup`Exposure`,
      body: markup`<p class="answer">${inHtml(headline)}</p>\n${filter}${devicesOnPage(report)}`,
    },
    sha256,
  );
}

/** Each device as a part of a page, below a heading of the second level. */
export const devicesOnPage = ({ asked, devices }: ExposureReport): readonly Html[] =>
  devices.map((device: DeviceReport): Html => {
    const grounds = list(restsOn(device).map((words) => ({ words })));
    return markup`<article>\n${heading(`${device.name}: ${device.form}`, 2)}\n${reachedPicture(device)}${grounds}${htmlSections(sectionsOf(device, asked), 3)}</article>\n`;
  });
