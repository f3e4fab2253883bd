import { filterOf } from '../../printing/page/filter';
import { Html, markup } from '../../printing/page/html';
import { Sha256, printPage } from '../../printing/page/page';
import { heading, htmlSections, inHtml, list } from '../../printing/page/sections';
import { reachedPicture } from './picture';
import { DeviceReport, ExposureReport } from '../report/report';
import { restsOn, sectionsOf } from './sections';

/** A report as a page that may be forwarded. */
export function printExposureHtml({ asked, headline, devices }: ExposureReport, sha256: Sha256): string {
  const printed = (device: DeviceReport): Html => {
    const grounds = list(restsOn(device).map((words) => ({ words })));
    return markup`<article>\n${heading(`${device.name}: ${device.form}`, 2)}\n${reachedPicture(device)}${grounds}${htmlSections(sectionsOf(device, asked), 3)}</article>\n`;
  };
  const filter = filterOf(devices.flatMap((device) => sectionsOf(device, asked)));
  return printPage(
    {
      title: `Exposure: ${headline}`,
      headline: markup`Exposure`,
      body: markup`<p class="answer">${inHtml(headline)}</p>\n${filter}${devices.map(printed)}`,
    },
    sha256,
  );
}
